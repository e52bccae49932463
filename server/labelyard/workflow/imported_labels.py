"""Labels that an import makes: many rows are labeled at once, and move on as if submitted."""

from __future__ import annotations

from collections.abc import Sequence

from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.labels import actions as labels
from labelyard.labels.records import NewLabel
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_ids
from labelyard.projects import actions as projects
from labelyard.projects.records import ProjectRecord
from labelyard.quality import benchmarks, comparing
from labelyard.workflow import import_queries, move_events, queries, rules
from labelyard.workflow.records import ImportedLabel, Position, Queue, State


async def import_labels(context: Context, project: ProjectRecord, given: Sequence[ImportedLabel]) -> set[str]:
    """Gives rows of a project a new label each; the rows that were there.

    A row that waits for labels has one slot less, taken from whoever holds it when there is no free one, and
    moves on when it has all it needs. Other rows stay where they are. Rows that are not in the project get
    no label.
    """
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project.id)
    db, organization = context.database, context.organization_id
    wanted = [label.data_row_id for label in given]
    positions = {
        position.data_row_id: position
        for position in await import_queries.lock_positions(db, organization, project.id, wanted)
    }
    present = [label for label in given if label.data_row_id in positions]
    if not present:
        return set()
    ids = new_ids(len(present))
    shared = await labels.insert_labels(
        context,
        [
            NewLabel(
                label_id,
                project.id,
                label.data_row_id,
                label.annotations,
                None,
                False,
                0.0,
                context.user_id,
                label.is_benchmark_reference,
            )
            for label_id, label in zip(ids, present, strict=True)
        ],
    )
    references = {
        label.data_row_id: label_id
        for label_id, label in zip(ids, present, strict=True)
        if label.is_benchmark_reference
    }
    if references:
        await benchmarks.set_references(context, project_id=project.id, references=references)
    await comparing.compare_later(context, project.id, shared)
    queues = await import_queries.take_slots(db, organization, project.id, list(positions))
    label_ids = {label.data_row_id: label_id for label_id, label in zip(ids, present, strict=True)}
    await _move_on(context, project, positions, queues, label_ids)
    await projects.note_activity(context, project.id)
    return set(positions)


async def _move_on(
    context: Context,
    project: ProjectRecord,
    positions: dict[str, Position],
    queues: dict[str, str],
    label_ids: dict[str, str],
) -> None:
    staying: list[str] = []
    moving: dict[tuple[State, Queue | None], list[str]] = {}
    for row_id, position in positions.items():
        queue = queues.get(row_id)
        lacks_others = queue == Queue.LABEL and position.labels_done + 1 < position.labels_required
        if queue is None or lacks_others:
            staying.append(row_id)
            continue
        state, reviewed = rules.state_after_labeling(
            label_ids[row_id], skipped=False, review_share=project.review_share
        )
        moving.setdefault((state, Queue.REVIEW if reviewed else None), []).append(row_id)
    db, organization = context.database, context.organization_id
    if staying:
        await import_queries.count_labels(db, organization, project.id, staying)
    for (state, next_queue), row_ids in moving.items():
        moves = new_ids(len(row_ids))
        await queries.move_rows(
            db,
            organization_id=organization,
            project_id=project.id,
            data_row_ids=row_ids,
            state=state,
            labels_added=1,
            queue=next_queue,
            assigned_to=None,
            action="Import",
            actor=context.user_id,
            history_ids=moves,
            moment=context.now,
        )
        await move_events.notify(context, project.id, row_ids, moves)
