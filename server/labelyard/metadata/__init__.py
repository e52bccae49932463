"""Metadata: typed values on data rows; their types are the metadata ontology (reference/datarow.md 5)."""
