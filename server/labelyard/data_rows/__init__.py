"""Data rows: an asset in a dataset, with its key, metadata and attachments (R-DR, reference/datarow.md)."""
