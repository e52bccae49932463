"""Writing exports."""

from __future__ import annotations

from labelyard.exports import label_exports, writing
from labelyard.exports.records import WriteExport, WriteLabelExport
from labelyard.plumbing.context import Context
from labelyard.plumbing.jobs import handles


@handles(WriteExport, attempts=10)
async def write_export(context: Context, message: WriteExport) -> None:
    """Writes data rows."""
    await writing.write_export(context, message)


@handles(WriteLabelExport, attempts=10)
async def write_label_export(context: Context, message: WriteLabelExport) -> None:
    """Writes labels for older clients."""
    await label_exports.write_label_export(context, message)
