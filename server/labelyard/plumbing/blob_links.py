"""The addresses under which blobs are handed out, and the door that serves them."""

from __future__ import annotations

import mimetypes
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from labelyard import errors
from labelyard.plumbing.blobs import (
    BlobLinkRefused,
    BlobMissing,
    RangeNotSatisfiable,
    parse_range,
    serving_headers,
)
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.http import Application, Request
from labelyard.plumbing.rest import Reply, route

LINK_LIFE = timedelta(hours=24)


def path(context: Context, key: str, *, content_type: str = "", filename: str = "") -> str:
    """A signed path to a blob, good for a day; the type is guessed from the key's name when it is not given."""
    name = filename or key.rpartition("/")[2]
    return context.blobs.signed_path(
        key,
        expires_at=context.now + LINK_LIFE,
        content_type=content_type or mimetypes.guess_type(name)[0] or "application/octet-stream",
        filename=name,
    )


def url(context: Context, key: str, *, content_type: str = "", filename: str = "") -> str:
    """The whole signed address of a blob."""
    return context.base_url + path(context, key, content_type=content_type, filename=filename)


def key_of(context: Context, address: str) -> str | None:
    """The blob behind one of our own addresses, or None for somebody else's."""
    return context.blobs.key_of_path(address, now=context.now)


@route("GET", "/api/v1/blobs/{key:path}", public=True)
async def get_blob(app: Application, database: Database, request: Request) -> Reply:
    """A blob, whole or in part; the signature in the address is the permission."""
    try:
        link = app.blobs.verify(unquote(request.path_params["key"]), request.query, now=datetime.now(UTC))
    except BlobLinkRefused as refused:
        raise errors.NotPermitted(str(refused)) from None
    except ValueError:
        raise errors.NotFound("There is nothing at this address.") from None
    try:
        size = await app.blobs.size(link.key)
    except BlobMissing:
        raise errors.NotFound("This file is no longer there.") from None
    headers = {
        name.lower(): value for name, value in serving_headers(link.content_type, link.filename).items()
    }
    headers["access-control-allow-origin"] = (
        "*"  # the signature is the permission; canvases need to read pixels
    )
    try:
        part = parse_range(request.headers.get("range"), size)
    except RangeNotSatisfiable:
        return Reply(416, b"", {"content-range": f"bytes */{size}"})
    if part is None:
        headers["content-length"] = str(size)
        return Reply(200, headers=headers, stream=app.blobs.open_range(link.key))
    start, end = part
    headers["content-length"] = str(end - start)
    headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    return Reply(206, headers=headers, stream=app.blobs.open_range(link.key, start, end))
