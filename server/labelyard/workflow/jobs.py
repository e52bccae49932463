"""Reservations that ran out, the rows of deleted datasets, priorities and moves of many rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelyard.plumbing.context import Context
from labelyard.plumbing.jobs import handles, repeats
from labelyard.webhooks.payloads import describes
from labelyard.webhooks.records import Topic
from labelyard.workflow import move_events, moves, overrides, removals, reservations
from labelyard.workflow.records import ForgetDataset, MoveDataRows, UpdatePriorities


@repeats(60)
async def release_expired(context: Context) -> None:
    """Gives back what nobody has kept up."""
    await reservations.release_expired(context)


@handles(ForgetDataset)
async def forget_dataset(context: Context, message: ForgetDataset) -> None:
    """Deletes the rows of a deleted dataset."""
    await removals.forget_dataset(context, message)


@handles(UpdatePriorities)
async def update_priorities(context: Context, message: UpdatePriorities) -> None:
    """Gives rows one priority."""
    await overrides.work_on_priorities(context, message)


@handles(MoveDataRows)
async def move_data_rows(context: Context, message: MoveDataRows) -> None:
    """Moves rows to a queue."""
    await moves.work_on_move(context, message)


@describes(Topic.WORKFLOW_ACTION)
async def describe_moves(context: Context, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rows that were moved."""
    return await move_events.move_payloads(context, ids)
