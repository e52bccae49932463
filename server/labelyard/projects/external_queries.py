"""SQL for what was submitted from outside."""

from __future__ import annotations

from labelyard.plumbing.database import Database
from labelyard.plumbing.scalars import MOMENT_SQL
from labelyard.projects.records import ExternalSubmission


async def insert_submission(
    db: Database,
    *,
    organization_id: str,
    project_id: str,
    submission_id: str,
    entries: str,
    created_by: str,
) -> None:
    """A new submission."""
    await db.execute(
        "INSERT INTO external_submissions (organization_id, project_id, id, entries, created_by) VALUES"
        " (%(organization_id)s, %(project_id)s, %(id)s, %(entries)s::json, %(created_by)s)",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "id": submission_id,
            "entries": entries,
            "created_by": created_by,
        },
    )


async def select_submissions(db: Database, organization_id: str, project_id: str) -> list[ExternalSubmission]:
    """The submissions of a project."""
    return await db.fetch_records(
        ExternalSubmission,
        f"SELECT id, entries, {MOMENT_SQL.format('created_at')} AS created_at FROM external_submissions"
        " WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s ORDER BY id",
        {"organization_id": organization_id, "project_id": project_id},
    )
