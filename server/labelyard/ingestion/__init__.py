"""Ingestion: files and descriptors come in, data rows come out (reference/datarow.md 7, 8; X-18, X-20, X-31)."""
