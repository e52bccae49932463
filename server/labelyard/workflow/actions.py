"""Submit, skip, approve, reject: a label is saved and its data row moves on."""

from __future__ import annotations

from typing import Any

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.data_rows import actions as data_rows
from labelyard.formats.annotations import empty_document
from labelyard.labels import actions as labels
from labelyard.labels.records import CheckedLabel, LabelRecord
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id, new_ids
from labelyard.projects import actions as projects
from labelyard.projects.records import ProjectRecord
from labelyard.quality import actions as quality
from labelyard.quality import benchmarks, comparing
from labelyard.workflow import (
    move_events,
    queries,
    reservation_queries,
    rules,
    slot_queries,
    slots,
    submission_queries,
)
from labelyard.workflow.records import Draft, Position, Queue, ReviewResult, State

_LABELING = [Queue.REWORK.value, Queue.LABEL.value, Queue.BENCHMARK.value]


async def submit_label(
    context: Context,
    *,
    project_id: str,
    data_row_id: str,
    annotations: Any,
    seconds: float,
    idempotency_key: str | None,
) -> str:
    """Stores the caller's label of a row and moves the row on; the label's id.

    Raises Malformed for annotations that do not fit, Conflict when the row needs no label of the caller any more.
    """
    await access.require_in_project(context, Permission.LABEL, project_id)
    project = await projects.get_project(context, project_id)
    row = await data_rows.get_data_row(context, data_row_id)
    label_id = new_id()
    checked = await labels.check_document(context, project, row, annotations, composite_id=label_id)
    return await _label_row(
        context, project, data_row_id, checked, label_id, rules.check_seconds(seconds), False, idempotency_key
    )


async def skip_data_row(
    context: Context, *, project_id: str, data_row_id: str, seconds: float, idempotency_key: str | None
) -> str:
    """Notes that the caller skips a row, as a label without annotations; its id. Raises as `submit_label`."""
    await access.require_in_project(context, Permission.LABEL, project_id)
    project = await projects.get_project(context, project_id)
    await data_rows.get_data_row(context, data_row_id)
    checked = CheckedLabel(empty_document(), [])
    return await _label_row(
        context, project, data_row_id, checked, new_id(), rules.check_seconds(seconds), True, idempotency_key
    )


async def create_label(
    context: Context, *, project_id: str, data_row_id: str, text: str, seconds: float, skipped: bool
) -> str:
    """A label made by the API, the 2.4 way: any text; several on one row by one user are allowed (R-PJ-24)."""
    await access.require_in_project(context, Permission.LABEL, project_id)
    project = await projects.get_project(context, project_id)
    await data_rows.get_data_row(context, data_row_id)
    position = await queries.select_position(
        context.database, context.organization_id, project_id, data_row_id, lock=True
    )
    label_id = new_id()
    has_others = await labels.insert_label(
        context,
        project_id=project_id,
        data_row_id=data_row_id,
        checked=CheckedLabel(empty_document(), []),
        label_id=label_id,
        seconds=rules.check_seconds(seconds),
        skipped=skipped,
        text=text,
    )
    if position is not None:
        queue = await reservation_queries.take_row(
            context.database, context.organization_id, project_id, context.user_id, data_row_id, _LABELING
        )
        if queue is not None:
            await _move_on(context, project, position, label_id, skipped, Queue(queue), ends_draft=False)
        else:
            await queries.count_label(context.database, context.organization_id, project_id, data_row_id, 1)
    if has_others:
        await comparing.compare_later(context, project_id, [data_row_id])
    await projects.note_activity(context, project_id)
    return label_id


async def save_draft(
    context: Context, *, project_id: str, data_row_id: str, annotations: Any, seconds: float
) -> Draft:
    """Keeps the caller's unfinished work on a row, unchecked. Raises NotFound."""
    await access.require_in_project(context, Permission.LABEL, project_id)
    if not isinstance(annotations, dict):
        raise errors.Malformed("The annotations are not a JSON object.")
    position = await queries.select_position(
        context.database, context.organization_id, project_id, data_row_id
    )
    if position is None:
        raise errors.NotFound(f"There is no data row {data_row_id} in this project.")
    saved = await queries.upsert_draft(
        context.database,
        context.organization_id,
        project_id,
        data_row_id,
        context.user_id,
        orjson.dumps(annotations).decode(),
        rules.check_seconds(seconds),
    )
    return Draft(data_row_id, saved)


