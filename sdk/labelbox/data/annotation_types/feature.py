"""FeatureSchema: which node of the ontology an annotation or an answer is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_ID_LENGTH = 25


@dataclass(frozen=True)
class CustomMetric:
    """A number about an annotation under a name of the user's."""

    name: str
    value: float

    def as_line(self) -> dict[str, Any]:
        """The metric as a line of an import has it."""
        return {"name": self.name, "value": self.value}


@dataclass(kw_only=True)
class FeatureSchema:
    """A node of the ontology by its name or its feature schema id (25 characters); one is needed."""

    name: str | None = None
    feature_schema_id: str | None = None

    def __post_init__(self) -> None:
        if not self.name and not self.feature_schema_id:
            raise ValueError("Either the name or the feature_schema_id must be given")
        if self.feature_schema_id is not None and len(self.feature_schema_id) != _ID_LENGTH:
            raise ValueError(
                f"a feature schema id has {_ID_LENGTH} characters, got {self.feature_schema_id!r}"
            )

    def as_line(self) -> dict[str, Any]:
        """The node as a line of an import has it."""
        names = {"name": self.name, "schemaId": self.feature_schema_id}
        return {key: value for key, value in names.items() if value is not None}
