"""Imports, how far they are, and what they have read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from labelyard.plumbing.jobs import Message


class ImportKind(StrEnum):
    """What an import makes: pre-labels (two names for it), or labels."""

    BULK = "BULK"
    MAL = "MAL"
    LABEL = "LABEL"


# The project guide manages every import of pre-labels with the older calls, however it was started (P-MI-01, P-MI-03).
PRE_LABELS = (ImportKind.BULK, ImportKind.MAL)


class ImportState(StrEnum):
    """Where an import stands; FINISHED does not mean that every line was accepted."""

    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    FAILED = "FAILED"


class Phase(StrEnum):
    """What an import is doing: reading its lines, or writing what it has read."""

    READ = "READ"
    WRITE = "WRITE"


@dataclass(frozen=True)
class AnnotationImport:
    """One row of `annotation_imports`."""

    id: str
    project_id: str
    kind: str
    name: str
    state: str
    input_url: str | None
    input_key: str | None
    checkpoint: bytes | None
    created_at: datetime


@dataclass(frozen=True)
class Checkpoint:
    """How far an import is; `step` grows with every commit, so that two workers never do the same step."""

    step: int = 0
    phase: str = Phase.READ
    offset: int = 0
    """Bytes of the input that are read."""
    line: int = 0
    """Lines that are read."""
    chunk: int = 0
    """Pieces of the status file that are written."""
    has_pending: bool = False
    """Whether some line's status is decided after all lines are read."""
    after: str = ""
    """The last data row whose annotations are written."""
    gone: list[str] = field(default_factory=list)
    """Data rows that left the project while the import ran."""


@dataclass(frozen=True)
class StagedAnnotation:
    """An accepted line, kept until all lines are read."""

    data_row_id: str
    position: int
    uuid: str
    part: str
    annotation: str
    is_benchmark: bool


@dataclass(frozen=True)
class EarlierAnnotation:
    """What the check needs to know of a line that an earlier run has accepted."""

    data_row_id: str
    uuid: str
    part: str
    feature_id: str
    schema_id: str
    is_instance: bool


@dataclass(frozen=True, kw_only=True)
class ImportAnnotations(Message):
    """Read the file of an import and write its annotations."""

    import_id: str
