"""Data rows out of a file that the server writes: the older exports of a queue, a dataset and a batch."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import LabelboxError

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection

EXPORT_QUEUED_DATA_ROWS = """mutation ExportQueuedDataRows($id: ID!, $includeMetadata: Boolean!) {
    exportQueuedDataRows(data: {projectId: $id, includeMetadataInput: $includeMetadata}) {
        downloadUrl createdAt status
    }
}"""
EXPORT_DATASET_DATA_ROWS = """mutation ExportDatasetDataRows($id: ID!, $includeMetadata: Boolean!) {
    exportDatasetDataRows(data: {datasetId: $id, includeMetadataInput: $includeMetadata}) {
        downloadUrl createdAt status
    }
}"""
EXPORT_BATCH_DATA_ROWS = """mutation ExportBatchDataRows($id: ID!, $includeMetadata: Boolean!) {
    exportBatchDataRows(data: {batchId: $id, includeMetadataInput: $includeMetadata}) {
        downloadUrl createdAt status
    }
}"""

_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 2.0


def exported_rows(
    client: Connection,
    document: str,
    root: str,
    entity_id: str,
    timeout_seconds: float,
    include_metadata: bool,
) -> list[dict[str, Any]]:
    """Waits for the file and reads it: one dict a data row, keys as on the wire.

    Raises LabelboxError when the export fails or is not there in time.
    """
    deadline = time.monotonic() + timeout_seconds
    pause = _FIRST_PAUSE_SECONDS
    params = {"id": entity_id, "includeMetadata": include_metadata}
    while True:
        found = client.execute(document, params, raise_return_resource_not_found=True)[root]
        if found["status"] == "COMPLETE":
            content = client.request_client.download(found["downloadUrl"])
            return [json.loads(line) for line in content.splitlines() if line.strip()]
        if found["status"] == "FAILED":
            raise LabelboxError("The data rows could not be exported")
        left = deadline - time.monotonic()
        if left <= 0:
            raise LabelboxError(f"The data rows were not exported within {timeout_seconds} seconds")
        time.sleep(min(pause, left))
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
