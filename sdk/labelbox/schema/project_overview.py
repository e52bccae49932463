"""ProjectOverview: how many data rows of a project are where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ProjectOverview:
    """Counts of data rows by state; `issues` is None when only some batches are counted."""

    to_label: int
    in_review: int
    in_rework: int
    skipped: int
    done: int
    issues: int | None
    labeled: int
    total_data_rows: int


@dataclass(frozen=True)
class ProjectOverviewDetailed:
    """The same, where review and rework are `{"data": [{queue name: count}], "total": int}`."""

    to_label: int
    in_review: dict[str, Any]
    in_rework: dict[str, Any]
    skipped: int
    done: int
    issues: int | None
    labeled: int
    total_data_rows: int
