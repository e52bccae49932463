"""Shapes: fitting into a picture, areas, overlaps."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelyard.formats import geometry
from labelyard.formats.geometry import area, fit_box, fit_polygon, ious
from labelyard.formats.refusals import AnnotationRefused

numbers = st.floats(-500, 500, allow_nan=False)
sizes = st.floats(0.5, 300)


def box(top: float, left: float, height: float, width: float) -> dict[str, Any]:
    return {"bounding_box": {"top": top, "left": left, "height": height, "width": width}}


def polygon(*points: tuple[float, float]) -> dict[str, Any]:
    return {"polygon": [{"x": x, "y": y} for x, y in (*points, points[0])]}


@given(numbers, numbers, sizes, sizes)
def test_a_fitted_box_lies_in_the_picture_and_covers_what_it_did(
    top: float, left: float, height: float, width: float
) -> None:
    try:
        fitted = fit_box(top, left, height, width, (200, 100))
    except AnnotationRefused:
        assert left >= 200 or top >= 100 or left + width <= 0 or top + height <= 0
        return
    assert fitted["left"] >= 0 and fitted["left"] + fitted["width"] <= 200 + 1e-9
    assert fitted["top"] >= 0 and fitted["top"] + fitted["height"] <= 100 + 1e-9
    assert fitted["left"] >= left and fitted["width"] <= width + 1e-9


@given(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=9, unique=True))
def test_a_fitted_polygon_is_closed_and_lies_in_the_picture(points: list[tuple[float, float]]) -> None:
    try:
        fitted = fit_polygon([x for x, _ in points], [y for _, y in points], (200, 100))
    except AnnotationRefused as refusal:
        assert "outside" in refusal.message
        return
    assert fitted[0] == fitted[-1]
    assert all(0 <= point["x"] <= 200 and 0 <= point["y"] <= 100 for point in fitted)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
def test_unusable_numbers_are_refused(value: float) -> None:
    with pytest.raises(AnnotationRefused):
        fit_box(value, 0, 1, 1, None)
    with pytest.raises(AnnotationRefused):
        fit_box(0, 0, value, 1, None)
    with pytest.raises(AnnotationRefused):
        fit_polygon([value, 1, 0], [0, 5, 5], None)


boxes = st.builds(box, numbers, numbers, sizes, sizes)


def iou(one: dict[str, Any], other: dict[str, Any]) -> float:
    return float(ious([one], [other])[0, 0])


@given(boxes, boxes)
def test_box_overlap_agrees_with_the_polygons(one: dict[str, Any], two: dict[str, Any]) -> None:
    def corners(of: dict[str, Any]) -> dict[str, Any]:
        at = of["bounding_box"]
        right, bottom = at["left"] + at["width"], at["top"] + at["height"]
        return polygon((at["left"], at["top"]), (right, at["top"]), (right, bottom), (at["left"], bottom))

    assert iou(one, two) == pytest.approx(iou(corners(one), corners(two)), abs=1e-6)
    assert iou(one, two) == pytest.approx(iou(two, one))
    assert 0 <= iou(one, two) <= 1
    assert area(one) == pytest.approx(area(corners(one)))


def test_known_overlaps() -> None:
    assert iou(box(0, 0, 10, 10), box(0, 5, 10, 10)) == pytest.approx(1 / 3)
    assert iou(polygon((0, 0), (4, 0), (4, 4), (0, 4)), polygon((0, 0), (4, 0), (4, 4))) == pytest.approx(0.5)
    bow_tie = polygon((0, 0), (4, 4), (4, 0), (0, 4))
    assert area(bow_tie) == pytest.approx(8)
    assert iou(bow_tie, bow_tie) == pytest.approx(1)
    near, far = {"point": {"x": 0, "y": 0}}, {"point": {"x": 10, "y": 0}}
    assert iou(near, near) == pytest.approx(1)
    assert 0.5 < iou(near, far) < 1
    assert iou(near, {"point": {"x": 1000, "y": 0}}) == 0
    assert iou(near, box(0, 0, 1, 1)) == 0
    line = {"line": [{"x": 0, "y": 0}, {"x": 100, "y": 0}]}
    assert iou(line, line) == pytest.approx(1)


def test_among_many_boxes_an_index_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    ones = [box(7 * n % 90, 11 * n % 70, 9, 12) for n in range(40)]
    others = [box(13 * n % 90, 5 * n % 70, 10, 8) for n in range(30)]
    dense = ious(ones, others)
    assert dense.max() > 0.3 and (dense == 0).any()
    monkeypatch.setattr(geometry, "DENSE", 0)
    assert ious(ones, others) == pytest.approx(dense)


def test_each_object_is_compared_with_each() -> None:
    square, half = polygon((0, 0), (4, 0), (4, 4), (0, 4)), polygon((0, 0), (2, 0), (2, 4), (0, 4))
    found = ious([box(0, 0, 10, 10), square], [half, box(0, 5, 10, 10), box(50, 50, 1, 1)])
    assert found == pytest.approx(np.array([[0, 1 / 3, 0], [0.5, 0, 0]]))
    assert ious([], [square]).shape == (0, 1)
