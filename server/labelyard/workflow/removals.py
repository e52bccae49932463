"""What leaves: data rows and datasets go out of every project, datasets and projects come and go."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.batches import actions as batches
from labelyard.data_rows import actions as data_rows
from labelyard.datasets import actions as datasets
from labelyard.frontends import actions as frontends
from labelyard.labels import ontology_changes
from labelyard.plumbing.context import Context
from labelyard.predictions import actions as predictions
from labelyard.projects import actions as projects
from labelyard.webhooks import actions as webhooks
from labelyard.workflow import rules
from labelyard.workflow.records import ForgetDataset

_STEP = 10_000
_OF_DATASETS = {"name", "description", "deleted", "projects"}
_OF_PROJECTS = {
    "name",
    "description",
    "deleted",
    "allowed_media_type",
    "auto_audit_number_of_labels",
    "auto_audit_percentage",
    "is_benchmark_enabled",
    "is_consensus_enabled",
    "model_setup_complete",
    "queue_mode",
    "setup_complete",
    "upload_type",
    "active_prediction_model",
    "datasets",
    "labeling_frontend",
    "ontology",
}


async def delete_data_rows(context: Context, ids: list[str]) -> list[str]:
    """Deletes data rows; they leave their datasets and every project's queue."""
    deleted = await data_rows.delete_data_rows(context, ids)
    if deleted:
        await batches.forget_data_rows(context, deleted)
    return deleted


async def update_dataset(context: Context, *, dataset_id: str, given: dict[str, Any]) -> str | None:
    """Changes a dataset, or deletes it with its rows; its id, or None when it is gone.

    Raises InvalidDocument for projects: a dataset is connected from its project's side (R-DS-06); Malformed for a
    blank name, NotAllowed for what is not the caller's to set.
    """
    rules.check_changes("dataset", given, _OF_DATASETS)
    if given.get("projects"):
        raise errors.InvalidDocument(
            f"The projects of dataset {dataset_id} cannot be changed: connect it by updateProject(data: {{datasets}})."
        )
    if not given.get("deleted"):
        values = {name: given[name] or "" for name in ("name", "description") if name in given}
        return await datasets.update_dataset(context, dataset_id=dataset_id, **values)
    await datasets.delete_dataset(context, dataset_id=dataset_id)
    await context.jobs.defer(
        ForgetDataset(organization_id=context.organization_id, user_id=context.user_id, dataset_id=dataset_id)
    )
    return None


async def forget_dataset(context: Context, message: ForgetDataset) -> None:
    """Deletes the rows of a deleted dataset, in steps."""
    while True:
        async with context.database.transaction():
            page = await data_rows.ids_of_dataset(context, message.dataset_id, after="", limit=_STEP)
            if not page:
                return
            await delete_data_rows(context, page)


async def update_project(context: Context, *, project_id: str, given: dict[str, Any]) -> str | None:
    """Changes a project, connects and disconnects; its id, or None when it was deleted.

    Raises NotAllowed for what is not the caller's to set, and for taking the ontology away.
    """
    rules.check_changes("project", given, _OF_PROJECTS)
    if given.get("deleted"):
        await projects.delete_project(context, project_id)
        await webhooks.revoke_of_project(context, project_id)
        return None
    dataset = given.get("datasets") or {}
    if dataset.get("connect"):
        dataset_id = dataset["connect"]["id"]
        if await projects.connect_dataset(context, project_id=project_id, dataset_id=dataset_id):
            await batches.enqueue_dataset_later(context, project_id=project_id, dataset_id=dataset_id)
    if dataset.get("disconnect"):
        dataset_id = dataset["disconnect"]["id"]
        if await projects.disconnect_dataset(context, project_id=project_id, dataset_id=dataset_id):
            await batches.take_dataset_out(context, project_id=project_id, dataset_id=dataset_id)
    frontend = given.get("labeling_frontend") or {}
    if frontend.get("connect"):
        await frontends.connect_to_project(
            context, project_id=project_id, frontend_id=frontend["connect"]["id"]
        )
    elif frontend.get("disconnect"):
        await frontends.connect_to_project(context, project_id=project_id, frontend_id=None)
    ontology = given.get("ontology") or {}
    if ontology.get("connect"):
        await ontology_changes.connect_ontology(
            context, project_id=project_id, ontology_id=ontology["connect"]["id"]
        )
    elif ontology.get("disconnect"):
        raise errors.NotAllowed("A project keeps its ontology until it is given another one.")
    model = given.get("active_prediction_model") or {}
    if model.get("connect"):
        await predictions.connect_model(context, project_id=project_id, model_id=model["connect"]["id"])
    elif model.get("disconnect"):
        await predictions.connect_model(context, project_id=project_id, model_id=None)
    await projects.update_project(context, project_id, given)
    return project_id
