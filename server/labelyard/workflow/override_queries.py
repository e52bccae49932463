"""SQL for priorities and numbers of labels of single data rows."""

from __future__ import annotations

from labelyard.access import visibility
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows
from labelyard.workflow.records import Position
from labelyard.workflow.slot_queries import POSITION

ID = "place.data_row_id || place.project_id"
_ROWS = (
    "p.organization_id = %(organization_id)s AND p.project_id = %(project_id)s"
    " AND p.data_row_id = ANY(%(ids)s)"
)


def overrides(context: Context) -> Rows:
    """Rows of projects that have a place in the queue: those of batches, and those with an override (queue.md 3)."""
    rows = Rows(
        "project_data_rows AS place LEFT JOIN labeling_parameter_overrides AS o"
        " ON o.organization_id = place.organization_id AND o.project_id = place.project_id"
        " AND o.data_row_id = place.data_row_id",
        "place.organization_id = %(organization_id)s"
        " AND (place.source = 'BATCH' OR o.data_row_id IS NOT NULL)",
        {"organization_id": context.organization_id},
        ID,
        seek="place.data_row_id",
    )
    return visibility.in_projects(rows, context, "place.project_id")


async def upsert_overrides(
    db: Database,
    organization_id: str,
    project_id: str,
    ids: list[str],
    priorities: list[int],
    numbers: list[int | None],
) -> list[str]:
    """Overrides of live data rows, whether they are in the project or not; which. No number leaves it as it is."""
    return await db.fetch_column(
        "INSERT INTO labeling_parameter_overrides (organization_id, project_id, data_row_id, priority,"
        " number_of_labels) SELECT %(organization_id)s, %(project_id)s, d.id, given.priority, given.number"
        " FROM unnest(%(ids)s::text[], %(priorities)s::integer[], %(numbers)s::integer[])"
        "  AS given(id, priority, number)"
        " JOIN data_rows AS d ON d.organization_id = %(organization_id)s AND d.id = given.id"
        "  AND d.deleted_at IS NULL ORDER BY d.id"
        " ON CONFLICT (organization_id, project_id, data_row_id) DO UPDATE SET priority = excluded.priority,"
        " number_of_labels = coalesce(excluded.number_of_labels, labeling_parameter_overrides.number_of_labels)"
        " RETURNING data_row_id",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "ids": ids,
            "priorities": priorities,
            "numbers": numbers,
        },
    )


async def apply_overrides(
    db: Database, organization_id: str, project_id: str, ids: list[str], *, numbers_count: bool
) -> list[Position]:
    """Rows get the priorities, and where they count the numbers of labels, of their overrides; where they stand.

    OFFSET 0 has each override looked up by itself: the planner knows little of a table that is written in bulk.
    """
    return await db.fetch_records(
        Position,
        "UPDATE project_data_rows AS p SET plain_priority = coalesce(p.plain_priority, p.priority),"
        " plain_labels_required = coalesce(p.plain_labels_required, p.labels_required), priority = given.priority,"
        " labels_required = coalesce(CASE WHEN %(numbers_count)s THEN given.number_of_labels END,"
        "  p.plain_labels_required, p.labels_required)"
        " FROM (SELECT wanted.id, o.priority, o.number_of_labels FROM unnest(%(ids)s::text[]) AS wanted(id)"
        "  CROSS JOIN LATERAL (SELECT o.priority, o.number_of_labels FROM labeling_parameter_overrides AS o"
        "   WHERE o.organization_id = %(organization_id)s AND o.project_id = %(project_id)s"
        "   AND o.data_row_id = wanted.id OFFSET 0) AS o) AS given"
        " WHERE p.organization_id = %(organization_id)s AND p.project_id = %(project_id)s"
        f" AND p.data_row_id = given.id RETURNING {POSITION}",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "ids": ids,
            "numbers_count": numbers_count,
        },
    )


async def delete_overrides(
    db: Database, organization_id: str, project_id: str, ids: list[str]
) -> list[Position]:
    """Rows are again as they would be without an override; where those stand that had one."""
    return await db.fetch_records(
        Position,
        "WITH gone AS (DELETE FROM labeling_parameter_overrides WHERE organization_id = %(organization_id)s"
        "  AND project_id = %(project_id)s AND data_row_id = ANY(%(ids)s) RETURNING data_row_id)"
        " UPDATE project_data_rows AS p SET priority = coalesce(p.plain_priority, p.priority),"
        " labels_required = coalesce(p.plain_labels_required, p.labels_required), plain_priority = NULL,"
        f" plain_labels_required = NULL FROM gone WHERE {_ROWS} AND p.data_row_id = gone.data_row_id"
        f" RETURNING {POSITION}",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids},
    )


async def move_slots(db: Database, organization_id: str, project_id: str, ids: list[str]) -> None:
    """What waits of the rows takes the place that their priorities give it; what somebody holds stays."""
    await db.execute(
        "UPDATE queue_slots AS s SET priority = place.priority FROM (SELECT wanted.id, p.priority"
        "  FROM unnest(%(ids)s::text[]) AS wanted(id) CROSS JOIN LATERAL (SELECT p.priority"
        "   FROM project_data_rows AS p WHERE p.organization_id = %(organization_id)s"
        "   AND p.project_id = %(project_id)s AND p.data_row_id = wanted.id OFFSET 0) AS p) AS place"
        " WHERE s.organization_id = %(organization_id)s AND s.project_id = %(project_id)s"
        " AND s.data_row_id = place.id AND s.priority <> place.priority",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids},
    )
