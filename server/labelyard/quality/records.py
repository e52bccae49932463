"""Reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ReviewRecord:
    """One live review."""

    id: str
    project_id: str
    label_id: str
    score: float


@dataclass(frozen=True)
class LabelAggregate:
    """How many labels."""

    count: int


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
