"""Imports and the look into assets."""

from __future__ import annotations

from labelyard.ingestion import actions, addresses, probing
from labelyard.ingestion.records import ImportDataRows, ProbeMedia
from labelyard.plumbing.context import Context
from labelyard.plumbing.jobs import handles, repeats


@handles(ImportDataRows, attempts=10)
async def import_data_rows(context: Context, message: ImportDataRows) -> None:
    """Imports data rows."""
    await actions.import_data_rows(context, message)


@handles(ProbeMedia)
async def probe_media(context: Context, message: ProbeMedia) -> None:
    """Looks into assets."""
    await probing.probe_media(context, message)


@repeats(2)
async def look_at_addresses(context: Context) -> None:
    """Looks at data rows by address."""
    await addresses.look_at_addresses(context)
