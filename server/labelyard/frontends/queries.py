"""SQL for labeling frontends and their options."""

from __future__ import annotations

from typing import Any

from labelyard.access import visibility
from labelyard.frontends.records import FrontendOptions
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows


def labeling_frontends(context: Context) -> Rows:
    """The organization's frontends."""
    return Rows(
        "labeling_frontends AS lf",
        "lf.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "lf.id",
    )


def labeling_frontend_options(context: Context) -> Rows:
    """Options of projects that the caller may open."""
    rows = Rows(
        "labeling_frontend_options AS lo",
        "lo.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "lo.id",
    )
    return visibility.in_projects(rows, context, "lo.project_id")


async def insert_labeling_frontend(
    db: Database, organization_id: str, frontend_id: str, name: str, description: str, path: str
) -> None:
    """A new frontend."""
    await db.execute(
        "INSERT INTO labeling_frontends (organization_id, id, name, description, iframe_url_path)"
        " VALUES (%(organization_id)s, %(id)s, %(name)s, %(description)s, %(path)s)",
        {
            "organization_id": organization_id,
            "id": frontend_id,
            "name": name,
            "description": description,
            "path": path,
        },
    )


async def update_labeling_frontend(
    db: Database, organization_id: str, frontend_id: str, values: dict[str, Any]
) -> bool:
    """Changes name or description; False when there is no such frontend."""
    assignments = ", ".join(f"{name} = %({name})s" for name in values) or "id = id"
    return (
        await db.execute(
            f"UPDATE labeling_frontends SET {assignments}"
            " WHERE organization_id = %(organization_id)s AND id = %(id)s",
            {**values, "organization_id": organization_id, "id": frontend_id},
        )
        == 1
    )


async def exists_labeling_frontend(db: Database, organization_id: str, frontend_id: str) -> bool:
    """Whether there is such a frontend."""
    return (
        await db.fetch_value(
            "SELECT 1 FROM labeling_frontends WHERE organization_id = %(organization_id)s AND id = %(id)s",
            {"organization_id": organization_id, "id": frontend_id},
        )
        is not None
    )


async def insert_options(
    db: Database, organization_id: str, options_id: str, project_id: str, frontend_id: str, options: str
) -> None:
    """New options; the text is kept byte by byte."""
    await db.execute(
        "INSERT INTO labeling_frontend_options"
        " (organization_id, id, project_id, labeling_frontend_id, customization_options)"
        " VALUES (%(organization_id)s, %(id)s, %(project_id)s, %(frontend_id)s, %(options)s)",
        {
            "organization_id": organization_id,
            "id": options_id,
            "project_id": project_id,
            "frontend_id": frontend_id,
            "options": options,
        },
    )


async def select_options(db: Database, organization_id: str, options_id: str) -> FrontendOptions | None:
    """One row of options."""
    return await db.fetch_record(
        FrontendOptions,
        "SELECT id, project_id, labeling_frontend_id FROM labeling_frontend_options"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": organization_id, "id": options_id},
    )


async def update_options(db: Database, organization_id: str, options_id: str, options: str) -> None:
    """Another text of options."""
    await db.execute(
        "UPDATE labeling_frontend_options SET customization_options = %(options)s"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": organization_id, "id": options_id, "options": options},
    )


async def copy_options(
    db: Database, organization_id: str, source_id: str, project_id: str, options_id: str
) -> None:
    """The newest options of a project, if it has any, for another project, too."""
    await db.execute(
        "INSERT INTO labeling_frontend_options (organization_id, id, project_id, labeling_frontend_id,"
        " customization_options) SELECT organization_id, %(id)s, %(project_id)s, labeling_frontend_id,"
        " customization_options FROM labeling_frontend_options WHERE organization_id = %(organization_id)s"
        " AND project_id = %(source_id)s ORDER BY id DESC LIMIT 1",
        {
            "organization_id": organization_id,
            "source_id": source_id,
            "project_id": project_id,
            "id": options_id,
        },
    )
