"""Writing exports."""

from __future__ import annotations

from labelyard.exports import data_row_exports, label_exports, writing
from labelyard.exports.records import WriteDataRows, WriteExport, WriteLabelExport
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


@handles(WriteDataRows, attempts=10)
async def write_data_rows(context: Context, message: WriteDataRows) -> None:
    """Writes data rows for older clients."""
    await data_row_exports.write_data_rows(context, message)
