"""Client: get_data_row, global keys, external ids, metadata types."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from labelbox._calls.connection import Connection
from labelbox.exceptions import LabelboxError, ResourceNotFoundError, TimeoutError
from labelbox.schema.data_row import DataRow
from labelbox.schema.data_row_metadata import DataRowMetadataOntology
from labelbox.schema.enums import CollectionJobStatus

EXTERNAL_IDS_TO_DATA_ROW_IDS = """query ExternalIdsToDataRowIds($externalIds: [String!]!) {
    externalIdsToDataRowIds(externalId_in: $externalIds) { dataRowId externalId }
}"""
DATA_ROWS_FOR_GLOBAL_KEYS = """query DataRowsForGlobalKeys($keys: [ID!]!) {
    dataRowsForGlobalKeys(where: {ids: $keys}) { jobId }
}"""
DATA_ROWS_FOR_GLOBAL_KEYS_RESULT = """query DataRowsForGlobalKeysResult($jobId: ID!) {
    dataRowsForGlobalKeysResult(jobId: {id: $jobId}) {
        jobStatus data {
            fetchedDataRows { id } notFoundGlobalKeys accessDeniedGlobalKeys deletedDataRowGlobalKeys
        }
    }
}"""
ASSIGN_GLOBAL_KEYS_TO_DATA_ROWS = """mutation AssignGlobalKeysToDataRows(
    $inputs: [AssignGlobalKeyToDataRowInput!]!
) {
    assignGlobalKeysToDataRows(data: {assignInputs: $inputs}) { jobId }
}"""
ASSIGN_GLOBAL_KEYS_TO_DATA_ROWS_RESULT = """query AssignGlobalKeysToDataRowsResult($jobId: ID!) {
    assignGlobalKeysToDataRowsResult(jobId: {id: $jobId}) {
        jobStatus data {
            sanitizedAssignments { dataRowId globalKey }
            invalidGlobalKeyAssignments { dataRowId globalKey }
            unmodifiedAssignments { dataRowId globalKey }
            accessDeniedAssignments { dataRowId globalKey }
        }
    }
}"""
CLEAR_GLOBAL_KEYS = """mutation ClearGlobalKeys($keys: [ID!]!) {
    clearGlobalKeys(where: {ids: $keys}) { jobId }
}"""
CLEAR_GLOBAL_KEYS_RESULT = """query ClearGlobalKeysResult($jobId: ID!) {
    clearGlobalKeysResult(jobId: {id: $jobId}) {
        jobStatus data { clearedGlobalKeys failedToClearGlobalKeys notFoundGlobalKeys accessDeniedGlobalKeys }
    }
}"""

_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 2.0
_EXTERNAL_IDS = 100


class DataRowCalls(Connection):
    """The calls about data rows."""

    def get_data_row(self, data_row_id: str) -> DataRow:
        """The data row with that id. Raises ResourceNotFoundError when there is none."""
        return self._get_single(DataRow, data_row_id)

    def get_data_row_by_global_key(self, global_key: str) -> DataRow:
        """The data row with that global key. Raises ResourceNotFoundError when there is none."""
        found = self.get_data_row_ids_for_global_keys([global_key])
        uid = found["results"][0] if found["results"] else ""
        if not uid:
            raise ResourceNotFoundError(DataRow, {"global_key": global_key})
        return self.get_data_row(uid)

    def get_data_row_ids_for_external_ids(self, external_ids: Sequence[str]) -> dict[str, list[str]]:
        """The ids of the data rows with each external id; several rows may have the same one."""
        found: dict[str, list[str]] = {}
        for start in range(0, len(external_ids), _EXTERNAL_IDS):
            params = {"externalIds": list(external_ids[start : start + _EXTERNAL_IDS])}
            for pair in self.execute(EXTERNAL_IDS_TO_DATA_ROW_IDS, params)["externalIdsToDataRowIds"]:
                found.setdefault(pair["externalId"], []).append(pair["dataRowId"])
        return found

    def get_data_row_metadata_ontology(self) -> DataRowMetadataOntology:
        """The organization's metadata types, with the calls that read and write metadata."""
        return DataRowMetadataOntology(self)

    def get_data_row_ids_for_global_keys(
        self, global_keys: Sequence[str], timeout_seconds: float = 60
    ) -> dict[str, Any]:
        """The ids of data rows in the order of their global keys.

        Returns `{"status", "results", "errors"}`: SUCCESS, PARTIAL SUCCESS or FAILURE, one id per key (empty
        for a key without a data row), and `{"global_key", "error"}` for each of those. Raises TimeoutError.
        """
        job = self.execute(DATA_ROWS_FOR_GLOBAL_KEYS, {"keys": list(global_keys)})["dataRowsForGlobalKeys"]
        data = self._job_result(DATA_ROWS_FOR_GLOBAL_KEYS_RESULT, job["jobId"], timeout_seconds)
        errors = _errors(
            {
                "Data Row not found": data["notFoundGlobalKeys"],
                "Access denied to Data Row": data["accessDeniedGlobalKeys"],
                "Data Row deleted": data["deletedDataRowGlobalKeys"] or [],
            }
        )
        results = [row["id"] for row in data["fetchedDataRows"]]
        return _outcome(results, errors, successes=sum(1 for uid in results if uid))

    def assign_global_keys_to_data_rows(
        self, global_key_to_data_row_inputs: Iterable[dict[str, str]], timeout_seconds: float = 60
    ) -> dict[str, Any]:
        """Gives data rows global keys; an input is `{"data_row_id", "global_key"}`.

        Returns `{"status", "results", "errors"}` with the pairs that were assigned and those that were not.
        Raises ValueError for a malformed or repeated input, TimeoutError.
        """
        inputs = list(global_key_to_data_row_inputs)
        _check_assignments(inputs)
        wire = [{"dataRowId": each["data_row_id"], "globalKey": each["global_key"]} for each in inputs]
        job = self.execute(ASSIGN_GLOBAL_KEYS_TO_DATA_ROWS, {"inputs": wire})["assignGlobalKeysToDataRows"]
        data = self._job_result(ASSIGN_GLOBAL_KEYS_TO_DATA_ROWS_RESULT, job["jobId"], timeout_seconds)
        assigned = data["sanitizedAssignments"] + data["unmodifiedAssignments"]
        results = [_assignment(pair) for pair in assigned]
        errors = [
            {**_assignment(pair), "error": reason}
            for reason, pairs in (
                (
                    "Invalid assignment. Either DataRow does not exist, or globalKey is invalid",
                    data["invalidGlobalKeyAssignments"],
                ),
                ("Access denied to Data Row", data["accessDeniedAssignments"]),
            )
            for pair in pairs
        ]
        return _outcome(results, errors, successes=len(results))

    def clear_global_keys(self, global_keys: Sequence[str], timeout_seconds: float = 60) -> dict[str, Any]:
        """Takes global keys away from their data rows.

        Returns `{"status", "results", "errors"}` with the keys that were cleared. Raises TimeoutError.
        """
        job = self.execute(CLEAR_GLOBAL_KEYS, {"keys": list(global_keys)})["clearGlobalKeys"]
        data = self._job_result(CLEAR_GLOBAL_KEYS_RESULT, job["jobId"], timeout_seconds)
        errors = _errors(
            {
                "Clearing global key failed": data["failedToClearGlobalKeys"],
                "Failed to find data row matching provided global key": data["notFoundGlobalKeys"],
                "Denied access to modify data row matching provided global key": data[
                    "accessDeniedGlobalKeys"
                ],
            }
        )
        return _outcome(data["clearedGlobalKeys"], errors, successes=len(data["clearedGlobalKeys"]))

    def _job_result(self, document: str, job_id: str, timeout_seconds: float) -> Any:
        """Waits for a job over global keys and returns its data."""
        deadline = time.monotonic() + timeout_seconds
        pause = _FIRST_PAUSE_SECONDS
        while True:
            result = next(iter(self.execute(document, {"jobId": job_id}).values()))
            if result["jobStatus"] == "COMPLETE":
                return result["data"]
            if result["jobStatus"] == "FAILED":
                raise LabelboxError(f"The job {job_id} over global keys failed")
            if time.monotonic() + pause > deadline:
                raise TimeoutError(
                    f"The job {job_id} over global keys did not end in {timeout_seconds} seconds"
                )
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _check_assignments(inputs: list[dict[str, str]]) -> None:
    if not inputs:
        raise ValueError("there is nothing to assign")
    for each in inputs:
        if set(each) != {"data_row_id", "global_key"} or not all(each.values()):
            raise ValueError(f"an assignment has a data_row_id and a global_key, got {each!r}")
    for name in ("data_row_id", "global_key"):
        if len({each[name] for each in inputs}) < len(inputs):
            raise ValueError(f"the same {name} occurs more than once")


def _assignment(pair: dict[str, str]) -> dict[str, str]:
    return {"data_row_id": pair["dataRowId"], "global_key": pair["globalKey"]}


def _errors(keys_by_reason: dict[str, list[str]]) -> list[dict[str, str]]:
    return [{"error": reason, "global_key": key} for reason, keys in keys_by_reason.items() for key in keys]


def _outcome(results: list[Any], errors: list[Any], successes: int) -> dict[str, Any]:
    if not errors:
        status = CollectionJobStatus.SUCCESS
    elif successes:
        status = CollectionJobStatus.PARTIAL_SUCCESS
    else:
        status = CollectionJobStatus.FAILURE
    return {"status": status.value, "results": results, "errors": errors}
