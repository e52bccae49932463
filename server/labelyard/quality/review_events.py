"""What webhooks are told of reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelyard.labels.label_events import label_payloads
from labelyard.plumbing.context import Context
from labelyard.plumbing.scalars import moment
from labelyard.quality import event_queries

_OF_LABEL = ("id", "label", "secondsToLabel", "createdAt", "updatedAt")
_AROUND = ("project", "dataRow", "dataset")


async def review_payloads(context: Context, review_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Reviews with their label and what is around it, by id; deleted ones too."""
    found = await event_queries.select_review_events(
        context.database, context.organization_id, list(review_ids)
    )
    labels = await label_payloads(context, list({review.label_id for review in found}))
    payloads = {}
    for review in found:
        label = labels.get(review.label_id)
        if label is not None:
            payloads[review.id] = {
                "id": review.id,
                "createdAt": moment(review.created_at),
                "updatedAt": moment(review.updated_at),
                "score": review.score,
                "comment": review.comment,
                "deleted": review.deleted,
                "label": {name: label[name] for name in _OF_LABEL},
                **{name: label[name] for name in _AROUND},
                "user": {"id": review.created_by, "email": review.email},
            }
    return payloads
