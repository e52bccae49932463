"""Looking at data rows by address, in the background: what they are, how large, and whether they are there at all.

An import does not wait for this: an address that only the labelers' browsers can reach is as good as any other. What
was found completes the media attributes; what is provably not there, or not what it says, is FAILED with the reason,
unless it is in a project already; every other trouble is only noted (docs/decisions/0007).
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from labelyard.data_rows import actions as data_rows
from labelyard.data_rows.records import DataRow, Probed
from labelyard.ingestion import address_queries
from labelyard.ingestion.records import UnprobedRange
from labelyard.media.pdf import check_text_layer
from labelyard.media.probe import MediaFacts, probe
from labelyard.media.refusals import MediaRefused
from labelyard.plumbing.context import Context
from labelyard.plumbing.fetch import FetchFailed, fetch_to_file
from labelyard.plumbing.ids import new_id, new_ids

LEASE = timedelta(minutes=10)
_PAGE = 64
_PAGES_AT_ONCE = 16
_PARALLEL = 8
_BEGINNING = 256 * 1024
_WHOLE = 256 * 1024**2
_SECONDS = 60.0
_MOST_ATTEMPTS = 8
_GONE = ("NotFound",)


async def note_addresses(context: Context, first_id: str, last_id: str) -> None:
    """Orders a look at the rows from id to id that are addresses."""
    if context.settings.probe_addresses:
        await address_queries.insert_range(
            context.database, context.organization_id, new_id(), first_id, last_id, context.user_id
        )


async def note_changed_addresses(context: Context, ids: list[str]) -> None:
    """Orders a look at these rows only."""
    if ids and context.settings.probe_addresses:
        await address_queries.insert_single_ranges(
            context.database, context.organization_id, new_ids(len(ids)), ids, context.user_id
        )


async def look_at_addresses(context: Context) -> None:
    """Goes on where somebody stopped; several workers may do so at once."""
    for _ in range(_PAGES_AT_ONCE):
        async with context.database.transaction():
            found = await address_queries.lease_range(context.database, context.now + LEASE)
        if found is None:
            return
        await _look_at_page(_on_behalf(context, found), found)


async def _look_at_page(context: Context, found: UnprobedRange) -> None:
    rows = await data_rows.page_of_addresses(context, found.first_id, found.last_id, _PAGE)
    probed, unreachable = await _probe_all(context, rows)
    async with context.database.transaction():
        if rows and len(unreachable) == len(rows):
            await address_queries.postpone_range(context.database, found, _MOST_ATTEMPTS)
            return
        await data_rows.note_probed_addresses(context, [*probed, *unreachable])
        if len(rows) < _PAGE:
            await address_queries.delete_range(context.database, found)
        else:
            await address_queries.advance_range(context.database, found, rows[-1].id)


async def _probe_all(context: Context, rows: list[DataRow]) -> tuple[list[Probed], list[Probed]]:
    """What was found, and which rows are on hosts that cannot be reached; a host that is silent is asked once."""
    gate = asyncio.Semaphore(_PARALLEL)
    silent: dict[str, str] = {}
    by_host: dict[str, list[DataRow]] = {}
    for row in rows:
        by_host.setdefault(urlsplit(row.row_data).netloc, []).append(row)

    async def look(row: DataRow, host: str) -> Probed | None:
        async with gate:
            if host in silent:
                return None
            try:
                return await asyncio.to_thread(_probe, context, row)
            except FetchFailed as failed:
                if failed.status is None:
                    silent[host] = f"{failed.kind}: {failed}"
                    return None
                state = "FAILED" if failed.kind in _GONE else row.processing
                return Probed(row.id, row.media_type, _text(row), state, f"{failed.kind}: {failed}")

    firsts = await asyncio.gather(*(look(of_host[0], host) for host, of_host in by_host.items()))
    rest = await asyncio.gather(
        *(look(row, host) for host, of_host in by_host.items() for row in of_host[1:])
    )
    done = [entry for entry in (*firsts, *rest) if entry is not None]
    seen = {entry.id for entry in done}
    left = [
        Probed(row.id, row.media_type, _text(row), row.processing, silent[urlsplit(row.row_data).netloc])
        for row in rows
        if row.id not in seen
    ]
    return done, left


def _probe(context: Context, row: DataRow) -> Probed:
    """Fetches as much as is needed: of a picture the beginning, of everything else the whole file."""
    path = context.settings.data_dir / "spool" / new_id()
    declared = row.media_type if row.media_type != "UNKNOWN" else None
    try:
        facts = _facts(context, row.row_data, path, declared)
        known = orjson.loads(_text(row))
        if layer := known.get("textLayerUrl"):
            _check_layer(context, layer, path)
        attributes = {**known, **facts.attributes()}
        return Probed(row.id, facts.media_type, orjson.dumps(attributes).decode(), "SUCCESS", None)
    except MediaRefused as refused:
        return Probed(row.id, row.media_type, _text(row), "FAILED", str(refused))
    finally:
        path.unlink(missing_ok=True)


def _facts(context: Context, address: str, path: Path, declared: str | None) -> MediaFacts:
    allow = context.settings.fetch_allow
    begun = fetch_to_file(address, path, allow=allow, max_bytes=_BEGINNING, timeout=_SECONDS, beginning=True)
    total = begun.total if begun.total is not None else begun.size
    if total <= begun.size:
        return probe(path, declared=declared, content_type=begun.content_type, name=address)
    if declared in ("IMAGE", None):
        try:
            facts = probe(
                path, declared=declared, content_type=begun.content_type, name=address, sha256="unknown"
            )
            if facts.media_type == "IMAGE":
                return replace(facts, size=total)
        except MediaRefused:
            pass  # the beginning may be too short for this one
    if total > _WHOLE:
        raise MediaRefused(f"The file has {total:,} bytes; at most {_WHOLE:,} are possible.")
    whole = fetch_to_file(address, path, allow=allow, max_bytes=_WHOLE, timeout=_SECONDS * 5)
    return probe(path, declared=declared, content_type=whole.content_type, name=address)


def _check_layer(context: Context, address: str, path: Path) -> None:
    fetch_to_file(address, path, allow=context.settings.fetch_allow, max_bytes=_WHOLE, timeout=_SECONDS)
    try:
        check_text_layer(orjson.loads(path.read_bytes()))
    except orjson.JSONDecodeError as error:
        raise MediaRefused(f"The text layer cannot be read: {error}.") from None


def _text(row: DataRow) -> str:
    return row.media_attributes.decode()


def _on_behalf(context: Context, found: UnprobedRange) -> Context:
    """The context of whoever imported the rows."""
    actor = replace(context.actor, organization_id=found.organization_id, user_id=found.user_id)
    return replace(context, actor=actor)
