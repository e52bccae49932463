"""Items -> local files and chunk files, uploaded in parallel -> one manifest (data row format, section 7).

Items are read once and in order, window by window, so a generator of a million items never is in memory as a
whole: at most a few chunks of 4 MB wait for their upload.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sized
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from labelbox.exceptions import InvalidQueryError
from labelbox.progress_bar import ProgressBar
from labelbox.schema.internal.descriptor_file_creator import DescriptorFileCreator, is_local_file

if TYPE_CHECKING:
    from labelbox._calls.uploads import UploadCalls

CHUNK_BYTES = 4_000_000
FILE_UPLOAD_THREAD_COUNT = 20
_WINDOW = 1000
_CHUNKS_IN_FLIGHT = 4


class DataRowUploader:
    """Brings the items of one call to the server and returns the address of their manifest."""

    def __init__(
        self,
        client: UploadCalls,
        dataset_id: str,
        file_upload_thread_count: int = FILE_UPLOAD_THREAD_COUNT,
        chunk_bytes: int = CHUNK_BYTES,
    ) -> None:
        """Raises ValueError when `file_upload_thread_count` is below 1."""
        if file_upload_thread_count < 1:
            raise ValueError("file_upload_thread_count must be at least 1")
        self._client = client
        self._creator = DescriptorFileCreator(client, dataset_id)
        self._threads = file_upload_thread_count
        self._chunk_bytes = chunk_bytes

    def upload(self, items: Iterable[Any], is_upsert: bool) -> str:
        """Checks and uploads all items; nothing is created before the manifest is used.

        Raises InvalidQueryError for an empty list, and what DescriptorFileCreator raises for a wrong item.
        """
        if isinstance(items, (str, bytes)) or not isinstance(items, Iterable):
            raise InvalidQueryError(f"Data rows must be given as a list of items, got {type(items).__name__}")
        total = len(items) if isinstance(items, Sized) else None
        count = 0
        uris: list[str] = []
        with (
            ThreadPoolExecutor(self._threads, "labelbox-upload") as files,
            ThreadPoolExecutor(_CHUNKS_IN_FLIGHT, "labelbox-chunk") as chunks,
            ProgressBar("data rows", total, "items") as bar,
        ):
            waiting: deque[Future[str]] = deque()
            for text, size in self._chunks(items, is_upsert, files):
                if len(waiting) >= _CHUNKS_IN_FLIGHT:
                    uris.append(waiting.popleft().result())
                waiting.append(
                    chunks.submit(self._client.upload_data, text, "json_import.json", "application/json")
                )
                count += size
                bar.set(count)
            uris.extend(upload.result() for upload in waiting)  # in the order of the items
        if not uris:
            raise InvalidQueryError("There are no data rows in the list")
        manifest = {"source": "SDK", "item_count": count, "chunk_uris": uris}
        return self._client.upload_data(json.dumps(manifest).encode(), "manifest.json", "application/json")

    def _chunks(
        self, items: Iterable[Any], is_upsert: bool, files: ThreadPoolExecutor
    ) -> Iterator[tuple[bytes, int]]:
        """Chunk files with their number of items, each below the limit unless one item alone is larger."""
        pieces: list[bytes] = []
        size, count = 2, 0
        for specs in self._specs(items, is_upsert, files):
            for piece, held in self._pieces(specs):
                if pieces and size + len(piece) + 1 > self._chunk_bytes:
                    yield b"[" + b",".join(pieces) + b"]", count
                    pieces, size, count = [], 2, 0
                pieces.append(piece)
                size += len(piece) + 1
                count += held
        if pieces:
            yield b"[" + b",".join(pieces) + b"]", count

    def _pieces(self, specs: list[dict[str, Any]]) -> Iterator[tuple[bytes, int]]:
        """The specs as members of a JSON array: all in one piece, or one by one when they are large."""
        together = _members(specs)
        if len(together) * 4 <= self._chunk_bytes:
            yield together, len(specs)
        else:
            yield from ((_members([spec]), 1) for spec in specs)

    def _specs(
        self, items: Iterable[Any], is_upsert: bool, files: ThreadPoolExecutor
    ) -> Iterator[list[dict[str, Any]]]:
        """The specs of window after window."""
        source = iter(items)
        while window := list(islice(source, _WINDOW)):
            plain = [self._creator.plain_spec(item) for item in window]
            if None not in plain:
                yield cast(list[dict[str, Any]], plain)
                continue
            rows = [self._creator.normalize(item, is_upsert) for item in window]
            self._upload_local_files(rows, files)
            yield [self._creator.spec(row).asdict() for row in rows]

    def _upload_local_files(self, rows: list[dict[str, Any]], files: ThreadPoolExecutor) -> None:
        local = [row for row in rows if is_local_file(row.get("row_data"))]
        if not local:
            return
        with ProgressBar("files", len(local), "files") as bar:

            def upload(path: str) -> str:
                url = self._client.upload_file(path)
                bar.add()
                return url

            futures = [files.submit(upload, row["row_data"]) for row in local]
            try:
                for row, future in zip(local, futures, strict=True):
                    row["row_data"] = future.result()
            except BaseException:
                for future in futures:
                    future.cancel()
                raise


def _members(specs: list[dict[str, Any]]) -> bytes:
    """The members of a JSON array, without its brackets."""
    return json.dumps(specs, default=str)[1:-1].encode()
