"""Task, DataUpsertTask: the handles on work that goes on at the server (API reference 2.4, "Task").

The outcome of a task is where its type says: data row creation answers page by page (R-DS-19), an export
hands out files, the others put a JSON text into `result` when they fail.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import LabelboxError, ResourceNotFoundError
from labelbox.orm import query
from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field, ToOne
from labelbox.orm.model import Relationship as Rel
from labelbox.pagination import PaginatedCollection
from labelbox.progress_bar import ProgressBar

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox._calls.connection import Connection
    from labelbox.schema.organization import Organization
    from labelbox.schema.user import User

logger = logging.getLogger(__name__)

SUCCESSESFUL_DATA_ROW_IMPORTS = """query SuccessesfulDataRowImports(
    $taskId: ID!, $first: Int!, $from: String
) {
    successesfulDataRowImports(data: {taskId: $taskId, first: $first, from: $from}) {
        nodes { id externalId globalKey rowData } after total
    }
}"""
FAILED_DATA_ROW_IMPORTS = """query FailedDataRowImports($taskId: ID!, $first: Int!, $from: String) {
    failedDataRowImports(data: {taskId: $taskId, first: $first, from: $from}) {
        after total
        results { message spec {
            externalId globalKey rowData metadata { schemaId value name } attachments { type value name }
        } }
    }
}"""

_DATA_ROW_UPSERT = "adv-upsert-data-rows"
_EXPORT = "export-data-rows"
_SENDING = "send-to-annotate"
_IMPORT_PAGE = 5000
_FIRST_PAUSE_SECONDS = 0.2


class Task(DbObject):
    """Work of the server that takes a while; its state is read anew by `refresh` and `wait_till_done`."""

    updated_at: Field[datetime] = Field.DateTime()
    created_at: Field[datetime] = Field.DateTime()
    name: Field[str | None] = Field.String()
    status: Field[str] = Field.String()
    completion_percentage: Field[float] = Field.Float()
    result_url: Field[str | None] = Field.String("result")
    errors_url: Field[str | None] = Field.String("errors")
    task_type: Field[str | None] = Field.String("type")
    metadata: Field[Any] = Field.Json()

    created_by: ToOne[User] = Rel.ToOne("User")
    organization: ToOne[Organization] = Rel.ToOne("Organization")

    @classmethod
    def type_name(cls) -> str:
        return "Task"

    def wait_till_done(self, timeout_seconds: float = 60, check_frequency: float = 2.0) -> None:
        """Blocks until the task has ended or `timeout_seconds` have passed, whichever is first (R-TK-10).

        The state is read every `check_frequency` seconds, more often in the beginning, so that a short task
        is not waited for. Shows a progress bar on a terminal. Raises nothing at the timeout: see `status`.
        """
        deadline = time.monotonic() + timeout_seconds
        pause = min(_FIRST_PAUSE_SECONDS, check_frequency)
        with ProgressBar(self.name or "task", 100, "%") as bar:
            while self.status == "IN_PROGRESS":
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                time.sleep(min(pause, left))
                pause = min(pause * 1.5, check_frequency)
                self.refresh()
                bar.set(self.completion_percentage or 0)
        if self.errors_seen():
            logger.warning("Task %s (%s) reports errors: see its `errors`", self.uid, self.name)

    def wait_until_done(self, timeout_seconds: float = 300, check_frequency: float = 2.0) -> None:
        """The same as `wait_till_done`, with the longer default of newer clients."""
        self.wait_till_done(timeout_seconds, check_frequency)

    def has_errors(self) -> bool:
        """Whether `errors` has something to say."""
        return bool(self.errors)

    def errors_seen(self) -> bool:
        """Whether the task itself has failed; costs no request."""
        return self.status == "FAILED"

    @property
    def errors(self) -> Any:
        """What went wrong, or None. For data row creation a list of messages with the failed data rows."""
        if self._is_creation():
            found = self._result_document()
            return (found.get("error") or found.get("errors") or None) if isinstance(found, dict) else None
        if self.task_type == _EXPORT:
            return self._lines(self.errors_url) or None
        if self.status == "FAILED":
            return _json_or_text(self.result_url or self.errors_url)
        return None

    @property
    def result(self) -> Any:
        """What the task made: for data row creation the created rows, for an export its rows, else None.

        For sending to another project how many data rows were sent and skipped, and annotations dropped.

        Raises LabelboxError when data row creation has failed as a whole.
        """
        if self.task_type == _EXPORT:
            return self._lines(self.result_url)
        if self.task_type == _SENDING and self.status == "COMPLETE":
            return _json_or_text(self.result_url)
        if not self._is_creation():
            return None
        if self.status == "FAILED":
            raise LabelboxError(f"Task {self.uid} failed: {self.errors}")
        found = self._result_document()
        rows = found.get("createdDataRows", []) if isinstance(found, dict) else []
        return [_created(row) for row in rows]

    @property
    def failed_data_rows(self) -> Any:
        """The messages of data rows that were not created, or None."""
        if self.status == "FAILED":
            return self.errors
        found = self._result_document() if self._is_creation() else None
        return (found.get("errors") or None) if isinstance(found, dict) else None

    @property
    def created_data_rows(self) -> Any:
        """The created data rows as a list of dicts with id, external_id, row_data, global_key; or None."""
        if not self._is_creation() or self.status == "FAILED":
            return None
        return self.result or None

    def _is_creation(self) -> bool:
        return self.name == "JSON Import" or self.task_type == _DATA_ROW_UPSERT

    def _result_document(self) -> Any:
        if self.status == "IN_PROGRESS" or not self.result_url:
            return None
        return json.loads(self.client.request_client.download(self.result_url))

    def _lines(self, url: str | None) -> list[Any]:
        if not url:
            return []
        content = self.client.request_client.download(url)
        return [json.loads(line) for line in content.splitlines() if line.strip()]


class DataUpsertTask(Task):
    """The task of creating or changing data rows; its outcome is read page by page, without a limit."""

    @property
    def errors(self) -> Any:
        """The failures as a list of `{"message", "failedDataRows"}`; None when there are none."""
        return self._failures() or None

    @property
    def result(self) -> Any:
        """The created data rows as a list of dicts; None when there are none."""
        return self.created_data_rows

    @property
    def failed_data_rows(self) -> Any:
        return self.errors

    @property
    def created_data_rows(self) -> Any:
        document, path = SUCCESSESFUL_DATA_ROW_IMPORTS, "successesfulDataRowImports"
        return list(self._pages(document, path, "nodes", lambda _, row: _created(row))) or None

    def _failures(self) -> list[dict[str, Any]]:
        document, path = FAILED_DATA_ROW_IMPORTS, "failedDataRowImports"
        found = list(self._pages(document, path, "results", lambda _, failure: _failed(failure)))
        if self.status == "FAILED" and not found:
            reason = _json_or_text(self.result_url or self.errors_url) or "the task failed"
            return [{"message": reason, "failedDataRows": []}]
        return found

    def _pages(self, document: str, root: str, items: str, read: Any) -> Iterator[dict[str, Any]]:
        if self.status == "IN_PROGRESS":
            return iter(())
        pages: PaginatedCollection[dict[str, Any]] = PaginatedCollection(
            self.client,
            document,
            {"taskId": self.uid},
            [root, items],
            read,
            [root, "after"],
            page_size=_IMPORT_PAGE,
        )
        return iter(pages)


def task_of(client: Connection, task_id: str) -> Task:
    """The task with that id, of the class that its type asks for. Raises ResourceNotFoundError."""
    document, params = query.get_single(Task, task_id)
    data = client.execute(document, params)
    values = data and data.get("task")
    if not values:
        raise ResourceNotFoundError(Task, {"id": task_id})
    kind = DataUpsertTask if values.get("type") == _DATA_ROW_UPSERT else Task
    return kind(client, values)


def wait_for(client: Connection, task_id: str, timeout_seconds: float = 300) -> Task:
    """Waits for a task that a call started; raises LabelboxError with its errors unless it completes."""
    task = task_of(client, task_id)
    task.wait_till_done(timeout_seconds)
    if task.status != "COMPLETE":
        raise LabelboxError(
            f"Task {task_id} is {task.status}, not COMPLETE: " + json.dumps(task.errors, default=str)
        )
    return task


def _created(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "external_id": row.get("externalId"),
        "row_data": row.get("rowData"),
        "global_key": row.get("globalKey"),
    }


def _failed(failure: dict[str, Any]) -> dict[str, Any]:
    spec = failure.get("spec") or {}
    row = {key: spec.get(key) for key in ("externalId", "rowData", "globalKey", "metadata", "attachments")}
    return {"message": failure["message"], "failedDataRows": [row]}


def _json_or_text(text: str | None) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
