"""Segmentation masks: run lengths as COCO has them, PNG pictures, composites of many masks, overlap.

A `Mask` holds COCO's compressed run lengths (column order, zeros first), a few hundred bytes for a whole
picture.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labelyard.formats.refusals import AnnotationRefused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

Rgb = tuple[int, int, int]

MAX_PIXELS = 200_000_000


@dataclass(frozen=True, slots=True)
class Mask:
    """Which pixels of a picture belong to an object; `counts` are COCO's compressed run lengths."""

    height: int
    width: int
    counts: bytes


def mask_from_counts(size: Any, counts: Any, *, pad: bool = False) -> Mask:
    """The mask of the wire's `{"size": [height, width], "counts": [...]}`.

    With `pad` runs that end early mean zeros to the end, as COCO's own tools read them. Raises
    `AnnotationRefused`.
    """
    if not isinstance(size, list) or len(size) != 2 or not all(type(part) is int for part in size):
        raise AnnotationRefused("WrongType", "the mask's size must be [height, width]")
    height, width = size
    if height <= 0 or width <= 0 or height * width > MAX_PIXELS:
        raise AnnotationRefused("OutOfRange", f"a mask of {width} x {height} pixels is not possible")
    if not isinstance(counts, list) or not all(type(count) is int for count in counts):
        raise AnnotationRefused("WrongType", "the mask's counts must be whole numbers")
    if min(counts, default=0) < 0:
        raise AnnotationRefused("OutOfRange", f"the mask has the negative count {min(counts)}")
    total = sum(counts)
    if total > height * width or (total < height * width and not pad):
        raise AnnotationRefused(
            "InvalidGeometry", f"the mask's counts cover {total} pixels, but its size has {height * width}"
        )
    if total < height * width:
        rest = height * width - total
        counts = [*counts[:-1], counts[-1] + rest] if len(counts) % 2 else [*counts, rest]
    from pycocotools import mask as coco

    encoded = coco.frPyObjects({"size": [height, width], "counts": counts}, height, width)
    return Mask(height, width, encoded["counts"])


def mask_counts(mask: Mask) -> list[int]:
    """The run lengths as plain numbers, zeros first (COCO's text form, five bits a character)."""
    counts: list[int] = []
    value = shift = 0
    for byte in mask.counts:
        part = byte - 48
        value |= (part & 0x1F) << shift
        shift += 5
        if part & 0x20:
            continue
        if part & 0x10:
            value -= 1 << shift
        if len(counts) > 2:
            value += counts[-2]
        counts.append(value)
        value = shift = 0
    return counts


def mask_from_array(pixels: "NDArray[np.bool_] | NDArray[np.uint8]") -> Mask:
    """The mask of an array (height, width) whose non-zero elements belong to it."""
    import numpy as np
    from pycocotools import mask as coco

    encoded = coco.encode(np.asfortranarray(pixels != 0, dtype=np.uint8))
    return Mask(pixels.shape[0], pixels.shape[1], encoded["counts"])


def mask_to_array(mask: Mask) -> "NDArray[np.uint8]":
    """An array (height, width) of zeros and ones."""
    import numpy as np

    counts = mask_counts(mask)
    ones = np.arange(len(counts), dtype=np.uint8) & 1
    return np.repeat(ones, counts).reshape((mask.width, mask.height)).T


def mask_area(mask: Mask) -> int:
    """How many pixels belong to the mask."""
    from pycocotools import mask as coco

    return int(coco.area(_coco(mask)))


def mask_ious(ones: Sequence[Mask], others: Sequence[Mask]) -> "NDArray[np.float64]":
    """Intersection over union, 0 to 1, of each mask of one label (rows) with each of another (columns).

    Masks of different sizes, and empty ones, have nothing in common.
    """
    import numpy as np
    from pycocotools import mask as coco

    found = np.zeros((len(ones), len(others)))
    for size in {(mask.height, mask.width) for mask in ones}:
        rows = [n for n, mask in enumerate(ones) if (mask.height, mask.width) == size]
        columns = [n for n, mask in enumerate(others) if (mask.height, mask.width) == size]
        if columns:
            shared = coco.iou(
                [_coco(ones[n]) for n in rows], [_coco(others[n]) for n in columns], [0] * len(columns)
            )
            found[np.ix_(rows, columns)] = np.nan_to_num(shared)  # 0 / 0 where both are empty
    return found


