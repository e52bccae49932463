"""Queues, reservations, and what the labeling screen is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from labelyard.plumbing.jobs import Message
from labelyard.plumbing.records import PageInfo


class State(StrEnum):
    """Where a data row of a project stands."""

    TO_LABEL = "TO_LABEL"
    IN_REVIEW = "IN_REVIEW"
    IN_REWORK = "IN_REWORK"
    DONE = "DONE"
    SKIPPED = "SKIPPED"


class Queue(StrEnum):
    """What a slot waits for."""

    LABEL = "LABEL"
    REWORK = "REWORK"
    REVIEW = "REVIEW"
    BENCHMARK = "BENCHMARK"


@dataclass(frozen=True)
class TaskQueue:
    """A stage of a project's workflow; its count may be a function of what the caller asks for."""

    id: str
    name: str
    description: str
    queue_type: str
    data_row_count: int | Callable[..., Awaitable[int]]


@dataclass(frozen=True)
class WorkstreamStateCount:
    """How many rows are in a state."""

    state: str
    count: int


@dataclass(frozen=True)
class Reservation:
    """A data row held for one labeler."""

    queue: str
    data_row_id: str
    slot: int
    priority: int
    enqueued_at: datetime
    reserved_until: datetime


@dataclass(frozen=True)
class Held:
    """What a labeler holds, and the rest of the queues: which of them have slots, and how many there are.

    `expired` counts what anybody held too long and nobody has given back yet.
    """

    reservations: list[Reservation]
    kinds: list[str]
    waiting: int
    others: int
    expired: int
    has_benchmarks: bool


@dataclass(frozen=True)
class Position:
    """Where one row of a project stands."""

    data_row_id: str
    state: str
    labels_required: int
    labels_done: int
    priority: int
    enqueued_at: datetime


@dataclass(frozen=True)
class LastLabel:
    """The newest label of a row."""

    data_row_id: str
    id: str
    skipped: bool


@dataclass(frozen=True)
class Movable:
    """A row of a project, and whether there is anything on it."""

    data_row_id: str
    state: str
    has_labels: bool
    has_pre_labels: bool


@dataclass(frozen=True)
class NamedRows:
    """Rows as a caller names them: by ids, or by global keys."""

    names: list[str]
    are_keys: bool


@dataclass(frozen=True)
class Override:
    """What a caller wants of a row, which is named by its id or its global key; no number leaves that as it is."""

    row: str
    is_key: bool
    priority: int
    number_of_labels: int | None


@dataclass(frozen=True)
class DeletedBatchLabelsResult:
    """The labels of a batch that are no more."""

    deleted_label_ids: list[str]


@dataclass(frozen=True)
class ClearQueueReservationsResult:
    """How many rows were given back."""

    success: bool
    cleared_reservation_count: int


@dataclass(frozen=True)
class ProjectWorkflow:
    """A project's graph of queues; `config` is JSON with nodes and edges."""

    project_id: str
    config: Any
    created_at: str
    updated_at: str


@dataclass(frozen=True)
class ReviewComment:
    """A reviewer's remark on a row."""

    id: str
    content: str
    score: float
    created_by: str
    created_at: str
    updated_at: str


@dataclass(frozen=True)
class LabelingTask:
    """A data row with all that the editor needs."""

    data_row: str
    state: str
    task_queue: TaskQueue | None
    label: str | None
    annotations: Any
    annotations_from: str | None
    seconds_spent: float
    comments: list[ReviewComment]
    reserved_until: str | None


@dataclass(frozen=True)
class ReservedDataRows:
    """What the caller holds, and what is left for others."""

    tasks: list[LabelingTask]
    remaining: int
    held_by_others: int


@dataclass(frozen=True)
class Beginning:
    """What a labeler can begin from on a row: their own draft, and whether there is anything else."""

    data_row_id: str
    state: str
    has_draft: bool
    draft: Any
    seconds_spent: float | None
    has_labels: bool
    has_comments: bool
    has_pre_labels: bool
    has_template: bool


@dataclass(frozen=True)
class Submission:
    """A submission that was noted: where its row stands, locked, and from which queue it was taken.

    `is_new` is False when the same submission was noted before; then nothing was touched.
    """

    is_new: bool
    position: Position | None
    queue: str | None


@dataclass(frozen=True)
class Draft:
    """A draft was saved."""

    data_row_id: str
    updated_at: str


@dataclass(frozen=True)
class ReviewResult:
    """Where a row went after review."""

    data_row_id: str
    state: str


@dataclass(frozen=True)
class ProjectDataRow:
    """A data row as the project's table shows it."""

    data_row: str
    state: str
    priority: int | None
    batch_name: str | None
    label_count: int
    last_activity_at: str | None


@dataclass(frozen=True)
class ProjectDataRowPage:
    """A page of that table."""

    nodes: list[ProjectDataRow]
    page_info: PageInfo


@dataclass(frozen=True)
class ImportedLabel:
    """A label that an import makes: `annotations` is the text of a checked document, its masks are stored already."""

    data_row_id: str
    annotations: str
    is_benchmark_reference: bool = False


@dataclass(frozen=True, kw_only=True)
class ForgetDataset(Message):
    """Delete the rows of a deleted dataset."""

    dataset_id: str


@dataclass(frozen=True, kw_only=True)
class UpdatePriorities(Message):
    """Give rows, whose names are in a blob, one priority."""

    project_id: str
    task_id: str
    rows_key: str
    priority: int


@dataclass(frozen=True, kw_only=True)
class MoveDataRows(Message):
    """Move rows, whose names are in a blob, to a queue; no queue is Done."""

    project_id: str
    task_id: str
    rows_key: str
    queue: str | None


@dataclass(frozen=True)
class MoveEvent:
    """A row that was moved, as webhooks are told of it."""

    id: str
    action: str
    previous_state: str | None
    next_state: str | None
    created_at: datetime
    created_by: str
    email: str
    data_row_id: str
    global_key: str | None
    external_id: str | None
    project_id: str
    project_name: str


@dataclass(frozen=True)
class SentLabel:
    """A label that comes from another project: `document` fits this one's ontology, its masks are stored already."""

    data_row_id: str
    document: dict[str, Any]
