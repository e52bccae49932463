"""The small picture of an uploaded image."""

from __future__ import annotations

from labelyard.data_rows import thumbnails
from labelyard.plumbing.context import Context
from labelyard.plumbing.http import Request
from labelyard.plumbing.rest import Reply, route


@route("GET", "/api/v1/data-rows/{data_row_id}/thumbnail")
async def get_thumbnail(context: Context, request: Request) -> Reply:
    """A JPEG of at most 512 pixels a side."""
    picture = await thumbnails.thumbnail(context, request.path_params["data_row_id"])
    return Reply(200, picture, {"content-type": "image/jpeg", "cache-control": "private, max-age=86400"})
