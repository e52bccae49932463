"""Which data row is labeled first, and how often: overrides of priority and of the number of labels."""

from __future__ import annotations

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.data_rows import actions as data_rows
from labelyard.plumbing.context import Context
from labelyard.projects import actions as projects
from labelyard.projects.records import ProjectRecord
from labelyard.projects.rules import takes_several_labels
from labelyard.tasks import actions as tasks
from labelyard.tasks.records import TaskState, TaskType
from labelyard.workflow import named_rows, override_queries, rules, slots
from labelyard.workflow.records import NamedRows, Override, UpdatePriorities

_STEP = 20_000


async def set_overrides(context: Context, *, project_id: str, given: list[Override]) -> bool:
    """Sets priorities and numbers of labels (R-PJ-43 to R-PJ-55, P-LP); of two for one row the last one counts.

    Rows that there are not are passed over. An override of a row that is not in the project waits until it is.
    Raises NotFound, or Malformed for more than 1,000 and for a number of labels below 1.
    """
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    project = await projects.get_project(context, project_id)
    rules.check_overrides(given)
    keys = [override.row for override in given if override.is_key]
    known = await data_rows.ids_of_keys(context, keys) if keys else {}
    wanted: dict[str, tuple[int, int | None]] = {}
    for override in given:
        row = known.get(override.row) if override.is_key else override.row
        if row is not None:
            wanted[row] = (override.priority, override.number_of_labels)
    await _override(context, project, wanted)
    return True


async def unset_overrides(context: Context, *, project_id: str, ids: list[str]) -> bool:
    """Takes overrides away, and with them the slots that only they asked for (R-PJ-58, R-PJ-59).

    Raises NotFound, or Malformed for more than 1,000.
    """
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    project = await projects.get_project(context, project_id)
    rules.check_count_of_overrides(len(ids))
    db, organization = context.database, context.organization_id
    before = await slots.lock(context, project_id, ids)
    after = await override_queries.delete_overrides(db, organization, project_id, ids)
    await override_queries.move_slots(db, organization, project_id, ids)
    await slots.finish(context, project, before, after, "Unset override")
    await slots.reopen(context, project_id, before, after, "Unset override")
    return True


async def update_priorities(context: Context, *, project_id: str, named: NamedRows, priority: int) -> str:
    """Gives up to a million rows one priority, in the background; the task's id (P-UP).

    Raises NotFound, or Malformed for none or too many rows.
    """
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    await projects.get_project(context, project_id)
    rules.check_named_rows(named)
    task_id = await tasks.start_task(
        context, name="Update data row priority", task_type=TaskType.UPDATE_PRIORITY
    )
    await context.jobs.defer(
        UpdatePriorities(
            organization_id=context.organization_id,
            user_id=context.user_id,
            project_id=project_id,
            task_id=task_id,
            rows_key=await named_rows.keep(context, named),
            priority=priority,
        )
    )
    return task_id


async def work_on_priorities(context: Context, message: UpdatePriorities) -> None:
    """The work of `update_priorities`, in steps; done twice it comes to the same."""
    task = await tasks.get_task(context, message.task_id)
    if task.status != TaskState.IN_PROGRESS:
        return
    named = await named_rows.read(context, message.rows_key)
    found = 0
    try:
        for start in range(0, len(named.names), _STEP):
            async with context.database.transaction():
                project = await projects.get_project(context, message.project_id)
                ids = await named_rows.ids(context, named, start, _STEP)
                found += await _override(context, project, dict.fromkeys(ids, (message.priority, None)))
                percentage = 100 * (start + _STEP) / len(named.names)
                if not await tasks.move_task(context, message.task_id, percentage=percentage):
                    return
        problem = None if found else "There is none of the data rows."
    except errors.NotFound as gone:
        problem = gone.message
    async with context.database.transaction():
        if problem is None:
            await tasks.finish_task(context, message.task_id)
        else:
            result = orjson.dumps({"error": problem}).decode()
            await tasks.fail_task(context, message.task_id, result=result)
    await context.blobs.delete([message.rows_key])


async def _override(
    context: Context, project: ProjectRecord, wanted: dict[str, tuple[int, int | None]]
) -> int:
    """Writes overrides, and puts the rows that are in the project where they belong; how many rows there are."""
    if not wanted:
        return 0
    db, organization = context.database, context.organization_id
    ids = list(wanted)
    before = await slots.lock(context, project.id, ids)
    live = await override_queries.upsert_overrides(
        db, organization, project.id, ids, [wanted[row][0] for row in ids], [wanted[row][1] for row in ids]
    )
    after = await override_queries.apply_overrides(
        db, organization, project.id, list(before), numbers_count=takes_several_labels(project)
    )
    await override_queries.move_slots(db, organization, project.id, list(before))
    await slots.reopen(context, project.id, before, after, "Set override")
    await slots.finish(context, project, before, after, "Set override")
    return len(live)
