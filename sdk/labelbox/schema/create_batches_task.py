"""CreateBatchesTask: the handle on the creation of many batches (P-BM-06 to P-BM-08)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from labelbox.schema.task import task_of

if TYPE_CHECKING:
    from labelbox._calls.catalog import CatalogCalls
    from labelbox.schema.batch import Batch

_CHECK_SECONDS = 0.5


class CreateBatchesTask:
    """One task of the server's per batch."""

    def __init__(
        self, client: CatalogCalls, project_id: str, batch_ids: list[str], task_ids: list[str]
    ) -> None:
        self.client = client
        self.project_id = project_id
        self.batch_ids = batch_ids
        self.tasks = [task_of(client, task_id) for task_id in task_ids]

    def wait_till_done(self, timeout_seconds: float = 300) -> None:
        """Blocks until every batch is made or has failed, at most `timeout_seconds` in all."""
        deadline = time.monotonic() + timeout_seconds
        for task in self.tasks:
            task.wait_till_done(max(0.0, deadline - time.monotonic()), _CHECK_SECONDS)

    def errors(self) -> dict[str, Any] | None:
        """The errors by task id; None when every batch was made."""
        found = {task.uid: task.errors for task in self.tasks if task.status == "FAILED"}
        return found or None

    def result(self) -> list[Batch]:
        """The batches that were made."""
        made = [b for b, task in zip(self.batch_ids, self.tasks, strict=True) if task.status == "COMPLETE"]
        return [self.client.get_batch(self.project_id, batch_id) for batch_id in made]
