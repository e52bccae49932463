"""An annotation between the formats: one shape with its class, or one answer.

Pixels of the upright picture, origin top left, no rounding. Answers are in the form of the import format (a text, an
option `{"name": …}`, a list of options, each with its own `classifications`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labelyard.shell.rows import Row

Size = tuple[int, int]  # width, height
Xy = tuple[float, float]
Rle = dict[str, Any]
"""COCO's compressed run lengths: `{"size": [height, width], "counts": bytes}`."""

_MOST_PIXELS = 200_000_000
_FARTHEST = 100_000.0  # from the edge of a picture; what lies farther is no place in it

SHAPES = ("polygon", "mask", "box", "line", "point")
TOOL_KINDS = {
    "rectangle": "box",
    "polygon": "polygon",
    "line": "line",
    "point": "point",
    "superpixel": "mask",
    "raster-segmentation": "mask",
}
_WIRE_KINDS = {"bbox": "box", "polygon": "polygon", "line": "line", "point": "point", "mask": "mask"}


class NotUsable(ValueError):
    """An annotation that cannot be taken over; the text says why."""


@dataclass(slots=True)
class Annotation:
    """One annotation. `line` holds what is passed on as it is, a line of annotation NDJSON."""

    name: str
    row: Row | None = None
    place: str = ""
    size: Size | None = None
    box: tuple[float, float, float, float] | None = None  # left, top, width, height
    rings: list[list[Xy]] = field(default_factory=list)
    path: list[Xy] = field(default_factory=list)
    point: Xy | None = None
    mask: Rle | None = None
    answer: Any = None
    answers: list[dict[str, Any]] = field(default_factory=list)
    line: dict[str, Any] | None = None
    id: str = ""


def kinds(annotation: Annotation) -> list[str]:
    """What the annotation can be, the most faithful first; an answer is radio, checklist or text.

    Empty for a line that is neither, a relationship for example.
    """
    if annotation.line is not None:
        shape = next(
            (kind for key, kind in _WIRE_KINDS.items() if annotation.line.get(key) is not None), None
        )
        if shape:
            return [shape]
        answer = annotation.line.get("answer", annotation.line.get("answers"))
        return [] if answer is None else [answer_kind(answer)]
    if annotation.answer is not None:
        return [answer_kind(annotation.answer)]
    if annotation.mask is not None or len(annotation.rings) > 1:
        return ["mask", "box"]
    if annotation.rings:
        return ["polygon", "mask", "box"]
    if annotation.box is not None:
        return ["box"]
    return ["line"] if annotation.path else ["point"]


def answer_kind(answer: Any) -> str:
    """Which type of question has such an answer."""
    return "text" if isinstance(answer, str) else "radio" if isinstance(answer, dict) else "checklist"


def nested_answers(annotation: Annotation) -> list[dict[str, Any]]:
    """The answers that belong to the object."""
    return annotation.answers if annotation.line is None else annotation.line.get("classifications") or []


def box_of(annotation: Annotation) -> tuple[float, float, float, float]:
    """The box around a box, an outline or a mask: left, top, width, height."""
    if annotation.box is not None:
        return annotation.box
    if annotation.mask is not None:
        from pycocotools import mask as coco

        left, top, width, height = (float(side) for side in coco.toBbox(annotation.mask))
        return left, top, width, height
    xs = [x for ring in annotation.rings for x, _ in ring]
    ys = [y for ring in annotation.rings for _, y in ring]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def mask_of(annotation: Annotation) -> Rle:
    """The mask of a mask or an outline, as COCO's tools draw it. Raises NotUsable without the picture's size."""
    if annotation.mask is not None:
        return annotation.mask
    if annotation.size is None:
        raise NotUsable("the outline cannot become a mask: the size of the picture is not known")
    from pycocotools import mask as coco

    width, height = annotation.size
    if not 0 < width * height <= _MOST_PIXELS or not all(
        abs(n) <= _FARTHEST for r in annotation.rings for p in r for n in p
    ):
        raise NotUsable(f"the outline cannot become a mask of {width} x {height} pixels")
    flat = [[part for point in ring for part in point] for ring in annotation.rings]
    merged: Rle = coco.merge(coco.frPyObjects(flat, height, width))
    return merged


def area_of(annotation: Annotation) -> float:
    """Square pixels: of an outline by its corners, of a mask by its pixels, of a box by its sides."""
    if annotation.mask is not None:
        from pycocotools import mask as coco

        return float(coco.area(annotation.mask))
    if annotation.rings:
        return sum(_ring_area(ring) for ring in annotation.rings)
    _, _, width, height = box_of(annotation)
    return width * height


def checked_mask(size: Any, counts: Any) -> Rle:
    """The mask of `[height, width]` and run lengths, plain numbers or COCO's text. Raises NotUsable.

    COCO's own tools trust what they are given, so nothing unchecked reaches them.
    """
    if (
        not isinstance(size, list)
        or len(size) != 2
        or not all(type(side) is int and side > 0 for side in size)
    ):
        raise NotUsable("the size of its mask is not [height, width]")
    height, width = size
    if isinstance(counts, str):
        counts = _counts_in(counts.encode())
    if not isinstance(counts, list) or not all(type(count) is int and count >= 0 for count in counts):
        raise NotUsable("its run lengths are no whole numbers from 0 up")
    if height * width > _MOST_PIXELS or sum(counts) != height * width:
        raise NotUsable(f"its run lengths do not fill {width} x {height} pixels")
    from pycocotools import mask as coco

    made: Rle = coco.frPyObjects({"size": [height, width], "counts": counts}, height, width)
    return made


