"""The graph of a project's workflow, read and changed. Rows keep to the three standard queues (`rules.py`)."""

from __future__ import annotations

from typing import Any

from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.plumbing.context import Context
from labelyard.projects import actions as projects
from labelyard.workflow import graph, graph_queries
from labelyard.workflow.records import ProjectWorkflow


async def project_workflow(context: Context, project_id: str) -> ProjectWorkflow:
    """The graph of a project, the standard one until somebody changes it. Raises NotFound."""
    await access.require_in_project(context, Permission.VIEW, project_id)
    await projects.get_project(context, project_id)
    stored, created_at, updated_at = await graph_queries.select_graph(
        context.database, context.organization_id, project_id
    )
    config = graph.standard_graph(project_id) if stored is None else stored
    return ProjectWorkflow(project_id, config, created_at, updated_at)


async def update_project_workflow(context: Context, *, project_id: str, config: Any) -> ProjectWorkflow:
    """Stores another graph. Raises NotFound, or Malformed naming what is wrong with it."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    await projects.get_project(context, project_id)
    await graph_queries.upsert_graph(
        context.database, context.organization_id, project_id, graph.check_graph(config)
    )
    await access.note(context, "change workflow", project_id)
    return await project_workflow(context, project_id)
