"""Comparisons of labels, and what webhooks are told of reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelyard.plumbing.context import Context
from labelyard.plumbing.jobs import handles
from labelyard.quality import comparing, review_events
from labelyard.quality.records import CompareLabels
from labelyard.webhooks.payloads import describes
from labelyard.webhooks.records import Topic


@handles(CompareLabels)
async def compare_labels(context: Context, message: CompareLabels) -> None:
    """Compares labels of data rows."""
    await comparing.compare_labels(context, message)


@describes(Topic.REVIEW_CREATED, Topic.REVIEW_UPDATED, Topic.REVIEW_DELETED)
async def describe_reviews(context: Context, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Reviews."""
    return await review_events.review_payloads(context, ids)
