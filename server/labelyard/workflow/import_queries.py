"""SQL for labels that come in numbers: slots of many rows are closed at once."""

from __future__ import annotations

from labelyard.plumbing.database import Database
from labelyard.workflow.records import Position

_ROWS = "organization_id = %(organization_id)s AND project_id = %(project_id)s AND data_row_id = ANY(%(ids)s)"


async def lock_positions(
    db: Database, organization_id: str, project_id: str, ids: list[str]
) -> list[Position]:
    """Where rows of a project stand, locked in the order of their ids."""
    return await db.fetch_records(
        Position,
        "SELECT data_row_id, state, labels_required, labels_done, priority, enqueued_at FROM project_data_rows"
        f" WHERE {_ROWS} ORDER BY data_row_id FOR UPDATE",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids},
    )


async def take_slots(db: Database, organization_id: str, project_id: str, ids: list[str]) -> dict[str, str]:
    """Closes one labeling slot of each row, a free one before one that somebody holds; row -> its queue.

    A slot that is being handed out while this runs is waited for and then taken from its new holder.
    """
    taken: dict[str, str] = {}
    for table in ("queue_slots", "reservations"):
        left = [row_id for row_id in ids if row_id not in taken]
        if not left:
            break
        rows = await db.fetch_all(
            f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT DISTINCT ON (data_row_id) ctid FROM {table}"
            f" WHERE {_ROWS} AND queue IN ('REWORK', 'LABEL')"
            " ORDER BY data_row_id, queue DESC, slot)) RETURNING data_row_id, queue",
            {"organization_id": organization_id, "project_id": project_id, "ids": left},
        )
        taken.update((row[0], row[1]) for row in rows)
    return taken


async def count_labels(db: Database, organization_id: str, project_id: str, ids: list[str]) -> None:
    """Each of the rows has one label more, and stays where it is."""
    await db.execute(
        f"UPDATE project_data_rows SET labels_done = labels_done + 1, last_activity_at = now() WHERE {_ROWS}",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids},
    )
