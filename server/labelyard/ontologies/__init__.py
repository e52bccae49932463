"""Ontologies: what may be said about an asset, made of reusable feature schemas (R-ON, reference/ontology.md)."""
