"""SQL for stored workflows."""

from __future__ import annotations

from typing import Any

import orjson

from labelyard.plumbing.database import Database
from labelyard.plumbing.scalars import MOMENT_SQL


async def select_graph(db: Database, organization_id: str, project_id: str) -> tuple[Any, str, str]:
    """The stored graph of a live project, or None for the standard one; when it was made and changed."""
    created = MOMENT_SQL.format("coalesce(w.created_at, p.created_at)")
    updated = MOMENT_SQL.format("coalesce(w.updated_at, p.created_at)")
    row = await db.fetch_one(
        f"SELECT w.config, {created}, {updated} FROM projects AS p LEFT JOIN project_workflows AS w"
        " ON w.organization_id = p.organization_id AND w.project_id = p.id"
        " WHERE p.organization_id = %(organization_id)s AND p.id = %(project_id)s",
        {"organization_id": organization_id, "project_id": project_id},
    )
    assert row is not None
    return row[0], row[1], row[2]


async def upsert_graph(db: Database, organization_id: str, project_id: str, config: dict[str, Any]) -> None:
    """Another graph."""
    await db.execute(
        "INSERT INTO project_workflows (organization_id, project_id, config) VALUES (%(organization_id)s,"
        " %(project_id)s, %(config)s::json) ON CONFLICT (organization_id, project_id) DO UPDATE SET"
        " config = excluded.config, updated_at = now()",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "config": orjson.dumps(config).decode(),
        },
    )


async def copy_graph(db: Database, organization_id: str, source_id: str, project_id: str) -> None:
    """A new project gets the graph of another one."""
    await db.execute(
        "INSERT INTO project_workflows (organization_id, project_id, config) SELECT organization_id,"
        " %(project_id)s, config FROM project_workflows WHERE organization_id = %(organization_id)s"
        " AND project_id = %(source_id)s",
        {"organization_id": organization_id, "source_id": source_id, "project_id": project_id},
    )
