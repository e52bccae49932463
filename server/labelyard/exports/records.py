"""Exports: what is asked for, the files they are written to, and the messages that write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from labelyard.plumbing.jobs import Message


class Stream(StrEnum):
    """What a finished export can be asked for: the rows, and why rows that were named are not among them."""

    RESULT = "RESULT"
    ERRORS = "ERRORS"


@dataclass(frozen=True)
class ExportTaskHandle:
    """The task of an export, and how its result is fetched."""

    task_id: str
    is_streamable: bool


@dataclass(frozen=True)
class StreamRange:
    """First and last byte or line, both included."""

    start: int
    end: int


@dataclass(frozen=True)
class ExportFileChunk:
    """The address under which exactly these bytes and lines of a stream are."""

    offsets: StreamRange
    lines: StreamRange
    file: str


@dataclass(frozen=True)
class ExportMetadataHeader:
    """How long a stream is."""

    total_size: int
    total_lines: int


@dataclass(frozen=True)
class ExportFile:
    """One file of a stream; ends are the first byte and line behind it."""

    task_id: str
    chunk: int
    blob_key: str
    start_offset: int
    end_offset: int
    start_line: int
    end_line: int


@dataclass(frozen=True)
class Progress:
    """How far an export is: the last data row, and what its finished files hold."""

    after: str = ""
    chunk: int = 0
    offset: int = 0
    line: int = 0


@dataclass(frozen=True)
class ProjectInfo:
    """A project as an export names it."""

    id: str
    name: str
    ontology_id: str | None


@dataclass(frozen=True)
class PlaceRow:
    """Where a data row stands in a project."""

    project_id: str
    data_row_id: str
    state: str
    batch_id: str | None
    batch_name: str | None
    priority: int
    labels_required: int
    awaits_review: bool


@dataclass(frozen=True)
class LabelRow:
    """A label with its author's e-mail address."""

    id: str
    project_id: str
    data_row_id: str
    annotations: bytes
    created_at: datetime
    updated_at: datetime
    content_updated_at: datetime
    created_by: str | None
    seconds_to_label: float
    seconds_to_review: float
    skipped: bool
    is_benchmark_reference: bool
    is_consensus_winner: bool
    benchmark_agreement: float | None
    agreement: float | None


@dataclass(frozen=True)
class ReviewRow:
    """A review with its author's e-mail address."""

    id: str
    label_id: str
    score: float
    created_at: datetime
    created_by: str | None


@dataclass(frozen=True)
class HistoryRow:
    """A step of a data row through a project's workflow."""

    project_id: str
    data_row_id: str
    action: str
    previous_state: str | None
    next_state: str | None
    created_by: str | None
    created_at: datetime


@dataclass(frozen=True)
class LegacyLabelRow:
    """A label with its data row, as the label export of 2.4 needs it."""

    id: str
    data_row_id: str
    row_data: str
    annotations: bytes
    created_by: str | None
    created_at: datetime
    updated_at: datetime
    dataset_name: str | None
    seconds_to_label: float
    external_id: str | None
    global_key: str | None
    agreement: float | None
    benchmark_agreement: float | None
    is_benchmark_reference: bool
    skipped: bool
    media_type: str
    media_attributes: bytes
    label_text: str | None
    open_issues: int


@dataclass(frozen=True)
class LabelExport:
    """One row of `label_exports`."""

    id: str
    state: str
    version: str
    """What the labels were when it was ordered; '' when it is delivered whatever they are by now."""
    delivered: bool
    blob_key: str | None
    created_at: datetime
    asked_at: datetime


@dataclass(frozen=True)
class LabelExportResult:
    """The label export of 2.4: where it is, or that it should be asked for again."""

    download_url: str | None
    created_at: str
    should_poll: bool


@dataclass(frozen=True, kw_only=True)
class WriteExport(Message):
    """Write the data rows that fulfil a query; `project_id` None means the catalog."""

    task_id: str
    project_id: str | None
    query: list[dict[str, Any]]
    params: dict[str, Any]
    streamable: bool
    base_url: str


@dataclass(frozen=True)
class DataRowExport:
    """One row of `data_row_exports`."""

    id: str
    state: str
    delivered: bool
    blob_key: str | None
    created_at: datetime
    asked_at: datetime


@dataclass(frozen=True)
class ExportJobResult:
    """The data rows that an older client has ordered: where they are, or that it should ask again."""

    download_url: str | None
    created_at: str
    status: str


@dataclass(frozen=True)
class PlainDataRow:
    """A data row as older clients read it out of a file."""

    id: str
    created_at: datetime
    updated_at: datetime
    external_id: str | None
    global_key: str | None
    row_data: str
    media_attributes: bytes | None
    processing: str
    processing_error: str | None


@dataclass(frozen=True, kw_only=True)
class WriteDataRows(Message):
    """Write data rows for an older client: those waiting in a project, in a dataset, or in a batch."""

    export_id: str
    kind: str
    object_id: str
    project_id: str | None
    includes_metadata: bool
    base_url: str


@dataclass(frozen=True, kw_only=True)
class WriteLabelExport(Message):
    """Write the label export of 2.4."""

    export_id: str
    project_id: str
    filters: dict[str, Any]
    base_url: str
