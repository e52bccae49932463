"""Prediction and PredictionModel."""

from __future__ import annotations

from typing import Any

from labelyard.plumbing.context import Context
from labelyard.plumbing.source import Column, Many, Moment, One
from labelyard.predictions import actions, queries


class Prediction:
    """What a model says about a data row."""

    rows = queries.predictions
    id = Column("pr.id")
    agreement = Column("pr.agreement")
    label = Column("pr.label")
    created_at = Moment("pr.created_at")
    updated_at = Moment("pr.updated_at")
    data_row = One("DataRow", "pr.data_row_id")
    organization = One("Organization", "pr.organization_id")
    prediction_model = One("PredictionModel", "pr.prediction_model_id")
    project = One("Project", "pr.project_id")


class PredictionModel:
    """A model that makes predictions."""

    rows = queries.prediction_models
    id = Column("m.id")
    name = Column("m.name")
    slug = Column("m.slug")
    version = Column("m.version")
    created_at = Moment("m.created_at")
    updated_at = Moment("m.updated_at")
    created_by = One("User", "m.created_by")
    organization = One("Organization", "m.organization_id")
    created_predictions = Many("Prediction", "pr.prediction_model_id")


class Project:
    """A project's predictions, and the model whose are shown to labelers."""

    active_prediction_model = One("PredictionModel", "p.active_prediction_model_id")
    predictions = Many("Prediction", "pr.project_id")


class DataRow:
    """A data row's predictions."""

    predictions = Many("Prediction", "pr.data_row_id")


class Query:
    """Looking at predictions."""

    @staticmethod
    async def prediction(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One prediction."""
        return where["id"] if where else None

    @staticmethod
    async def prediction_model(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One model."""
        return where["id"] if where else None


class Mutation:
    """Registering models and predictions."""

    @staticmethod
    async def create_prediction_model(context: Context, data: dict[str, Any]) -> str:
        """A new model."""
        return await actions.create_model(
            context, name=data.get("name"), slug=data.get("slug"), version=data.get("version")
        )

    @staticmethod
    async def create_prediction(context: Context, data: dict[str, Any]) -> str:
        """A new prediction."""
        return await actions.create_prediction(
            context,
            project_id=data["project_id"],
            data_row_id=data["data_row_id"],
            model_id=data["prediction_model_id"],
            label=data["label"],
        )
