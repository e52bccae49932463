"""Sending data rows to a project."""

from __future__ import annotations

from labelyard.catalog import sending
from labelyard.catalog.records import SendRows
from labelyard.plumbing.context import Context
from labelyard.plumbing.jobs import handles


@handles(SendRows, attempts=10)
async def send_rows(context: Context, message: SendRows) -> None:
    """Sends data rows."""
    await sending.send_rows(context, message)
