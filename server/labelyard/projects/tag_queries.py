"""SQL for the tags of projects."""

from __future__ import annotations

from dataclasses import asdict

from labelyard.plumbing.database import Database
from labelyard.projects.records import ProjectResourceTag

TAGS_JOIN = (
    "JOIN project_resource_tags AS prt ON prt.organization_id = rt.organization_id"
    " AND prt.resource_tag_id = rt.id"
)


async def replace_tags(
    db: Database, organization_id: str, project_id: str, tag_ids: list[str], ids: list[str]
) -> None:
    """Exactly these tags; those that stay keep the ids of their links."""
    params = {"organization_id": organization_id, "project_id": project_id, "tags": tag_ids, "ids": ids}
    await db.execute(
        "DELETE FROM project_resource_tags WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND resource_tag_id <> ALL(%(tags)s)",
        params,
    )
    await db.execute(
        "INSERT INTO project_resource_tags (organization_id, project_id, resource_tag_id, id)"
        " SELECT %(organization_id)s, %(project_id)s, tag_id, id FROM unnest(%(tags)s::text[], %(ids)s::text[])"
        " AS given(tag_id, id) ON CONFLICT (organization_id, project_id, resource_tag_id) DO NOTHING",
        params,
    )


async def select_link(db: Database, organization_id: str, link_id: str) -> ProjectResourceTag | None:
    """One tagging."""
    return await db.fetch_record(
        ProjectResourceTag,
        "SELECT id, project_id, resource_tag_id FROM project_resource_tags"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": organization_id, "id": link_id},
    )


async def move_link(db: Database, organization_id: str, link: ProjectResourceTag) -> bool:
    """Another project or tag; False when that project has that tag already."""
    return (
        await db.execute(
            "UPDATE project_resource_tags AS prt SET project_id = %(project_id)s,"
            " resource_tag_id = %(resource_tag_id)s WHERE prt.organization_id = %(organization_id)s"
            " AND prt.id = %(id)s AND NOT EXISTS (SELECT 1 FROM project_resource_tags AS other"
            " WHERE other.organization_id = prt.organization_id AND other.project_id = %(project_id)s"
            " AND other.resource_tag_id = %(resource_tag_id)s)",
            {**asdict(link), "organization_id": organization_id},
        )
        == 1
    )
