"""What webhooks are told of labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelyard.labels import label_events
from labelyard.plumbing.context import Context
from labelyard.webhooks.payloads import describes
from labelyard.webhooks.records import Topic


@describes(Topic.LABEL_CREATED, Topic.LABEL_UPDATED, Topic.LABEL_DELETED)
async def describe_labels(context: Context, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Labels, as the payload of version 1 has them."""
    return await label_events.label_payloads(context, ids)
