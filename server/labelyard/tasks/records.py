"""Tasks and their states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TaskState(StrEnum):
    """Where a task stands."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    CANCELLING = "CANCELLING"
    CANCELED = "CANCELED"


class TaskType(StrEnum):
    """What a task does, in the words of the wire (client-expectations 12)."""

    UPSERT_DATA_ROWS = "adv-upsert-data-rows"
    APPEND_DATA_ROWS = "append-data-rows"
    ADD_DATA_ROWS_TO_BATCH = "add-data-rows-to-batch"
    SEND_TO_TASK_QUEUE = "send-to-task-queue"
    SEND_TO_ANNOTATE = "send-to-annotate"
    UPDATE_PRIORITY = "update-data-row-priority"
    EXPORT_DATA_ROWS = "export-data-rows"
    GLOBAL_KEYS = "global-keys"


@dataclass(frozen=True)
class Task:
    """One row of `tasks`."""

    organization_id: str
    id: str
    name: str
    type: str
    status: str
    completion_percentage: float
    result: str | None
    errors: str | None
    metadata: bytes | None
    checkpoint: bytes | None
    created_by: str
    created_at: datetime
    updated_at: datetime
