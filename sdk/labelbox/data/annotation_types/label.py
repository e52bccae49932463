"""Label: the typed annotations of one data row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from labelbox.data.annotation_types.annotation import ClassificationAnnotation, ObjectAnnotation
from labelbox.data.annotation_types.data.generic_data_row_data import GenericDataRowData


@dataclass
class Label:
    """Annotations of one data row, which `data` names by `uid` or `global_key`.

    With `is_benchmark_reference` an import of labels makes it the reference of its data row. Raises TypeError
    when something else is among the annotations.
    """

    data: GenericDataRowData | Mapping[str, Any]
    annotations: list[ObjectAnnotation | ClassificationAnnotation] = field(default_factory=list)
    uid: UUID = field(default_factory=uuid4)
    is_benchmark_reference: bool | None = False
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.data = GenericDataRowData.of(self.data)
        for annotation in self.annotations:
            if not isinstance(annotation, (ObjectAnnotation, ClassificationAnnotation)):
                raise TypeError(f"an annotation must be an object or a classification, got {annotation!r}")

    def object_annotations(self) -> list[ObjectAnnotation]:
        """The objects."""
        return [each for each in self.annotations if isinstance(each, ObjectAnnotation)]

    def classification_annotations(self) -> list[ClassificationAnnotation]:
        """The answers about the whole asset."""
        return [each for each in self.annotations if isinstance(each, ClassificationAnnotation)]
