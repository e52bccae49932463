"""Create, change and read projects; connect ontologies and datasets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.datasets import actions as datasets
from labelyard.ontologies import actions as ontologies
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.ids import new_id
from labelyard.projects import queries, rules
from labelyard.projects.records import PredictionVisibility, ProjectRecord

_ACTIVITY_STEP = timedelta(seconds=1)


async def create_project(context: Context, given: dict[str, Any]) -> str:
    """A new project; its id. Raises Malformed for a blank name or a number out of range."""
    access.require(context, Permission.CREATE_PROJECTS)
    project_id = new_id()
    columns: dict[str, Any] = {
        "name": rules.check_name(given.get("name")),
        "description": given.get("description") or "",
        "media_type": rules.media_type(given.get("allowed_media_type")),
        "editor_task_type": given.get("editor_task_type"),
        "queue_mode": given.get("queue_mode"),
        "upload_type": given.get("upload_type"),
        "setup_complete": given.get("setup_complete"),
        "created_by": context.user_id,
        **rules.quality_columns(given),
        **rules.chosen_quality_modes(given),
    }
    await queries.insert_project(context.database, context.organization_id, project_id, columns)
    await access.note(context, "create project", project_id)
    return project_id


async def copy_settings(context: Context, project: ProjectRecord) -> str:
    """A new project with the settings, ontology and editor of another one, which the caller may see; its id."""
    access.require(context, Permission.CREATE_PROJECTS)
    project_id = new_id()
    await queries.copy_project(
        context.database,
        context.organization_id,
        project.id,
        project_id,
        name=rules.check_name(f"{project.name} (clone)"),
        created_by=context.user_id,
    )
    await access.note(context, f"clone project {project.id}", project_id)
    return project_id


async def get_project(context: Context, project_id: str, *, lock: bool = False) -> ProjectRecord:
    """One live project of the organization. Raises NotFound. What may be done with it the caller has checked."""
    project = await queries.select_project(context.database, context.organization_id, project_id, lock=lock)
    if project is None:
        raise errors.NotFound(f"There is no project with id {project_id}.")
    return project


async def update_project(context: Context, project_id: str, given: dict[str, Any]) -> None:
    """Changes what is given. Raises NotFound, Malformed, or NotAllowed for what cannot be changed any more."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    project = await get_project(context, project_id, lock=True)
    columns: dict[str, Any] = {}
    if "name" in given:
        columns["name"] = rules.check_name(given["name"])
    if "description" in given:
        columns["description"] = given["description"] or ""
    for name in ("setup_complete", "queue_mode", "upload_type", "model_setup_complete"):
        if name in given:
            columns[name] = given[name]
    if "allowed_media_type" in given:
        media_type = rules.media_type(given["allowed_media_type"])
        if media_type != project.media_type and project.data_row_count:
            raise errors.NotAllowed("The media type cannot be changed once the project has data rows.")
        columns["media_type"] = media_type
    for flag in ("is_benchmark_enabled", "is_consensus_enabled"):
        if given.get(flag) is not None and given[flag] != getattr(project, flag):
            raise errors.NotAllowed("The quality mode of a project cannot be switched.")
    columns.update(rules.quality_columns(given))
    if rules.switches_mode(project, columns):
        raise errors.NotAllowed("The quality mode of a project cannot be switched.")
    if "setup_complete" in given:
        columns["last_activity_time"] = context.now
    await queries.update_project(context.database, context.organization_id, project_id, columns)
    if columns:
        await access.note(context, f"update project: {', '.join(sorted(columns))}", project_id)


async def delete_project(context: Context, project_id: str) -> None:
    """Deletes a project; its data rows stay in their datasets. Raises NotFound."""
    await access.require_in_project(context, Permission.CREATE_PROJECTS, project_id)
    if not await queries.update_project(
        context.database, context.organization_id, project_id, {"deleted_at": context.now}
    ):
        raise errors.NotFound(f"There is no project with id {project_id}.")
    await access.note(context, "delete project", project_id)


async def restore_project(database: Database, project_id: str) -> str:
    """Takes back a deletion, labels and all; the project's name (P-DL-02).

    No user may ask for it: this is for the operator of the installation. Raises NotFound for a project that was not
    deleted within the last 30 days.
    """
    name = await queries.restore_project(database, project_id, rules.RESTORABLE_DAYS)
    if name is None:
        raise errors.NotFound(
            f"There is no project with id {project_id} that was deleted within the last"
            f" {rules.RESTORABLE_DAYS} days."
        )
    return name


