"""The whole result of an export in one answer (rest.md 5)."""

from __future__ import annotations

from labelyard.exports import actions
from labelyard.exports.records import Stream
from labelyard.plumbing.context import Context
from labelyard.plumbing.http import Request
from labelyard.plumbing.rest import Reply, route

_HEADERS = {"content-type": "application/x-ndjson"}


@route("GET", "/api/v1/export-results/{task_id}/{organization_id}")
async def get_export_results(context: Context, request: Request) -> Reply:
    """The exported rows."""
    return await _stream(context, request, Stream.RESULT)


@route("GET", "/api/v1/export-errors/{task_id}/{organization_id}")
async def get_export_errors(context: Context, request: Request) -> Reply:
    """The rows that could not be exported."""
    return await _stream(context, request, Stream.ERRORS)


async def _stream(context: Context, request: Request, stream: Stream) -> Reply:
    size, parts = await actions.whole_stream(
        context,
        task_id=request.path_params["task_id"],
        organization_id=request.path_params["organization_id"],
        stream=stream,
    )
    return Reply(200, headers={**_HEADERS, "content-length": str(size)}, stream=parts)
