"""TaskQueue: a stage of a project's workflow (P-TQ-01, P-TQ-02)."""

from __future__ import annotations

from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field


class TaskQueue(DbObject):
    """A queue of data rows; `queue_type` is for example MANUAL_REVIEW_QUEUE."""

    name: Field[str] = Field.String()
    description: Field[str | None] = Field.String()
    queue_type: Field[str] = Field.String()
    data_row_count: Field[int] = Field.Int()
