"""Rectangle: a bounding box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labelbox.data.annotation_types.geometry.geometry import Geometry
from labelbox.data.annotation_types.geometry.point import Point


@dataclass
class Rectangle(Geometry):
    """A box by two opposite corners, in any order."""

    start: Point
    end: Point

    @classmethod
    def from_xyhw(cls, x: float, y: float, h: float, w: float) -> Rectangle:
        """A box by its top left corner, its height and its width."""
        return cls(start=Point(x, y), end=Point(x + w, y + h))

    def as_line(self) -> dict[str, Any]:
        return {
            "bbox": {
                "top": min(self.start.y, self.end.y),
                "left": min(self.start.x, self.end.x),
                "height": abs(self.end.y - self.start.y),
                "width": abs(self.end.x - self.start.x),
            }
        }
