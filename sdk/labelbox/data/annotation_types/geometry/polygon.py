"""Polygon: a shape by its points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labelbox.data.annotation_types.geometry.geometry import Geometry
from labelbox.data.annotation_types.geometry.point import Point


@dataclass
class Polygon(Geometry):
    """An area inside at least three points; it need not be closed. Raises ValueError for fewer."""

    points: list[Point]

    def __post_init__(self) -> None:
        if len(self.points) < 3:
            raise ValueError(f"a polygon has at least 3 points, got {len(self.points)}")

    def as_line(self) -> dict[str, Any]:
        return {"polygon": [point.coordinates() for point in self.points]}
