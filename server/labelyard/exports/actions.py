"""Order exports, and hand out what they wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.catalog import actions as catalog
from labelyard.exports import queries, rules
from labelyard.exports.records import (
    ExportFile,
    ExportFileChunk,
    ExportMetadataHeader,
    ExportTaskHandle,
    Stream,
    StreamRange,
    WriteExport,
)
from labelyard.plumbing import blob_links
from labelyard.plumbing.context import Context
from labelyard.projects import actions as projects
from labelyard.tasks import actions as tasks
from labelyard.tasks.records import TaskState, TaskType

_NDJSON = "application/x-ndjson"


async def export_project(
    context: Context,
    *,
    project_id: str,
    name: str | None,
    query: list[Any],
    params: Mapping[str, Any] | None,
    streamable: bool,
) -> ExportTaskHandle:
    """Orders an export of a project's data rows (R-PJ-45). Raises NotFound, or Malformed for a bad filter."""
    await access.require_in_project(context, Permission.EXPORT, project_id)
    project = await projects.get_project(context, project_id)
    name = name or f"Export v2: project - {project.name}"
    return await _order(context, project_id, name, query, rules.wire_params(params), streamable)


async def export_catalog(
    context: Context,
    *,
    name: str | None,
    query: list[Any],
    params: Mapping[str, Any] | None,
    streamable: bool,
) -> ExportTaskHandle:
    """Orders an export of data rows wherever they are (R-DS, R-DR). Raises NotFound, Malformed."""
    access.require(context, Permission.EXPORT)
    wire = rules.wire_params(params)
    for project_id in wire["projectIds"] or ():
        await access.require_in_project(context, Permission.EXPORT, project_id)
        await projects.get_project(context, project_id)
    return await _order(context, None, name or "Export v2: catalog", query, wire, streamable)


async def export_slice(
    context: Context, *, slice_id: str, name: str | None, params: Mapping[str, Any] | None, streamable: bool
) -> ExportTaskHandle:
    """Orders an export of the data rows that are in a slice now. Raises NotFound, Malformed."""
    access.require(context, Permission.EXPORT)
    found = await catalog.get_slice(context, slice_id)
    return await export_catalog(
        context,
        name=name or f"Export v2: slice - {found.name}",
        query=catalog.items_of(found),
        params=params,
        streamable=streamable,
    )


async def headers(
    context: Context, asked: list[tuple[str, str, str]], stream: Stream
) -> list[ExportMetadataHeader | None]:
    """How long each task's stream is; asked are id, state and owner of tasks. None: empty, or not there yet."""
    found = await queries.select_totals(
        context.database, context.organization_id, _readable(context, asked), stream
    )
    return [ExportMetadataHeader(*found[task_id]) if task_id in found else None for task_id, _, _ in asked]


async def files_at(
    context: Context,
    asked: list[tuple[str, str, str]],
    stream: Stream,
    *,
    offset: int | None = None,
    line: int | None = None,
) -> list[ExportFileChunk | None]:
    """The file of each task's stream that holds a byte or a line; None behind the end."""
    found = await queries.select_files_at(
        context.database, context.organization_id, _readable(context, asked), stream, offset=offset, line=line
    )
    return [_chunk(context, found[task_id]) if task_id in found else None for task_id, _, _ in asked]


async def whole_stream(
    context: Context, *, task_id: str, organization_id: str, stream: Stream
) -> tuple[int, AsyncIterator[bytes]]:
    """Size and bytes of a finished export's stream. Raises NotFound, or NotAllowed before it is finished."""
    access.require(context, Permission.VIEW)
    task = await tasks.get_task(context, task_id)
    asked = [(task.id, task.status, task.created_by)]
    if organization_id != context.organization_id or task.type != TaskType.EXPORT_DATA_ROWS:
        raise errors.NotFound(f"There is no export with id {task_id}.")
    if task.status != TaskState.COMPLETE:
        raise errors.NotAllowed(f"The export {task_id} is {task.status}; its result is not there.")
    if not _readable(context, asked):
        raise errors.NotPermitted("Your role does not allow you to read other people's exports.")
    files = await queries.select_files(context.database, context.organization_id, task_id, stream)
    return sum(file.end_offset - file.start_offset for file in files), _bytes(context, files)


async def _bytes(context: Context, files: list[ExportFile]) -> AsyncIterator[bytes]:
    for file in files:
        async for part in context.blobs.open_range(file.blob_key):
            yield part


def _readable(context: Context, asked: list[tuple[str, str, str]]) -> list[str]:
    """The finished ones among tasks that are the caller's own, or anybody's for those who may export all."""
    everything = Permission.EXPORT in context.actor.permissions
    return [
        task_id
        for task_id, state, owner in asked
        if state == TaskState.COMPLETE and (everything or owner == context.user_id)
    ]


def _chunk(context: Context, file: ExportFile) -> ExportFileChunk:
    return ExportFileChunk(
        StreamRange(file.start_offset, file.end_offset - 1),
        StreamRange(file.start_line, file.end_line - 1),
        blob_links.url(context, file.blob_key, content_type=_NDJSON),
    )


async def _order(
    context: Context,
    project_id: str | None,
    name: str,
    query: list[Any],
    params: dict[str, Any],
    streamable: bool,
) -> ExportTaskHandle:
    rules.read_query(query)
    running = await queries.count_running(context.database, context.organization_id, project_id)
    rules.check_running(*running)
    task_id = await tasks.start_task(
        context,
        name=name,
        task_type=TaskType.EXPORT_DATA_ROWS,
        metadata={"projectId": project_id} if project_id else {},
    )
    await context.jobs.defer(
        WriteExport(
            organization_id=context.organization_id,
            user_id=context.user_id,
            task_id=task_id,
            project_id=project_id,
            query=query,
            params=params,
            streamable=streamable,
            base_url=context.base_url,
        )
    )
    return ExportTaskHandle(task_id, streamable)
