"""Bytes behind an address that a user gave: a blob of ours, or somebody's server."""

from __future__ import annotations

import asyncio
from pathlib import Path

from labelyard import errors
from labelyard.plumbing import blob_links
from labelyard.plumbing.blobs import BlobMissing
from labelyard.plumbing.context import Context
from labelyard.plumbing.fetch import FetchFailed, fetch_to_file
from labelyard.plumbing.ids import new_id

MAX_FETCHED = 2 * 1024**3
FETCH_SECONDS = 600.0


async def read_address(context: Context, address: str) -> bytes:
    """The bytes, in memory: for documents whose size is bounded by the protocol. Raises Malformed with the reason."""
    key = blob_links.key_of(context, address)
    if key is not None:
        try:
            return await context.blobs.read(key)
        except BlobMissing:
            raise errors.Malformed("The uploaded file is no longer there.") from None
    path = await fetch(context, address)
    try:
        return await asyncio.to_thread(path.read_bytes)
    finally:
        path.unlink(missing_ok=True)


async def fetch(context: Context, address: str) -> Path:
    """The file behind somebody's address, in the spool; the caller removes it. Raises Malformed with the reason."""
    path = context.settings.data_dir / "spool" / new_id()
    try:
        await asyncio.to_thread(
            fetch_to_file,
            address,
            path,
            allow=context.settings.fetch_allow,
            max_bytes=MAX_FETCHED,
            timeout=FETCH_SECONDS,
        )
    except FetchFailed as failed:
        raise errors.Malformed(str(failed)) from None
    return path


async def spool_blob(context: Context, key: str) -> Path:
    """A copy of a blob in the spool, for what can only read files; the caller removes it."""
    path = context.settings.data_dir / "spool" / new_id()
    with path.open("wb") as file:
        async for part in context.blobs.open_range(key):
            await asyncio.to_thread(file.write, part)
    return path
