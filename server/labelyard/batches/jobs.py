"""Filling batches, enqueuing datasets."""

from __future__ import annotations

from labelyard.batches import actions
from labelyard.batches.records import EnqueueDataset, FillBatch
from labelyard.plumbing.context import Context
from labelyard.plumbing.jobs import handles


@handles(FillBatch)
async def fill_batch(context: Context, message: FillBatch) -> None:
    """Fills a batch."""
    await actions.fill_batch(context, message)


@handles(EnqueueDataset)
async def enqueue_dataset(context: Context, message: EnqueueDataset) -> None:
    """Puts a dataset into a project."""
    await actions.enqueue_dataset(context, message)
