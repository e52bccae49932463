"""Data rows, attachments, and the outcomes of global key jobs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from labelyard.plumbing.records import PageInfo

BLOB = "blob:"


@dataclass(frozen=True)
class DataRow:
    """One live data row, as other rooms need it."""

    id: str
    dataset_id: str
    global_key: str | None
    external_id: str | None
    row_data: str
    media_type: str
    media_attributes: bytes
    processing: str
    processing_error: str | None


@dataclass(frozen=True)
class Probed:
    """What was found inside an asset; the attributes are JSON."""

    id: str
    media_type: str
    attributes: str
    state: str
    error: str | None


@dataclass(frozen=True)
class DataRowChange:
    """What is to become of a data row; None leaves a thing as it is. What a new asset looks like comes with it."""

    id: str
    external_id: str | None = None
    global_key: str | None = None
    row_data: str | None = None
    media_type: str | None = None
    media_attributes: str | None = None
    processing: str | None = None


@dataclass(frozen=True)
class DataRowPage:
    """A page of data rows by cursor."""

    nodes: list[str]
    page_info: PageInfo


@dataclass(frozen=True)
class ExternalIdPair:
    """Which data row has which external id."""

    data_row_id: str
    external_id: str


@dataclass(frozen=True)
class DataRowsProcessedResult:
    """Whether all of the rows have been looked into."""

    all_data_rows_have_been_processed: bool


@dataclass(frozen=True)
class JobHandle:
    """The handle of a key job; it is a task that has already ended."""

    job_id: str


@dataclass(frozen=True)
class GlobalKeyAssignment:
    """One key for one row."""

    data_row_id: str
    global_key: str


@dataclass(frozen=True)
class AssignGlobalKeysData:
    """What came of assigning keys."""

    sanitized_assignments: list[GlobalKeyAssignment] = field(default_factory=list)
    invalid_global_key_assignments: list[GlobalKeyAssignment] = field(default_factory=list)
    unmodified_assignments: list[GlobalKeyAssignment] = field(default_factory=list)
    access_denied_assignments: list[GlobalKeyAssignment] = field(default_factory=list)


@dataclass(frozen=True)
class AssignGlobalKeysResult:
    """The end of an assigning job."""

    job_status: str
    data: Any


@dataclass(frozen=True)
class FetchedDataRow:
    """A row that was found; an empty id stands for one that was not."""

    id: str


@dataclass(frozen=True)
class DataRowsForGlobalKeysData:
    """What came of looking keys up, in the order of the keys."""

    fetched_data_rows: list[FetchedDataRow]
    not_found_global_keys: list[str]
    access_denied_global_keys: list[str] = field(default_factory=list)
    deleted_data_row_global_keys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DataRowsForGlobalKeysResult:
    """The end of a look-up job."""

    job_status: str
    data: Any


@dataclass(frozen=True)
class ClearGlobalKeysData:
    """What came of clearing keys."""

    cleared_global_keys: list[str]
    failed_to_clear_global_keys: list[str]
    not_found_global_keys: list[str]
    access_denied_global_keys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ClearGlobalKeysResult:
    """The end of a clearing job."""

    job_status: str
    data: Any
