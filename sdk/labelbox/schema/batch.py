"""Batch: data rows that were sent to a project together (P-BA, P-GB)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Entity, Field, ToOne
from labelbox.orm.model import Relationship as Rel
from labelbox.schema.data_row import DataRow
from labelbox.schema.data_row_exports import EXPORT_BATCH_DATA_ROWS, exported_rows
from labelbox.schema.export_requests import export_project
from labelbox.utils import snake_case

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox._calls.connection import Connection
    from labelbox.schema.export_task import ExportTask
    from labelbox.schema.project import Project
    from labelbox.schema.task import Task
    from labelbox.schema.user import User

REMOVE_QUEUED_DATA_ROWS_FROM_BATCH = """mutation RemoveQueuedDataRowsFromBatch(
    $projectId: ID!, $batchId: ID!
) {
    project(where: {id: $projectId}) { removeQueuedDataRowsFromBatch(batchId: $batchId) { id } }
}"""
DELETE_BATCH = """mutation DeleteBatch($projectId: ID!, $batchId: ID!) {
    project(where: {id: $projectId}) { deleteBatch(batchId: $batchId) { deletedBatchId } }
}"""
DELETE_BATCH_LABELS = """mutation DeleteBatchLabels(
    $projectId: ID!, $batchId: ID!, $type: DeleteBatchLabelsType!
) {
    project(where: {id: $projectId}) {
        deleteBatchLabels(batchId: $batchId, data: {type: $type}) { deletedLabelIds }
    }
}"""


class Batch(DbObject):
    """A named set of data rows in a project; its priority and consensus settings never change."""

    name: Field[str] = Field.String()
    created_at: Field[datetime] = Field.DateTime()
    updated_at: Field[datetime] = Field.DateTime()
    size: Field[int] = Field.Int()
    consensus_settings_json: Field[Any] = Field.Json()

    created_by: ToOne[User] = Rel.ToOne("User", "user")

    def __init__(
        self,
        client: Connection,
        project_id: str,
        field_values: dict[str, Any],
        failed_data_row_ids: list[str] | None = None,
    ) -> None:
        """`failed_data_row_ids` are the data rows that could not be taken in when the batch was made."""
        super().__init__(client, field_values)
        self.project_id = project_id
        self._failed_data_row_ids = failed_data_row_ids or []

    @property
    def consensus_settings(self) -> dict[str, Any] | None:
        """`{"number_of_labels", "coverage_percentage"}` as given, or None (P-BA-06)."""
        settings = self.consensus_settings_json
        return {snake_case(key): value for key, value in settings.items()} if settings else None

    @property
    def failed_data_row_ids(self) -> list[str]:
        """The data rows that could not be taken in; only known to who made the batch."""
        return list(self._failed_data_row_ids)

    def project(self) -> Project:
        """The project that the batch is in."""
        found: Project = self.client._get_single(Entity.named("Project"), self.project_id)  # type: ignore[assignment]
        return found

    def remove_queued_data_rows(self) -> None:
        """Takes the data rows that are still in the queue out of the project; labeled ones stay."""
        self._change(REMOVE_QUEUED_DATA_ROWS_FROM_BATCH)

    def delete(self) -> None:
        """Deletes the batch. Raises LabelboxError when it has labels."""
        self._change(DELETE_BATCH)

    def delete_labels(self, set_labels_as_template: bool = False) -> dict[str, Any]:
        """Deletes the labels of the batch; its data rows go back to the queue.

        With `set_labels_as_template` the old label is offered as a starting point. Returns the server's
        answer, `{"deletedLabelIds"}`.
        """
        kind = "RequeueDataWithLabelAsTemplate" if set_labels_as_template else "RequeueData"
        found: dict[str, Any] = self._change(DELETE_BATCH_LABELS, type=kind)["deleteBatchLabels"]
        return found

    def export(self, task_name: str | None = None, params: dict[str, Any] | None = None) -> ExportTask:
        """Starts a streamed export of this batch."""
        filters = {"batch_ids": [self.uid]}
        started: ExportTask = export_project(
            self.client, self.project_id, task_name, filters, params, streamable=True
        )
        return started

    def export_v2(
        self, task_name: str | None = None, params: dict[str, Any] | None = None
    ) -> Task | ExportTask:
        """The same export with its rows as one list in `result`."""
        filters = {"batch_ids": [self.uid]}
        started: Task | ExportTask = export_project(
            self.client, self.project_id, task_name, filters, params, streamable=False
        )
        return started

    def export_data_rows(
        self, timeout_seconds: float = 120, include_metadata: bool = False
    ) -> Iterator[DataRow]:
        """The data rows of this batch as objects; newer clients use `export`.

        Raises LabelboxError when it takes longer than `timeout_seconds`.
        """
        rows = exported_rows(
            self.client,
            EXPORT_BATCH_DATA_ROWS,
            "exportBatchDataRows",
            self.uid,
            timeout_seconds,
            include_metadata,
        )
        return (DataRow(self.client, row) for row in rows)

    def _change(self, document: str, **params: Any) -> Any:
        variables = {"projectId": self.project_id, "batchId": self.uid, **params}
        data = self.client.execute(
            document, variables, experimental=True, raise_return_resource_not_found=True
        )
        return data["project"]
