"""Rows enter a project: one statement in general, COPY for the many of a large batch.

What COPY cannot do (rows that are there already, overrides that were set before) is left to the statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from labelyard.batches import queries
from labelyard.batches.records import Wanted
from labelyard.plumbing.context import Context

_MANY = 1_000
_BLOCK = 2_500
_A_SECOND = 1_000_000  # microseconds


async def enter(context: Context, project_id: str, media_type: str | None, wanted: Wanted) -> list[str]:
    """Puts rows into a project and their slots into its queue, in their order; the ids of those that entered."""
    db, organization, moment = context.database, context.organization_id, context.now
    if (
        wanted.source == "BATCH"
        and len(wanted.ids) >= _MANY
        and not await queries.has_overrides(db, organization, project_id)
    ):
        ids, labels = await _entering(context, media_type, wanted)
        waits = _waits(wanted.ids, ids, moment)
        if await queries.copy_entering(
            db,
            _rows(organization, project_id, wanted, ids, waits, labels, moment),
            _slots(organization, project_id, wanted, ids, waits, labels),
        ):
            return ids
    return await queries.enter_project(db, organization, project_id, media_type, wanted, moment)


async def _entering(context: Context, media_type: str | None, wanted: Wanted) -> tuple[list[str], list[int]]:
    """Those of the rows that may enter, by id, and how many labels each needs."""
    db, organization = context.database, context.organization_id
    ids = sorted(set(wanted.ids))
    if not wanted.draws and len(ids) == await queries.count_entering(
        db, organization, media_type, wanted.source, ids
    ):
        return ids, [1] * len(ids)
    rows = await queries.select_entering(db, organization, media_type, wanted, ids)
    return [row_id for row_id, _ in rows], [wanted.labels if is_drawn else 1 for _, is_drawn in rows]


def _waits(given: list[str], ids: list[str], moment: datetime) -> list[str]:
    """Since when each of `ids` waits: rows of one batch in the order given, a microsecond after each other."""
    places = dict(zip(given, range(moment.microsecond, moment.microsecond + len(given)), strict=True))
    second = moment.replace(microsecond=0)
    starts = [
        f"{second + timedelta(seconds=later):%Y-%m-%d %H:%M:%S}."
        for later in range((moment.microsecond + len(given)) // _A_SECOND + 1)
    ]
    return [
        f"{starts[place // _A_SECOND]}{place % _A_SECOND:06d}+00" for place in map(places.__getitem__, ids)
    ]


def _rows(
    organization: str,
    project_id: str,
    wanted: Wanted,
    ids: list[str],
    waits: list[str],
    labels: list[int],
    moment: datetime,
) -> Iterator[str]:
    """Lines of `queries.ROW_COLUMNS`; ids, names of sources and moments need no escaping."""
    before = f"{organization}\t{project_id}\t"
    batch = f"\t{wanted.batch_id}\t{wanted.source}\t{wanted.priority}\t"
    after = f"\t{moment.isoformat()}\n"
    for block in _blocks(len(ids)):
        yield "".join(
            [
                f"{before}{row_id}{batch}{wait}\t{needed}{after}"
                for row_id, wait, needed in zip(ids[block], waits[block], labels[block], strict=True)
            ]
        )


def _slots(
    organization: str, project_id: str, wanted: Wanted, ids: list[str], waits: list[str], labels: list[int]
) -> Iterator[str]:
    """Lines of `queries.SLOT_COLUMNS`, one for each label that a row needs."""
    before = f"{organization}\t{project_id}\tLABEL\t{wanted.priority}\t"
    for block in _blocks(len(ids)):
        yield "".join(
            [
                f"{before}{wait}\t{row_id}\t{slot}\n"
                for row_id, wait, needed in zip(ids[block], waits[block], labels[block], strict=True)
                for slot in range(1, needed + 1)
            ]
        )


def _blocks(count: int) -> Iterator[slice]:
    """While PostgreSQL takes one block in, the next is written."""
    return (slice(start, start + _BLOCK) for start in range(0, count, _BLOCK))
