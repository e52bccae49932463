"""Project: labels, and the labels and predictions of the legacy editor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import InvalidAttributeError, InvalidQueryError
from labelbox.orm import query
from labelbox.orm.model import ToOne
from labelbox.pagination import PaginatedCollection
from labelbox.schema._project.base import ProjectPart
from labelbox.schema.label import Label
from labelbox.schema.prediction import Prediction, PredictionModel

if TYPE_CHECKING:
    from labelbox.schema.data_row import DataRow
    from labelbox.schema.dataset import Dataset

CREATE_LABEL = """mutation CreateLabel($data: CreateLabelInput!) {
    createLabel(data: $data) { %s }
}"""
CREATE_PREDICTION = """mutation CreatePrediction(
    $label: String!, $predictionModelId: ID!, $projectId: ID!, $dataRowId: ID!
) {
    createPrediction(data: {
        label: $label, predictionModelId: $predictionModelId, projectId: $projectId, dataRowId: $dataRowId
    }) { %s }
}"""
PROJECT_LABELS = """query ProjectLabels($projectId: ID!, $where: LabelWhereInput) {
    project(where: {id: $projectId}) { labels(where: $where, skip: %%d, first: %%d%s) { %s } }
}"""


class ProjectLabels(ProjectPart):
    """Reads labels, and makes labels and predictions where no editor does."""

    active_prediction_model: ToOne[PredictionModel]

    def labels(
        self, datasets: Iterable[Dataset] | None = None, order_by: query.OrderBy = None
    ) -> PaginatedCollection[Label]:
        """The labels of the project, of all data rows or of those in `datasets` (R-PJ-39, R-PJ-40).

        `order_by` is a pair of a field of Label and Field.Order. No datasets give no labels.
        """
        where = None if datasets is None else {"dataRow": {"dataset": {"id_in": [d.uid for d in datasets]}}}
        order = "" if order_by is None else f", orderBy: {query.order_value(Label, order_by)}"
        document = PROJECT_LABELS % (order, query.selection(Label))
        params = {"projectId": self.uid, "where": where}
        return PaginatedCollection(self.client, document, params, ["project", "labels"], Label)

    def delete_labels_by_user(self, user_id: str) -> None:
        """Deletes every label that a user made in the project; their data rows go back to the queue."""
        params = {"projectId": self.uid, "where": {"createdBy": {"id": user_id}}}
        document = PROJECT_LABELS % ("", query.selection(Label))
        path = ["project", "labels"]
        made: PaginatedCollection[Label] = PaginatedCollection(self.client, document, params, path, Label)
        Label.bulk_delete(list(made))

    def create_label(self, **kwargs: Any) -> Label:
        """Creates a label of the legacy editor; `data_row` must be given, `label` is its text (R-PJ-24).

        Raises InvalidQueryError without a data row, InvalidAttributeError for an unknown attribute.
        """
        if kwargs.get("data_row") is None:
            raise InvalidQueryError("a label needs a data_row")
        values = {"seconds_to_label": 0.0, **kwargs, "project": self}
        data = query.input_values(Label, values)
        unsupported = set(data) & {"reviews", "createdBy"}
        if unsupported:
            raise InvalidAttributeError(Label, ", ".join(sorted(unsupported)))
        data["type"] = {"connect": {"name": "Any"}}
        document = CREATE_LABEL % query.selection(Label)
        reply = self.client.execute(document, {"data": data}, raise_return_resource_not_found=True)
        return Label(self.client, reply["createLabel"])

    def create_prediction_model(self, name: str, version: int) -> PredictionModel:
        """Creates a prediction model and makes it the active one of the project (R-PJ-28)."""
        model = self.client._create(PredictionModel, {"name": name, "version": version})
        self.active_prediction_model.connect(model)
        return model

    def create_prediction(
        self, label: str, data_row: DataRow, prediction_model: PredictionModel | None = None
    ) -> Prediction:
        """Creates a prediction of the legacy editor, by the active model unless one is given (R-PJ-26).

        Raises InvalidQueryError when there is no active model either.
        """
        model = prediction_model or self.active_prediction_model()
        if model is None:
            raise InvalidQueryError(
                f"Project '{self.__dict__['name']}' has no active prediction model; give one or create one"
            )
        params = {
            "label": label,
            "predictionModelId": model.uid,
            "projectId": self.uid,
            "dataRowId": data_row.uid,
        }
        document = CREATE_PREDICTION % query.selection(Prediction)
        reply = self.client.execute(document, params, raise_return_resource_not_found=True)
        return Prediction(self.client, reply["createPrediction"])
