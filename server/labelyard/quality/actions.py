"""Review labels."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.labels import actions as labels
from labelyard.labels.records import LabelRecord
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id
from labelyard.projects import actions as projects
from labelyard.quality import queries
from labelyard.quality.records import LabelAggregate, ReviewRecord
from labelyard.webhooks import actions as webhooks
from labelyard.webhooks.records import Topic


async def create_review(context: Context, *, label_id: str, score: float | None) -> str:
    """A new review of a label; its id. Raises NotFound, or Malformed without a score (R-LB-17)."""
    label = await labels.get_label(context, label_id)
    await access.require_in_project(context, Permission.REVIEW, label.project_id)
    if score is None:
        raise errors.Malformed("A review needs a score.")
    await projects.note_activity(context, label.project_id)
    return await add_review(context, label, score=score)


async def add_review(
    context: Context, label: LabelRecord, *, score: float, comment: str | None = None
) -> str:
    """Notes a review by the caller, who was permitted to make it."""
    review_id = new_id()
    await queries.insert_review(
        context.database,
        organization_id=context.organization_id,
        review_id=review_id,
        project_id=label.project_id,
        label_id=label.id,
        data_row_id=label.data_row_id,
        score=score,
        comment=comment,
        created_by=context.user_id,
    )
    await webhooks.notify(context, label.project_id, Topic.REVIEW_CREATED, [review_id])
    return review_id


async def update_review(context: Context, *, review_id: str, score: float | None) -> str:
    """Another score. Raises NotFound."""
    review = await _permitted(context, review_id)
    values: dict[str, Any] = {} if score is None else {"score": score}
    await queries.update_review(context.database, context.organization_id, review.id, values)
    await webhooks.notify(context, review.project_id, Topic.REVIEW_UPDATED, [review_id])
    await projects.note_activity(context, review.project_id)
    return review_id


async def delete_review(context: Context, *, review_id: str) -> None:
    """Takes a review back. Raises NotFound."""
    review = await _permitted(context, review_id)
    await queries.update_review(
        context.database, context.organization_id, review.id, {"deleted_at": context.now}
    )
    await webhooks.notify(context, review.project_id, Topic.REVIEW_DELETED, [review_id])
    await projects.note_activity(context, review.project_id)


async def net_score_count(context: Context, project_id: str, net_score: str | None) -> LabelAggregate:
    """How many labels have that net score; None counts labels without any review (R-PJ-41)."""
    await access.require_in_project(context, Permission.VIEW, project_id)
    counts = await queries.count_labels_by_net_score(context.database, context.organization_id, project_id)
    return LabelAggregate(counts.get(net_score or "None", 0))


async def _permitted(context: Context, review_id: str) -> ReviewRecord:
    review = await queries.select_review(context.database, context.organization_id, review_id)
    if review is None:
        raise errors.NotFound(f"There is no review with id {review_id}.")
    await access.require_in_project(context, Permission.REVIEW, review.project_id)
    return review
