"""What was measured, what the bare limit is, and how the two compare."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured number beside its limit.

    `limit` is what the same machine does without us, measured in the same run and in the same unit. `target` is a
    number to reach in that unit, `target_share` one for the share of the limit. Of times and sizes less is better.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    limit_is: str = ""
    target: float | None = None
    target_share: float | None = None
    less_is_better: bool = False
    note: str = ""

    @property
    def share(self) -> float | None:
        """How much of what the bare limit does is reached: 1 is all of it."""
        if not self.limit or not self.value:
            return None
        return self.limit / self.value if self.less_is_better else self.value / self.limit

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None when there is none."""
        if self.target_share is not None:
            return self.share is not None and self.share >= self.target_share
        if self.target is None:
            return None
        return self.value <= self.target if self.less_is_better else self.value >= self.target

    def as_json(self) -> dict[str, Any]:
        """Everything about it."""
        return {**asdict(self), "share": self.share, "is_met": self.is_met}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies. Raises ValueError when there are none."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def table(figures: Sequence[Figure]) -> str:
    """All figures as one table."""
    head = ("figure", "measured", "bare limit", "of the limit", "target", "")
    rows = [head, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = []
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:5], widths[1:5], strict=True)]
        lines.append("  ".join([*cells, row[5]]).rstrip())
        if number == 0:
            lines.append("-" * (sum(widths[:5]) + 8))
    return "\n".join(lines)


def _cells(figure: Figure) -> tuple[str, ...]:
    limit = "" if figure.limit is None else f"{_number(figure.limit)} {figure.unit}"
    share = "" if figure.share is None else f"{figure.share:.0%}"
    target = ""
    if figure.target_share is not None:
        target = f">= {figure.target_share:.0%}"
    elif figure.target is not None:
        target = f"{'<=' if figure.less_is_better else '>='} {_number(figure.target)} {figure.unit}"
    verdict = {None: "", True: "met", False: "MISSED"}[figure.is_met]
    words = "; ".join(filter(None, (verdict, figure.limit_is and f"limit: {figure.limit_is}", figure.note)))
    return figure.name, f"{_number(figure.value)} {figure.unit}", limit, share, target, words


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
