"""Reservations that ran out, and the rows of deleted datasets."""

from __future__ import annotations

from labelyard.plumbing.context import Context
from labelyard.plumbing.jobs import handles, repeats
from labelyard.workflow import removals, reservations
from labelyard.workflow.records import ForgetDataset


@repeats(60)
async def release_expired(context: Context) -> None:
    """Gives back what nobody has kept up."""
    await reservations.release_expired(context)


@handles(ForgetDataset)
async def forget_dataset(context: Context, message: ForgetDataset) -> None:
    """Deletes the rows of a deleted dataset."""
    await removals.forget_dataset(context, message)
