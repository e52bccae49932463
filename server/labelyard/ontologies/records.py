"""Ontologies and feature schemas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class OntologyRecord:
    """One live ontology, as other rooms need it."""

    id: str
    name: str
    media_type: str | None
    normalized: bytes
    instructions: str | None
    updated_at: datetime


@dataclass(frozen=True)
class NewFeature:
    """A feature schema about to be written; `normalized` is JSON text."""

    id: str
    name: str
    kind: str
    normalized: str
    is_root: bool


@dataclass(frozen=True)
class FeatureRecord:
    """One live feature schema."""

    id: str
    name: str
    kind: str
    normalized: bytes


@dataclass(frozen=True)
class FeaturePlace:
    """A feature in an ontology; one that was taken out while labels use it is archived there."""

    feature_schema_id: str
    is_root: bool
    archived: bool
    archived_node: bytes | None
    archived_position: int | None


@dataclass(frozen=True)
class OntologyConnection:
    """A page of ontologies."""

    nodes: list[str]
    next_cursor: str | None


@dataclass(frozen=True)
class FeatureSchemaConnection:
    """A page of feature schemas."""

    nodes: list[str]
    next_cursor: str | None


Normalized = dict[str, Any]
