"""What webhooks are told of reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelyard.plumbing.context import Context
from labelyard.quality import review_events
from labelyard.webhooks.payloads import describes
from labelyard.webhooks.records import Topic


@describes(Topic.REVIEW_CREATED, Topic.REVIEW_UPDATED, Topic.REVIEW_DELETED)
async def describe_reviews(context: Context, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Reviews."""
    return await review_events.review_payloads(context, ids)
