"""Ontologies and feature schemas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OntologyRecord:
    """One live ontology, as other rooms need it."""

    id: str
    name: str
    media_type: str | None
    normalized: bytes
    instructions: str | None


@dataclass(frozen=True)
class NewFeature:
    """A feature schema about to be written; `normalized` is JSON text."""

    id: str
    name: str
    kind: str
    normalized: str


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
