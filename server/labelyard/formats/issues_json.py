"""The export of issues: one JSON array, each issue with its comments (reference/projects.md 14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from labelyard.formats.export_json import export_time


@dataclass(frozen=True, slots=True)
class IssuePart:
    """An issue as its element of the array says it; `position` is JSON as it is stored."""

    id: str
    number: int
    status: str
    content: str
    position: bytes | None
    type: str
    label_id: str | None
    data_row_id: str
    external_id: str | None
    global_key: str | None
    category_id: str | None
    category_name: str | None
    created_by: str
    created_by_email: str
    created_at: datetime
    updated_at: datetime
    resolved_by: str | None
    resolved_by_email: str | None
    resolved_at: datetime | None
    content_updated_at: datetime | None
    latest_reply_at: datetime | None


@dataclass(frozen=True, slots=True)
class CommentPart:
    """A comment on an issue."""

    issue_id: str
    id: str
    content: str
    created_by: str
    created_by_email: str
    created_at: datetime
    updated_at: datetime


def issue_json(issue: IssuePart, comments: Sequence[CommentPart]) -> bytes:
    """One element of the exported array."""
    return orjson.dumps(
        {
            "id": issue.id,
            "friendlyId": str(issue.number),
            "status": issue.status,
            "type": issue.type,
            "content": issue.content,
            "position": None if issue.position is None else orjson.Fragment(issue.position),
            "labelId": issue.label_id,
            "dataRowId": issue.data_row_id,
            "externalId": issue.external_id,
            "globalKey": issue.global_key,
            "categoryId": issue.category_id,
            "categoryName": issue.category_name,
            "createdBy": _user(issue.created_by, issue.created_by_email),
            "createdAt": export_time(issue.created_at),
            "updatedAt": export_time(issue.updated_at),
            "resolvedBy": _user(issue.resolved_by, issue.resolved_by_email),
            "resolvedAt": export_time(issue.resolved_at),
            "contentUpdatedAt": export_time(issue.content_updated_at),
            "latestReplyAt": export_time(issue.latest_reply_at),
            "comments": [
                {
                    "id": comment.id,
                    "content": comment.content,
                    "createdBy": _user(comment.created_by, comment.created_by_email),
                    "createdAt": export_time(comment.created_at),
                    "updatedAt": export_time(comment.updated_at),
                }
                for comment in comments
            ],
        }
    )


def _user(user_id: str | None, email: str | None) -> dict[str, Any] | None:
    return None if user_id is None else {"id": user_id, "email": email}
