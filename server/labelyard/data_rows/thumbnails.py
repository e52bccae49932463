"""Thumbnails: made when they are first asked for, then kept."""

from __future__ import annotations

import asyncio

from labelyard import errors
from labelyard.data_rows import queries
from labelyard.data_rows.records import BLOB
from labelyard.media.image import make_thumbnail
from labelyard.media.refusals import MediaRefused
from labelyard.plumbing import own_files
from labelyard.plumbing.blobs import BlobMissing
from labelyard.plumbing.context import Context


async def thumbnail(context: Context, data_row_id: str) -> bytes:
    """A small JPEG of an uploaded picture that the caller may see. Raises NotFound when there is none."""
    address = await queries.select_row_data(
        queries.data_rows(context).narrowed("d.id = %(_id)s", _id=data_row_id), context.database
    )
    if address is None or not address.startswith(BLOB):
        raise errors.NotFound("There is no thumbnail of this data row.")
    source = address.removeprefix(BLOB)
    kept = f"thumbnails/{context.organization_id}/{data_row_id}/{source.split('/')[-2]}.jpg"
    try:
        return await context.blobs.read(kept)
    except BlobMissing:
        pass
    try:
        path = await own_files.spool_blob(context, source)
    except BlobMissing:
        raise errors.NotFound("The uploaded file is no longer there.") from None
    try:
        picture = await asyncio.to_thread(make_thumbnail, path)
    except MediaRefused as refused:
        raise errors.NotFound(str(refused)) from None
    finally:
        path.unlink(missing_ok=True)
    await context.blobs.put_bytes(kept, picture)
    return picture
