"""A review by the API takes the row off the review queue, like one in the editor (quality.md 4)."""

from __future__ import annotations

from labelyard.labels import actions as labels
from labelyard.plumbing.context import Context
from labelyard.quality import actions as quality
from labelyard.workflow import slot_queries, slots
from labelyard.workflow.records import Queue, State


async def create_review(context: Context, *, label_id: str, score: float | None) -> str:
    """A new review of a label; its id. A row that waits for review goes back for rework when the score is below 0,
    else it is done; a row that waits for nothing stays where it is.

    Raises NotFound, or Malformed without a score (R-LB-16, R-LB-17).
    """
    review_id = await quality.create_review(context, label_id=label_id, score=score)
    label = await labels.get_label(context, label_id)
    project_id, ids = label.project_id, [label.data_row_id]
    there = await slots.lock(context, project_id, ids)
    if any(row.state == State.IN_REVIEW for row in there.values()):
        rejected = score is not None and score < 0
        db, organization = context.database, context.organization_id
        await slot_queries.close_slots(db, organization, project_id, ids, [Queue.REVIEW])
        state = State.IN_REWORK if rejected else State.DONE
        await slots.move(context, project_id, ids, state, None, "Reject" if rejected else "Approve")
        if rejected:
            await slot_queries.open_slots(
                db, organization, project_id, ids, Queue.REWORK, context.now, to_author=True
            )
    return review_id
