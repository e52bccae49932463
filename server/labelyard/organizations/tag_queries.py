"""SQL for tags."""

from __future__ import annotations

from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows


def tags(context: Context) -> Rows:
    """The tags of the organization."""
    return Rows(
        "resource_tags AS rt",
        "rt.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "rt.id",
    )


async def insert_tag(db: Database, organization_id: str, tag_id: str, text: str, color: str) -> bool:
    """A new tag; False when the text is taken."""
    return (
        await db.execute(
            "INSERT INTO resource_tags (organization_id, id, text, color)"
            " VALUES (%(organization_id)s, %(id)s, %(text)s, %(color)s) ON CONFLICT DO NOTHING",
            {"organization_id": organization_id, "id": tag_id, "text": text, "color": color},
        )
        == 1
    )


async def is_taken(db: Database, organization_id: str, tag_id: str, text: str) -> bool:
    """Whether another tag has this text."""
    taken: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM resource_tags WHERE organization_id = %(organization_id)s"
        " AND text = %(text)s AND id <> %(id)s)",
        {"organization_id": organization_id, "id": tag_id, "text": text},
    )
    return taken


async def update_tag(
    db: Database, organization_id: str, tag_id: str, text: str | None, color: str | None
) -> bool:
    """Changes what is given; False when there is no such tag."""
    return (
        await db.execute(
            "UPDATE resource_tags SET text = coalesce(%(text)s, text), color = coalesce(%(color)s, color)"
            " WHERE organization_id = %(organization_id)s AND id = %(id)s",
            {"organization_id": organization_id, "id": tag_id, "text": text, "color": color},
        )
        == 1
    )


async def select_known(db: Database, organization_id: str, tag_ids: list[str]) -> set[str]:
    """Those of the ids that are tags."""
    return set(
        await db.fetch_column(
            "SELECT id FROM resource_tags WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s)",
            {"organization_id": organization_id, "ids": tag_ids},
        )
    )
