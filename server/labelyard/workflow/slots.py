"""Rows that need or have other labels than before: back to the labelers, or on to the reviewers."""

from __future__ import annotations

from collections.abc import Iterable

from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_ids
from labelyard.projects.records import ProjectRecord
from labelyard.workflow import import_queries, move_events, queries, rules, slot_queries
from labelyard.workflow.records import Position, Queue, State


async def lock(context: Context, project_id: str, ids: list[str]) -> dict[str, Position]:
    """Where those of the rows stand that are in the project, locked."""
    found = await import_queries.lock_positions(context.database, context.organization_id, project_id, ids)
    return {position.data_row_id: position for position in found}


async def reopen(
    context: Context,
    project_id: str,
    before: dict[str, Position],
    after: Iterable[Position],
    action: str,
) -> None:
    """Rows that lack more labels than before are to be labeled again; what was left to do elsewhere is dropped."""
    lacking = [row for row in after if _lacks(row) > _lacks(before[row.data_row_id])]
    if not lacking:
        return
    await slot_queries.close_slots(
        context.database,
        context.organization_id,
        project_id,
        [row.data_row_id for row in lacking],
        [Queue.REVIEW, Queue.REWORK],
    )
    left = [row.data_row_id for row in lacking if row.state != State.TO_LABEL]
    if left:
        await move(context, project_id, left, State.TO_LABEL, None, action)
    await slot_queries.fill_slots(
        context.database, context.organization_id, project_id, [row.data_row_id for row in lacking]
    )


async def finish(
    context: Context,
    project: ProjectRecord,
    before: dict[str, Position],
    after: Iterable[Position],
    action: str,
) -> None:
    """Rows that need fewer labels than before have fewer slots; those that lack none any more move on."""
    fewer = [row for row in after if _lacks(row) < _lacks(before[row.data_row_id])]
    if not fewer:
        return
    db, organization = context.database, context.organization_id
    done = [row.data_row_id for row in fewer if row.state == State.TO_LABEL and not _lacks(row)]
    moving: dict[tuple[State, Queue | None], list[str]] = {}
    for label in await slot_queries.select_last_labels(db, organization, project.id, done) if done else ():
        state, reviewed = rules.state_after_labeling(
            label.id, skipped=label.skipped, review_share=project.review_share
        )
        moving.setdefault((state, Queue.REVIEW if reviewed else None), []).append(label.data_row_id)
    for (state, queue), ids in moving.items():
        await move(context, project.id, ids, state, queue, action)
    await slot_queries.fill_slots(db, organization, project.id, [row.data_row_id for row in fewer])


async def move(
    context: Context,
    project_id: str,
    ids: list[str],
    state: State,
    queue: Queue | None,
    action: str,
    *,
    labels_added: int = 0,
) -> None:
    """Moves rows into a state, each with a step in its history."""
    history_ids = new_ids(len(ids))
    await queries.move_rows(
        context.database,
        organization_id=context.organization_id,
        project_id=project_id,
        data_row_ids=ids,
        state=state,
        labels_added=labels_added,
        queue=queue,
        assigned_to=None,
        action=action,
        actor=context.user_id,
        history_ids=history_ids,
        moment=context.now,
    )
    await move_events.notify(context, project_id, ids, history_ids)


def _lacks(row: Position) -> int:
    return max(row.labels_required - row.labels_done, 0)
