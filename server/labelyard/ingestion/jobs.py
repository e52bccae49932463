"""Imports and the look into assets."""

from __future__ import annotations

from labelyard.ingestion import actions, probing
from labelyard.ingestion.records import ImportDataRows, ProbeMedia
from labelyard.plumbing.context import Context
from labelyard.plumbing.jobs import handles


@handles(ImportDataRows, attempts=10)
async def import_data_rows(context: Context, message: ImportDataRows) -> None:
    """Imports data rows."""
    await actions.import_data_rows(context, message)


@handles(ProbeMedia)
async def probe_media(context: Context, message: ProbeMedia) -> None:
    """Looks into assets."""
    await probing.probe_media(context, message)