async def approve(
    context: Context,
    *,
    project_id: str,
    data_row_id: str,
    annotations: Any,
    comment: str | None,
    seconds: float,
    idempotency_key: str | None,
) -> ReviewResult:
    """The labels of a row are right, perhaps after the reviewer's corrections: the row is done."""
    return await _review(
        context, project_id, data_row_id, annotations, comment, seconds, idempotency_key, approved=True
    )


async def reject(
    context: Context,
    *,
    project_id: str,
    data_row_id: str,
    annotations: Any,
    comment: str | None,
    seconds: float,
    idempotency_key: str | None,
) -> ReviewResult:
    """The labels of a row are not right: the row goes back to its labeler for rework."""
    return await _review(
        context, project_id, data_row_id, annotations, comment, seconds, idempotency_key, approved=False
    )


async def delete_labels(context: Context, label_ids: list[str]) -> list[str]:
    """Deletes labels; rows that now lack a label are to be labeled again. The ids of those that were there."""
    gone = await labels.delete_labels(context, label_ids)
    await benchmarks.labels_deleted(context, gone)
    rows: dict[str, set[str]] = {}
    for _, project_id, data_row_id, _ in gone:
        rows.setdefault(project_id, set()).add(data_row_id)
    for project_id, lost in sorted(rows.items()):
        before = await slots.lock(context, project_id, sorted(lost))
        after = await slot_queries.recount_labels(
            context.database, context.organization_id, project_id, list(before)
        )
        await slots.reopen(context, project_id, before, after, "Delete label")
        await projects.note_activity(context, project_id)
    return [label_id for label_id, _, _, _ in gone]


async def _label_row(
    context: Context,
    project: ProjectRecord,
    data_row_id: str,
    checked: CheckedLabel,
    label_id: str,
    seconds: float,
    skipped: bool,
    idempotency_key: str | None,
) -> str:
    db, organization = context.database, context.organization_id
    begun = await _begin(context, project.id, data_row_id, _LABELING, idempotency_key, label_id)
    if isinstance(begun, str):
        return begun
    position, queue = begun
    if queue is None:
        raise errors.Conflict(
            "This data row needs no label of yours any more: somebody else has finished it."
        )
    if queue == Queue.BENCHMARK:  # where the row waits for a label anyway, this is one of them
        queue = (
            await reservation_queries.take_row(
                db, organization, project.id, context.user_id, data_row_id, [Queue.LABEL.value]
            )
            or queue
        )
    made = await _labels_made(context, project.id, data_row_id) if queue == Queue.REWORK else []
    own = _label_to_rewrite(made, context.user_id, Queue(queue))
    if own is not None:
        has_others = await labels.rewrite_label(context, own, checked, seconds=seconds, skipped=skipped)
        label_id = own.id
        if idempotency_key:
            await submission_queries.update_result(
                db, organization, context.user_id, idempotency_key, label_id
            )
    else:
        has_others = await labels.insert_label(
            context,
            project_id=project.id,
            data_row_id=data_row_id,
            checked=checked,
            label_id=label_id,
            seconds=seconds,
            skipped=skipped,
        )
    if has_others:
        await comparing.compare_later(context, project.id, [data_row_id])
    await _move_on(context, project, position, label_id, skipped, Queue(queue), is_new=own is None)
    await projects.note_activity(context, project.id, last=project.last_activity_time)
    return label_id


async def _begin(
    context: Context,
    project_id: str,
    data_row_id: str,
    queues: list[str],
    idempotency_key: str | None,
    result_id: str,
) -> tuple[Position, str | None] | str:
    """Where the row stands, locked, and the queue it was taken from; or what came of the same submission before."""
    db, organization, user = context.database, context.organization_id, context.user_id
    rules.check_idempotency_key(idempotency_key)
    begun = await submission_queries.begin(
        db,
        organization_id=organization,
        project_id=project_id,
        data_row_id=data_row_id,
        user_id=user,
        queues=queues,
        key=idempotency_key or None,
        result_id=result_id,
    )
    if not begun.is_new and idempotency_key:
        return await submission_queries.select_result(db, organization, user, idempotency_key)
    if begun.position is None:
        raise errors.NotFound(f"There is no data row {data_row_id} in this project.")
    queue = begun.queue
    if queue is None:
        queue = await reservation_queries.take_row(db, organization, project_id, user, data_row_id, queues)
    return begun.position, queue


