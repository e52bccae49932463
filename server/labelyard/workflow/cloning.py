"""A new project like another one: settings, ontology, editor and workflow; no rows, no labels (projects.md 16)."""

from __future__ import annotations

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.frontends import actions as frontends
from labelyard.plumbing.context import Context
from labelyard.projects import actions as projects
from labelyard.workflow import graph_queries


async def clone_project(context: Context, *, project_id: str) -> str:
    """The id of the new project, called "<name> (clone)". Its members are those of any new project.

    Instructions come along with the ontology, which both projects share. Raises NotFound, NotPermitted, NotAllowed
    for a project without a media type.
    """
    await access.require_in_project(context, Permission.VIEW, project_id)
    access.require(context, Permission.CREATE_PROJECTS)
    project = await projects.get_project(context, project_id)
    if project.media_type is None:
        raise errors.NotAllowed(
            f'"{project.name}" has no media type; a project without one cannot be cloned.'
        )
    clone_id = await projects.copy_settings(context, project)
    await frontends.copy_options(context, source_id=project_id, project_id=clone_id)
    stored, _, _ = await graph_queries.select_graph(context.database, context.organization_id, project_id)
    if stored is not None:
        await graph_queries.copy_graph(context.database, context.organization_id, project_id, clone_id)
    return clone_id
