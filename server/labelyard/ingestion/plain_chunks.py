"""One chunk of nothing but addresses: the same as `chunks`, at the speed of COPY.

Each row costs the worker a few microseconds: the chunk is read as a whole, a row becomes one line of COPY's own
format, and what the result says of the rows is written as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from labelyard.formats.descriptor_plain import PlainChunk, PlainRow
from labelyard.ingestion import addresses, queries, rules
from labelyard.ingestion.records import Outcome
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import copy_escaped
from labelyard.plumbing.ids import new_ids

_BLOCK = 5_000


class _Created(msgspec.Struct, rename="camel", gc=False):
    """What the result says of a row that was made: `rules.created_line`."""

    id: str
    external_id: str | None
    row_data: str
    global_key: str | None


_encoder = msgspec.json.Encoder()


async def write(context: Context, chunk: PlainChunk, datasets: set[str]) -> Outcome | None:
    """Makes the rows of a chunk; None, with nothing written, when one of them cannot be made."""
    changes = Counter(row.dataset_id for row in chunk.rows)
    if not changes.keys() <= datasets:
        return None
    ids = new_ids(len(chunk.rows))
    if not await queries.copy_lines(context.database, _blocks(context, ids, chunk)):
        return None
    await addresses.note_addresses(context, ids[0], ids[-1])
    made = [
        _Created(row_id, row.external_id, row.row_data, row.global_key)
        for row_id, row in zip(ids, chunk.rows, strict=True)
    ]
    return Outcome(_encoder.encode_lines(made).splitlines(), [], dict(changes), [])


def _blocks(context: Context, ids: list[str], chunk: PlainChunk) -> Iterator[str]:
    line = _escaped_line if chunk.has_escapes else _line
    moment = context.now.isoformat()
    organization, maker = context.organization_id, context.user_id
    for start in range(0, len(ids), _BLOCK):
        yield "".join(
            [
                line(organization, row_id, row, _looks(row), f"SUCCESS\t{maker}\t{moment}\t{moment}\n")
                for row_id, row in zip(
                    ids[start : start + _BLOCK], chunk.rows[start : start + _BLOCK], strict=True
                )
            ]
        )


def _looks(row: PlainRow) -> str:
    media_type, attributes = rules.looks_of(row.row_data, row.media_type, None)
    return f"{media_type}\t{attributes}"


def _line(organization: str, row_id: str, row: PlainRow, looks: str, rest: str) -> str:
    """A line of COPY; the order of its columns is that of NewDataRow."""
    key = "\\N" if row.global_key is None else row.global_key
    external_id = "\\N" if row.external_id is None else row.external_id
    return (
        f"{organization}\t{row_id}\t{row.dataset_id}\t{key}\t{external_id}\t{row.row_data}\t{looks}\t{rest}"
    )


def _escaped_line(organization: str, row_id: str, row: PlainRow, looks: str, rest: str) -> str:
    key, external_id = copy_escaped(row.global_key), copy_escaped(row.external_id)
    address = copy_escaped(row.row_data)
    return f"{organization}\t{row_id}\t{row.dataset_id}\t{key}\t{external_id}\t{address}\t{looks}\t{rest}"
