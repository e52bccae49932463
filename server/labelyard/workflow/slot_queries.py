"""SQL that puts rows where they belong once they need or have other labels than before."""

from __future__ import annotations

from datetime import datetime

from labelyard.plumbing.database import Database
from labelyard.workflow.records import LastLabel, Position

_ROWS = "organization_id = %(organization_id)s AND project_id = %(project_id)s AND data_row_id = ANY(%(ids)s)"
# the columns of a Position
POSITION = "p.data_row_id, p.state, p.labels_required, p.labels_done, p.priority, p.enqueued_at"


async def recount_labels(
    db: Database, organization_id: str, project_id: str, ids: list[str]
) -> list[Position]:
    """Rows have lost labels: none of them counts more than it still has; where they stand now."""
    return await db.fetch_records(
        Position,
        "UPDATE project_data_rows AS p SET last_activity_at = now(), labels_done = least(p.labels_done, (SELECT"
        "  count(*) FROM labels AS l WHERE l.organization_id = p.organization_id AND l.data_row_id = p.data_row_id"
        "  AND l.project_id = p.project_id AND l.deleted_at IS NULL)) WHERE p.organization_id = %(organization_id)s"
        f" AND p.project_id = %(project_id)s AND p.data_row_id = ANY(%(ids)s) RETURNING {POSITION}",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids},
    )


async def close_slots(
    db: Database, organization_id: str, project_id: str, ids: list[str], queues: list[str]
) -> None:
    """Nobody is to do anything with the rows in these queues any more, whoever holds them."""
    params = {"organization_id": organization_id, "project_id": project_id, "ids": ids, "queues": queues}
    for table in ("queue_slots", "reservations"):
        await db.execute(f"DELETE FROM {table} WHERE {_ROWS} AND queue = ANY(%(queues)s)", params)


async def fill_slots(db: Database, organization_id: str, project_id: str, ids: list[str]) -> None:
    """Rows to be labeled wait with a slot for each label that is missing and that nobody is just making.

    Surplus slots go, the last ones first; what somebody holds stays (queue.md 5). Rows that are not to be labeled
    have none. Both kinds of slots are counted in one snapshot, between them a slot may change sides.
    """
    await db.execute(
        "WITH held AS (SELECT data_row_id, count(*)::int AS count, max(slot) AS last FROM reservations"
        f"  WHERE {_ROWS} AND queue = 'LABEL' GROUP BY data_row_id),"
        " needed AS (SELECT p.data_row_id, p.priority, p.enqueued_at, coalesce(held.last, 0) AS last,"
        "   CASE WHEN p.state = 'TO_LABEL' THEN greatest(p.labels_required - p.labels_done"
        "    - coalesce(held.count, 0), 0) ELSE 0 END AS missing"
        "  FROM project_data_rows AS p LEFT JOIN held ON held.data_row_id = p.data_row_id"
        "  WHERE p.organization_id = %(organization_id)s AND p.project_id = %(project_id)s"
        "  AND p.data_row_id = ANY(%(ids)s)),"
        " waiting AS (SELECT data_row_id, slot, row_number() OVER (PARTITION BY data_row_id"
        "   ORDER BY assigned_to IS NULL, slot) AS place FROM queue_slots"
        f"  WHERE {_ROWS} AND queue = 'LABEL'),"
        " counted AS (SELECT data_row_id, count(*)::int AS count, max(slot) AS last FROM waiting GROUP BY 1),"
        " dropped AS (DELETE FROM queue_slots AS s USING waiting JOIN needed"
        "   ON needed.data_row_id = waiting.data_row_id AND waiting.place > needed.missing"
        "  WHERE s.organization_id = %(organization_id)s AND s.project_id = %(project_id)s AND s.queue = 'LABEL'"
        "  AND s.data_row_id = waiting.data_row_id AND s.slot = waiting.slot)"
        " INSERT INTO queue_slots (organization_id, project_id, queue, priority, enqueued_at, data_row_id, slot)"
        " SELECT %(organization_id)s, %(project_id)s, 'LABEL', needed.priority, needed.enqueued_at,"
        "  needed.data_row_id, greatest(needed.last, coalesce(counted.last, 0)) + number"
        " FROM needed LEFT JOIN counted ON counted.data_row_id = needed.data_row_id"
        " CROSS JOIN LATERAL generate_series(1, needed.missing - coalesce(counted.count, 0)) AS more(number)",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids},
    )


async def open_slots(
    db: Database,
    organization_id: str,
    project_id: str,
    ids: list[str],
    queue: str,
    moment: datetime,
    *,
    to_author: bool,
) -> None:
    """Rows wait in a queue, with `to_author` for those who made their first labels."""
    await db.execute(
        "INSERT INTO queue_slots (organization_id, project_id, queue, priority, enqueued_at, data_row_id, slot,"
        " assigned_to) SELECT p.organization_id, p.project_id, %(queue)s, p.priority, %(moment)s, p.data_row_id, 0,"
        " CASE WHEN %(to_author)s THEN (SELECT l.created_by FROM labels AS l WHERE l.organization_id ="
        "  p.organization_id AND l.data_row_id = p.data_row_id AND l.project_id = p.project_id"
        "  AND l.deleted_at IS NULL ORDER BY l.id LIMIT 1) END"
        " FROM project_data_rows AS p WHERE p.organization_id = %(organization_id)s"
        " AND p.project_id = %(project_id)s AND p.data_row_id = ANY(%(ids)s) ON CONFLICT DO NOTHING",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "ids": ids,
            "queue": queue,
            "moment": moment,
            "to_author": to_author,
        },
    )


async def select_last_labels(
    db: Database, organization_id: str, project_id: str, ids: list[str]
) -> list[LastLabel]:
    """The newest live label of each row that has one."""
    return await db.fetch_records(
        LastLabel,
        f"SELECT DISTINCT ON (data_row_id) data_row_id, id, skipped FROM labels WHERE {_ROWS}"
        " AND deleted_at IS NULL ORDER BY data_row_id, id DESC",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids},
    )


async def take_review_slots(db: Database, organization_id: str, project_id: str, ids: list[str]) -> list[str]:
    """Takes rows off the review queue that no reviewer holds; which."""
    return await db.fetch_column(
        f"DELETE FROM queue_slots WHERE {_ROWS} AND queue = 'REVIEW' RETURNING data_row_id",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids},
    )
