"""Create, fill and delete batches; rows enter and leave projects."""

from __future__ import annotations

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.batches import entering, queries, rules
from labelyard.batches.records import (
    NO_PRIORITY,
    BatchConnection,
    BatchRecord,
    BatchTask,
    BatchTasksResult,
    ConsensusSettings,
    CreateBatchResult,
    EnqueueDataset,
    FillBatch,
    Wanted,
)
from labelyard.data_rows import actions as data_rows
from labelyard.datasets import actions as datasets
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id, new_ids
from labelyard.plumbing.records import PageInfo
from labelyard.plumbing.source import Rows
from labelyard.projects import actions as projects
from labelyard.projects.records import ProjectRecord
from labelyard.projects.rules import takes_several_labels
from labelyard.tasks import actions as tasks
from labelyard.tasks.records import TaskType

_STEP = 20_000
_MANY = 10_000  # rows that change what the tables look like


async def create_batch(
    context: Context,
    *,
    project_id: str,
    name: str,
    ids: list[str],
    are_keys: bool,
    priority: int,
    consensus: ConsensusSettings | None,
) -> CreateBatchResult:
    """A new batch with its rows. Raises Conflict for a taken name, Malformed when no row can enter."""
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    project = await projects.get_project(context, project_id)
    named = await _live_ids(context, ids, are_keys)
    if are_keys:
        ids = named
    batch_id = await _insert(context, project_id, [rules.check_name(name)], priority, consensus)
    entered = await enter_batch(context, project, await get_batch(context, project_id, batch_id[0]), ids)
    inside = await queries.select_ids_in_project(context.database, context.organization_id, project_id, ids)
    if not entered:
        if len(inside) == len(set(named)):
            raise errors.Malformed("No valid data rows to add to project")
        raise errors.Malformed(
            "No valid data rows to add to project: their media type is another one, or they could not be processed."
        )
    await access.note(context, "create batch", batch_id[0])
    return CreateBatchResult(batch_id[0], [row for row in ids if row not in inside])


async def create_empty_batch(
    context: Context,
    *,
    project_id: str,
    name: str,
    consensus: ConsensusSettings | None = None,
    priority: int = rules.DEFAULT_PRIORITY,
) -> str:
    """A new batch without rows; its id. Raises Conflict for a taken name."""
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    await projects.get_project(context, project_id)
    return (await _insert(context, project_id, [rules.check_name(name)], priority, consensus))[0]


async def add_data_rows(
    context: Context, *, project_id: str, batch_id: str, ids: list[str], are_keys: bool, priority: int
) -> str:
    """Fills a batch in the background; the task's id.

    Raises NotFound, Malformed when there are none of the rows, NotAllowed for a batch that has rows already.
    """
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    await projects.get_project(context, project_id)
    batch = await get_batch(context, project_id, batch_id)
    if batch.size:
        raise errors.NotAllowed(f'The batch "{batch.name}" has data rows already and takes no more.')
    ids = await _live_ids(context, ids, are_keys)
    return await _fill_later(context, project_id, batch_id, ids, priority)


async def create_batches(
    context: Context,
    *,
    project_id: str,
    prefix: str,
    ids: list[str],
    are_keys: bool,
    priority: int,
    consensus: ConsensusSettings | None,
) -> BatchTasksResult:
    """As many batches as the rows need, filled in the background. Raises Conflict, and makes none, for a taken name."""
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    await projects.get_project(context, project_id)
    ids = await _live_ids(context, ids, are_keys)
    names = rules.batch_names(rules.check_name(prefix), len(ids))
    made = await _insert(context, project_id, names, priority, consensus)
    batch_tasks = []
    for number, batch_id in enumerate(made):
        part = ids[number * rules.MAX_BATCH : (number + 1) * rules.MAX_BATCH]
        task_id = await _fill_later(context, project_id, batch_id, part, priority)
        batch_tasks.append(BatchTask(batch_id, task_id))
    return BatchTasksResult(batch_tasks)


async def create_batches_from_dataset(
    context: Context,
    *,
    project_id: str,
    prefix: str,
    dataset_id: str,
    priority: int,
    consensus: ConsensusSettings | None,
) -> BatchTasksResult:
    """Batches of all rows of a dataset that are not in the project yet. Raises Malformed when there are none."""
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    await projects.get_project(context, project_id)
    await datasets.get_dataset(context, dataset_id)
    wanted: list[str] = []
    after = ""
    while True:
        page = await data_rows.ids_of_dataset(context, dataset_id, after=after, limit=rules.MAX_BATCH)
        if not page:
            break
        inside = await queries.select_ids_in_project(
            context.database, context.organization_id, project_id, page
        )
        wanted.extend(row for row in page if row not in inside)
        after = page[-1]
        if len(wanted) > rules.MAX_CALL:
            raise errors.Malformed(
                f"The dataset has more than {rules.MAX_CALL} rows to add; use several calls."
            )
    if not wanted:
        raise errors.Malformed("Every data row of this dataset is in the project already.")
    return await create_batches(
        context,
        project_id=project_id,
        prefix=prefix,
        ids=wanted,
        are_keys=False,
        priority=priority,
        consensus=consensus,
    )


