"""ObjectAnnotation, ClassificationAnnotation: the two kinds of annotations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from labelbox.data.annotation_types.base_annotation import BaseAnnotation
from labelbox.data.annotation_types.classification.classification import Checklist, Radio, Text
from labelbox.data.annotation_types.geometry.geometry import Geometry


@dataclass(kw_only=True)
class ClassificationAnnotation(BaseAnnotation):
    """The answer to a question about an asset or an object.

    Raises TypeError unless `value` is a Radio, a Checklist or a Text.
    """

    value: Radio | Checklist | Text

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.value, (Radio, Checklist, Text)):
            raise TypeError(f"value must be a Radio, a Checklist or a Text, got {self.value!r}")

    def as_line(self) -> dict[str, Any]:
        return {"uuid": str(self.uuid), **self.as_nested_line()}

    def as_nested_line(self) -> dict[str, Any]:
        """The answer inside another line, where it has no uuid."""
        return {**super().as_line(), **self.value.as_line()}


@dataclass(kw_only=True)
class ObjectAnnotation(BaseAnnotation):
    """An object on an asset, with the answers to the questions about it.

    Raises TypeError unless `value` is a geometry.
    """

    value: Geometry
    classifications: list[ClassificationAnnotation] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.value, Geometry):
            raise TypeError(f"value must be a geometry, got {self.value!r}")

    def as_line(self) -> dict[str, Any]:
        return {
            "uuid": str(self.uuid),
            **super().as_line(),
            **self.value.as_line(),
            "classifications": [nested.as_nested_line() for nested in self.classifications],
        }
