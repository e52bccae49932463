"""Labels and the masks in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson


@dataclass(frozen=True)
class LabelRecord:
    """One live label, as other rooms need it."""

    id: str
    project_id: str
    data_row_id: str
    annotations: bytes
    skipped: bool
    seconds_to_label: float
    created_by: str
    created_at: datetime
    label_text: str | None
    is_benchmark_reference: bool


@dataclass(frozen=True)
class NewLabel:
    """A label about to be written; `annotations` is JSON text in the form of the export."""

    id: str
    project_id: str
    data_row_id: str
    annotations: str
    label_text: str | None
    skipped: bool
    seconds_to_label: float
    created_by: str
    is_benchmark_reference: bool = False


@dataclass(frozen=True)
class MaskRow:
    """A mask about to be written or read: compressed COCO run lengths."""

    feature_id: str
    height: int
    width: int
    counts: str
    color_rgb: list[int]
    composite_id: str | None


@dataclass(frozen=True)
class MaskCopy:
    """A mask that an object of another project gets, too: data row, feature ids, the new composite picture."""

    data_row_id: str
    before: str
    after: str
    composite_id: str | None


@dataclass(frozen=True)
class LabelingActivity:
    """What came of labeling a data row in a project: the label that stands for it."""

    selected_label_id: str | None


@dataclass(frozen=True)
class CheckedLabel:
    """A label document that fits, ready to be stored, with its masks."""

    document: dict[str, Any]
    masks: list[MaskRow]

    @property
    def text(self) -> str:
        """The document as it is stored."""
        return orjson.dumps(self.document).decode()


@dataclass(frozen=True)
class LabelEvent:
    """A label, live or deleted, with everything that a webhook is told about it. Agreements are 0 to 100."""

    id: str
    created_at: datetime
    updated_at: datetime
    seconds_to_label: float
    annotations: bytes
    label_text: str | None
    skipped: bool
    agreement: float | None
    benchmark_agreement: float | None
    deleted: bool
    created_by: str
    email: str
    project_id: str
    ontology_id: str | None
    project_name: str
    project_description: str
    project_created_at: datetime
    project_updated_at: datetime
    project_deleted: bool
    data_row_id: str
    external_id: str | None
    global_key: str | None
    row_data: str
    row_created_at: datetime
    row_updated_at: datetime
    row_deleted_at: datetime | None
    dataset_id: str
    dataset_name: str
    dataset_description: str
    dataset_created_at: datetime
    dataset_updated_at: datetime
    dataset_deleted: bool
