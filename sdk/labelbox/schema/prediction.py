"""Prediction, PredictionModel: predictions of the legacy editor (API reference 2.4; R-PR, R-PM)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field, ToMany, ToOne
from labelbox.orm.model import Relationship as Rel

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox.schema.data_row import DataRow
    from labelbox.schema.organization import Organization
    from labelbox.schema.project import Project
    from labelbox.schema.user import User


class PredictionModel(DbObject):
    """A model that makes predictions: a name, a slug made from it, and a version."""

    updated_at: Field[datetime] = Field.DateTime()
    created_at: Field[datetime] = Field.DateTime()
    name: Field[str] = Field.String()
    slug: Field[str] = Field.String()
    version: Field[int] = Field.Int()

    created_by: ToOne[User] = Rel.ToOne("User")
    organization: ToOne[Organization] = Rel.ToOne("Organization")
    created_predictions: ToMany[Prediction] = Rel.ToMany("Prediction")


class Prediction(DbObject):
    """What a PredictionModel says about a data row; for the newer editor use imports instead."""

    updated_at: Field[datetime] = Field.DateTime()
    created_at: Field[datetime] = Field.DateTime()
    label: Field[str] = Field.String()
    agreement: Field[float | None] = Field.Float()

    organization: ToOne[Organization] = Rel.ToOne("Organization")
    prediction_model: ToOne[PredictionModel] = Rel.ToOne("PredictionModel")
    data_row: ToOne[DataRow] = Rel.ToOne("DataRow")
    project: ToOne[Project] = Rel.ToOne("Project")
