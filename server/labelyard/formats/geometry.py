"""Shapes of the label document: do they fit their picture, how large are they, how much do two have in
common.

Pixels of the upright picture, origin top left. A shape that reaches over the edge is cut or moved to the
edge; one that lies wholly outside is refused.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from labelyard.formats.refusals import AnnotationRefused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

Size = tuple[int, int]  # width, height

EDGE = 1.0  # a point may miss the picture by this many pixels
HUGE = 1e9
DENSE = 1_000_000  # pairs of boxes that are compared one and all; among more an index finds those that touch
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
        return polygon if polygon.is_valid else make_valid(polygon, method="structure", keep_collapsed=False)
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


def ious(
    ones: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]], *, proximity: float = PROXIMITY
) -> "NDArray[np.float64]":
    """Intersection over union, 0 to 1, of each of one label's objects (rows) with each of another's (columns).

    Points and lines have no area: they grow by `proximity` pixels first. Objects of different kinds have nothing in
    common; masks have no place here, see `mask_ious`.
    """
    import numpy as np

    found = np.zeros((len(ones), len(others)))
    for key in ("bounding_box", "polygon", "line", "point"):
        rows = [n for n, entry in enumerate(ones) if key in entry]
        columns = [n for n, entry in enumerate(others) if key in entry]
        if rows and columns:
            is_small = len(rows) * len(columns) <= DENSE
            of_kind = _box_ious if key == "bounding_box" and is_small else _shape_ious
            grown = proximity if key in ("line", "point") else 0.0
            found[np.ix_(rows, columns)] = of_kind(
                [ones[n] for n in rows], [others[n] for n in columns], grown
            )
    return found


def _box_ious(
    ones: list[dict[str, Any]], others: list[dict[str, Any]], _grown: float
) -> "NDArray[np.float64]":
    import numpy as np

    def sides(entries: list[dict[str, Any]]) -> "NDArray[np.float64]":
        boxes = [entry["bounding_box"] for entry in entries]
        return np.array([(at["left"], at["top"], at["width"], at["height"]) for at in boxes], dtype=float)

    one, other = sides(ones)[:, None, :], sides(others)[None, :, :]
    left_top = np.maximum(one[..., :2], other[..., :2])
    right_bottom = np.minimum(one[..., :2] + one[..., 2:], other[..., :2] + other[..., 2:])
    common = np.prod(np.clip(right_bottom - left_top, 0, None), axis=-1)
    union = np.prod(one[..., 2:], axis=-1) + np.prod(other[..., 2:], axis=-1) - common
    # rounding can leave a hair above 1
    found: NDArray[np.float64] = np.divide(common, union, out=np.zeros_like(common), where=union > 0)
    return np.minimum(found, 1.0)


def _shape_ious(
    ones: list[dict[str, Any]], others: list[dict[str, Any]], grown: float
) -> "NDArray[np.float64]":
    """Only shapes that touch are cut with each other: an index finds them."""
    import numpy as np
    import shapely

    one = np.array([shape_of(entry) for entry in ones], dtype=object)
    other = np.array([shape_of(entry) for entry in others], dtype=object)
    if grown:
        one, other = shapely.buffer(one, grown), shapely.buffer(other, grown)
    found = np.zeros((len(ones), len(others)))
    rows, columns = shapely.STRtree(other).query(one, predicate="intersects")
    common = shapely.area(shapely.intersection(one[rows], other[columns]))
    union = shapely.area(one[rows]) + shapely.area(other[columns]) - common
    found[rows, columns] = np.divide(common, union, out=np.zeros_like(common), where=union > 0)
    return np.minimum(found, 1.0)
