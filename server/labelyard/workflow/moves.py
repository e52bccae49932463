"""Data rows are moved to a queue by hand, past the graph of the workflow (P-MV, workflow.md 3)."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.data_rows import actions as data_rows
from labelyard.labels import actions as labels
from labelyard.labels.records import NewLabel
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_ids
from labelyard.projects import actions as projects
from labelyard.tasks import actions as tasks
from labelyard.tasks.records import TaskState, TaskType
from labelyard.workflow import move_queries, named_rows, rules, slot_queries, slots
from labelyard.workflow.records import MoveDataRows, NamedRows, Position, Queue

_STEP = 20_000
_NAMED = 100
_ACTION = "MOVE"
_ALL_QUEUES = [queue.value for queue in Queue]


async def move_later(context: Context, *, project_id: str, queue_id: str | None, named: NamedRows) -> str:
    """Moves rows to a queue, or to Done when none is named, in the background; the task's id.

    Raises NotFound for the project and the queue, Malformed for none or too many rows.
    """
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    await projects.get_project(context, project_id)
    queue = rules.queue_of_id(project_id, queue_id) if queue_id is not None else None
    rules.check_named_rows(named)
    task_id = await tasks.start_task(
        context, name="Send data rows to task queue", task_type=TaskType.SEND_TO_TASK_QUEUE
    )
    await context.jobs.defer(
        MoveDataRows(
            organization_id=context.organization_id,
            user_id=context.user_id,
            project_id=project_id,
            task_id=task_id,
            rows_key=await named_rows.keep(context, named),
            queue=queue,
        )
    )
    return task_id


async def work_on_move(context: Context, message: MoveDataRows) -> None:
    """The work of `move_later`: no row is moved when one of them cannot be; done twice it comes to the same."""
    task = await tasks.get_task(context, message.task_id)
    if task.status != TaskState.IN_PROGRESS:
        return
    named = await named_rows.read(context, message.rows_key)
    queue = Queue(message.queue) if message.queue else None
    problems = await _problems(context, message.project_id, queue, named)
    if not problems:
        for start in range(0, len(named.names), _STEP):
            async with context.database.transaction():
                ids = await named_rows.ids(context, named, start, _STEP)
                await _move(context, message.project_id, queue, ids)
                percentage = 100 * (start + _STEP) / len(named.names)
                if not await tasks.move_task(context, message.task_id, percentage=percentage):
                    return
    async with context.database.transaction():
        if problems:
            sentence = f"No data row was moved: {problems[0]['reason']}"
            result = orjson.dumps({"error": sentence, "errors": problems[:_NAMED], "count": len(problems)})
            await tasks.fail_task(context, message.task_id, result=result.decode())
        else:
            await projects.note_activity(context, message.project_id)
            await tasks.finish_task(context, message.task_id)
    await context.blobs.delete([message.rows_key])


async def _problems(
    context: Context, project_id: str, queue: Queue | None, named: NamedRows
) -> list[dict[str, str]]:
    """Why rows cannot be moved; empty when all can."""
    try:
        await projects.get_project(context, project_id)
    except errors.NotFound as gone:
        return [{"reason": gone.message}]
    kind = "globalKey" if named.are_keys else "dataRowId"
    problems = []
    for start in range(0, len(named.names), _STEP):
        names = named.names[start : start + _STEP]
        known = (
            await data_rows.ids_of_keys(context, names) if named.are_keys else {name: name for name in names}
        )
        there = await move_queries.select_movable(
            context.database, context.organization_id, project_id, list(known.values())
        )
        for name in names:
            row = there.get(known.get(name, ""))
            if row is None:
                problems.append({kind: name, "reason": "There is no such data row in this project."})
            elif not rules.may_leave(row, queue):
                reason = "The data row has neither labels nor predictions and must be labeled first."
                problems.append({kind: name, "reason": reason})
    return problems


async def _move(context: Context, project_id: str, queue: Queue | None, ids: list[str]) -> None:
    db, organization = context.database, context.organization_id
    state = rules.state_in(queue)
    there = await slots.lock(context, project_id, ids)
    moving = [row for row, position in there.items() if position.state != state]
    found = await move_queries.select_movable(db, organization, project_id, moving) if moving else {}
    predicted = [row.data_row_id for row in found.values() if queue != Queue.LABEL and not row.has_labels]
    labeled = await _label(context, project_id, predicted) if predicted else []
    # what lost its labels since it was looked at stays
    moving = [row for row, movable in found.items() if movable.has_labels or queue == Queue.LABEL]
    if not moving and not labeled:
        return
    await slot_queries.close_slots(db, organization, project_id, moving + labeled, _ALL_QUEUES)
    for part, added in ((moving, 0), (labeled, 1)):
        if part:
            await slots.move(context, project_id, part, state, None, _ACTION, labels_added=added)
    if queue == Queue.LABEL:
        await slot_queries.fill_slots(db, organization, project_id, moving)
        again = [row.data_row_id for row in _complete(there[row] for row in moving)]
        await slot_queries.open_slots(
            db, organization, project_id, again, Queue.REWORK, context.now, to_author=True
        )
    elif queue is not None:
        await slot_queries.open_slots(
            db,
            organization,
            project_id,
            moving + labeled,
            queue,
            context.now,
            to_author=queue == Queue.REWORK,
        )


def _complete(rows: Iterable[Position]) -> list[Position]:
    """Rows that lack no label: moved back to labeling, their authors are offered what they made."""
    return [row for row in rows if row.labels_done >= row.labels_required]


async def _label(context: Context, project_id: str, ids: list[str]) -> list[str]:
    """Makes labels of the caller out of the predictions of rows; the rows that had any."""
    documents = await move_queries.select_pre_label_documents(
        context.database, context.organization_id, project_id, ids
    )
    await labels.insert_labels(
        context,
        [
            NewLabel(label_id, project_id, row, document, None, False, 0.0, context.user_id)
            for label_id, (row, document) in zip(new_ids(len(documents)), documents, strict=True)
        ],
    )
    return [row for row, _ in documents]
