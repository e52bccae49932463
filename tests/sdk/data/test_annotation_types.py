"""Typed annotations of images and the lines they become: the import format, sections 2 to 4."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

import labelbox as lb
from labelbox import types as lb_types
from labelbox.schema.annotation_import import check_import_lines

SCHEMA = "c" + "1" * 24
SQUARE = [lb_types.Point(1, 1), lb_types.Point(5, 1), lb_types.Point(5, 5)]


def _line(value: Any, **given: Any) -> dict[str, Any]:
    annotation = lb_types.ObjectAnnotation(name="boat", value=value, **given)
    label = lb_types.Label(data={"global_key": "g"}, annotations=[annotation])
    (line,) = lb_types.NDJsonConverter.serialize([label])
    assert line.pop("uuid") == str(annotation.uuid)
    assert line.pop("dataRow") == {"globalKey": "g"}
    return line


SHAPES: list[tuple[Any, dict[str, Any]]] = [
    (
        lb_types.Rectangle(start=lb_types.Point(9, 7), end=lb_types.Point(4, 2)),
        {"bbox": {"top": 2, "left": 4, "height": 5, "width": 5}},
    ),
    (lb_types.Rectangle.from_xyhw(1, 2, 3, 4), {"bbox": {"top": 2, "left": 1, "height": 3, "width": 4}}),
    (lb_types.Point(x=1.5, y=2), {"point": {"x": 1.5, "y": 2}}),
    (lb_types.Line(points=SQUARE[:2]), {"line": [{"x": 1, "y": 1}, {"x": 5, "y": 1}]}),
    (lb_types.Polygon(points=SQUARE), {"polygon": [{"x": 1, "y": 1}, {"x": 5, "y": 1}, {"x": 5, "y": 5}]}),
    (
        lb_types.Mask(mask=lb_types.MaskData(url="https://a.b/c.png"), color=(0, 255, 3)),
        {"mask": {"instanceURI": "https://a.b/c.png", "colorRGB": [0, 255, 3]}},
    ),
    (
        lb_types.Mask(mask=lb_types.MaskData(im_bytes=b"png"), color=(1, 2, 3)),
        {"mask": {"imBytes": "cG5n", "colorRGB": [1, 2, 3]}},
    ),
]


@pytest.mark.parametrize(("shape", "expected"), SHAPES)
def test_shapes(shape: Any, expected: dict[str, Any]) -> None:
    assert _line(shape) == {"name": "boat", "classifications": [], **expected}


@pytest.mark.parametrize("color", [(0, 255, 3), 7])
def test_a_mask_of_an_array_is_a_png_of_zeros_and_ones(color: Any) -> None:
    numpy = pytest.importorskip("numpy")
    image = pytest.importorskip("PIL.Image")
    pixels = numpy.zeros((4, 6, 3) if isinstance(color, tuple) else (4, 6), dtype="uint8")
    pixels[1:3, 2:5] = color
    line = _line(lb_types.Mask(mask=lb_types.MaskData(arr=pixels), color=color))
    decoded = numpy.asarray(image.open(io.BytesIO(base64.b64decode(line["mask"]["png"]))))
    expected = numpy.zeros((4, 6), dtype="uint8")
    expected[1:3, 2:5] = 1
    assert (decoded == expected).all()
    assert decoded.shape == (4, 6)


def _answer(name: str, **given: Any) -> lb_types.ClassificationAnswer:
    return lb_types.ClassificationAnswer(name=name, **given)


def _question(name: str, value: Any) -> lb_types.ClassificationAnnotation:
    return lb_types.ClassificationAnnotation(name=name, value=value)


def test_answers_and_nesting() -> None:
    berth = _question("berth", lb_types.Text(answer="A7"))
    radio = _question("motion", lb_types.Radio(answer=_answer("moored", classifications=[berth])))
    hazards = _question("hazards", lb_types.Checklist(answer=[_answer("fog"), _answer("debris")]))
    line = _line(SQUARE[0], classifications=[radio], confidence=0.5)
    assert line["confidence"] == 0.5
    nested = {"name": "berth", "answer": "A7"}
    assert line["classifications"] == [
        {"name": "motion", "answer": {"name": "moored", "classifications": [nested]}}
    ]
    label = lb_types.Label(data=lb_types.GenericDataRowData(uid="r"), annotations=[hazards])
    label.is_benchmark_reference = True
    (line,) = lb_types.NDJsonConverter.serialize(lb_types.LabelGenerator([label]))
    assert line == {
        "uuid": str(hazards.uuid),
        "name": "hazards",
        "answer": [{"name": "fog"}, {"name": "debris"}],
        "dataRow": {"id": "r"},
        "isBenchmarkReferenceLabel": True,
    }
    assert label.classification_annotations() == [hazards]
    assert label.object_annotations() == []


def test_schema_ids_and_metrics() -> None:
    metric = lb_types.CustomMetric(name="sharpness", value=0.3)
    annotation = lb_types.ObjectAnnotation(feature_schema_id=SCHEMA, value=SQUARE[0], custom_metrics=[metric])
    line = annotation.as_line()
    assert (line["schemaId"], line["customMetrics"]) == (SCHEMA, [{"name": "sharpness", "value": 0.3}])
    assert "name" not in line


WRONG: list[tuple[Callable[[], Any], type[Exception]]] = [
    (lambda: lb_types.Line(points=SQUARE[:1]), ValueError),
    (lambda: lb_types.Polygon(points=SQUARE[:2]), ValueError),
    (lambda: lb_types.Mask(mask=lb_types.MaskData(url="u"), color=(0, 300, 0)), ValueError),
    (lambda: lb_types.Mask(mask=lb_types.MaskData(url="u"), color=(0, 3)), ValueError),  # type: ignore[arg-type]
    (lb_types.MaskData, ValueError),
    (lambda: lb_types.MaskData(url="u", im_bytes=b"x"), ValueError),
    (lambda: lb_types.ObjectAnnotation(value=SQUARE[0]), ValueError),
    (lambda: lb_types.ObjectAnnotation(feature_schema_id="short", value=SQUARE[0]), ValueError),
    (lambda: lb_types.ObjectAnnotation(name="a", value=SQUARE[0], confidence=1.4), ValueError),
    (lambda: lb_types.ObjectAnnotation(name="a", value="box"), TypeError),  # type: ignore[arg-type]
    (lambda: lb_types.ClassificationAnnotation(name="a", value="yes"), TypeError),  # type: ignore[arg-type]
    (lambda: lb_types.Checklist(answer=[]), ValueError),
    (lambda: lb_types.Checklist(answer=[_answer("a"), _answer("a")]), ValueError),
    (lambda: lb_types.Label(data={}), ValueError),
    (lambda: lb_types.Label(data={"uid": "a", "global_key": "b"}), ValueError),
    (lambda: lb_types.Label(data={"uid": "a"}, annotations=["x"]), TypeError),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("make", "expected"), WRONG)
def test_wrong_annotations(make: Callable[[], Any], expected: type[Exception]) -> None:
    with pytest.raises(expected):
        make()


def test_both_imports_take_typed_labels(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    label = lb_types.Label(
        data={"global_key": "g"},
        annotations=[
            lb_types.ObjectAnnotation(name="boat", value=SHAPES[0][0]),
            _question("remarks", lb_types.Text(answer="é")),
        ],
    )
    found = values(lb.LabelImport, name="job", state="RUNNING")
    server.on("CreateLabelImportFromFile", {"createLabelImport": found})
    root = "createModelAssistedLabelingPredictionImport"
    server.on("CreateModelAssistedLabelingPredictionImportFromFile", {root: found})
    lb.LabelImport.create_from_objects(client, SCHEMA, "job", [label])
    lb.MALPredictionImport.create_from_objects(client, SCHEMA, "job", lb_types.LabelGenerator([label]))
    for request in server.requests:
        lines = [json.loads(line) for line in request.parts["1"][1].decode().split("\n")]
        check_import_lines(lines)
        assert [line["name"] for line in lines] == ["boat", "remarks"]
        assert lines[1]["answer"] == "é"
