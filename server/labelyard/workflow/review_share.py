"""Which share of the labels is reviewed (R-PJ-69 to R-PJ-71)."""

from __future__ import annotations

from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.plumbing.context import Context
from labelyard.projects import actions as projects
from labelyard.workflow import review_share_queries, rules, slot_queries, slots
from labelyard.workflow.records import Queue, State

_ACTION = "Review share"


async def set_review_share(context: Context, *, project_id: str, share: float) -> str:
    """Sets the share of labels that enter the review queue, 0 to 1; the queue's id.

    Which labels these are is drawn by a hash of their ids. A larger share also sends labels to the reviewers that
    were made before, a smaller one takes those away that no reviewer has begun. What was reviewed, or moved by
    hand, stays. Raises NotFound, or Malformed out of range.
    """
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    project = await projects.get_project(context, project_id, lock=True)
    rules.check_share(share)
    await projects.set_review_share(context, project_id=project_id, share=share)
    if share > project.review_share:
        await _raise(context, project_id, rules.threshold(share))
    elif (threshold := rules.threshold(share)) is not None:
        await _lower(context, project_id, threshold)
    return rules.task_queue_id(project_id, Queue.REVIEW)


async def _raise(context: Context, project_id: str, threshold: bytes | None) -> None:
    db, organization = context.database, context.organization_id
    rows = await review_share_queries.select_to_review(db, organization, project_id, threshold)
    done = [row for row, state in rows if state == State.DONE]
    if done:
        await slots.move(context, project_id, done, State.IN_REVIEW, Queue.REVIEW, _ACTION)
    skipped = [row for row, state in rows if state == State.SKIPPED]
    if skipped:
        await slot_queries.open_slots(
            db, organization, project_id, skipped, Queue.REVIEW, context.now, to_author=False
        )


async def _lower(context: Context, project_id: str, threshold: bytes) -> None:
    db, organization = context.database, context.organization_id
    rows = await review_share_queries.select_to_spare(db, organization, project_id, threshold)
    taken = set(await slot_queries.take_review_slots(db, organization, project_id, [row for row, _ in rows]))
    spared = [row for row, state in rows if state == State.IN_REVIEW and row in taken]
    if spared:
        await slots.move(context, project_id, spared, State.DONE, None, _ACTION)
