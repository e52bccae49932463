"""SQL for prediction models and predictions."""

from __future__ import annotations

from labelyard.access import visibility
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows
from labelyard.predictions.records import NewPrediction


def predictions(context: Context) -> Rows:
    """The predictions for live data rows in projects that the caller may open."""
    rows = Rows(
        "predictions AS pr",
        "pr.organization_id = %(organization_id)s AND EXISTS (SELECT 1 FROM data_rows AS predicted"
        " WHERE predicted.organization_id = pr.organization_id AND predicted.id = pr.data_row_id"
        " AND predicted.deleted_at IS NULL)",
        {"organization_id": context.organization_id},
        "pr.id",
    )
    return visibility.in_projects(rows, context, "pr.project_id")


def prediction_models(context: Context) -> Rows:
    """The organization's prediction models."""
    return Rows(
        "prediction_models AS m",
        "m.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "m.id",
    )


async def insert_model(
    db: Database,
    *,
    organization_id: str,
    model_id: str,
    name: str,
    slug: str,
    version: int,
    created_by: str,
) -> None:
    """A new model."""
    await db.execute(
        "INSERT INTO prediction_models (organization_id, id, name, slug, version, created_by)"
        " VALUES (%(organization_id)s, %(id)s, %(name)s, %(slug)s, %(version)s, %(created_by)s)",
        {
            "organization_id": organization_id,
            "id": model_id,
            "name": name,
            "slug": slug,
            "version": version,
            "created_by": created_by,
        },
    )


async def is_model(db: Database, organization_id: str, model_id: str) -> bool:
    """Whether there is such a model."""
    found: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM prediction_models WHERE organization_id = %(organization_id)s"
        " AND id = %(id)s)",
        {"organization_id": organization_id, "id": model_id},
    )
    return found


async def insert_prediction(db: Database, organization_id: str, prediction: NewPrediction) -> None:
    """A new prediction."""
    await db.execute(
        "INSERT INTO predictions (organization_id, id, project_id, data_row_id, prediction_model_id, label,"
        " created_by) VALUES (%(organization_id)s, %(id)s, %(project_id)s, %(data_row_id)s,"
        " %(prediction_model_id)s, %(label)s, %(created_by)s)",
        {**vars(prediction), "organization_id": organization_id},
    )


async def select_newest(
    db: Database, organization_id: str, project_id: str, model_id: str, data_row_ids: list[str]
) -> dict[str, str]:
    """The newest text that a model has predicted for each of the rows in a project."""
    rows = await db.fetch_all(
        "SELECT DISTINCT ON (data_row_id) data_row_id, label FROM predictions"
        " WHERE organization_id = %(organization_id)s AND data_row_id = ANY(%(ids)s)"
        " AND project_id = %(project_id)s AND prediction_model_id = %(model_id)s"
        " ORDER BY data_row_id, id DESC",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "model_id": model_id,
            "ids": data_row_ids,
        },
    )
    return {row[0]: row[1] for row in rows}
