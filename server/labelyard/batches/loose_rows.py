"""Rows that enter or leave a project by themselves, without a named batch: the 3.10 way."""

from __future__ import annotations

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.batches import actions, queries, rules
from labelyard.batches.records import BatchRowResult
from labelyard.data_rows import actions as data_rows
from labelyard.plumbing.context import Context
from labelyard.projects import actions as projects


async def submit(context: Context, *, project_id: str, ids: list[str]) -> list[BatchRowResult]:
    """Puts rows into the queue of a project; what became of each. Raises NotFound, or Malformed for too many."""
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    project = await projects.get_project(context, project_id)
    ids = _checked(ids)
    live = await data_rows.live_ids(context, ids)
    inside = await queries.select_ids_in_project(context.database, context.organization_id, project_id, ids)
    entered = set(await actions.enter(context, project, ids, source="BATCH", priority=rules.DEFAULT_PRIORITY))
    return [
        BatchRowResult(row, None if row in entered else _why_not(row, row in live, row in inside))
        for row in ids
    ]


async def remove(context: Context, *, project_id: str, ids: list[str]) -> list[BatchRowResult]:
    """Takes rows without labels out of a project; what became of each. Raises NotFound, or Malformed for too many."""
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    await projects.get_project(context, project_id)
    ids = _checked(ids)
    db, organization = context.database, context.organization_id
    inside = await queries.select_ids_in_project(db, organization, project_id, ids)
    gone = await queries.leave_unlabeled(db, organization, project_id, ids)
    if gone:
        await projects.note_activity(context, project_id, rows_added=-len(gone))
    return [BatchRowResult(row, None if row in gone else _why_still_there(row, row in inside)) for row in ids]


def _checked(ids: list[str]) -> list[str]:
    if len(ids) > rules.MAX_BATCH:
        raise errors.Malformed(f"{len(ids)} data rows in one call; at most {rules.MAX_BATCH} are allowed.")
    return list(dict.fromkeys(ids))


def _why_not(row: str, is_live: bool, is_inside: bool) -> str:
    if not is_live:
        return f"There is no data row with id {row}."
    if is_inside:
        return f"Data row {row} is in the project already."
    return f"Data row {row} is of another media type than the project, or could not be processed."


def _why_still_there(row: str, is_inside: bool) -> str:
    if is_inside:
        return f"Data row {row} has labels and stays in the project."
    return f"Data row {row} is not in the project."
