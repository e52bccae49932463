"""What came of an import: kept chunk by chunk in blobs, read page by page."""

from __future__ import annotations

from typing import Any

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.ingestion.records import (
    FailedImport,
    FailedImportPage,
    ImportedDataRow,
    ImportedDataRowPage,
    ImportSpec,
    ImportSpecAttachment,
    ImportSpecMetadata,
    Outcome,
)
from labelyard.plumbing.context import Context
from labelyard.tasks import actions as tasks

_MAX_PAGE = 5_000


async def keep(context: Context, task_id: str, chunk: int, outcome: Outcome) -> str:
    """Stores a chunk's outcome; the key to which `.created` and `.failed` are added."""
    key = f"tasks/{context.organization_id}/{task_id}/{chunk:06d}"
    await context.blobs.put_bytes(f"{key}.created", b"\n".join(outcome.created))
    await context.blobs.put_bytes(f"{key}.failed", b"\n".join(outcome.failed))
    return key


async def finish(context: Context, task_id: str, failure: str | None) -> None:
    """Composes the result file that older clients read, and ends the task."""
    chunks = await tasks.chunks_of(context, task_id)
    key = f"tasks/{context.organization_id}/{task_id}/result.json"
    async with context.blobs.writer(key) as file:
        await file.write(b'{"createdDataRows":[')
        first = True
        for _, created, _, chunk_key in chunks:
            if created:
                lines = await context.blobs.read(f"{chunk_key}.created")
                await file.write((b"" if first else b",") + lines.replace(b"\n", b","))
                first = False
        await file.write(b'],"errors":[')
        first = True
        for _, _, failed, chunk_key in chunks:
            if failed:
                lines = await context.blobs.read(f"{chunk_key}.failed")
                entries = [_legacy_error(orjson.loads(line)) for line in lines.split(b"\n")]
                await file.write((b"" if first else b",") + b",".join(entries))
                first = False
        await file.write(b"]}")
    async with context.database.transaction():
        if failure is not None:
            await tasks.fail_task(context, task_id, error=failure, result=error_text(failure))
        else:
            await tasks.finish_task(context, task_id, result=f"blob:{key}")


async def page_of_created(
    context: Context, *, task_id: str, first: int | None, after: str | None
) -> ImportedDataRowPage:
    """Rows that an import made or changed. Raises NotFound."""
    access.require(context, Permission.VIEW)
    total, lines, cursor = await _page(context, task_id, "created", first, after)
    nodes = [
        ImportedDataRow(entry["id"], entry["externalId"], entry["globalKey"], entry["rowData"])
        for entry in lines
    ]
    return ImportedDataRowPage(nodes, cursor, total)


async def page_of_failed(
    context: Context, *, task_id: str, first: int | None, after: str | None
) -> FailedImportPage:
    """Items that failed, with the reason. Raises NotFound."""
    access.require(context, Permission.VIEW)
    total, lines, cursor = await _page(context, task_id, "failed", first, after)
    found = [
        FailedImport(
            entry["message"],
            ImportSpec(
                entry["external_id"],
                entry["global_key"],
                entry["row_data"],
                [ImportSpecMetadata(**value) for value in entry["metadata"]],
                [ImportSpecAttachment(**value) for value in entry["attachments"]],
            ),
        )
        for entry in lines
    ]
    return FailedImportPage(found, cursor, total)


async def _page(
    context: Context, task_id: str, part: str, first: int | None, after: str | None
) -> tuple[int, list[dict[str, Any]], str | None]:
    """Lines of all chunks as if they were one file; the cursor is `chunk:line`."""
    await tasks.get_task(context, task_id)
    wanted = min(first or _MAX_PAGE, _MAX_PAGE)
    at_chunk, at_line = _cursor(after)
    chunks = await tasks.chunks_of(context, task_id)
    total = sum(chunk[1] if part == "created" else chunk[2] for chunk in chunks)
    found: list[dict[str, Any]] = []
    for number, created, failed, key in chunks:
        count = created if part == "created" else failed
        start = at_line if number == at_chunk else 0
        if number < at_chunk or count <= start:
            continue
        lines = (await context.blobs.read(f"{key}.{part}")).split(b"\n")
        taken = lines[start : start + wanted - len(found)]
        found.extend(orjson.loads(line) for line in taken)
        if len(found) == wanted:
            more = start + len(taken)
            rest = any(
                (c if part == "created" else f) > (more if n == number else 0)
                for n, c, f, _ in chunks
                if n >= number
            )
            return total, found, f"{number}:{more}" if rest else None
    return total, found, None


def _cursor(after: str | None) -> tuple[int, int]:
    if not after:
        return 0, 0
    chunk, _, line = after.partition(":")
    if not (chunk.isdigit() and line.isdigit()):
        raise errors.Malformed(f'"{after}" is not a cursor of this listing.')
    return int(chunk), int(line)


def _legacy_error(entry: dict[str, object]) -> bytes:
    row = {
        "externalId": entry["external_id"],
        "rowData": entry["row_data"],
        "globalKey": entry["global_key"],
        "index": entry["index"],
    }
    return orjson.dumps({"message": entry["message"], "failedDataRows": [row]})


def error_text(message: str) -> str:
    """What older clients read of an import that failed as a whole."""
    return orjson.dumps({"error": message}).decode()


def message_of(line: bytes) -> str:
    """Why an item failed."""
    message: str = orjson.loads(line)["message"]
    return message


def id_of(line: bytes) -> str:
    """The id of a row that was made."""
    row_id: str = orjson.loads(line)["id"]
    return row_id


def ids_of(lines: list[bytes]) -> list[str]:
    """The ids of rows that were made."""
    return [id_of(line) for line in lines]
