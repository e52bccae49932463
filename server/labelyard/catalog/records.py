"""Slices, pages of the data rows in them, and data rows on their way into another project."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from labelyard.plumbing.jobs import Message
from labelyard.plumbing.records import PageInfo


@dataclass(frozen=True)
class Slice:
    """One saved search."""

    id: str
    name: str
    filter: bytes


@dataclass(frozen=True)
class DataRowIdentifier:
    """The two names of a data row."""

    id: str
    global_key: str | None


@dataclass(frozen=True)
class SavedQueryIdPage:
    """A page of the ids of a slice's data rows."""

    total_count: int
    nodes: list[str]
    page_info: PageInfo


@dataclass(frozen=True)
class DataRowIdentifierPage:
    """A page of a slice's data rows with both names."""

    total_count: int
    nodes: list[DataRowIdentifier]
    page_info: PageInfo


@dataclass(frozen=True, kw_only=True)
class SendRows(Message):
    """Send data rows to a project; which ones, and what is mapped, is in a blob. No queue is Done."""

    task_id: str
    project_id: str
    source_id: str | None
    batch_id: str
    queue: str | None
    excludes: bool
    overrides: bool
    request_key: str


@dataclass(frozen=True)
class Sending:
    """Which rows are sent, and how features are mapped, as a blob keeps it for the job."""

    query: list[Any]
    mapping: dict[str, str]
    seed: int | None
    limit: int | None


@dataclass(frozen=True)
class Progress:
    """How far a sending is: the rows it is about, how many of them are done, and what became of them.

    `failures` names the first of those that could not be sent.
    """

    rows_key: str = ""
    total: int = 0
    done: int = 0
    sent: int = 0
    skipped: int = 0
    dropped: int = 0
    failed: int = 0
    failures: list[dict[str, str]] = field(default_factory=list)
