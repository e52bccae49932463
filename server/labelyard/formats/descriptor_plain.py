"""Chunk files whose items are nothing but addresses with their keys, read as a whole.

Most data rows of a large upload are of this kind. What this cannot read is not wrong: `descriptor.read_chunk` reads
every chunk, item by item, and says what is the matter with one.
"""

from typing import Annotated, Literal

import msgspec

from labelyard.formats.descriptor import MAX_EXTERNAL_ID, MAX_GLOBAL_KEY, MEDIA_TYPES
from labelyard.formats.descriptor_row_data import PLAIN_URL_PATTERN

_OWN_FILES = b"/api/v1/blobs/"  # what was uploaded to us is looked into, item by item


class PlainRow(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A data row to create from an address."""

    row_data: Annotated[str, msgspec.Meta(pattern=PLAIN_URL_PATTERN)]
    dataset_id: Annotated[str, msgspec.Meta(min_length=1)]
    global_key: Annotated[str, msgspec.Meta(pattern=r"\S", max_length=MAX_GLOBAL_KEY)] | None = None
    external_id: Annotated[str, msgspec.Meta(max_length=MAX_EXTERNAL_ID)] | None = None
    media_type: str | None = None


class PlainChunk(msgspec.Struct):
    """A whole chunk of them; `has_escapes` when a text may hold a tab, a line's end or a backslash."""

    rows: list[PlainRow]
    has_escapes: bool


class _Id(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    type: Literal["AUTO"]
    value: str = ""


class _Item(msgspec.Struct, gc=False):
    id: _Id
    payload: PlainRow


_decoder = msgspec.json.Decoder(list[_Item])


def read_plain_chunk(data: bytes) -> PlainChunk | None:
    """The rows of a chunk, in order; None when one of its items is of another kind, or not right.

    JSON writes every character that would have to be escaped with a backslash: without one there is none.
    """
    if _OWN_FILES in data or b"\\u0000" in data:
        return None
    try:
        rows = [item.payload for item in _decoder.decode(data)]
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    for declared in {row.media_type for row in rows} - {None}:
        if declared not in MEDIA_TYPES.values():
            return None
    return PlainChunk(rows, b"\\" in data)
