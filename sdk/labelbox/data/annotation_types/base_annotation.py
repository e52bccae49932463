"""What objects, classifications and answers share: their feature, a confidence and custom metrics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from labelbox.data.annotation_types.feature import CustomMetric, FeatureSchema


@dataclass(kw_only=True)
class ScoredFeature(FeatureSchema):
    """A feature with a confidence between 0 and 1; the server heeds it in model runs only."""

    confidence: float | None = None
    custom_metrics: list[CustomMetric] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence must be between 0 and 1, got {self.confidence}")

    def as_line(self) -> dict[str, Any]:
        line = super().as_line()
        if self.confidence is not None:
            line["confidence"] = self.confidence
        if self.custom_metrics:
            line["customMetrics"] = [metric.as_line() for metric in self.custom_metrics]
        return line


@dataclass(kw_only=True)
class BaseAnnotation(ScoredFeature):
    """An annotation of an asset; `uuid` names it in the answers of an import."""

    uuid: UUID = field(default_factory=uuid4)
    extra: dict[str, Any] = field(default_factory=dict)
