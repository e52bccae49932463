"""Typed annotations and the documents they are written to."""
