"""Project: export, export_v2, export_labels, export_queued_data_rows, export_issues."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from labelbox.schema._project.base import ProjectPart
from labelbox.schema.data_row_exports import EXPORT_QUEUED_DATA_ROWS, exported_rows
from labelbox.schema.export_requests import export_project

if TYPE_CHECKING:
    from labelbox.schema.export_task import ExportTask
    from labelbox.schema.task import Task

EXPORT_LABELS = """mutation ExportLabels($projectId: ID!) {
    exportLabels(data: {projectId: $projectId}) { downloadUrl createdAt shouldPoll }
}"""
PROJECT_ISSUE_EXPORT_URL = """query ProjectIssueExportUrl($projectId: ID!, $status: IssueStatus) {
    project(where: {id: $projectId}) { issueExportUrl(where: {status: $status}) }
}"""

_ISSUE_STATUSES = (None, "Open", "Resolved")
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 2.0


class ProjectExports(ProjectPart):
    """Takes labels and issues out of a project."""

    def export(
        self,
        task_name: str | None = None,
        filters: dict[str, Any] | None = None,
        params: dict[str, Any] | None = None,
    ) -> ExportTask:
        """Starts a streamed export of the project's data rows with their labels.

        `params` say what each row holds, all False by default: attachments, metadata_fields,
        data_row_details, project_details, label_details, performance_details, interpolated_frames. `filters`
        say which rows, all at once: last_activity_at, label_created_at, data_row_ids, global_keys, batch_ids,
        workflow_status. Raises ValueError for a malformed filter.
        """
        started: ExportTask = export_project(
            self.client, self.uid, task_name, filters, params, streamable=True
        )
        return started

    def export_v2(
        self,
        task_name: str | None = None,
        filters: dict[str, Any] | None = None,
        params: dict[str, Any] | None = None,
    ) -> Task | ExportTask:
        """The same export with its rows as one list in `result` and `errors` (P-SP-02)."""
        started: Task | ExportTask = export_project(
            self.client, self.uid, task_name, filters, params, streamable=False
        )
        return started

    def export_labels(self, timeout_seconds: float = 60) -> str | None:
        """The URL of a JSON file with the labels; None when it was not ready in time (R-PJ-31, R-PJ-33)."""
        deadline = time.monotonic() + timeout_seconds
        pause = _FIRST_PAUSE_SECONDS
        while True:
            params = {"projectId": self.uid}
            reply = self.client.execute(EXPORT_LABELS, params, raise_return_resource_not_found=True)
            result = reply["exportLabels"]
            if not result["shouldPoll"] and result["downloadUrl"]:
                return str(result["downloadUrl"])
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            time.sleep(min(pause, left))
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def export_queued_data_rows(
        self, timeout_seconds: float = 120, include_metadata: bool = False
    ) -> list[dict[str, Any]]:
        """The data rows that wait for labels, as dicts with the keys of the wire; newer clients use `export`.

        `include_metadata` fills metadataFields and customMetadata. Raises LabelboxError when it takes longer
        than `timeout_seconds`.
        """
        return exported_rows(
            self.client,
            EXPORT_QUEUED_DATA_ROWS,
            "exportQueuedDataRows",
            self.uid,
            timeout_seconds,
            include_metadata,
        )

    def export_issues(self, status: str | None = None) -> str:
        """The URL of a JSON file with the issues and their comments (P-IS).

        `status` is None for all, Open or Resolved; any other raises ValueError.
        """
        if status not in _ISSUE_STATUSES:
            raise ValueError(f"status must be one of {_ISSUE_STATUSES}, got {status!r}")
        return str(self._in_project(PROJECT_ISSUE_EXPORT_URL, status=status)["issueExportUrl"])
