"""Register models and their predictions; give labelers the active model's as a beginning."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.data_rows import actions as data_rows
from labelyard.data_rows.records import DataRow
from labelyard.formats.feature_index import FeatureIndex
from labelyard.formats.predicted_labels import read_predicted_label
from labelyard.ontologies import actions as ontologies
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.plumbing.ids import new_id
from labelyard.predictions import queries, rules
from labelyard.predictions.records import NewPrediction
from labelyard.projects import actions as projects
from labelyard.projects.records import ProjectRecord


async def create_model(context: Context, *, name: str | None, slug: str | None, version: int | None) -> str:
    """A new prediction model; its id (R-PM-01). Raises Malformed without a name or a version."""
    access.require(context, Permission.EDIT_PROJECTS)
    name = rules.check_name(name)
    model_id = new_id()
    await queries.insert_model(
        context.database,
        organization_id=context.organization_id,
        model_id=model_id,
        name=name,
        slug=slug or rules.slug(name),
        version=rules.check_version(version),
        created_by=context.user_id,
    )
    return model_id


async def connect_model(context: Context, *, project_id: str, model_id: str | None) -> None:
    """Makes a model the project's active one, or none (R-PJ-28); older predictions stay. Raises NotFound."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    await projects.get_project(context, project_id, lock=True)
    if model_id is not None:
        await _check_model(context, model_id)
    await projects.set_active_prediction_model(context, project_id=project_id, model_id=model_id)


async def create_prediction(
    context: Context, *, project_id: str, data_row_id: str, model_id: str, label: str
) -> str:
    """What a model says about a row; any text (R-PR-01). Raises NotFound for the project, row or model."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    await projects.get_project(context, project_id)
    await data_rows.get_data_row(context, data_row_id)
    await _check_model(context, model_id)
    prediction_id = new_id()
    await queries.insert_prediction(
        context.database,
        context.organization_id,
        NewPrediction(prediction_id, project_id, data_row_id, model_id, label, context.user_id),
    )
    await projects.note_activity(context, project_id)
    return prediction_id


async def beginnings(context: Context, project: ProjectRecord, data_row_ids: list[str]) -> dict[str, Any]:
    """Label documents out of the active model's newest predictions, for the rows where one can be read.

    The caller has permitted it. Nothing while predictions are not shown to labelers (R-PJ-29).
    """
    model_id, ontology_id = project.active_prediction_model_id, project.ontology_id
    if not data_row_ids or not project.show_pre_labels or model_id is None or ontology_id is None:
        return {}
    texts = await queries.select_newest(
        context.database, context.organization_id, project.id, model_id, data_row_ids
    )
    if not texts:
        return {}
    index = await ontologies.feature_index(context, ontology_id)
    rows = await data_rows.get_data_rows(context, list(texts))
    documents = {
        row_id: _document(text, index, project, rows[row_id])
        for row_id, text in texts.items()
        if row_id in rows
    }
    return {row_id: document for row_id, document in documents.items() if document is not None}


def _document(text: str, index: FeatureIndex, project: ProjectRecord, row: DataRow) -> dict[str, Any] | None:
    attributes = decoded(row.media_attributes) or {}
    width, height = attributes.get("width"), attributes.get("height")
    return read_predicted_label(
        text,
        index,
        new_id=new_id,
        size=(width, height) if width and height else None,
        media_type=project.media_type or row.media_type,
    )


async def _check_model(context: Context, model_id: str) -> None:
    if not await queries.is_model(context.database, context.organization_id, model_id):
        raise errors.NotFound(f"There is no prediction model with id {model_id}.")
