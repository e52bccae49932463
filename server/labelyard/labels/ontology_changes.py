"""A project gets an ontology: one that its labels can be read with."""

from __future__ import annotations

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.labels import queries
from labelyard.ontologies import features
from labelyard.plumbing.context import Context
from labelyard.projects import actions as projects


async def connect_ontology(context: Context, *, project_id: str, ontology_id: str) -> str:
    """Gives the project an ontology; its id.

    Raises NotFound, Malformed for other media, NotAllowed when a label uses what the ontology does not have.
    """
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    project = await projects.get_project(context, project_id, lock=True)
    await projects.connect_ontology(context, project_id=project_id, ontology_id=ontology_id)
    if project.ontology_id is None:
        return project_id
    lacking = await features.features_lacking(context, ontology_id=ontology_id, held_by=project.ontology_id)
    if lacking:
        used = await queries.select_used_feature(
            context.database, context.organization_id, project_id, list(lacking)
        )
        if used is not None:
            raise errors.NotAllowed(
                f"Labels of the project use {lacking[used]!r} ({used}), which the ontology {ontology_id} does not have."
            )
    return project_id
