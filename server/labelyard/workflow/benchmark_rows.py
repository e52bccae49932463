"""Benchmarks among the rows that a labeler gets: data rows that are labeled, but not by this labeler (queue.md 8)."""

from __future__ import annotations

import random

from labelyard.plumbing.context import Context
from labelyard.workflow import benchmark_queries, rules
from labelyard.workflow.records import Queue, Reservation


async def take_due(
    context: Context, project_id: str, held: list[Reservation], wanted: int
) -> list[Reservation]:
    """Reserves the benchmarks that are due among the caller's next rows; nothing when there are none left.

    They come after what the caller holds already.
    """
    missing = wanted - len(held)
    got = len(held) + await benchmark_queries.count_labels_of(
        context.database, context.organization_id, project_id, context.user_id, rules.FIRST_BENCHMARKS
    )
    due = rules.benchmarks_due(got, missing, [random.random() for _ in range(missing)])
    if not due:
        return []
    last = max((entry for entry in held if entry.queue != Queue.REWORK), key=rules.turn, default=None)
    return await benchmark_queries.reserve_benchmarks(
        context.database,
        organization_id=context.organization_id,
        project_id=project_id,
        user_id=context.user_id,
        count=due,
        priority=last.priority if last else rules.BEFORE_ALL,
        enqueued_at=last.enqueued_at if last else context.now,
        until=context.now + rules.RESERVED_FOR,
    )
