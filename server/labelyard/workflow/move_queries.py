"""SQL for moving rows to another queue by hand."""

from __future__ import annotations

from labelyard.plumbing.database import Database
from labelyard.workflow.records import Movable

_ALL = "m.organization_id = %(organization_id)s AND m.project_id = %(project_id)s"


async def select_movable(
    db: Database, organization_id: str, project_id: str, ids: list[str]
) -> dict[str, Movable]:
    """Where rows of a project stand, and whether there is anything on them.

    OFFSET 0 has each row looked up by itself: the planner would else read every label of the project.
    """
    found = await db.fetch_records(
        Movable,
        "SELECT p.data_row_id, p.state, EXISTS (SELECT 1 FROM labels AS l WHERE l.organization_id ="
        "  p.organization_id AND l.data_row_id = p.data_row_id AND l.project_id = p.project_id"
        "  AND l.deleted_at IS NULL OFFSET 0) AS has_labels,"
        " EXISTS (SELECT 1 FROM pre_labels AS m WHERE m.organization_id = p.organization_id"
        "  AND m.project_id = p.project_id AND m.data_row_id = p.data_row_id OFFSET 0) AS has_pre_labels"
        " FROM project_data_rows AS p WHERE p.organization_id = %(organization_id)s"
        " AND p.project_id = %(project_id)s AND p.data_row_id = ANY(%(ids)s)",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids},
    )
    return {row.data_row_id: row for row in found}


async def select_pre_label_documents(
    db: Database, organization_id: str, project_id: str, ids: list[str]
) -> list[tuple[str, str]]:
    """The pre-labels of each row as one label document, in the order of the import: row, JSON text."""
    parts = ", ".join(
        f"'{part}', coalesce(json_agg(m.annotation ORDER BY m.created_at, m.uuid)"
        f" FILTER (WHERE m.part = '{part}'), '[]'::json)"
        for part in ("objects", "classifications", "relationships")
    )
    rows = await db.fetch_all(
        f"SELECT m.data_row_id, json_build_object({parts})::text FROM pre_labels AS m WHERE {_ALL}"
        " AND m.data_row_id = ANY(%(ids)s) GROUP BY m.data_row_id ORDER BY m.data_row_id",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids},
    )
    return [(row[0], row[1]) for row in rows]
