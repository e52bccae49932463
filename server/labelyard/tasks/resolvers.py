"""Task."""

from __future__ import annotations

from typing import Any

from labelyard.plumbing import blob_links
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import SuccessResult
from labelyard.plumbing.source import Column, Moment
from labelyard.tasks import actions, queries


def _result(context: Context, value: str | None) -> str | None:
    """Results that are files of ours are kept by key and handed out under signed addresses."""
    return (
        blob_links.url(context, value.removeprefix("blob:")) if value and value.startswith("blob:") else value
    )


class Task:
    """Something asynchronous."""

    rows = queries.tasks
    id = Column("t.id")
    name = Column("t.name")
    type = Column("t.type")
    status = Column("t.status")
    completion_percentage = Column("t.completion_percentage")
    result = Column("t.result", render=_result)
    errors = Column("t.errors", render=_result)
    metadata = Column("t.metadata", filterable=False)
    created_at = Moment("t.created_at")
    updated_at = Moment("t.updated_at")


class Query:
    """Looking at tasks."""

    @staticmethod
    async def task(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One task."""
        return where["id"] if where else None

    @staticmethod
    async def data_upsert_task(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One task, under the name that clients derive from their class."""
        return where["id"] if where else None

    @staticmethod
    async def cancelable_task_types(context: Context) -> list[str]:
        """What can be cancelled."""
        return actions.cancelable_types()


class Mutation:
    """Stopping tasks."""

    @staticmethod
    async def cancel_bulk_operation_job(context: Context, id: str) -> SuccessResult:
        """Cancels a task."""
        await actions.cancel_task(context, id)
        return SuccessResult()
