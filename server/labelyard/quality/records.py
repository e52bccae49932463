"""Reviews."""

from __future__ import annotations

from dataclasses import dataclass


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
