"""Uploads, imports and their outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from labelyard.plumbing.jobs import Message


@dataclass(frozen=True)
class UploadedFile:
    """A file that was uploaded, and where it is."""

    url: str
    filename: str


@dataclass(frozen=True)
class AppendRowsResult:
    """An import that was accepted."""

    task_id: str
    accepted: bool
    error_message: str | None


@dataclass(frozen=True)
class AppendRowsSyncResult:
    """An import that is done."""

    dataset: str


@dataclass(frozen=True)
class ImportedDataRow:
    """A data row that an import made or changed."""

    id: str
    external_id: str | None
    global_key: str | None
    row_data: str | None


@dataclass(frozen=True)
class ImportedDataRowPage:
    """A page of these."""

    nodes: list[ImportedDataRow]
    after: str | None
    total: int


@dataclass(frozen=True)
class ImportSpecMetadata:
    """A metadata value of an item that failed."""

    schema_id: str | None
    value: Any
    name: str | None


@dataclass(frozen=True)
class ImportSpecAttachment:
    """An attachment of an item that failed."""

    type: str
    value: str
    name: str | None


@dataclass(frozen=True)
class ImportSpec:
    """An item that failed, as far as it could be read."""

    external_id: str | None
    global_key: str | None
    row_data: str | None
    metadata: list[ImportSpecMetadata]
    attachments: list[ImportSpecAttachment]


@dataclass(frozen=True)
class FailedImport:
    """Why an item failed."""

    message: str
    spec: ImportSpec


@dataclass(frozen=True)
class FailedImportPage:
    """A page of these."""

    results: list[FailedImport]
    after: str | None
    total: int


class Asset(NamedTuple):
    """What a data row shows, as far as its address tells."""

    row_data: str
    media_type: str
    media_attributes: str
    processing: str


class NewDataRow(NamedTuple):
    """A row of `data_rows` about to be written; the order of the fields is that of the COPY."""

    id: str
    dataset_id: str
    global_key: str | None
    external_id: str | None
    row_data: str
    media_type: str
    media_attributes: str
    processing: str
    created_by: str
    created_at: datetime
    updated_at: datetime


@dataclass
class Outcome:
    """What came of a chunk: lines of JSON for what was made, and for what failed."""

    created: list[bytes]
    failed: list[bytes]
    changes: dict[str, int]
    probed: list[str]


@dataclass(frozen=True)
class UnprobedRange:
    """Rows from id to id whose addresses nobody has looked at yet."""

    organization_id: str
    id: str
    first_id: str
    last_id: str
    user_id: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class ImportDataRows(Message):
    """Import what a manifest lists, or an older descriptor file."""

    task_id: str
    address: str
    dataset_id: str | None


@dataclass(frozen=True, kw_only=True)
class ProbeMedia(Message):
    """Look into the uploaded assets of these data rows."""

    data_row_ids: list[str]
