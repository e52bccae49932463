"""Sending deliveries, and cleaning their log."""

from __future__ import annotations

from labelyard.plumbing.context import Context
from labelyard.plumbing.jobs import repeats
from labelyard.webhooks import deliveries


@repeats(seconds=1.0)
async def deliver_webhooks(context: Context) -> None:
    """Sends what is due."""
    await deliveries.deliver_due(context)


@repeats(seconds=3600.0)
async def clean_webhook_log(context: Context) -> None:
    """Deletes old deliveries."""
    await deliveries.clean_log(context)
