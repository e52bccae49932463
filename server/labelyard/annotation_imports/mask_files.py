"""The mask pictures at addresses that lines name: read once each, own blobs directly."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from labelyard import errors
from labelyard.annotation_imports import rules
from labelyard.formats.masks import Mask
from labelyard.formats.ndjson import resolve_composite
from labelyard.formats.ndjson_lines import Accepted, ImportRow, MaskAtUrl, Refused
from labelyard.formats.refusals import AnnotationRefused
from labelyard.plumbing import blob_links, own_files
from labelyard.plumbing.blobs import BlobMissing
from labelyard.plumbing.context import Context

_LARGEST = 256 * 1024 * 1024
_HELD_BYTES = 64 * 1024 * 1024
_AT_ONCE = 8


class MaskFiles:
    """Reads the pictures of one import; the last ones are held, as neighbouring lines share them."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._held: OrderedDict[str, bytes | str] = OrderedDict()
        self._size = 0

    async def resolve(
        self, lines: Sequence[Accepted | Refused | None], rows: Mapping[str, ImportRow]
    ) -> list[Accepted | Refused | None]:
        """The lines with their masks in place of the masks' addresses; refused where that is not possible."""
        wanted: dict[tuple[str, str], list[Accepted]] = {}
        for line in lines:
            if isinstance(line, Accepted) and isinstance(line.mask, MaskAtUrl):
                wanted.setdefault((line.mask.url, line.data_row_id), []).append(line)
        if not wanted:
            return list(lines)
        refused: dict[int, Refused] = {}
        gate = asyncio.Semaphore(_AT_ONCE)
        by_url: dict[str, list[tuple[str, list[Accepted]]]] = {}
        for (url, row_id), sharing in wanted.items():
            by_url.setdefault(url, []).append((row_id, sharing))

        async def work(url: str, groups: list[tuple[str, list[Accepted]]]) -> None:
            async with gate:
                data = await self._read(url)
                for row_id, sharing in groups:
                    if isinstance(data, str):
                        for line in sharing:
                            refused[line.position] = rules.refused(line, "UnreadableMask", data)
                    else:
                        for refusal in await asyncio.to_thread(_place, data, sharing, rows[row_id]):
                            refused[refusal.position] = refusal

        await asyncio.gather(*(work(url, groups) for url, groups in by_url.items()))
        return [line if line is None else refused.get(line.position, line) for line in lines]

    async def _read(self, url: str) -> bytes | str:
        """The picture's bytes, or a sentence that says why there are none."""
        held = self._held.get(url)
        if held is not None:
            self._held.move_to_end(url)
            return held
        found: bytes | str
        try:
            found = await self._fetch(url)
        except errors.Malformed as failed:
            found = f"The mask at {url} cannot be read: {failed.message}"
        except BlobMissing:
            found = f"The mask at {url} is no longer there."
        self._held[url] = found
        self._size += len(found)
        while self._size > _HELD_BYTES and len(self._held) > 1:
            _, dropped = self._held.popitem(last=False)
            self._size -= len(dropped)
        return found

    async def _fetch(self, url: str) -> bytes:
        key = blob_links.key_of(self._context, url)
        if key is not None:
            if await self._context.blobs.size(key) > _LARGEST:
                raise errors.Malformed(f"it has more than {_LARGEST} bytes.")
            return await self._context.blobs.read(key)
        path = await own_files.fetch(self._context, url)
        try:
            if path.stat().st_size > _LARGEST:
                raise errors.Malformed(f"it has more than {_LARGEST} bytes.")
            return await asyncio.to_thread(path.read_bytes)
        finally:
            path.unlink(missing_ok=True)


def _place(data: bytes, lines: list[Accepted], row: ImportRow) -> list[Refused]:
    """Gives the lines that share one picture their masks; those that cannot have one are returned."""
    wanted = [line.mask for line in lines if isinstance(line.mask, MaskAtUrl)]
    try:
        masks = resolve_composite(data, wanted, row)
    except AnnotationRefused as refusal:
        if len(lines) == 1:
            return [_refuse(lines[0], refusal)]
        return [refused for line in lines for refused in _place(data, [line], row)]
    for line, mask in zip(lines, wanted, strict=True):
        found: Mask = masks[mask.color]
        line.mask = found
    return []


def _refuse(line: Accepted, refusal: AnnotationRefused) -> Refused:
    message = refusal.message[:1].upper() + refusal.message[1:]
    return rules.refused(line, refusal.name, message if message.endswith(".") else message + ".")