async def connect_ontology(context: Context, *, project_id: str, ontology_id: str) -> str:
    """Gives the project an ontology and completes its setup; the caller has asked its labels.

    Raises NotFound, or Malformed for other media.
    """
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    project = await get_project(context, project_id, lock=True)
    ontology = await ontologies.get_ontology(context, ontology_id)
    rules.check_ontology_fits(project.media_type, ontology.media_type)
    columns: dict[str, Any] = {
        "ontology_id": ontology_id,
        "setup_complete": project.setup_complete or context.now,
        "last_activity_time": context.now,
    }
    await queries.update_project(context.database, context.organization_id, project_id, columns)
    await access.note(context, f"connect ontology {ontology_id}", project_id)
    return project_id


async def set_ontology(context: Context, *, project_id: str, ontology_id: str) -> None:
    """Another ontology, as setting up the labeling frontend brings it; the caller has permitted it."""
    await queries.update_project(
        context.database,
        context.organization_id,
        project_id,
        {"ontology_id": ontology_id, "last_activity_time": context.now},
    )


async def set_review_share(context: Context, *, project_id: str, share: float) -> None:
    """Which share of the labels is reviewed; the caller has permitted and checked it."""
    await queries.update_project(
        context.database, context.organization_id, project_id, {"review_share": share}
    )


async def set_labeling_frontend(context: Context, *, project_id: str, frontend_id: str | None) -> None:
    """The frontend in which the project is labeled; the caller has checked that it exists."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    await get_project(context, project_id, lock=True)
    await queries.update_project(
        context.database, context.organization_id, project_id, {"labeling_frontend_id": frontend_id}
    )


async def set_active_prediction_model(context: Context, *, project_id: str, model_id: str | None) -> None:
    """The model whose predictions are shown to labelers; the caller has permitted and checked it."""
    await queries.update_project(
        context.database, context.organization_id, project_id, {"active_prediction_model_id": model_id}
    )


async def set_instructions(context: Context, *, project_id: str, url: str) -> str:
    """Instructions for the labelers, kept on the ontology. Raises NotAllowed before there is one."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    project = await get_project(context, project_id)
    if project.ontology_id is None:
        raise errors.NotAllowed("Connect an ontology first: instructions belong to it.")
    key = context.blobs.key_of_path(url, now=context.now)
    await ontologies.set_instructions(
        context, ontology_id=project.ontology_id, url=f"blob:{key}" if key else url
    )
    return project_id


async def show_pre_labels(context: Context, *, project_id: str, show: bool) -> PredictionVisibility:
    """Turns model-assisted labeling on or off (R-PJ-29)."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    await get_project(context, project_id)
    await queries.update_project(
        context.database, context.organization_id, project_id, {"show_pre_labels": show}
    )
    return PredictionVisibility(project_id, show)


async def connect_dataset(context: Context, *, project_id: str, dataset_id: str) -> bool:
    """Connects a dataset, whose rows then belong to the project; False when it was connected already."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    await get_project(context, project_id)
    await datasets.get_dataset(context, dataset_id)
    return await queries.insert_project_dataset(
        context.database, context.organization_id, project_id, dataset_id
    )


async def disconnect_dataset(context: Context, *, project_id: str, dataset_id: str) -> bool:
    """Disconnects a dataset; False when it was not connected."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    return await queries.delete_project_dataset(
        context.database, context.organization_id, project_id, dataset_id
    )


async def projects_of_dataset(context: Context, dataset_id: str) -> list[str]:
    """The projects to which a dataset is connected."""
    return await queries.select_projects_of_dataset(context.database, context.organization_id, dataset_id)


async def note_activity(
    context: Context, project_id: str, *, rows_added: int = 0, last: datetime | None = None
) -> None:
    """Something happened in the project; the caller has permitted it.

    `last` is when something happened before, if the caller knows: within a second of it nothing is written.
    """
    if not rows_added and last is not None and context.now - last < _ACTIVITY_STEP:
        return
    await queries.touch_project(context.database, context.organization_id, project_id, rows_added)
