"""SQL for tasks."""

from __future__ import annotations

from typing import Any

import orjson

from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows
from labelyard.tasks.records import Task

_COLUMNS = (
    "organization_id, id, name, type, status, completion_percentage, result, errors, metadata, checkpoint,"
    " created_by, created_at, updated_at"
)


def tasks(context: Context) -> Rows:
    """Tasks of the organization."""
    return Rows(
        "tasks AS t",
        "t.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "t.id",
    )


async def insert_task(
    db: Database,
    *,
    organization_id: str,
    task_id: str,
    name: str,
    task_type: str,
    created_by: str,
    metadata: dict[str, Any],
) -> None:
    """A new task in progress."""
    await db.execute(
        "INSERT INTO tasks (organization_id, id, name, type, status, created_by, metadata) VALUES"
        " (%(organization_id)s, %(id)s, %(name)s, %(type)s, 'IN_PROGRESS', %(created_by)s, %(metadata)s::json)",
        {
            "organization_id": organization_id,
            "id": task_id,
            "name": name,
            "type": task_type,
            "created_by": created_by,
            "metadata": orjson.dumps(metadata).decode(),
        },
    )


async def select_task(db: Database, organization_id: str, task_id: str, *, lock: bool = False) -> Task | None:
    """One task."""
    return await db.fetch_record(
        Task,
        f"SELECT {_COLUMNS} FROM tasks WHERE organization_id = %(organization_id)s AND id = %(id)s"
        + (" FOR UPDATE" if lock else ""),
        {"organization_id": organization_id, "id": task_id},
    )


async def update_progress(
    db: Database, organization_id: str, task_id: str, percentage: float, checkpoint: dict[str, Any] | None
) -> str | None:
    """Notes how far a task has come; its state, so that a cancelled one can stop."""
    state: str | None = await db.fetch_value(
        "UPDATE tasks SET completion_percentage = %(percentage)s, updated_at = now(),"
        " checkpoint = coalesce(%(checkpoint)s::json, checkpoint)"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s RETURNING status",
        {
            "organization_id": organization_id,
            "id": task_id,
            "percentage": percentage,
            "checkpoint": orjson.dumps(checkpoint).decode() if checkpoint is not None else None,
        },
    )
    return state


async def finish_task(
    db: Database, organization_id: str, task_id: str, status: str, result: str | None, errors: str | None
) -> None:
    """The last word on a task."""
    await db.execute(
        "UPDATE tasks SET status = %(status)s, result = coalesce(%(result)s, result),"
        " errors = coalesce(%(errors)s, errors), updated_at = now(),"
        " completion_percentage = CASE WHEN %(status)s = 'COMPLETE' THEN 100 ELSE completion_percentage END"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {
            "organization_id": organization_id,
            "id": task_id,
            "status": status,
            "result": result,
            "errors": errors,
        },
    )


async def cancel_task(db: Database, organization_id: str, task_id: str) -> bool:
    """Asks a running task to stop; False when it is not running."""
    return (
        await db.execute(
            "UPDATE tasks SET status = 'CANCELED', updated_at = now() WHERE organization_id = %(organization_id)s"
            " AND id = %(id)s AND status = 'IN_PROGRESS'",
            {"organization_id": organization_id, "id": task_id},
        )
        == 1
    )


async def upsert_chunk(
    db: Database,
    organization_id: str,
    task_id: str,
    chunk: int,
    *,
    created: int,
    failed: int,
    blob_key: str | None,
) -> None:
    """A chunk of a task's work is done."""
    await db.execute(
        "INSERT INTO task_chunks (organization_id, task_id, chunk, created, failed, blob_key) VALUES"
        " (%(organization_id)s, %(task_id)s, %(chunk)s, %(created)s, %(failed)s, %(blob_key)s)"
        " ON CONFLICT (organization_id, task_id, chunk) DO NOTHING",
        {
            "organization_id": organization_id,
            "task_id": task_id,
            "chunk": chunk,
            "created": created,
            "failed": failed,
            "blob_key": blob_key,
        },
    )


async def select_chunks(
    db: Database, organization_id: str, task_id: str
) -> list[tuple[int, int, int, str | None]]:
    """Chunk, created, failed and blob of everything that is done."""
    return [
        (row[0], row[1], row[2], row[3])
        for row in await db.fetch_all(
            "SELECT chunk, created, failed, blob_key FROM task_chunks"
            " WHERE organization_id = %(organization_id)s AND task_id = %(task_id)s ORDER BY chunk",
            {"organization_id": organization_id, "task_id": task_id},
        )
    ]