async def _labels_made(context: Context, project_id: str, data_row_id: str) -> list[LabelRecord]:
    found = await labels.labels_of_rows(context, project_id=project_id, data_row_ids=[data_row_id])
    return found.get(data_row_id, [])


def _label_to_rewrite(made: list[LabelRecord], user_id: str, queue: Queue) -> LabelRecord | None:
    """In rework the label that was sent back, one's own before others'; of a fresh row nobody's."""
    if queue is not Queue.REWORK or not made:
        return None
    return next((label for label in made if label.created_by == user_id), made[0])


async def _move_on(
    context: Context,
    project: ProjectRecord,
    position: Position,
    label_id: str,
    skipped: bool,
    queue: Queue,
    *,
    is_new: bool = True,
    ends_draft: bool = True,
) -> None:
    """Where a row goes after a label: on, when it has all it needs, else it waits for the others.

    One that was only a benchmark for this labeler stays where it is.
    """
    db, organization = context.database, context.organization_id
    added = 1 if is_new else 0
    lacks_others = queue is Queue.LABEL and position.labels_done + added < position.labels_required
    if lacks_others or queue is Queue.BENCHMARK:
        await queries.count_label(db, organization, project.id, position.data_row_id, added)
        if ends_draft:
            await queries.delete_draft(db, organization, project.id, position.data_row_id, context.user_id)
        return
    state, reviewed = rules.state_after_labeling(label_id, skipped=skipped, review_share=project.review_share)
    await _move(
        context,
        project.id,
        position.data_row_id,
        state,
        Queue.REVIEW if reviewed else None,
        added,
        "Submit",
        ends_draft=ends_draft,
    )


async def _move(
    context: Context,
    project_id: str,
    data_row_id: str,
    state: State,
    queue: Queue | None,
    labels_added: int,
    action: str,
    assigned_to: str | None = None,
    *,
    ends_draft: bool = True,
) -> None:
    moves = new_ids(1)
    await queries.move_rows(
        context.database,
        organization_id=context.organization_id,
        project_id=project_id,
        data_row_ids=[data_row_id],
        state=state,
        labels_added=labels_added,
        queue=queue,
        assigned_to=assigned_to,
        action=action,
        actor=context.user_id,
        history_ids=moves,
        moment=context.now,
        draft_of=context.user_id if ends_draft else None,
    )
    await move_events.notify(context, project_id, [data_row_id], moves)


async def _review(
    context: Context,
    project_id: str,
    data_row_id: str,
    annotations: Any,
    comment: str | None,
    seconds: float,
    idempotency_key: str | None,
    *,
    approved: bool,
) -> ReviewResult:
    await access.require_in_project(context, Permission.REVIEW, project_id)
    project = await projects.get_project(context, project_id)
    row = await data_rows.get_data_row(context, data_row_id)
    state = State.DONE if approved else State.IN_REWORK
    begun = await _begin(context, project_id, data_row_id, [Queue.REVIEW.value], idempotency_key, state)
    if isinstance(begun, str):
        return ReviewResult(data_row_id, begun)
    if begun[1] is None:
        raise errors.Conflict("This data row does not wait for your review any more.")
    made = await _labels_made(context, project_id, data_row_id)
    if not made:
        raise errors.Conflict("This data row has no label to review any more.")
    if annotations is not None:
        checked = await labels.check_document(context, project, row, annotations, composite_id=made[0].id)
        if await labels.rewrite_label(context, made[0], checked, seconds=0):
            await comparing.compare_later(context, project_id, [data_row_id])
    for number, label in enumerate(made):
        remark = comment if comment and comment.strip() and number == 0 else None
        await quality.add_review(context, label, score=1 if approved else -1, comment=remark)
    if seconds:
        await labels.add_review_time(context, [made[0].id], rules.check_seconds(seconds))
    await _move(
        context,
        project_id,
        data_row_id,
        state,
        None if approved else Queue.REWORK,
        0,
        "Approve" if approved else "Reject",
        None if approved else made[0].created_by,
    )
    await projects.note_activity(context, project_id, last=project.last_activity_time)
    return ReviewResult(data_row_id, state)
