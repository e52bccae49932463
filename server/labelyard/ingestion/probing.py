"""Looking into uploaded assets: what they are, how large, and whether they are what they say."""

from __future__ import annotations

import asyncio

import orjson

from labelyard.data_rows import actions as data_rows
from labelyard.data_rows.records import BLOB, DataRow, Probed
from labelyard.ingestion.records import ProbeMedia
from labelyard.media.probe import probe
from labelyard.media.refusals import MediaRefused
from labelyard.plumbing import own_files
from labelyard.plumbing.blobs import BlobMissing
from labelyard.plumbing.context import Context


async def probe_media(context: Context, message: ProbeMedia) -> None:
    """Looks at the assets of some rows and writes down what was found, in one statement."""
    rows = await data_rows.get_data_rows(context, message.data_row_ids)
    found = [await _probe(context, row) for row in rows.values() if row.row_data.startswith(BLOB)]
    async with context.database.transaction():
        await data_rows.note_probed(context, found)


async def _probe(context: Context, row: DataRow) -> Probed:
    key = row.row_data.removeprefix(BLOB)
    name = row.external_id or key.rpartition("/")[2]
    declared = row.media_type if row.media_type != "UNKNOWN" else None
    try:
        path = await own_files.spool_blob(context, key)
    except BlobMissing:
        return Probed(
            row.id,
            row.media_type,
            _text(row),
            "FAILED",
            f"The uploaded file of {name} is no longer there.",
        )
    try:
        facts = await asyncio.to_thread(probe, path, declared=declared, name=key.rpartition("/")[2])
    except MediaRefused as refused:
        return Probed(row.id, row.media_type, _text(row), "FAILED", str(refused))
    finally:
        path.unlink(missing_ok=True)
    return Probed(row.id, facts.media_type, orjson.dumps(facts.attributes()).decode(), "SUCCESS", None)


def _text(row: DataRow) -> str:
    return row.media_attributes.decode()
