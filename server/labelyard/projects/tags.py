"""Which tags a project carries (P-TA-01, P-TG-01)."""

from __future__ import annotations

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.organizations import tags
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_ids
from labelyard.projects import actions, tag_queries
from labelyard.projects.records import ProjectResourceTag


async def set_tags(context: Context, *, project_id: str, tag_ids: list[str]) -> list[str]:
    """Gives the project exactly these tags and no others; their ids. Raises Malformed for an unknown one."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    await actions.get_project(context, project_id, lock=True)
    wanted = list(dict.fromkeys(tag_ids))
    await tags.check_tags(context, wanted)
    await tag_queries.replace_tags(
        context.database, context.organization_id, project_id, wanted, new_ids(len(wanted))
    )
    await access.note(context, "set tags", project_id)
    return wanted


async def move_tag(
    context: Context, *, link_id: str, project_id: str | None, tag_id: str | None
) -> ProjectResourceTag:
    """Points one tagging to another project or tag. Raises NotFound, Conflict when that project has that tag."""
    link = await tag_queries.select_link(context.database, context.organization_id, link_id)
    if link is None:
        raise errors.NotFound(f"There is no project tag with id {link_id}.")
    moved = ProjectResourceTag(link.id, project_id or link.project_id, tag_id or link.resource_tag_id)
    for key in {link.project_id, moved.project_id}:
        await access.require_in_project(context, Permission.EDIT_PROJECTS, key)
        await actions.get_project(context, key, lock=True)
    await tags.check_tags(context, [moved.resource_tag_id])
    if moved != link and not await tag_queries.move_link(context.database, context.organization_id, moved):
        raise errors.Conflict(f"Project {moved.project_id} has the tag {moved.resource_tag_id} already.")
    return moved
