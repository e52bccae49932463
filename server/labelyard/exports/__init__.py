"""Exports: data rows with their labels as NDJSON, and the label export of 2.4 (R-EX, docs/wire/export-json.md)."""
