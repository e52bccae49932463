"""Client: get_catalog, get_catalog_slices, get_batch, send_to_annotate_from_catalog."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from labelbox._calls.connection import Connection
from labelbox.exceptions import ResourceNotFoundError
from labelbox.orm import query
from labelbox.schema.batch import Batch
from labelbox.schema.catalog import Catalog
from labelbox.schema.conflict_resolution_strategy import ConflictResolutionStrategy
from labelbox.schema.export_filters import ids_item
from labelbox.schema.id_type import IdType
from labelbox.schema.identifiables import Identifiables, identifiables_of
from labelbox.schema.send_to_annotate_params import annotations_input, check_params, predictions_input
from labelbox.schema.slice import CATALOG_SLICE, CatalogSlice
from labelbox.schema.task import Task, task_of

SEND_TO_ANNOTATE_FROM_CATALOG = """mutation SendToAnnotateFromCatalog(
    $input: SendToAnnotateFromCatalogInput!
) {
    sendToAnnotateFromCatalog(input: $input) { taskId }
}"""
CATALOG_SLICES = """query CatalogSlices { catalogSavedQueries { %s } }"""
PROJECT_BATCH = """query ProjectBatch($projectId: ID!, $batchId: ID!) {
    project(where: {id: $projectId}) { batches(where: {id: $batchId}, first: 1) { nodes { %s } } }
}"""


class CatalogCalls(Connection):
    """The calls about data rows on their way into projects."""

    def get_catalog(self) -> Catalog:
        """The catalog of the organization."""
        return Catalog(self)

    def get_catalog_slices(self) -> list[CatalogSlice]:
        """All saved searches of the organization."""
        data = self.execute(CATALOG_SLICES % query.selection(CatalogSlice))
        return [CatalogSlice(self, values) for values in data["catalogSavedQueries"]]

    def get_catalog_slice(self, slice_id: str) -> CatalogSlice:
        """One saved search. Raises ResourceNotFoundError when there is none with this id."""
        data = self.execute(
            CATALOG_SLICE % query.selection(CatalogSlice),
            {"id": slice_id},
            raise_return_resource_not_found=True,
        )
        if not data or not data["getSavedQuery"]:
            raise ResourceNotFoundError(CatalogSlice, {"id": slice_id})
        return CatalogSlice(self, data["getSavedQuery"])

    def get_batch(self, project_id: str, entity_id: str) -> Batch:
        """The batch of a project. Raises ResourceNotFoundError when there is none (P-GB-03)."""
        params = {"projectId": project_id, "batchId": entity_id}
        data = self.execute(PROJECT_BATCH % query.selection(Batch), params, timeout=180, experimental=True)
        nodes = data["project"]["batches"]["nodes"] if data and data["project"] else []
        if not nodes:
            raise ResourceNotFoundError(Batch, params)
        return Batch(self, project_id, nodes[0])

    def send_to_annotate_from_catalog(
        self,
        destination_project_id: str,
        task_queue_id: str | None,
        batch_name: str,
        data_rows: Identifiables | Iterable[str],
        params: Mapping[str, Any],
    ) -> Task:
        """Sends data rows, and the labels of a source project, into another project (P-CP).

        `task_queue_id` is the queue they go to, None for Done. `params` has source_project_id (or
        source_model_run_id), annotations_ontology_mapping from source to destination feature schema ids
        (without it only data rows are sent), exclude_data_rows_in_project, batch_priority, and
        override_existing_annotations_rule, a ConflictResolutionStrategy. Returns the task; raises ValueError
        for wrong params.
        """
        checked = check_params(params)
        rule = checked.get("override_existing_annotations_rule") or ConflictResolutionStrategy.KeepExisting
        names = identifiables_of(data_rows)
        kind = "data_row_id" if names.id_type is IdType.DataRowId else "global_key"
        queue = {"type": "id", "value": task_queue_id} if task_queue_id else {"type": "done"}
        request = {
            "destinationProjectId": destination_project_id,
            "batchInput": {"batchName": batch_name, "batchPriority": checked.get("batch_priority", 5)},
            "destinationTaskQueue": queue,
            "excludeDataRowsInProject": checked.get("exclude_data_rows_in_project", False),
            "annotationsInput": annotations_input(checked),
            "predictionsInput": predictions_input(checked),
            "conflictLabelsResolutionStrategy": ConflictResolutionStrategy(rule).value,
            "searchQuery": {"scope": None, "query": [ids_item(names.keys, kind)]},
        }
        reply = self.execute(
            SEND_TO_ANNOTATE_FROM_CATALOG, {"input": request}, raise_return_resource_not_found=True
        )
        return task_of(self, reply["sendToAnnotateFromCatalog"]["taskId"])
