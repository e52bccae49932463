"""Rows enter a project: one statement in general, COPY for the many of a large batch.

What COPY cannot do (rows that are there already, overrides that were set before) is left to the statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from labelyard.batches import queries
from labelyard.batches.records import Entering, Wanted
from labelyard.plumbing.context import Context

_MANY = 1_000
_BLOCK = 5_000
Wait = tuple[str, str, int]  # a row, since when it waits, and for how many labels


async def enter(context: Context, project_id: str, media_type: str | None, wanted: Wanted) -> list[str]:
    """Puts rows into a project and their slots into its queue, in their order; the ids of those that entered."""
    db, organization, moment = context.database, context.organization_id, context.now
    if wanted.source == "BATCH" and len(wanted.ids) >= _MANY:
        rows = await queries.select_entering(db, organization, project_id, media_type, wanted)
        if rows is not None:
            waits = _waits(wanted, rows, moment)
            if await queries.copy_entering(
                db,
                _rows(organization, project_id, wanted, waits, moment),
                _slots(organization, project_id, wanted, waits),
            ):
                return [row.id for row in rows]
    return await queries.enter_project(db, organization, project_id, media_type, wanted, moment)


def _waits(wanted: Wanted, rows: list[Entering], moment: datetime) -> list[Wait]:
    """Rows of one batch wait in the order in which they were given, a microsecond after each other."""
    places = {row_id: place for place, row_id in enumerate(wanted.ids)}
    second = moment.replace(microsecond=0)
    starts: dict[int, str] = {}
    waits = []
    for row in rows:
        seconds, microseconds = divmod(moment.microsecond + places[row.id], 1_000_000)
        start = starts.get(seconds)
        if start is None:
            start = starts[seconds] = (second + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")
        waits.append((row.id, f"{start}.{microseconds:06d}+00", wanted.labels if row.is_drawn else 1))
    return waits


def _rows(
    organization: str, project_id: str, wanted: Wanted, waits: list[Wait], moment: datetime
) -> Iterator[str]:
    """Lines of `queries.ROW_COLUMNS`; ids, names of sources and moments need no escaping."""
    before = f"{organization}\t{project_id}\t"
    batch = f"\t{wanted.batch_id}\t{wanted.source}\t{wanted.priority}\t"
    now = moment.isoformat()
    for start in range(0, len(waits), _BLOCK):
        block = waits[start : start + _BLOCK]
        yield "".join(
            [f"{before}{row_id}{batch}{enqueued}\t{labels}\t{now}\n" for row_id, enqueued, labels in block]
        )


def _slots(organization: str, project_id: str, wanted: Wanted, waits: list[Wait]) -> Iterator[str]:
    """Lines of `queries.SLOT_COLUMNS`, one for each label that a row needs."""
    before = f"{organization}\t{project_id}\tLABEL\t{wanted.priority}\t"
    for start in range(0, len(waits), _BLOCK):
        yield "".join(
            [
                f"{before}{enqueued}\t{row_id}\t{slot}\n"
                for row_id, enqueued, labels in waits[start : start + _BLOCK]
                for slot in range(1, labels + 1)
            ]
        )
