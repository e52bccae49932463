"""MaskData: the pixels in which masks are drawn."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Any

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass
class MaskData:
    """An image of masks: its address, its bytes, or a numpy array of height x width (x 3) numbers of 8 bits.

    Raises ValueError unless exactly one is given.
    """

    url: str | None = None
    im_bytes: bytes | None = None
    arr: Any = None

    def __post_init__(self) -> None:
        if sum(source is not None for source in (self.url, self.im_bytes, self.arr)) != 1:
            raise ValueError("a mask has exactly one of url, im_bytes and arr")
        if self.arr is not None and len(self.arr.shape) not in (2, 3):
            raise ValueError(f"arr must be height x width (x 3), got the shape {self.arr.shape}")

    def instance_png(self, color: tuple[int, int, int] | int) -> bytes:
        """A grey PNG of the array: 1 where a pixel has the colour, else 0."""
        same = self.arr == color
        pixels = same.all(axis=-1) if len(self.arr.shape) == 3 else same
        height, width = pixels.shape
        rows = b"".join(b"\x00" + row.astype("uint8").tobytes() for row in pixels)
        header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
        return _PNG_SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check
