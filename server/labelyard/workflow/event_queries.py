"""SQL for what webhooks are told of moved rows."""

from __future__ import annotations

from collections.abc import Sequence

from labelyard.plumbing.database import Database
from labelyard.workflow.records import MoveEvent


async def select_moves(
    db: Database, organization_id: str, places: Sequence[Sequence[str]]
) -> list[MoveEvent]:
    """Entries of rows' histories: project, data row, entry."""
    return await db.fetch_records(
        MoveEvent,
        "SELECT h.id, h.action, h.previous_state, h.next_state, h.created_at, h.created_by, u.email,"
        " d.id AS data_row_id, d.global_key, d.external_id, p.id AS project_id, p.name AS project_name"
        " FROM unnest(%(projects)s::text[], %(rows)s::text[], %(entries)s::text[]) AS wanted(project_id, row_id, entry)"
        " JOIN workflow_history AS h ON h.organization_id = %(organization_id)s"
        "  AND h.project_id = wanted.project_id AND h.data_row_id = wanted.row_id AND h.id = wanted.entry"
        " JOIN data_rows AS d ON d.organization_id = h.organization_id AND d.id = h.data_row_id"
        " JOIN projects AS p ON p.organization_id = h.organization_id AND p.id = h.project_id"
        " JOIN users AS u ON u.organization_id = h.organization_id AND u.id = h.created_by",
        {
            "organization_id": organization_id,
            "projects": [place[0] for place in places],
            "rows": [place[1] for place in places],
            "entries": [place[2] for place in places],
        },
    )
