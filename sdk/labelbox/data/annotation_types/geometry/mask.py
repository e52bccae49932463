"""Mask: the pixels of one colour of an image of masks."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from labelbox.data.annotation_types.data.raster import MaskData
from labelbox.data.annotation_types.geometry.geometry import Geometry


@dataclass
class Mask(Geometry):
    """The pixels of `mask` that have exactly this `color` (red, green, blue; one number for a grey mask)."""

    mask: MaskData
    color: tuple[int, int, int] | int

    def __post_init__(self) -> None:
        if len(self._channels()) != 3 or not all(0 <= channel <= 255 for channel in self._channels()):
            raise ValueError(f"color must be three numbers between 0 and 255, got {self.color!r}")

    def as_line(self) -> dict[str, Any]:
        color = self._channels()
        if self.mask.url is not None:
            return {"mask": {"instanceURI": self.mask.url, "colorRGB": color}}
        if self.mask.im_bytes is not None:
            return {"mask": {"imBytes": _base64(self.mask.im_bytes), "colorRGB": color}}
        return {"mask": {"png": _base64(self.mask.instance_png(self.color))}}

    def _channels(self) -> list[int]:
        return [self.color] * 3 if isinstance(self.color, int) else [int(channel) for channel in self.color]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
