"""Project: create_batch, create_batches, batches (project guide, "Create a batch" to "Get a batch")."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import InvalidQueryError, MalformedQueryException, ProcessingWaitTimeout
from labelbox.orm import query
from labelbox.pagination import PaginatedCollection
from labelbox.schema._project.base import ProjectPart
from labelbox.schema.batch import DELETE_BATCH, Batch
from labelbox.schema.consensus_settings import ConsensusSettings
from labelbox.schema.create_batches_task import CreateBatchesTask
from labelbox.schema.identifiable import GlobalKey
from labelbox.schema.identifiables import identifiables_of
from labelbox.schema.task import wait_for
from labelbox.schema.upload_type import UploadType

if TYPE_CHECKING:
    from labelbox.schema.data_row import DataRow
    from labelbox.schema.identifiable import Identifiable

CREATE_BATCH_V2 = """mutation CreateBatchV2($projectId: ID!, $input: CreateBatchInput!) {
    project(where: {id: $projectId}) { createBatchV2(input: $input) { batch { %s } failedDataRowIds } }
}"""
CREATE_EMPTY_BATCH = """mutation CreateEmptyBatch($projectId: ID!, $input: CreateEmptyBatchInput!) {
    project(where: {id: $projectId}) { createEmptyBatch(input: $input) { id } }
}"""
ADD_DATA_ROWS_TO_BATCH_ASYNC = """mutation AddDataRowsToBatchAsync(
    $projectId: ID!, $input: AddDataRowsToBatchInput!
) {
    project(where: {id: $projectId}) { addDataRowsToBatchAsync(input: $input) { taskId } }
}"""
CREATE_BATCHES = """mutation CreateBatches($projectId: ID!, $input: CreateBatchesInput!) {
    project(where: {id: $projectId}) { createBatches(input: $input) { tasks { batchUuid taskId } } }
}"""
CREATE_BATCHES_FROM_DATASET = """mutation CreateBatchesFromDataset(
    $projectId: ID!, $input: CreateBatchesFromDatasetInput!
) {
    project(where: {id: $projectId}) {
        createBatchesFromDataset(input: $input) { tasks { batchUuid taskId } }
    }
}"""
QUERY_ALL_DATA_ROWS_HAVE_BEEN_PROCESSED = """query QueryAllDataRowsHaveBeenProcessed(
    $dataRowIds: [ID!], $globalKeys: [ID!]
) {
    queryAllDataRowsHaveBeenProcessed(dataRowIds: $dataRowIds, globalKeys: $globalKeys) {
        allDataRowsHaveBeenProcessed
    }
}"""
PROJECT_BATCHES = """query ProjectBatches($projectId: ID!, $from: String, $first: PageSize) {
    project(where: {id: $projectId}) {
        batches(after: $from, first: $first) { nodes { %s } pageInfo { endCursor } }
    }
}"""

_MOST_ROWS = 100_000
_FEWEST_ROWS_IN_BACKGROUND = 1_000
_MOST_ROWS_OF_MANY = 1_000_000
_BACKGROUND_WAIT_SECONDS = 1_800.0
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0
_MANY_NAMES = 1_000
_REFUSALS = (InvalidQueryError, MalformedQueryException)

DataRows = Iterable["str | DataRow | Identifiable"]
GlobalKeyNames = Iterable["str | Identifiable"]


class ProjectBatches(ProjectPart):
    """Sends data rows to a project."""

    _wait_processing_max_seconds = 3600.0
    upload_type: Any

    def create_batch(
        self,
        name: str,
        data_rows: DataRows | None = None,
        priority: int = 5,
        consensus_settings: Mapping[str, Any] | ConsensusSettings | None = None,
        *,
        global_keys: GlobalKeyNames | None = None,
    ) -> Batch:
        """Sends 1 to 100,000 data rows to the project, by ids or objects, or by global keys (P-BA).

        `priority` goes from 1 (labeled first) to 5. `consensus_settings` is a dict with number_of_labels and
        coverage_percentage (0 to 1). Waits until the data rows are processed. Raises ValueError for a wrong
        argument, ResourceConflict when the name is taken, ProcessingWaitTimeout after an hour.
        """
        self._refuse_auto_upload()
        rows = _rows_input(data_rows, global_keys)
        count = _count(rows)
        if not 1 <= count <= _MOST_ROWS:
            raise ValueError(f"a batch has 1 to {_MOST_ROWS:,} data rows, got {count:,}")
        settings = ConsensusSettings.of(consensus_settings)
        self._wait_until_processed(rows)
        if count >= _FEWEST_ROWS_IN_BACKGROUND:
            return self._create_in_background(name, rows, priority, settings)
        batch_input = {"name": name, "priority": priority, "consensusSettings": settings, **rows}
        document = CREATE_BATCH_V2 % query.selection(Batch)
        made = self._in_project(document, experimental=True, input=batch_input)["createBatchV2"]
        return Batch(self.client, self.uid, made["batch"], made["failedDataRowIds"])

    def create_batches(
        self,
        name_prefix: str,
        data_rows: DataRows | None = None,
        global_keys: GlobalKeyNames | None = None,
        priority: int = 5,
        consensus_settings: Mapping[str, Any] | ConsensusSettings | None = None,
    ) -> CreateBatchesTask:
        """Sends up to a million data rows in batches of 100,000, named prefix0000, prefix0001 … (P-BM).

        Raises ValueError for both or neither kind of names, or too many.
        """
        rows = _rows_input(data_rows, global_keys)
        if not 1 <= _count(rows) <= _MOST_ROWS_OF_MANY:
            raise ValueError(
                f"create_batches takes 1 to {_MOST_ROWS_OF_MANY:,} data rows, got {_count(rows):,}"
            )
        self._wait_until_processed(rows)
        batches_input = {
            "batchNamePrefix": name_prefix,
            "priority": priority,
            "consensusSettings": ConsensusSettings.of(consensus_settings),
            **rows,
        }
        started = self._in_project(CREATE_BATCHES, experimental=True, input=batches_input)
        return self._batches_task(started["createBatches"])

    def create_batches_from_dataset(
        self,
        name_prefix: str,
        dataset_id: str,
        priority: int = 5,
        consensus_settings: Mapping[str, Any] | ConsensusSettings | None = None,
    ) -> CreateBatchesTask:
        """Sends all data rows of a dataset that are not in the project yet, as create_batches does (P-BD)."""
        batches_input = {
            "batchNamePrefix": name_prefix,
            "datasetId": dataset_id,
            "priority": priority,
            "consensusSettings": ConsensusSettings.of(consensus_settings),
        }
        started = self._in_project(CREATE_BATCHES_FROM_DATASET, experimental=True, input=batches_input)
        return self._batches_task(started["createBatchesFromDataset"])

    def batches(self) -> PaginatedCollection[Batch]:
        """The batches of the project (P-GB-01)."""
        project_id = self.uid
        return PaginatedCollection(
            self.client,
            PROJECT_BATCHES % query.selection(Batch),
            {"projectId": project_id},
            ["project", "batches", "nodes"],
            lambda client, values: Batch(client, project_id, values),
            cursor_path=["project", "batches", "pageInfo", "endCursor"],
            experimental=True,
        )

    def _create_in_background(
        self, name: str, rows: dict[str, list[str]], priority: int, settings: dict[str, Any] | None
    ) -> Batch:
        empty = {"name": name, "consensusSettings": settings}
        made = self._in_project(CREATE_EMPTY_BATCH, experimental=True, input=empty)["createEmptyBatch"]
        added = {"batchId": made["id"], "priority": priority, **rows}
        try:
            started = self._in_project(ADD_DATA_ROWS_TO_BATCH_ASYNC, experimental=True, input=added)
        except _REFUSALS:  # the name is to be free for another try
            self._in_project(DELETE_BATCH, experimental=True, batchId=made["id"])
            raise
        wait_for(self.client, started["addDataRowsToBatchAsync"]["taskId"], _BACKGROUND_WAIT_SECONDS)
        return self.client.get_batch(self.uid, made["id"])

    def _batches_task(self, started: dict[str, Any]) -> CreateBatchesTask:
        batch_ids = [task["batchUuid"] for task in started["tasks"]]
        return CreateBatchesTask(self.client, self.uid, batch_ids, [t["taskId"] for t in started["tasks"]])

    def _wait_until_processed(self, rows: dict[str, list[str]]) -> None:
        if _count(rows) > _MANY_NAMES and self._are_processed({kind: [] for kind in rows}):
            return  # nothing at all is being looked into: so many names need not travel
        deadline = time.monotonic() + self._wait_processing_max_seconds
        pause = _FIRST_PAUSE_SECONDS
        while not self._are_processed(rows):
            if time.monotonic() + pause > deadline:
                raise ProcessingWaitTimeout("The data rows of the batch are still being processed")
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _are_processed(self, rows: dict[str, list[str]]) -> bool:
        reply = self.client.execute(QUERY_ALL_DATA_ROWS_HAVE_BEEN_PROCESSED, rows, timeout=180)
        processed: bool = reply["queryAllDataRowsHaveBeenProcessed"]["allDataRowsHaveBeenProcessed"]
        return processed

    def _refuse_auto_upload(self) -> None:
        if self.upload_type is UploadType.Auto:
            raise ValueError("A project that generates its own data rows takes no batches")


def _rows_input(data_rows: DataRows | None, global_keys: GlobalKeyNames | None) -> dict[str, list[str]]:
    if data_rows is not None and global_keys is not None:
        raise ValueError("data_rows and global_keys cannot be used together")
    if global_keys is not None:
        return {"globalKeys": _keys(global_keys)}
    if data_rows is None:
        raise ValueError("one of data_rows and global_keys must be given")
    try:
        names = identifiables_of(data_rows)
    except TypeError as error:
        raise ValueError(f"data_rows must hold ids or DataRow objects: {error}") from error
    kind = "dataRowIds" if names.id_type.value == "ID" else "globalKeys"
    return {kind: names.keys}


def _keys(global_keys: GlobalKeyNames) -> list[str]:
    if isinstance(global_keys, str):
        raise ValueError("global_keys must be a list of global keys, not one string")
    return [_key(key) for key in global_keys]


def _key(global_key: str | Identifiable) -> str:
    if isinstance(global_key, str):
        return global_key
    if not isinstance(global_key, GlobalKey):
        raise ValueError(f"global_keys must hold global keys, got {global_key!r}")
    return global_key.key


def _count(rows: dict[str, list[str]]) -> int:
    return sum(len(names) for names in rows.values())
