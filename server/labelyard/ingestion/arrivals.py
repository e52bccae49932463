"""What arrives with an import: its files, chunk by chunk, as items."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from functools import partial

from labelyard import errors
from labelyard.formats import descriptor
from labelyard.formats.descriptor import DataRowSpec, DescriptorRefused, ItemRefused
from labelyard.formats.descriptor_plain import PlainChunk, read_plain_chunk
from labelyard.ingestion import rules
from labelyard.ingestion.records import ImportDataRows
from labelyard.plumbing import own_files
from labelyard.plumbing.context import Context

Items = list[DataRowSpec | ItemRefused]


@dataclass(frozen=True)
class Arrived:
    """A chunk: its items, or all of them at once where they are plain; `read` reads those item by item."""

    items: Items | PlainChunk
    read: Callable[[], Items]

    def __len__(self) -> int:
        return len(self.items.rows if isinstance(self.items, PlainChunk) else self.items)

    @property
    def dataset_ids(self) -> list[str]:
        """The datasets that the items name."""
        if isinstance(self.items, PlainChunk):
            return list({row.dataset_id for row in self.items.rows})
        named = (item.dataset_id for item in self.items if isinstance(item, DataRowSpec))
        return list({dataset_id for dataset_id in named if dataset_id})

    def one_by_one(self) -> Items:
        """The items themselves."""
        return self.read() if isinstance(self.items, PlainChunk) else self.items


async def read(
    context: Context, message: ImportDataRows, done: dict[int, int]
) -> tuple[int, AsyncIterator[tuple[int, Arrived]]]:
    """How many chunks there are, and the items of those not done; an older file is cut into chunks of 50,000."""
    if message.dataset_id is not None:
        data = await own_files.read_address(context, message.address)
        items = await asyncio.to_thread(lambda: list(rows(data, message.dataset_id)))
        parts = [items[start : start + rules.CHUNK] for start in range(0, len(items), rules.CHUNK)]
        return len(parts), _numbered(parts, done)
    manifest = descriptor.read_manifest(await own_files.read_address(context, message.address))
    return len(manifest.chunk_uris), _read_chunks(context, manifest.chunk_uris, done)


async def _numbered(parts: list[Items], done: dict[int, int]) -> AsyncIterator[tuple[int, Arrived]]:
    for number, part in enumerate(parts):
        if number not in done:
            yield number, Arrived(part, list)


async def _read_chunks(
    context: Context, addresses: list[str], done: dict[int, int]
) -> AsyncIterator[tuple[int, Arrived]]:
    """Chunk by chunk; an item's position counts on from chunk to chunk, so that it is that in the upload."""
    position = 0
    for number, address in enumerate(addresses):
        if number in done:
            position += done[number]
            continue
        data = await own_files.read_address(context, address)
        arrived = await asyncio.to_thread(_arrived, data, position)
        position += len(arrived)
        yield number, arrived


def _arrived(data: bytes, first_position: int) -> Arrived:
    one_by_one = partial(_read_chunk, data, first_position)
    plain = read_plain_chunk(data)
    return Arrived(one_by_one() if plain is None else plain, one_by_one)


def _read_chunk(data: bytes, first_position: int) -> Items:
    return list(descriptor.read_chunk(data, first_position=first_position))


def rows(data: bytes, dataset_id: str | None) -> Iterable[DataRowSpec | ItemRefused]:
    """The items of an older descriptor file. Raises Malformed."""
    try:
        yield from descriptor.read_rows(data, dataset_id=dataset_id)
    except DescriptorRefused as refused:
        raise errors.Malformed(str(refused)) from None