def mask_union(masks: Sequence[Mask]) -> Mask:
    """All pixels of masks of one size."""
    from pycocotools import mask as coco

    merged = coco.merge([_coco(mask) for mask in masks])
    return Mask(masks[0].height, masks[0].width, merged["counts"])


def mask_png(mask: Mask) -> bytes:
    """The mask as a PNG, white on black."""
    from PIL import Image

    return _png(Image.fromarray(mask_to_array(mask) * 255, mode="L"))


def composite_png(layers: Sequence[tuple[Mask, Rgb]]) -> bytes:
    """One PNG of many masks, each in its colour on black; where they overlap the later one is seen."""
    import numpy as np
    from PIL import Image

    first = layers[0][0]
    pixels = np.zeros((first.height, first.width, 3), dtype=np.uint8)
    for mask, color in layers:
        if (mask.height, mask.width) != (first.height, first.width):
            raise ValueError("The masks of a composite must have one size.")
        pixels[mask_to_array(mask) != 0] = color
    return _png(Image.fromarray(pixels, mode="RGB"))


def mask_from_png(data: bytes) -> Mask:
    """The mask of a PNG whose pixels are 0 or 1 (`{"png": ...}` of an import). Raises `AnnotationRefused`."""
    import numpy as np

    pixels = np.asarray(_open_png(data, "the mask's png"))
    if pixels.ndim != 2:
        raise AnnotationRefused(
            "InvalidGeometry", "the mask's png must have one channel, with the values 0 and 1"
        )
    highest = int(pixels.max(initial=0))
    if highest > 1:
        raise AnnotationRefused(
            "InvalidGeometry", f"the mask's png may hold only 0 and 1, but it holds {highest}"
        )
    return mask_from_array(pixels)


def masks_from_composite(data: bytes, colors: Sequence[Rgb]) -> Mapping[Rgb, Mask]:
    """From one composite PNG the mask of each colour: the pixels that have exactly it.

    Raises `AnnotationRefused` when the bytes are not a usable PNG. A colour that does not occur gives an
    empty mask; see `mask_area`.
    """
    import numpy as np

    picture = _open_png(data, "the mask")
    pixels = np.asarray(picture.convert("RGB")).astype(np.uint32)
    keys = (pixels[..., 0] << 16) | (pixels[..., 1] << 8) | pixels[..., 2]
    return {color: mask_from_array(keys == (color[0] << 16 | color[1] << 8 | color[2])) for color in colors}


def check_color(color: Any) -> Rgb:
    """The colour of a mask as three numbers from 0 to 255. Raises `AnnotationRefused`."""
    if not isinstance(color, list | tuple) or len(color) != 3 or not all(type(part) is int for part in color):
        raise AnnotationRefused("WrongType", "a mask's colorRGB must be three whole numbers")
    if min(color) < 0 or max(color) > 255:
        raise AnnotationRefused("OutOfRange", f"the mask's colour {list(color)} has a part outside 0 to 255")
    return (color[0], color[1], color[2])


def _coco(mask: Mask) -> dict[str, Any]:
    return {"size": [mask.height, mask.width], "counts": mask.counts}


def _png(picture: "Image") -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _open_png(data: bytes, noun: str) -> "Image":
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(data), formats=["PNG"])
        if picture.width * picture.height > MAX_PIXELS:
            raise AnnotationRefused(
                "OutOfRange", f"{noun} of {picture.width} x {picture.height} pixels is too large"
            )
        picture.load()
    except UnidentifiedImageError:
        raise AnnotationRefused("InvalidGeometry", f"{noun} is not a PNG picture") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, AnnotationRefused):
            raise
        raise AnnotationRefused("InvalidGeometry", f"{noun} is a damaged PNG picture") from None
    if picture.mode.startswith(("I", "F")):
        raise AnnotationRefused("InvalidGeometry", f"{noun} has more than eight bits a channel")
    return picture
