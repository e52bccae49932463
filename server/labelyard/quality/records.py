"""Reviews, benchmarks, and the message that has labels compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from labelyard.plumbing.jobs import Message


@dataclass(frozen=True)
class ReviewRecord:
    """One live review."""

    id: str
    project_id: str
    label_id: str
    score: float


@dataclass(frozen=True)
class BenchmarkRecord:
    """One live benchmark."""

    id: str
    project_id: str
    data_row_id: str
    label_id: str


@dataclass(frozen=True)
class LabelAggregate:
    """How many labels."""

    count: int


@dataclass(frozen=True, kw_only=True)
class CompareLabels(Message):
    """Compare the labels of data rows of a project with each other and with the benchmarks."""

    project_id: str
    data_row_ids: list[str]


@dataclass(frozen=True)
class ReviewEvent:
    """A review, live or deleted, as webhooks are told of it."""

    id: str
    label_id: str
    score: float
    comment: str | None
    created_at: datetime
    updated_at: datetime
    deleted: bool
    created_by: str
    email: str
