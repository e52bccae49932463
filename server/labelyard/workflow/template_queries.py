"""SQL for deleted labels that are offered when their rows are labeled again."""

from __future__ import annotations

from typing import Any

from labelyard.plumbing.database import Database


async def select_labels_of_batch(
    db: Database, organization_id: str, project_id: str, batch_id: str
) -> list[tuple[str, str, bool]]:
    """Live labels on the rows of a batch, oldest first: id, row, skipped."""
    rows = await db.fetch_all(
        "SELECT l.id, l.data_row_id, l.skipped FROM project_data_rows AS p JOIN labels AS l"
        " ON l.organization_id = p.organization_id AND l.project_id = p.project_id"
        " AND l.data_row_id = p.data_row_id AND l.deleted_at IS NULL"
        " WHERE p.organization_id = %(organization_id)s AND p.project_id = %(project_id)s"
        " AND p.batch_id = %(batch_id)s ORDER BY l.id",
        {"organization_id": organization_id, "project_id": project_id, "batch_id": batch_id},
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def replace_templates(
    db: Database, organization_id: str, project_id: str, ids: list[str], templates: dict[str, str]
) -> None:
    """Rows have these labels as templates (row -> label) and no others."""
    params = {"organization_id": organization_id, "project_id": project_id, "ids": ids}
    await db.execute(
        "DELETE FROM label_templates WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND data_row_id = ANY(%(ids)s)",
        params,
    )
    if templates:
        await db.execute(
            "INSERT INTO label_templates (organization_id, project_id, data_row_id, label_id)"
            " SELECT %(organization_id)s, %(project_id)s, row_id, label_id"
            " FROM unnest(%(rows)s::text[], %(labels)s::text[]) AS given(row_id, label_id)"
            " ON CONFLICT (organization_id, project_id, data_row_id) DO UPDATE SET label_id = excluded.label_id",
            {**params, "rows": list(templates), "labels": list(templates.values())},
        )


async def select_templates(
    db: Database, organization_id: str, project_id: str, data_row_ids: list[str]
) -> dict[str, Any]:
    """The annotations of the templates of rows."""
    rows = await db.fetch_all(
        "SELECT t.data_row_id, l.annotations FROM label_templates AS t JOIN labels AS l"
        " ON l.organization_id = t.organization_id AND l.id = t.label_id"
        " WHERE t.organization_id = %(organization_id)s AND t.project_id = %(project_id)s"
        " AND t.data_row_id = ANY(%(ids)s)",
        {"organization_id": organization_id, "project_id": project_id, "ids": data_row_ids},
    )
    return {row[0]: row[1] for row in rows}
