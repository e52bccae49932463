"""What one labeler has done in a project."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LabelerPerformance:
    """Seconds are those of labeling; agreements are 0 to 100, None when there is nothing to compare."""

    user: str
    count: int
    seconds_per_label: float
    total_time_labeling: float
    consensus: float | None
    average_benchmark_agreement: float | None
    last_activity_time: str
