"""SQL for the export of issues."""

from __future__ import annotations

from labelyard.formats.issues_json import CommentPart, IssuePart
from labelyard.issues import queries
from labelyard.issues.records import ExportOrder
from labelyard.plumbing.database import Database


async def select_exported(db: Database, order: ExportOrder, after: str, limit: int) -> list[IssuePart]:
    """A page of the issues that an export shows, oldest first."""
    rows = queries.issues_of_viewer(
        order.organization_id, order.project_id, order.viewer, sees_all=order.sees_all
    )
    return await db.fetch_records(
        IssuePart,
        "SELECT i.id, i.number, i.status, i.content, i.position, i.type, i.label_id, i.data_row_id, d.external_id,"
        " d.global_key, i.category_id, c.name AS category_name, i.created_by, author.email AS created_by_email,"
        " i.created_at, i.updated_at, i.resolved_by, resolver.email AS resolved_by_email, i.resolved_at,"
        " i.content_updated_at, i.latest_reply_at"
        f" FROM {rows.tables}"
        " JOIN data_rows AS d ON d.organization_id = i.organization_id AND d.id = i.data_row_id"
        " JOIN users AS author ON author.organization_id = i.organization_id AND author.id = i.created_by"
        " LEFT JOIN users AS resolver ON resolver.organization_id = i.organization_id"
        "  AND resolver.id = i.resolved_by"
        " LEFT JOIN issue_categories AS c ON c.organization_id = i.organization_id AND c.id = i.category_id"
        f" WHERE {rows.where} AND i.id > %(_after)s AND (%(_status)s::text IS NULL OR i.status = %(_status)s)"
        " ORDER BY i.id LIMIT %(_limit)s",
        {**rows.params, "_after": after, "_status": order.status, "_limit": limit},
    )


async def select_comments(
    db: Database, organization_id: str, issue_ids: list[str]
) -> dict[str, list[CommentPart]]:
    """The comments of issues, oldest first."""
    found: dict[str, list[CommentPart]] = {}
    for comment in await db.fetch_records(
        CommentPart,
        "SELECT ic.issue_id, ic.id, ic.content, ic.created_by, u.email AS created_by_email, ic.created_at,"
        " ic.updated_at FROM issue_comments AS ic JOIN users AS u ON u.organization_id = ic.organization_id"
        " AND u.id = ic.created_by WHERE ic.organization_id = %(organization_id)s"
        " AND ic.issue_id = ANY(%(ids)s) AND ic.deleted_at IS NULL ORDER BY ic.id",
        {"organization_id": organization_id, "ids": issue_ids},
    ):
        found.setdefault(comment.issue_id, []).append(comment)
    return found
