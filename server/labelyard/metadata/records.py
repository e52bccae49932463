"""Metadata fields, options and values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class MetadataOption:
    """One choice of an enum field."""

    id: str
    kind: str
    name: str
    reserved: bool


@dataclass(frozen=True)
class MetadataSchema:
    """One field of the metadata ontology."""

    id: str
    name: str
    kind: str
    reserved: bool
    options: list[MetadataOption] = field(default_factory=list)


@dataclass(frozen=True)
class CustomMetadataEntry:
    """A stored value, enum choices as two entries."""

    schema_id: str
    value: Any


@dataclass(frozen=True)
class MetadataFieldEntry:
    """A stored value with its field's name."""

    schema_id: str
    name: str
    value: Any
    kind: str


@dataclass(frozen=True)
class DataRowCustomMetadataResult:
    """What one data row has, or why it could not be changed."""

    data_row_id: str | None
    global_key: str | None
    error: str | None
    fields: list[CustomMetadataEntry]


@dataclass(frozen=True)
class StoredValue:
    """One row of `metadata_values` with its field."""

    data_row_id: str
    schema_id: str
    option_id: str
    value: Any
    name: str
    kind: str
    option_name: str | None


@dataclass(frozen=True)
class NewValue:
    """A value that fits its field, about to be written; `value` is JSON text."""

    schema_id: str
    option_id: str
    value: str
