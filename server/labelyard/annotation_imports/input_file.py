"""The NDJSON that an import reads: kept as a blob, read piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from labelyard import errors
from labelyard.annotation_imports import queries
from labelyard.annotation_imports.records import AnnotationImport
from labelyard.plumbing import own_files
from labelyard.plumbing.blobs import BlobMissing
from labelyard.plumbing.context import Context

_LINES = 5_000
_BYTES = 16 * 1024 * 1024
_LONGEST_LINE = 128 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Piece:
    """Some thousand lines without their newlines, and the offset behind the last one."""

    lines: list[bytes]
    end: int


def folder(context: Context, import_id: str) -> str:
    """The prefix of an import's blobs."""
    return f"imports/{context.organization_id}/{import_id}"


async def keep_input(context: Context, job: AnnotationImport) -> tuple[str, int]:
    """The key and size of the input; somebody else's file is fetched once.

    Raises Malformed when it cannot be read.
    """
    key = job.input_key
    if key is None:
        path = await own_files.fetch(context, job.input_url or "")
        key = f"{folder(context, job.id)}/input.ndjson"
        try:
            await context.blobs.put_file(key, path, consume=True)
        finally:
            path.unlink(missing_ok=True)
        async with context.database.transaction():
            await queries.update_input(context.database, context.organization_id, job.id, key)
    try:
        return key, await context.blobs.size(key)
    except BlobMissing:
        raise errors.Malformed("The uploaded file is no longer there.") from None


async def read_pieces(context: Context, key: str, size: int, offset: int) -> AsyncIterator[Piece]:
    """The lines from an offset on, blank ones left out. Raises Malformed for an endless line."""
    lines: list[bytes] = []
    held: list[bytes] = []
    end, gathered, waiting = offset, 0, 0
    if offset >= size:
        return
    async for part in context.blobs.open_range(key, offset):
        whole, newline, rest = part.rpartition(b"\n")
        if not newline:
            held.append(part)
            waiting += len(part)
            if waiting > _LONGEST_LINE:
                raise errors.Malformed(f"The file has a line of more than {_LONGEST_LINE} bytes.")
            continue
        text = b"".join([*held, whole])
        held, waiting = [rest], len(rest)
        if end == 0 and text.startswith(_BYTE_ORDER_MARK):
            text, end = text.removeprefix(_BYTE_ORDER_MARK), len(_BYTE_ORDER_MARK)
        for line in text.split(b"\n"):
            end += len(line) + 1
            gathered += len(line)
            if line and not line.isspace():
                lines.append(line)
            if len(lines) >= _LINES or gathered >= _BYTES:
                yield Piece(lines, end)
                lines, gathered = [], 0
    last = b"".join(held)
    if end == 0:
        last = last.removeprefix(_BYTE_ORDER_MARK)
    if last and not last.isspace():
        lines.append(last)
    yield Piece(lines, size)
