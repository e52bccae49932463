"""Start, move and finish tasks."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id
from labelyard.tasks import queries
from labelyard.tasks.records import Task, TaskState, TaskType

_CANCELABLE = {
    "AdvUpsertDataRows": TaskType.UPSERT_DATA_ROWS,
    "AddDataRowsToBatch": TaskType.ADD_DATA_ROWS_TO_BATCH,
    "SendToTaskQueue": TaskType.SEND_TO_TASK_QUEUE,
    "SendToAnnotate": TaskType.SEND_TO_ANNOTATE,
    "ExportDataRows": TaskType.EXPORT_DATA_ROWS,
}


async def start_task(
    context: Context, *, name: str, task_type: TaskType, metadata: dict[str, Any] | None = None
) -> str:
    """A new task of the caller, in progress; its id. It is visible as soon as the request is answered.

    What the task does was permitted by the action that starts it.
    """
    task_id = new_id()
    await queries.insert_task(
        context.database,
        organization_id=context.organization_id,
        task_id=task_id,
        name=name,
        task_type=task_type,
        created_by=context.user_id,
        metadata=metadata or {},
    )
    return task_id


async def get_task(context: Context, task_id: str, *, lock: bool = False) -> Task:
    """One task of the organization, with `lock` kept from others until the transaction ends. Raises NotFound."""
    task = await queries.select_task(context.database, context.organization_id, task_id, lock=lock)
    if task is None:
        raise errors.NotFound(f"There is no task with id {task_id}.")
    return task


async def move_task(
    context: Context, task_id: str, *, percentage: float, checkpoint: dict[str, Any] | None = None
) -> bool:
    """Notes progress; False when the task was cancelled and the work should stop."""
    state = await queries.update_progress(
        context.database, context.organization_id, task_id, min(percentage, 99.0), checkpoint
    )
    return state == TaskState.IN_PROGRESS


async def finish_task(
    context: Context, task_id: str, *, result: str | None = None, errors: str | None = None
) -> None:
    """The task is complete; `errors` refers to what it could not do."""
    await queries.finish_task(
        context.database, context.organization_id, task_id, TaskState.COMPLETE, result, errors
    )


async def fail_task(
    context: Context, task_id: str, *, error: str | None = None, result: str | None = None
) -> None:
    """The task has failed; `result` is the JSON text in which clients look for the reasons."""
    await queries.finish_task(
        context.database, context.organization_id, task_id, TaskState.FAILED, result, error
    )


async def note_chunk(
    context: Context, task_id: str, chunk: int, *, created: int, failed: int, blob_key: str | None
) -> None:
    """A chunk of the task's work is done, in the transaction that did it."""
    await queries.upsert_chunk(
        context.database,
        context.organization_id,
        task_id,
        chunk,
        created=created,
        failed=failed,
        blob_key=blob_key,
    )


async def chunks_of(context: Context, task_id: str) -> list[tuple[int, int, int, str | None]]:
    """Chunk number, rows made, rows failed, and result blob of every chunk that is done."""
    return await queries.select_chunks(context.database, context.organization_id, task_id)


def cancelable_types() -> list[str]:
    """The kinds of tasks that can be cancelled, as clients name them."""
    return list(_CANCELABLE)


async def cancel_task(context: Context, task_id: str) -> None:
    """Stops a running task: the caller's own, or anybody's for an administrator. Raises NotFound or NotAllowed."""
    access.require(context, Permission.VIEW)
    task = await get_task(context, task_id)
    if task.created_by != context.user_id:
        access.require(context, Permission.MANAGE_ORGANIZATION)
    if task.type not in _CANCELABLE.values() or not await queries.cancel_task(
        context.database, context.organization_id, task_id
    ):
        raise errors.NotAllowed(f"Task {task_id} ({task.type}) is {task.status} and cannot be cancelled.")
