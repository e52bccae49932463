"""Batches, and the messages that fill them."""

from __future__ import annotations

from dataclasses import dataclass

from labelyard.plumbing.jobs import Message
from labelyard.plumbing.records import PageInfo

# rows of a connected dataset come after everything with a priority of its own (queue.md 2)
# one more than the largest that a client can give
NO_PRIORITY = 2_147_483_648


@dataclass(frozen=True)
class ConsensusSettings:
    """How many labels the consensus rows of a batch need, and which share of the rows they are."""

    number_of_labels: int
    coverage_percentage: float


@dataclass(frozen=True)
class BatchRecord:
    """One live batch."""

    id: str
    project_id: str
    name: str
    size: int
    priority: int
    number_of_labels: int | None
    coverage_percentage: float | None


@dataclass(frozen=True)
class BatchConnection:
    """A page of batches."""

    nodes: list[str]
    page_info: PageInfo


@dataclass(frozen=True)
class CreateBatchResult:
    """A new batch and the rows that could not enter it."""

    batch: str
    failed_data_row_ids: list[str]


@dataclass(frozen=True)
class BatchTask:
    """A batch and the task that fills it."""

    batch_uuid: str
    task_id: str


@dataclass(frozen=True)
class BatchTasksResult:
    """The batches that one call made."""

    tasks: list[BatchTask]


@dataclass(frozen=True)
class DeletedBatchResult:
    """The batch that is no more."""

    deleted_batch_id: str


@dataclass(frozen=True)
class BatchRowResult:
    """What became of one row that a client sent or took back by itself; no error: what was asked for."""

    data_row_id: str
    error: str | None


@dataclass(frozen=True)
class BatchRowsResult:
    """What became of each row."""

    data_rows: list[BatchRowResult]


@dataclass(frozen=True)
class Wanted:
    """Which rows are to enter a project, and how."""

    ids: list[str]
    batch_id: str | None
    source: str
    priority: int
    labels: int
    share: float
    counts_overrides: bool

    @property
    def draws(self) -> bool:
        """Whether some of the rows need several labels, and which of them is drawn."""
        return self.share > 0 and self.labels > 1


@dataclass(frozen=True, kw_only=True)
class FillBatch(Message):
    """Fill a batch with the rows whose ids are in a blob."""

    project_id: str
    batch_id: str
    task_id: str
    rows_key: str
    priority: int


@dataclass(frozen=True, kw_only=True)
class EnqueueDataset(Message):
    """Put every row of a connected dataset into the project."""

    project_id: str
    dataset_id: str
