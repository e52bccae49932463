"""What an import answers: one status for each line, kept piece by piece, put together at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator

import orjson

from labelyard.annotation_imports.input_file import folder
from labelyard.annotation_imports.records import Checkpoint
from labelyard.formats.ndjson_lines import Refused, status_line
from labelyard.plumbing.context import Context

_FAILURE = b'"status":"FAILURE"'


async def keep_statuses(context: Context, import_id: str, chunk: int, lines: list[bytes]) -> None:
    """Stores the statuses of a piece; an empty line stands for one that is decided later."""
    await context.blobs.put_bytes(_piece(context, import_id, chunk), b"".join(lines))


async def keep_decided(context: Context, import_id: str, lines: list[bytes]) -> None:
    """Stores the statuses that were decided at the end, in the order of their lines."""
    await context.blobs.put_bytes(_decided(context, import_id), b"".join(lines))


async def refused_uuids(context: Context, import_id: str, chunk: int) -> set[str]:
    """The uuids that refused lines of a piece have used up."""
    uuids = set()
    for text in (await context.blobs.read(_piece(context, import_id, chunk))).splitlines():
        if _FAILURE in text:
            status = orjson.loads(text)
            if status["uuid"] is not None and status["errors"][0]["name"] != "DuplicateUuid":
                uuids.add(status["uuid"])
    return uuids


async def write_files(context: Context, import_id: str, checkpoint: Checkpoint) -> tuple[str, str]:
    """Puts the status file and the error file together; their keys."""
    status_key, error_key = file_keys(context, import_id)
    gone = set(checkpoint.gone)
    async with context.blobs.writer(status_key) as statuses, context.blobs.writer(error_key) as failures:
        async for lines in _pieces(context, import_id, checkpoint):
            final = [_unless_gone(line, gone) for line in lines] if gone else lines
            await statuses.write(b"".join(final))
            await failures.write(b"".join(line for line in final if _FAILURE in line))
    return status_key, error_key


async def write_failure(context: Context, import_id: str, message: str) -> tuple[str, str]:
    """The two files of an import that failed as a whole; their keys."""
    status_key, error_key = file_keys(context, import_id)
    line = status_line(Refused(0, None, None, "UnreadableFile", message))
    await context.blobs.put_bytes(status_key, line)
    await context.blobs.put_bytes(error_key, line)
    return status_key, error_key


async def discard_pieces(context: Context, import_id: str, chunks: int) -> None:
    """Deletes what the files were put together from."""
    keys = [_piece(context, import_id, chunk) for chunk in range(chunks)]
    await context.blobs.delete([*keys, _decided(context, import_id)])


def file_keys(context: Context, import_id: str) -> tuple[str, str]:
    """The keys of the status file and of the error file."""
    return f"{folder(context, import_id)}/status.ndjson", f"{folder(context, import_id)}/errors.ndjson"


async def _pieces(context: Context, import_id: str, checkpoint: Checkpoint) -> AsyncIterator[list[bytes]]:
    decided = iter((await context.blobs.read(_decided(context, import_id))).splitlines(keepends=True))
    for chunk in range(checkpoint.chunk):
        lines = (await context.blobs.read(_piece(context, import_id, chunk))).splitlines(keepends=True)
        if checkpoint.has_pending:
            lines = [next(decided) if line == b"\n" else line for line in lines]
        yield lines


def _unless_gone(line: bytes, gone: set[str]) -> bytes:
    """The status of a line, which is a failure when its data row has left the project meanwhile."""
    status = orjson.loads(line)
    row = status["dataRow"].get("id")
    if status["status"] != "SUCCESS" or row not in gone:
        return line
    status["status"] = "FAILURE"
    status["errors"] = [{"name": "UnknownDataRow", "message": f"The data row {row!r} has left this project."}]
    return orjson.dumps(status, option=orjson.OPT_APPEND_NEWLINE)


def _piece(context: Context, import_id: str, chunk: int) -> str:
    return f"{folder(context, import_id)}/pieces/{chunk:06d}.ndjson"


def _decided(context: Context, import_id: str) -> str:
    return f"{folder(context, import_id)}/pieces/decided.ndjson"
