"""How far a project is: its queues, its counts, its table of rows."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

from labelyard import errors
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import PageInfo
from labelyard.workflow import queries, rules
from labelyard.workflow.records import ProjectDataRowPage, State, TaskQueue, WorkstreamStateCount


async def task_queues(context: Context, project_ids: list[str]) -> list[list[TaskQueue]]:
    """The queues of each project with how many rows are in them, all or those of some batches."""
    counts = await queries.count_states(context.database, context.organization_id, project_ids)
    return [
        [
            replace(queue, data_row_count=functools.partial(_count_rows, context, project_id, queue))
            for queue in rules.task_queues(project_id, counts[project_id])
        ]
        for project_id in project_ids
    ]


async def _count_rows(
    context: Context, project_id: str, queue: TaskQueue, *, input: dict[str, Any] | None = None
) -> int:
    """How many rows of a queue a search finds; of the search items batches count. Raises Malformed for others."""
    asked = ((input or {}).get("search_query") or {}).get("query") or []
    batches = rules.batches_asked_for(asked)
    if batches is None:
        assert isinstance(queue.data_row_count, int)
        return queue.data_row_count
    counts, _ = await queries.count_states_of_batches(
        context.database, context.organization_id, project_id, batches
    )
    (found,) = (one for one in rules.task_queues(project_id, counts) if one.id == queue.id)
    assert isinstance(found.data_row_count, int)
    return found.data_row_count


async def workstream_counts(
    context: Context, project_id: str, batch_ids: list[str] | None
) -> list[WorkstreamStateCount]:
    """Rows of a project by state, every state named (queue.md 10)."""
    counts, labeled = await queries.count_states_of_batches(
        context.database, context.organization_id, project_id, batch_ids
    )
    return [WorkstreamStateCount(state, count) for state, count in rules.workstream(counts, labeled).items()]


async def done_counts(context: Context, project_ids: list[str]) -> list[int]:
    """How many rows of each project are done."""
    counts = await queries.count_states(context.database, context.organization_id, project_ids)
    return [counts[project_id].get(State.DONE, 0) for project_id in project_ids]


async def page_of_rows(
    context: Context, project_id: str, *, first: int, after: str | None, state: str | None, search: str | None
) -> ProjectDataRowPage:
    """A page of a project's rows. Raises Malformed for a state that there is not."""
    if state is not None and state not in list(State):
        raise errors.Malformed(f'"{state}" is not a state; it is one of {", ".join(State)}.')
    rows = await queries.select_project_rows(
        context.database,
        context.organization_id,
        project_id,
        after=after or "",
        first=min(max(first, 1), 500),
        state=state,
        search=search or None,
    )
    more = len(rows) == min(max(first, 1), 500)
    return ProjectDataRowPage(rows, PageInfo(rows[-1].data_row if more else None, more))
