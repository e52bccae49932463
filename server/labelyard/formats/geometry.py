"""Shapes of the label document: do they fit their picture, how large are they, how much do two have in
common.

Pixels of the upright picture, origin top left. A shape that reaches over the edge is cut or moved to the
edge; one that lies wholly outside is refused.
"""

from typing import TYPE_CHECKING, Any

from labelyard.formats.refusals import AnnotationRefused

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Size = tuple[int, int]  # width, height

EDGE = 1.0  # a point may miss the picture by this many pixels
HUGE = 1e9
PROXIMITY = 70.0  # pixels by which points and lines grow before they are compared (reference/quality.md 3)


def fit_box(top: float, left: float, height: float, width: float, size: Size | None) -> dict[str, float]:
    """The bounding box, cut at the picture's edge. Raises `AnnotationRefused` (InvalidGeometry)."""
    if not (0 < height < HUGE and 0 < width < HUGE and -HUGE < top < HUGE and -HUGE < left < HUGE):
        raise AnnotationRefused(
            "InvalidGeometry", f"the box needs a positive width and height, not {width:g} x {height:g}"
        )
    if size is not None and not (
        left >= 0 and top >= 0 and left + width <= size[0] and top + height <= size[1]
    ):
        right, bottom = min(left + width, size[0]), min(top + height, size[1])
        left, top = max(left, 0), max(top, 0)
        width, height = right - left, bottom - top
        if width <= 0 or height <= 0:
            raise _outside("box", size)
    return {"top": top, "left": left, "height": height, "width": width}


def fit_polygon(xs: list[float], ys: list[float], size: Size | None) -> list[dict[str, float]]:
    """The polygon, closed: its first point is repeated at the end. Raises `AnnotationRefused`."""
    if not _has_distinct(xs, ys, 3):
        raise AnnotationRefused("InvalidGeometry", "the polygon needs at least three different points")
    xs, ys = _fit_points(xs, ys, size, "polygon")
    if xs[0] != xs[-1] or ys[0] != ys[-1]:
        xs.append(xs[0])
        ys.append(ys[0])
    return [{"x": x, "y": y} for x, y in zip(xs, ys, strict=True)]


def fit_line(xs: list[float], ys: list[float], size: Size | None) -> list[dict[str, float]]:
    """The polyline. Raises `AnnotationRefused`."""
    if not _has_distinct(xs, ys, 2):
        raise AnnotationRefused("InvalidGeometry", "the line needs at least two different points")
    xs, ys = _fit_points(xs, ys, size, "line")
    return [{"x": x, "y": y} for x, y in zip(xs, ys, strict=True)]


def fit_point(x: float, y: float, size: Size | None) -> dict[str, float]:
    """The point. Raises `AnnotationRefused`."""
    (x,), (y,) = _fit_points([x], [y], size, "point")
    return {"x": x, "y": y}


def _has_distinct(xs: list[float], ys: list[float], wanted: int) -> bool:
    first = {(xs[n], ys[n]) for n in range(min(wanted, len(xs)))}  # nearly always enough
    return len(first) >= wanted or len(set(zip(xs, ys, strict=True))) >= wanted


def _fit_points(
    xs: list[float], ys: list[float], size: Size | None, noun: str
) -> tuple[list[float], list[float]]:
    """The points, moved to the picture's edge where they lie outside."""
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    if not (left > -HUGE and right < HUGE and top > -HUGE and bottom < HUGE):
        raise AnnotationRefused("InvalidGeometry", f"the {noun} has a coordinate that is not a usable number")
    if size is None:
        return xs, ys
    width, height = size
    if left >= 0 and right <= width and top >= 0 and bottom <= height:
        return xs, ys
    if right < -EDGE or left > width + EDGE or bottom < -EDGE or top > height + EDGE:
        raise _outside(noun, size)
    return [min(max(x, 0), width) for x in xs], [min(max(y, 0), height) for y in ys]


def _outside(noun: str, size: Size) -> AnnotationRefused:
    return AnnotationRefused(
        "InvalidGeometry", f"the {noun} lies outside the picture of {size[0]} x {size[1]} pixels"
    )


def box_iou(one: dict[str, float], other: dict[str, float]) -> float:
    """Intersection over union of two bounding boxes, 0 to 1."""
    width = min(one["left"] + one["width"], other["left"] + other["width"]) - max(one["left"], other["left"])
    height = min(one["top"] + one["height"], other["top"] + other["height"]) - max(one["top"], other["top"])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    union = one["width"] * one["height"] + other["width"] * other["height"] - common
    return min(1.0, common / union)  # rounding can leave a hair above 1


def shape_of(annotation: dict[str, Any]) -> "BaseGeometry | None":
    """The shapely geometry of a label document's object; None for masks and objects without a place.

    A polygon that crosses itself is repaired, so that areas and overlaps have a meaning.
    """
    from shapely import make_valid
    from shapely.geometry import LineString, Point, Polygon, box

    if "bounding_box" in annotation:
        at = annotation["bounding_box"]
        return box(at["left"], at["top"], at["left"] + at["width"], at["top"] + at["height"])
    if "polygon" in annotation:
        polygon = Polygon([(point["x"], point["y"]) for point in annotation["polygon"]])
        return polygon if polygon.is_valid else make_valid(polygon)
    if "line" in annotation:
        return LineString([(point["x"], point["y"]) for point in annotation["line"]])
    if "point" in annotation:
        return Point(annotation["point"]["x"], annotation["point"]["y"])
    return None


def area(annotation: dict[str, Any]) -> float:
    """The area of a box or polygon in square pixels; 0 for lines, points and masks (see `mask_area`)."""
    if "bounding_box" in annotation:
        return float(annotation["bounding_box"]["width"] * annotation["bounding_box"]["height"])
    shape = shape_of(annotation)
    return 0.0 if shape is None else float(shape.area)


def iou(one: dict[str, Any], other: dict[str, Any], *, proximity: float = PROXIMITY) -> float:
    """Intersection over union of two objects of a label document, 0 to 1; objects of different kinds give 0.

    Points and lines have no area: both grow by `proximity` pixels first. For masks see `mask_iou`.
    """
    if "bounding_box" in one and "bounding_box" in other:
        return box_iou(one["bounding_box"], other["bounding_box"])
    for key in ("polygon", "line", "point"):
        if key in one and key in other:
            first, second = shape_of(one), shape_of(other)
            if first is None or second is None:
                return 0.0
            if key != "polygon":
                first, second = first.buffer(proximity), second.buffer(proximity)
            union = first.union(second).area
            return min(1.0, float(first.intersection(second).area / union)) if union else 0.0
    return 0.0
