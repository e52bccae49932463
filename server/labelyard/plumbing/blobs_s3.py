"""Blobs in a bucket (S3, MinIO, Google Cloud Storage, Azure) through obstore.

The bucket stays private: its blobs are served by us under our own signed links, so one rule about content
types and sandboxes holds wherever they are kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import obstore
from obstore.store import ObjectStore, from_url

from labelyard.plumbing.blobs import BlobLink, BlobMissing, BlobSigner, BlobWriter, check_key

CHUNK = 1024 * 1024
PUT_IN_ONE_PIECE = 16 * 1024 * 1024


def open_bucket(url: str, signer: BlobSigner) -> ObjectStoreBlobs:
    """The bucket at `url`; credentials and endpoint come from the environment (AWS_ACCESS_KEY_ID and so
    on).
    """
    return ObjectStoreBlobs(from_url(url), signer)


class ObjectStoreBlobs:
    """A `BlobStore` on any obstore store."""

    def __init__(self, store: ObjectStore, signer: BlobSigner) -> None:
        self._store = store
        self._signer = signer

    async def put_bytes(self, key: str, data: bytes) -> None:
        """See `BlobStore.put_bytes`."""
        await obstore.put_async(self._store, check_key(key), data)

    async def put_file(self, key: str, path: Path, *, consume: bool = False) -> None:
        """See `BlobStore.put_file`."""
        await obstore.put_async(self._store, check_key(key), path, chunk_size=8 * CHUNK)
        if consume:
            await asyncio.to_thread(path.unlink)

    @asynccontextmanager
    async def writer(self, key: str) -> AsyncIterator[BlobWriter]:
        """See `BlobStore.writer`."""
        writer = _BucketWriter(self._store, check_key(key))
        try:
            yield writer
        except BaseException:
            await writer.give_up()
            raise
        await writer.finish()

    async def read(self, key: str) -> bytes:
        """See `BlobStore.read`."""
        try:
            result = await obstore.get_async(self._store, check_key(key))
            return bytes(await result.bytes_async())
        except FileNotFoundError:
            raise BlobMissing(f"There is no blob {key!r}.") from None

    async def open_range(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See `BlobStore.open_range`."""
        if end is not None and end <= start:
            return
        options: obstore.GetOptions | None = None
        if end is not None:
            options = {"range": (start, end)}
        elif start:
            options = {"range": {"offset": start}}
        try:
            result = await obstore.get_async(self._store, check_key(key), options=options)
        except FileNotFoundError:
            raise BlobMissing(f"There is no blob {key!r}.") from None
        async for chunk in result.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)

    async def size(self, key: str) -> int:
        """See `BlobStore.size`."""
        try:
            return int((await obstore.head_async(self._store, check_key(key)))["size"])
        except FileNotFoundError:
            raise BlobMissing(f"There is no blob {key!r}.") from None

    async def exists(self, key: str) -> bool:
        """See `BlobStore.exists`."""
        try:
            await self.size(key)
        except BlobMissing:
            return False
        return True

    async def delete(self, keys: Sequence[str]) -> None:
        """See `BlobStore.delete`."""
        for key in keys:
            try:
                await obstore.delete_async(self._store, check_key(key))
            except FileNotFoundError:
                continue

    async def check(self) -> None:
        """See `BlobStore.check`."""
        await self.put_bytes("health/probe", b"")

    def signed_path(
        self, key: str, *, expires_at: datetime, content_type: str = "", filename: str = ""
    ) -> str:
        """See `BlobSigner.signed_path`."""
        return self._signer.signed_path(
            key, expires_at=expires_at, content_type=content_type, filename=filename
        )

    def verify(self, key: str, query: Mapping[str, str], *, now: datetime) -> BlobLink:
        """See `BlobSigner.verify`."""
        return self._signer.verify(key, query, now=now)

    def key_of_path(self, path: str, *, now: datetime) -> str | None:
        """See `BlobSigner.key_of_path`."""
        return self._signer.key_of_path(path, now=now)


class _BucketWriter:
    """Small blobs go out in one piece, larger ones as a multipart upload, which appears only when it is
    closed.
    """

    def __init__(self, store: ObjectStore, key: str) -> None:
        self._store = store
        self._key = key
        self._held = bytearray()
        self._file: obstore.AsyncWritableFile | None = None

    async def write(self, data: bytes) -> None:
        self._held += data
        if len(self._held) >= PUT_IN_ONE_PIECE:
            if self._file is None:
                self._file = obstore.open_writer_async(self._store, self._key)
            await self._file.write(bytes(self._held))
            self._held.clear()

    async def finish(self) -> None:
        if self._file is None:
            await obstore.put_async(self._store, self._key, bytes(self._held))
            return
        await self._file.write(bytes(self._held))
        await self._file.close()

    async def give_up(self) -> None:
        self._held.clear()
        self._file = None
