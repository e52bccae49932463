"""Blobs in a folder: one file per key, written beside and renamed into place, on disk before it is
acknowledged.
"""

import asyncio
import os
import shutil
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from obstore.store import LocalStore

from labelyard.plumbing.blobs import BlobSigner, check_key
from labelyard.plumbing.blobs_s3 import ObjectStoreBlobs

UNFINISHED = ".unfinished"
LEFTOVER_SECONDS = 86_400


class FilesystemBlobs(ObjectStoreBlobs):
    """A `BlobStore` in `folder`. Reading goes through obstore; writing is ours, because obstore does not
    fsync.
    """

    def __init__(self, folder: Path, signer: BlobSigner) -> None:
        self.folder = Path(os.path.abspath(folder))
        self._unfinished = self.folder / UNFINISHED
        self._unfinished.mkdir(parents=True, exist_ok=True)
        for leftover in self._unfinished.iterdir():  # of a process that was killed; others may be writing now
            if leftover.stat().st_mtime < time.time() - LEFTOVER_SECONDS:
                leftover.unlink(missing_ok=True)
        super().__init__(LocalStore(self.folder), signer)

    async def put_bytes(self, key: str, data: bytes) -> None:
        final = self._path(key)
        await asyncio.to_thread(self._put_bytes, final, data)

    async def put_file(self, key: str, path: Path, *, consume: bool = False) -> None:
        final = self._path(key)
        await asyncio.to_thread(self._put_file, final, path, consume)

    @asynccontextmanager
    async def writer(self, key: str) -> AsyncIterator["_FileWriter"]:
        final = self._path(key)
        unfinished = self._new_unfinished()
        with unfinished.open("xb") as file:
            try:
                yield _FileWriter(file)
                await asyncio.to_thread(self._finish, file, unfinished, final)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise

    async def delete(self, keys: Sequence[str]) -> None:
        paths = [self._path(key) for key in keys]

        def unlink_all() -> None:
            for path in paths:
                path.unlink(missing_ok=True)

        await asyncio.to_thread(unlink_all)

    async def check(self) -> None:
        def try_to_write() -> None:
            probe = self._new_unfinished()
            probe.write_bytes(b"")
            probe.unlink()

        await asyncio.to_thread(try_to_write)

    def _path(self, key: str) -> Path:
        if key.startswith(UNFINISHED):
            raise ValueError(f"This is not a blob key: {key[:200]!r}")
        return self.folder / check_key(key)

    def _new_unfinished(self) -> Path:
        return self._unfinished / uuid.uuid4().hex

    def _put_bytes(self, final: Path, data: bytes) -> None:
        unfinished = self._new_unfinished()
        try:
            with unfinished.open("xb") as file:
                file.write(data)
                self._finish(file, unfinished, final)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise

    def _put_file(self, final: Path, path: Path, consume: bool) -> None:
        if consume and path.stat().st_dev == self.folder.stat().st_dev:
            with path.open("rb") as file:
                self._finish(file, path, final)
            return
        unfinished = self._new_unfinished()
        try:
            shutil.copyfile(path, unfinished)
            with unfinished.open("rb") as file:
                self._finish(file, unfinished, final)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        if consume:
            path.unlink()

    def _finish(self, file: BinaryIO, unfinished: Path, final: Path) -> None:
        """Bytes to disk, then the name: a crash leaves the whole blob or none."""
        file.flush()
        os.fsync(file.fileno())
        self._make_folder(final.parent)
        unfinished.rename(final)
        _sync_folder(final.parent)

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        try:
            folder.mkdir()
        except FileExistsError:
            return
        _sync_folder(folder.parent)


class _FileWriter:
    """Collects small writes; the file is written in a thread, so a slow disk stops nobody else."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    async def write(self, data: bytes) -> None:
        """Append `data`."""
        if len(data) < 64 * 1024:
            self._file.write(data)  # into the file's own buffer
        else:
            await asyncio.to_thread(self._file.write, data)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
