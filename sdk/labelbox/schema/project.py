"""Project: one labeling effort (API reference 2.4; R-PJ-01 to R-PJ-71, and the project guide).

Its methods live in `labelbox.schema._project`, one module per part: batches, workflow, exports, imports,
labels, people, performance, setup. Here are its fields and relationships.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import OperationNotAllowedException
from labelbox.orm.db_object import DbObject, Deletable, Updateable
from labelbox.orm.model import Field, ToMany, ToOne
from labelbox.orm.model import Relationship as Rel
from labelbox.schema._project.batches import ProjectBatches
from labelbox.schema._project.exports import ProjectExports
from labelbox.schema._project.imports import ProjectImports
from labelbox.schema._project.labels import ProjectLabels
from labelbox.schema._project.people import ProjectPeople
from labelbox.schema._project.performance import LabelerPerformance, ProjectPerformance
from labelbox.schema._project.setup import ProjectSetup
from labelbox.schema._project.workflow import ProjectWorkflow
from labelbox.schema.media_type import MediaType
from labelbox.schema.ontology_kind import EditorTaskType
from labelbox.schema.project_sync import ProjectSyncResult
from labelbox.schema.upload_type import UploadType

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox.schema.benchmark import Benchmark
    from labelbox.schema.data_row import DataRow
    from labelbox.schema.dataset import Dataset
    from labelbox.schema.labeling_frontend import LabelingFrontend, LabelingFrontendOptions
    from labelbox.schema.ontology import Ontology
    from labelbox.schema.organization import Organization
    from labelbox.schema.prediction import Prediction, PredictionModel
    from labelbox.schema.review import Review
    from labelbox.schema.user import User
    from labelbox.schema.webhook import Webhook

__all__ = ["LabelerPerformance", "LabelingParameterOverride", "Project"]

CLONE_PROJECT = """mutation CloneProject($projectId: ID!) {
    cloneProject(data: {projectId: $projectId}) { id }
}"""
SYNC_EXTERNAL_PROJECT = """mutation SyncExternalProject($input: SyncExternalProjectInput!) {
    syncExternalProject(input: $input) { submissionId }
}"""

_QUALITY_FIELDS = {"quality_mode", "quality_modes", "is_benchmark_enabled", "is_consensus_enabled"}


class Project(
    ProjectBatches,
    ProjectWorkflow,
    ProjectExports,
    ProjectImports,
    ProjectLabels,
    ProjectPeople,
    ProjectPerformance,
    ProjectSetup,
    Updateable,
    Deletable,
):
    """A container of a labeling editor, an ontology, data rows and their labels."""

    name: Field[str] = Field.String()
    description: Field[str] = Field.String()
    updated_at: Field[datetime] = Field.DateTime()
    created_at: Field[datetime] = Field.DateTime()
    setup_complete: Field[datetime | None] = Field.DateTime()
    last_activity_time: Field[datetime | None] = Field.DateTime()
    auto_audit_number_of_labels: Field[int] = Field.Int()
    auto_audit_percentage: Field[float] = Field.Float()
    is_benchmark_enabled: Field[bool] = Field.Boolean()
    is_consensus_enabled: Field[bool] = Field.Boolean()
    data_row_count: Field[int] = Field.Int()
    model_setup_complete: Field[bool | None] = Field.Boolean()
    media_type: Field[MediaType] = Field.Enum(MediaType, "allowedMediaType")
    editor_task_type: Field[EditorTaskType] = Field.Enum(EditorTaskType)
    upload_type: Field[UploadType] = Field.Enum(UploadType)

    datasets: ToMany[Dataset] = Rel.ToMany("Dataset", filter_deleted=True)
    created_by: ToOne[User] = Rel.ToOne("User")
    organization: ToOne[Organization] = Rel.ToOne("Organization")
    reviews: ToMany[Review] = Rel.ToMany("Review")
    labeling_frontend: ToOne[LabelingFrontend] = Rel.ToOne("LabelingFrontend")
    labeling_frontend_options: ToMany[LabelingFrontendOptions] = Rel.ToMany("LabelingFrontendOptions")
    labeling_parameter_overrides: ToMany[LabelingParameterOverride] = Rel.ToMany("LabelingParameterOverride")
    webhooks: ToMany[Webhook] = Rel.ToMany("Webhook")
    benchmarks: ToMany[Benchmark] = Rel.ToMany("Benchmark")
    active_prediction_model: ToOne[PredictionModel] = Rel.ToOne("PredictionModel")
    predictions: ToMany[Prediction] = Rel.ToMany("Prediction")
    ontology: ToOne[Ontology] = Rel.ToOne("Ontology")

    def update(self, **kwargs: Any) -> Project:
        """Sets fields by keyword, for example name, description or media_type, and reads the project again.

        Raises InvalidAttributeError for an unknown field, TypeError when media_type is not a MediaType,
        OperationNotAllowedException for the quality mode, which a project keeps.
        """
        if _QUALITY_FIELDS & set(kwargs):
            raise OperationNotAllowedException("The quality modes of a project cannot be changed")
        media_type = kwargs.get("media_type")
        if media_type is not None and not MediaType.is_supported(media_type):
            raise TypeError(
                f"media_type must be one of {MediaType.get_supported_members()}, got {media_type!r}"
            )
        super().update(**kwargs)
        return self

    def clone(self) -> Project:
        """A new project with the same ontology, workflow and settings, and no data rows."""
        data = self.client.execute(
            CLONE_PROJECT, {"projectId": self.uid}, raise_return_resource_not_found=True
        )
        return self.client.get_project(data["cloneProject"]["id"])

    def sync_external_project(self, entries: Iterable[dict[str, Any]]) -> ProjectSyncResult:
        """Tells the server what labelers and reviewers did elsewhere; returns where it is kept.

        An entry has taskId, a label (`{"submittedBy": {"email"}, "secondsToCompletion", "submittedOn", "autoQA"}`)
        or a review (`{"reviewedBy": {"email"}, "rating": {"score", "comment"}, "customScores"}`), and may have
        contentUrl and queueType. Raises MalformedQueryException for no entries, or one without label and review.
        """
        data = self.client.execute(
            SYNC_EXTERNAL_PROJECT,
            {"input": {"projectId": self.uid, "entries": list(entries)}},
            raise_return_resource_not_found=True,
        )
        return ProjectSyncResult(data["syncExternalProject"]["submissionId"])


class LabelingParameterOverride(DbObject):
    """A data row's place in the queue: lower priorities come first (R-LPO-01 to R-LPO-05)."""

    priority: Field[int] = Field.Int()
    number_of_labels: Field[int] = Field.Int()

    data_row: ToOne[DataRow] = Rel.ToOne("DataRow", cache=True)
