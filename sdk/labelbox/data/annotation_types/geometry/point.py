"""Point: a place on an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labelbox.data.annotation_types.geometry.geometry import Geometry


@dataclass
class Point(Geometry):
    """Pixels to the right (`x`) and down (`y`) from the top left corner."""

    x: float
    y: float

    def as_line(self) -> dict[str, Any]:
        return {"point": self.coordinates()}

    def coordinates(self) -> dict[str, float]:
        """The point as a corner of another shape."""
        return {"x": self.x, "y": self.y}
