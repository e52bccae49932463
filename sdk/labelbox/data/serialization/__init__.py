"""The documents that typed annotations are written to."""

from labelbox.data.serialization.ndjson import NDJsonConverter

__all__ = ["NDJsonConverter"]
