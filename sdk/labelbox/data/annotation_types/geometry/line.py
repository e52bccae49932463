"""Line: a shape by its points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labelbox.data.annotation_types.geometry.geometry import Geometry
from labelbox.data.annotation_types.geometry.point import Point


@dataclass
class Line(Geometry):
    """An open line through at least two points. Raises ValueError for fewer."""

    points: list[Point]

    def __post_init__(self) -> None:
        if len(self.points) < 2:
            raise ValueError(f"a line has at least 2 points, got {len(self.points)}")

    def as_line(self) -> dict[str, Any]:
        return {"line": [point.coordinates() for point in self.points]}