def run_lengths(mask: Rle) -> list[int]:
    """The run lengths as plain numbers, column by column, zeros first."""
    return _counts_in(mask["counts"])


def _counts_in(text: bytes) -> list[int]:
    """COCO's text form: five bits a character, from the third run on the difference to the run before the last."""
    counts: list[int] = []
    value = shift = 0
    for character in text:
        part = character - 48
        if not 0 <= part < 64 or shift > 60:
            raise NotUsable("its run lengths are not in COCO's form")
        value |= (part & 0x1F) << shift
        shift += 5
        if part & 0x20:
            continue
        if part & 0x10:
            value -= 1 << shift
        counts.append(value + counts[-2] if len(counts) > 2 else value)
        value = shift = 0
    return counts


def mask_from_pixels(pixels: Any) -> Rle:
    """The mask of an array (height, width) of booleans."""
    import numpy as np
    from pycocotools import mask as coco

    encoded: Rle = coco.encode(np.asfortranarray(pixels, dtype=np.uint8))
    return encoded


def import_line(annotation: Annotation, kind: str, name: str, data_row: dict[str, str]) -> dict[str, Any]:
    """The line of annotation NDJSON, without its uuid. Raises NotUsable."""
    if annotation.line is not None:
        return {**annotation.line, "dataRow": data_row}
    line: dict[str, Any] = {"name": name, "dataRow": data_row}
    if annotation.answer is not None:
        return {**line, "answer": annotation.answer}
    match kind:
        case "box":
            left, top, width, height = box_of(annotation)
            _check_numbers(left, top, width, height)
            line["bbox"] = {"left": left, "top": top, "width": width, "height": height}
        case "polygon":
            line["polygon"] = _points(annotation.rings[0])
        case "line":
            line["line"] = _points(annotation.path)
        case "point":
            assert annotation.point is not None
            line["point"] = _points([annotation.point])[0]
        case _:
            mask = mask_of(annotation)
            height, width = mask["size"]
            line["mask"] = {"size": [int(height), int(width)], "counts": run_lengths(mask)}
    if annotation.answers:
        line["classifications"] = annotation.answers
    return line


def mask_address(exported: dict[str, Any]) -> tuple[str, tuple[int, int, int] | None] | None:
    """Where the picture of an exported object's mask is, and the colour it has there; None without a mask."""
    if "mask" in exported:
        return exported["mask"]["url"], None
    if "composite_mask" in exported:
        red, green, blue = exported["composite_mask"]["color_rgb"]
        return exported["composite_mask"]["url"], (red, green, blue)
    return None


def from_export(exported: dict[str, Any], size: Size | None, mask: Rle | None) -> Annotation | None:
    """An object or an answer of an export; None for what is neither on a picture (a relationship, a text's part).

    `mask` is the object's mask, fetched by the caller.
    """
    made = Annotation(exported.get("name", ""), size=size, mask=mask, id=exported.get("feature_id", ""))
    made.answers = [_answered(entry) for entry in exported.get("classifications") or []]
    if "bounding_box" in exported:
        at = exported["bounding_box"]
        made.box = (at["left"], at["top"], at["width"], at["height"])
    elif "polygon" in exported:
        ring = [(at["x"], at["y"]) for at in exported["polygon"]]
        made.rings = [ring[:-1] if ring[0] == ring[-1] else ring]
    elif "line" in exported:
        made.path = [(at["x"], at["y"]) for at in exported["line"]]
    elif "point" in exported:
        made.point = (exported["point"]["x"], exported["point"]["y"])
    elif mask is None:
        entry = _answered(exported)
        if "answer" not in entry:
            return None
        made.answer = entry["answer"]
    return made


def _answered(exported: dict[str, Any]) -> dict[str, Any]:
    """An exported question with its answer as the import format has it."""
    entry: dict[str, Any] = {"name": exported.get("name", "")}
    if "text_answer" in exported:
        entry["answer"] = exported["text_answer"]["content"]
    elif "radio_answer" in exported:
        entry["answer"] = _option(exported["radio_answer"])
    elif "checklist_answers" in exported:
        entry["answer"] = [_option(option) for option in exported["checklist_answers"]]
    return entry


def _option(exported: dict[str, Any]) -> dict[str, Any]:
    nested = [_answered(entry) for entry in exported.get("classifications") or []]
    return {"name": exported["name"], **({"classifications": nested} if nested else {})}


def _points(ring: list[Xy]) -> list[dict[str, float]]:
    for point in ring:
        _check_numbers(*point)
    return [{"x": x, "y": y} for x, y in ring]


def _check_numbers(*numbers: float) -> None:
    for number in numbers:
        if not math.isfinite(number):
            raise NotUsable(f"{number} is no place in a picture")


def _ring_area(ring: list[Xy]) -> float:
    following = [*ring[1:], ring[0]]
    return abs(math.fsum(x * v - u * y for (x, y), (u, v) in zip(ring, following, strict=True))) / 2