async def fill_batch(context: Context, message: FillBatch) -> None:
    """The work of a batch's task, in steps; a row that entered before a crash does not enter twice."""
    task = await tasks.get_task(context, message.task_id)
    if task.status != "IN_PROGRESS":
        return
    ids: list[str] = orjson.loads(await context.blobs.read(message.rows_key))
    batch = await queries.select_batch(context.database, context.organization_id, message.batch_id)
    if batch is None:
        await _fail(context, message.task_id, "The batch was deleted.")
        return
    try:
        project = await projects.get_project(context, message.project_id)
    except errors.NotFound as gone:
        await _fail(context, message.task_id, gone.message)
        return
    for start in range(0, len(ids), _STEP):
        async with context.database.transaction():
            await context.database.commit_later()
            await enter_batch(context, project, batch, ids[start : start + _STEP], message.priority)
            percentage = 100 * (start + _STEP) / len(ids)
            if not await tasks.move_task(context, message.task_id, percentage=percentage):
                return
    if len(ids) >= _MANY and len(ids) > project.data_row_count:  # later ones find the tables known as large
        await context.database.analyze("project_data_rows", "queue_slots")
    async with context.database.transaction():
        filled = await queries.select_batch(context.database, context.organization_id, message.batch_id)
        if filled is None or filled.size == 0:  # its name is free again
            await queries.delete_batch(context.database, context.organization_id, message.batch_id)
            await _fail(context, message.task_id, "No valid data rows to add to project")
        else:
            await tasks.finish_task(context, message.task_id)
    await context.blobs.delete([message.rows_key])


async def _fail(context: Context, task_id: str, error: str) -> None:
    await tasks.fail_task(context, task_id, result=orjson.dumps({"error": error}).decode())


async def get_batch(context: Context, project_id: str, batch_id: str) -> BatchRecord:
    """One live batch of the project. Raises NotFound."""
    batch = await queries.select_batch(context.database, context.organization_id, batch_id)
    if batch is None or batch.project_id != project_id:
        raise errors.NotFound(f"There is no batch with id {batch_id} in this project.")
    return batch


async def page_of_batches(
    context: Context, rows: Rows, *, project_id: str, batch_id: str | None, after: str | None, first: int
) -> BatchConnection:
    """A project's batches, or the one that is asked for."""
    if batch_id:
        rows = rows.narrowed("b.id = %(_batch)s", _batch=batch_id)
    ids = await queries.select_page(rows, context.database, project_id, after or "", first)
    more = len(ids) == first
    return BatchConnection(ids, PageInfo(ids[-1] if more else None, more))


async def remove_queued_data_rows(context: Context, *, project_id: str, batch_id: str) -> str:
    """Takes the unlabeled rows of a batch out of the project. Raises NotFound."""
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    await projects.get_project(context, project_id)
    await get_batch(context, project_id, batch_id)
    gone = await queries.leave_project(
        context.database, context.organization_id, project_id, batch_id=batch_id
    )
    await projects.note_activity(context, project_id, rows_added=-gone)
    return batch_id


async def delete_batch(context: Context, *, project_id: str, batch_id: str) -> str:
    """Deletes a batch without labels, its rows leave the project. Raises NotAllowed when it has labels."""
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    await projects.get_project(context, project_id)
    await get_batch(context, project_id, batch_id)
    labeled = await queries.count_labeled_rows(context.database, context.organization_id, batch_id)
    if labeled:
        raise errors.NotAllowed(f"The batch has {labeled} labeled data rows and cannot be deleted.")
    await remove_queued_data_rows(context, project_id=project_id, batch_id=batch_id)
    await queries.delete_batch(context.database, context.organization_id, batch_id)
    await access.note(context, "delete batch", batch_id)
    return batch_id


async def enqueue_dataset_later(context: Context, *, project_id: str, dataset_id: str) -> None:
    """Puts every row of a newly connected dataset into the project, in the background."""
    await context.jobs.defer(
        EnqueueDataset(
            organization_id=context.organization_id,
            user_id=context.user_id,
            project_id=project_id,
            dataset_id=dataset_id,
        )
    )


async def enqueue_dataset(context: Context, message: EnqueueDataset) -> None:
    """The work of `enqueue_dataset_later`, in steps."""
    after = ""
    while True:
        page = await data_rows.ids_of_dataset(context, message.dataset_id, after=after, limit=_STEP)
        if not page:
            return
        async with context.database.transaction():
            await enqueue_rows_of_dataset(context, project_id=message.project_id, ids=page)
        after = page[-1]


