"""Client: get_task_by_id, cancel_task."""

from __future__ import annotations

from typing import Any

from labelbox._calls.connection import Connection
from labelbox.exceptions import LabelboxError
from labelbox.schema.task import DataUpsertTask, Task, task_of

CANCELABLE_TASK_TYPES = "query CancelableTaskTypes { cancelableTaskTypes }"
CANCEL_BULK_OPERATION_JOB = """mutation CancelBulkOperationJob($id: ID!) {
    cancelBulkOperationJob(id: $id) { success }
}"""


class TaskCalls(Connection):
    """The calls about work that goes on at the server."""

    def get_task_by_id(self, task_id: str) -> Task | DataUpsertTask:
        """The task with that id; a DataUpsertTask when it creates data rows.

        Raises ResourceNotFoundError when there is none.
        """
        return task_of(self, task_id)

    def cancel_task(self, task_id: str) -> bool:
        """Stops a task that is in progress; True when the server will.

        Raises LabelboxError for a kind of task that cannot be cancelled, or one that has ended.
        """
        task = self.get_task_by_id(task_id)
        kinds: list[Any] = self.execute(CANCELABLE_TASK_TYPES)["cancelableTaskTypes"]
        cancelable = {_compact(kind) for kind in kinds}
        if _compact(task.task_type or "") not in cancelable:
            raise LabelboxError(f"A task of type {task.task_type!r} cannot be cancelled")
        if task.status != "IN_PROGRESS":
            raise LabelboxError(f"Task {task_id} is {task.status}: only a task in progress can be cancelled")
        return bool(
            self.execute(CANCEL_BULK_OPERATION_JOB, {"id": task_id})["cancelBulkOperationJob"]["success"]
        )


def _compact(kind: str) -> str:
    # The wire names the same type `ExportDataRows` in one place and `export-data-rows` in the other.
    return kind.replace("-", "").replace("_", "").lower()
