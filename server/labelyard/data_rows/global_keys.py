"""Assign, clear and look up global keys. Clients poll for the outcome; it is there at once, kept on a task."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.data_rows import queries, rules
from labelyard.data_rows.records import JobHandle
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.tasks import actions as tasks
from labelyard.tasks.records import TaskType


async def assign(context: Context, assignments: list[dict[str, str]]) -> JobHandle:
    """Gives data rows their global keys; a key that is taken, blank or too long is reported, not raised."""
    access.require(context, Permission.IMPORT_DATA)
    rules.check_count(len(assignments))
    live = await queries.select_live_ids(
        context.database, context.organization_id, [entry["data_row_id"] for entry in assignments]
    )
    outcome: dict[str, list[dict[str, str]]] = {"given": [], "invalid": [], "denied": [], "same": []}
    holders = await queries.select_ids_of_keys(
        context.database, context.organization_id, [entry["global_key"] for entry in assignments]
    )
    candidates: dict[str, dict[str, str]] = {}
    for entry in assignments:
        key, row = entry["global_key"], entry["data_row_id"]
        if row not in live:
            outcome["denied"].append(entry)
        elif holders.get(key) == row:
            outcome["same"].append(entry)
        elif not key.strip() or len(key) > rules.LONGEST_KEY or key in holders or key in candidates:
            outcome["invalid"].append(entry)
        else:
            candidates[key] = entry
    given = set(
        await queries.assign_keys(
            context.database,
            context.organization_id,
            [entry["data_row_id"] for entry in candidates.values()],
            list(candidates),
        )
    )
    for entry in candidates.values():
        outcome["given" if entry["data_row_id"] in given else "invalid"].append(entry)
    return await _ended(context, "assign", outcome)


async def clear(context: Context, keys: list[str]) -> JobHandle:
    """Takes global keys away."""
    access.require(context, Permission.IMPORT_DATA)
    rules.check_count(len(keys))
    cleared = set(await queries.clear_keys(context.database, context.organization_id, keys))
    return await _ended(
        context,
        "clear",
        {
            "cleared": [key for key in keys if key in cleared],
            "missing": [key for key in keys if key not in cleared],
        },
    )


async def look_up(context: Context, keys: list[str]) -> JobHandle:
    """The data rows that have these keys, in their order."""
    access.require(context, Permission.VIEW)
    rules.check_count(len(keys))
    found = await queries.select_ids_of_keys(context.database, context.organization_id, keys)
    return await _ended(
        context,
        "look up",
        {"ids": [found.get(key, "") for key in keys], "missing": [key for key in keys if key not in found]},
    )


async def outcome_of(context: Context, job_id: str, kind: str) -> dict[str, Any]:
    """What came of a key job. Raises NotFound."""
    task = await tasks.get_task(context, job_id)
    metadata = decoded(task.metadata) or {}
    if metadata.get("kind") != kind or task.created_by != context.user_id:
        raise errors.NotFound(f"There is no such job: {job_id}.")
    outcome: dict[str, Any] = metadata["outcome"]
    return outcome


async def _ended(context: Context, kind: str, outcome: dict[str, Any]) -> JobHandle:
    task_id = await tasks.start_task(
        context,
        name=f"{kind} global keys",
        task_type=TaskType.GLOBAL_KEYS,
        metadata={"kind": kind, "outcome": outcome},
    )
    await tasks.finish_task(context, task_id)
    return JobHandle(task_id)