async def enqueue_rows_of_dataset(context: Context, *, project_id: str, ids: list[str]) -> None:
    """Puts rows of a connected dataset into the project."""
    project = await projects.get_project(context, project_id)
    await enter(context, project, ids, source="DATASET", priority=NO_PRIORITY)


async def take_dataset_out(context: Context, *, project_id: str, dataset_id: str) -> None:
    """A dataset was disconnected: its unlabeled rows leave the project."""
    gone = await queries.leave_with_dataset(context.database, context.organization_id, project_id, dataset_id)
    if gone:
        await projects.note_activity(context, project_id, rows_added=-gone)


async def forget_data_rows(context: Context, ids: list[str]) -> None:
    """Deleted data rows leave every project."""
    for project_id, inside in await queries.select_projects_holding(
        context.database, context.organization_id, ids
    ):
        gone = await queries.leave_project(context.database, context.organization_id, project_id, ids=inside)
        await projects.note_activity(context, project_id, rows_added=-gone)


async def _insert(
    context: Context,
    project_id: str,
    names: list[str],
    priority: int,
    consensus: ConsensusSettings | None,
) -> list[str]:
    taken = await queries.select_taken_names(context.database, context.organization_id, project_id, names)
    ids = new_ids(len(names))
    if not taken:
        made = await queries.insert_batches(
            context.database,
            organization_id=context.organization_id,
            project_id=project_id,
            ids=ids,
            names=names,
            priority=priority,
            labels=consensus.number_of_labels if consensus else None,
            share=consensus.coverage_percentage if consensus else None,
            created_by=context.user_id,
        )
        if len(made) == len(names):
            return ids
    raise errors.Conflict(f'There is a batch "{taken[0] if taken else names[0]}" in this project already.')


async def enter_batch(
    context: Context, project: ProjectRecord, batch: BatchRecord, ids: list[str], priority: int | None = None
) -> list[str]:
    """Puts rows into a project with a batch, the caller has permitted it; those that were not there."""
    priority = batch.priority if priority is None else priority
    entered = await enter(context, project, ids, source="BATCH", priority=priority, batch=batch)
    if entered:
        await queries.add_to_size(context.database, context.organization_id, batch.id, len(entered))
    return entered


async def enter(
    context: Context,
    project: ProjectRecord,
    ids: list[str],
    *,
    source: str,
    priority: int,
    batch: BatchRecord | None = None,
) -> list[str]:
    """Puts rows into a project and its queue, the caller has permitted it; the ids of those that were not there."""
    labels, share, several = (
        project.auto_audit_number_of_labels,
        _share(project),
        takes_several_labels(project),
    )
    if several and batch and batch.number_of_labels is not None and batch.coverage_percentage is not None:
        labels, share = batch.number_of_labels, batch.coverage_percentage
    wanted = Wanted(ids, batch.id if batch else None, source, priority, labels, share, several)
    entered = await entering.enter(context, project.id, project.media_type, wanted)
    if entered:
        await projects.note_activity(context, project.id, rows_added=len(entered))
    return entered


def _share(project: ProjectRecord) -> float:
    """Which share of rows needs several labels when the batch says nothing."""
    return project.auto_audit_percentage if project.auto_audit_number_of_labels > 1 else 0.0


async def _live_ids(context: Context, names: list[str], are_keys: bool) -> list[str]:
    """The live rows of these names, in their order."""
    ids = await data_rows.ids_in_order(context, names, are_keys=are_keys)
    if are_keys and None in ids:
        missing = [name for name, row_id in zip(names, ids, strict=True) if row_id is None]
        shown = ", ".join(missing[:100]) + (" …" if len(missing) > 100 else "")
        raise errors.Malformed(f"Data rows with the following global keys do not exist: {shown}.")
    found = [row_id for row_id in ids if row_id is not None]
    if not found:
        raise errors.Malformed("No valid data rows to be added from the list provided!")
    return found


async def _fill_later(context: Context, project_id: str, batch_id: str, ids: list[str], priority: int) -> str:
    task_id = await tasks.start_task(
        context, name="Add data rows to batch", task_type=TaskType.ADD_DATA_ROWS_TO_BATCH
    )
    key = f"jobs/{context.organization_id}/{new_id()}.json"
    await context.blobs.put_bytes(key, orjson.dumps(ids))
    await context.jobs.defer(
        FillBatch(
            organization_id=context.organization_id,
            user_id=context.user_id,
            project_id=project_id,
            batch_id=batch_id,
            task_id=task_id,
            rows_key=key,
            priority=priority,
        ),
    )
    return task_id
