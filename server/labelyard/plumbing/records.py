"""Small answers that many rooms give."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SuccessResult:
    """It was done."""

    success: bool = True


@dataclass(frozen=True)
class IdResult:
    """The id of what was made or changed."""

    id: str


@dataclass(frozen=True)
class TaskIdResult:
    """The task that does the rest."""

    task_id: str


@dataclass(frozen=True)
class PageInfo:
    """Where the next page of a cursor listing begins; `end_cursor` is null on the last page."""

    end_cursor: str | None
    has_next_page: bool
    start_cursor: str | None = None
