"""Tags that an organization puts on its projects (reference/projects.md 10)."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.organizations import rules, tag_queries
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id


async def create_tag(context: Context, *, text: str, color: str) -> str:
    """A new tag; its id. Raises Conflict for a text that is taken, Malformed for a bad text or colour."""
    access.require(context, Permission.EDIT_PROJECTS)
    tag_id = new_id()
    values = (rules.check_tag_text(text), rules.check_color(color))
    if not await tag_queries.insert_tag(context.database, context.organization_id, tag_id, *values):
        raise errors.Conflict(f'There already is a tag "{text}".')
    await access.note(context, "create tag", tag_id)
    return tag_id


async def update_tag(context: Context, *, tag_id: str, given: dict[str, Any]) -> str:
    """Another text or colour. Raises NotFound, Conflict, Malformed."""
    access.require(context, Permission.EDIT_PROJECTS)
    text, color = given.get("text"), given.get("color")
    text = None if text is None else rules.check_tag_text(text)
    color = None if color is None else rules.check_color(color)
    if text and await tag_queries.is_taken(context.database, context.organization_id, tag_id, text):
        raise errors.Conflict(f'There already is a tag "{text}".')
    if not await tag_queries.update_tag(context.database, context.organization_id, tag_id, text, color):
        raise errors.NotFound(f"There is no tag with id {tag_id}.")
    await access.note(context, "update tag", tag_id)
    return tag_id


async def check_tags(context: Context, tag_ids: list[str]) -> None:
    """Raises Malformed with the first of the ids that is no tag of the organization."""
    known = await tag_queries.select_known(context.database, context.organization_id, tag_ids)
    for tag_id in tag_ids:
        if tag_id not in known:
            raise errors.Malformed(f"There is no tag with id {tag_id}.")
