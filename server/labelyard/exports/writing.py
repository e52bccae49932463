"""Writing an export: lines into files of some megabytes, each committed with its checkpoint."""

from __future__ import annotations

import logging
from dataclasses import asdict, replace

import orjson
import psycopg

from labelyard import errors
from labelyard.exports import queries, rules
from labelyard.exports.lines import LineWriter
from labelyard.exports.queries import Selection
from labelyard.exports.records import ExportFile, Progress, Stream, WriteExport
from labelyard.formats.export_json import read_params
from labelyard.formats.search_filter import Condition, Filter
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.plumbing.ids import new_id
from labelyard.tasks import actions as tasks
from labelyard.tasks.records import TaskState

log = logging.getLogger("labelyard.exports")

_FILE_BYTES = 8 * 1024 * 1024


class Stopped(Exception):
    """The task was cancelled, or another worker is writing it: there is nothing to do here."""


async def write_export(context: Context, message: WriteExport) -> None:
    """The work of an export's task. Files that an earlier run has written are not written again."""
    task = await tasks.get_task(context, message.task_id)
    if task.status != TaskState.IN_PROGRESS:
        return
    lent = replace(context, base_url=message.base_url)
    try:
        await _write(lent, message, Progress(**(decoded(task.checkpoint) or {})))
    except Stopped:
        log.info("export %s was cancelled, or is written elsewhere", message.task_id)
    except (psycopg.OperationalError, OSError):
        raise  # the next attempt goes on where this one stopped
    except Exception as failure:
        log.exception("export %s failed", message.task_id)
        known = isinstance(failure, errors.LabelyardError)
        reason = str(failure) if known else "Something went wrong on the server."
        async with context.database.transaction():
            await tasks.fail_task(context, message.task_id, result=orjson.dumps({"error": reason}).decode())


async def _write(context: Context, message: WriteExport, progress: Progress) -> None:
    params = read_params(message.params)
    filters = rules.read_query(message.query) + rules.of_media_type(params.media_type_override)
    selection = Selection(context.organization_id, message.project_id, filters)
    wanted: list[str] | None = [message.project_id] if message.project_id else list(params.project_ids)
    projects = None
    if wanted or params.all_projects:
        chosen = wanted if not params.all_projects or message.project_id else None
        projects = await queries.select_projects(context.database, context.organization_id, chosen)
    writer = LineWriter(context, selection, params, projects)
    files = _Files(context, message.task_id, progress, await selection.count(context.database))
    after = progress.after
    while page := await writer.page(after):
        for row_id, line in page:
            await files.write(row_id, line)
        after = page[-1][0]
    await files.flush()
    refused = await _write_refused(context, message, filters)
    result = None if message.streamable else await _join(context, message.task_id)
    async with context.database.transaction():
        await tasks.finish_task(
            context, message.task_id, result=result, errors=None if message.streamable else refused
        )


async def _write_refused(context: Context, message: WriteExport, filters: list[Filter]) -> str | None:
    """Writes down the rows that were named and cannot be exported; where, as a task's errors refer to it."""
    lines = []
    for given in filters:
        if given.negated or given.kind not in rules.NAMES:
            continue
        are_keys = given.kind is Condition.GLOBAL_KEY
        for name, exists in await queries.select_absent(
            context.database, context.organization_id, message.project_id, given.values, are_keys=are_keys
        ):
            lines.append(orjson.dumps(rules.refusal(name, exists=exists, is_key=are_keys)) + b"\n")
    if not lines:
        return None
    content = b"".join(lines)
    key = f"exports/{context.organization_id}/{message.task_id}/errors.ndjson"
    await context.blobs.put_bytes(key, content)
    file = ExportFile(message.task_id, 0, key, 0, len(content), 0, len(lines))
    await queries.insert_file(context.database, context.organization_id, Stream.ERRORS, file)
    return f"blob:{key}"


class _Files:
    """Collects lines and stores them in files of at most 8 MiB; a longer line has a file to itself."""

    def __init__(self, context: Context, task_id: str, progress: Progress, total: int) -> None:
        self._context = context
        self._task_id = task_id
        self._progress = progress
        self._total = total
        self._lines: list[bytes] = []
        self._size = 0
        self._last = progress.after

    async def write(self, row_id: str, line: bytes) -> None:
        """Adds the line of a data row. Raises Stopped."""
        if self._size + len(line) > _FILE_BYTES:
            await self.flush()
        self._lines.append(line)
        self._size += len(line)
        self._last = row_id

    async def flush(self) -> None:
        """Stores what was collected. Raises Stopped."""
        if not self._lines:
            return
        before, context = self._progress, self._context
        # every attempt has a key of its own: a worker that was thought dead must not change what another one wrote
        key = f"exports/{context.organization_id}/{self._task_id}/{before.chunk:06d}-{new_id()}.ndjson"
        await context.blobs.put_bytes(key, b"".join(self._lines))
        after = Progress(
            self._last, before.chunk + 1, before.offset + self._size, before.line + len(self._lines)
        )
        file = ExportFile(
            self._task_id, before.chunk, key, before.offset, after.offset, before.line, after.line
        )
        try:
            async with context.database.transaction():
                percentage = 100 * after.line / max(self._total, 1)
                if not await tasks.move_task(
                    context, self._task_id, percentage=percentage, checkpoint=asdict(after)
                ):
                    raise Stopped
                if not await queries.insert_file(
                    context.database, context.organization_id, Stream.RESULT, file
                ):
                    raise Stopped
        except Stopped:
            await context.blobs.delete([key])
            raise
        self._progress, self._lines, self._size = after, [], 0


async def _join(context: Context, task_id: str) -> str:
    """One file of all files, for clients that do not read streams; as a task's result refers to it."""
    key = f"exports/{context.organization_id}/{task_id}/result.ndjson"
    async with context.blobs.writer(key) as whole:
        for file in await queries.select_files(
            context.database, context.organization_id, task_id, Stream.RESULT
        ):
            async for part in context.blobs.open_range(file.blob_key):
                await whole.write(part)
    return f"blob:{key}"
