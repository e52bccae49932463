"""Issues, their comments and categories."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Whether somebody still has to do something about an issue."""

    OPEN = "Open"
    RESOLVED = "Resolved"


@dataclass(frozen=True)
class IssueRecord:
    """One live issue that the caller may see."""

    id: str
    project_id: str
    data_row_id: str
    status: str
    created_by: str


@dataclass(frozen=True)
class CommentRecord:
    """One live comment."""

    id: str
    issue_id: str
    created_by: str


@dataclass(frozen=True)
class CategoryRecord:
    """One live category of a project's issues."""

    id: str
    project_id: str


@dataclass(frozen=True)
class IssueConnection:
    """A page of a project's issues, and how many there are."""

    nodes: list[str]
    next_cursor: str | None
    total_count: int


@dataclass(frozen=True)
class IssueFilter:
    """Which issues of a project are listed."""

    type: str | None = None
    status: str | None = None
    data_row_id: str | None = None
    category_id: str | None = None
    created_by: list[str] | None = None
    content: str | None = None


@dataclass(frozen=True)
class NewIssue:
    """An issue about to be written; `position` is JSON text."""

    id: str
    project_id: str
    data_row_id: str
    label_id: str | None
    category_id: str | None
    type: str
    content: str
    position: str | None
    created_by: str


@dataclass(frozen=True)
class ExportOrder:
    """What an export's address says: whose view of which project's issues."""

    organization_id: str
    project_id: str
    viewer: str
    sees_all: bool
    status: str | None
