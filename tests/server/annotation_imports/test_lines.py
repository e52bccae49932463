"""Each bad line is refused with its reason, and the good ones around it go in (import-ndjson.md 7)."""

from __future__ import annotations

from typing import Any

import pytest

from server.annotation_imports.conftest import ndjson

_BOX = {"bbox": {"top": 1, "left": 1, "height": 5, "width": 5}}
_CAR: dict[str, Any] = {"name": "Car", **_BOX}
# what is wrong -> the members of the line besides uuid and dataRow, and the name of the refusal
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "two data rows": ({**_CAR, "dataRow": {"id": "ROW", "globalKey": "x"}}, "AmbiguousDataRow"),
    "empty data row": ({**_CAR, "dataRow": {}}, "AmbiguousDataRow"),
    "unknown data row": ({**_CAR, "dataRow": {"id": "c" + "0" * 24}}, "UnknownDataRow"),
    "no data row": ({**_CAR, "dataRow": None}, "MissingField"),
    "no schema and no name": (_BOX, "MissingField"),
    "short schema id": ({"schemaId": "short", **_BOX}, "UnknownSchema"),
    "unknown schema id": ({"schemaId": "c" + "1" * 24, **_BOX}, "UnknownSchema"),
    "unknown name": ({"name": "submarine", **_BOX}, "UnknownSchema"),
    "box for a polygon": ({"name": "Road", **_BOX}, "ToolMismatch"),
    "nothing drawn": ({"name": "Car"}, "MissingField"),
    "two geometries": ({**_CAR, "point": {"x": 1, "y": 1}}, "ExtraField"),
    "box without top": ({"name": "Car", "bbox": {"left": 1, "height": 5, "width": 5}}, "MissingField"),
    "box with a word": (
        {"name": "Car", "bbox": {"top": "north", "left": 1, "height": 5, "width": 5}},
        "WrongType",
    ),
    "negative box": (
        {"name": "Car", "bbox": {"top": 10, "left": 10, "height": -5, "width": 5}},
        "InvalidGeometry",
    ),
    "box outside": (
        {"name": "Car", "bbox": {"top": 90_000, "left": 90_000, "height": 5, "width": 5}},
        "InvalidGeometry",
    ),
    "polygon of two": ({"name": "Road", "polygon": [{"x": 1, "y": 1}, {"x": 2, "y": 2}]}, "InvalidGeometry"),
    "point without y": (
        {"name": "Road", "polygon": [{"x": 1}, {"x": 2, "y": 2}, {"x": 3, "y": 3}]},
        "MissingField",
    ),
    "line of one": ({"name": "Lane", "line": [{"x": 1, "y": 1}]}, "InvalidGeometry"),
    "point as a list": ({"name": "Sign", "point": [1, 2]}, "WrongType"),
    "colour out of range": (
        {"name": "Sky", "mask": {"instanceURI": "https://files.example/a.png", "colorRGB": [0, 300, 0]}},
        "OutOfRange",
    ),
    "colour of two parts": (
        {"name": "Sky", "mask": {"instanceURI": "https://files.example/a.png", "colorRGB": [0, 3]}},
        "WrongType",
    ),
    "mask without a source": ({"name": "Sky", "mask": {"colorRGB": [0, 3, 4]}}, "MissingField"),
    "negative run": ({"name": "Sky", "mask": {"size": [4, 4], "counts": [3, -1, 14]}}, "OutOfRange"),
    "size of three": ({"name": "Sky", "mask": {"size": [4, 4, 1], "counts": [16]}}, "WrongType"),
    "mask that cannot be fetched": (
        {"name": "Sky", "mask": {"instanceURI": "http://127.0.0.1:9/a.png", "colorRGB": [1, 1, 1]}},
        "UnreadableMask",
    ),
    "text entity on a picture": ({"name": "Car", "location": {"start": 0, "end": 4}}, "MediaMismatch"),
    "entity that runs backwards": ({"name": "Car", "location": {"start": 9, "end": 4}}, "OutOfRange"),
    "radio with a list": ({"name": "Weather", "answer": [{"name": "sunny"}]}, "WrongType"),
    "radio with null": ({"name": "Weather", "answer": None}, "WrongType"),
    "radio with text": ({"name": "Weather", "answer": "calm"}, "ToolMismatch"),
    "unknown option": ({"name": "Weather", "answer": {"name": "misty"}}, "UnknownOption"),
    "empty checklist": ({"name": "Visible", "answers": []}, "EmptyAnswers"),
    "option twice": (
        {"name": "Visible", "answers": [{"name": "people"}, {"name": "people"}]},
        "DuplicateOption",
    ),
    "option without a name": ({"name": "Visible", "answers": [{}]}, "MissingField"),
    "text that is a number": ({"name": "Notes", "answer": 7}, "WrongType"),
    "NUL in a text": ({"name": "Notes", "answer": "a\0b"}, "WrongType"),
    "unknown subclass": ({**_CAR, "classifications": [{"name": "Size", "answer": "x"}]}, "UnknownSchema"),
    "unknown option of a subclass": (
        {**_CAR, "classifications": [{"name": "Colour", "answer": {"name": "green"}}]},
        "UnknownOption",
    ),
}


@pytest.mark.parametrize("kind", ["labelImport", "mALPredictionImport", "bulkImportRequest"])
def test_bad_lines_have_their_reasons_and_good_ones_go_in(
    run_import: Any, image_project: Any, kind: str
) -> None:
    row = image_project.data_row_ids[0]
    lines: list[dict[str, Any]] = [{"uuid": "good 1", "dataRow": {"id": row}, **_CAR}]
    for what, (members, _) in BAD.items():
        line = {"uuid": what, "dataRow": {"id": row}, **members}
        if line["dataRow"] and line["dataRow"].get("id") == "ROW":
            line["dataRow"] = {"id": row, "globalKey": "x"}
        lines.append(line)
    lines.append({"uuid": "good 1", "dataRow": {"id": row}, **_CAR})
    lines.append({"dataRow": {"id": row}, "name": "Sign", "point": {"x": 1, "y": 1}, "confidence": 1.4})
    lines.append({"uuid": "not a uuid", "dataRow": {"id": row}, **_CAR, "colour": "red"})

    finished = run_import(kind, image_project.id, "bad lines", lines)

    assert finished["state"] == "FINISHED"
    statuses = ndjson(finished["statusFileUrl"])
    assert [status["uuid"] for status in statuses if status["uuid"] in BAD] == list(BAD)
    found = {status["uuid"]: status["errors"][0]["name"] for status in statuses[1:-3]}
    assert found == {what: reason for what, (_, reason) in BAD.items()}
    assert all(status["errors"][0]["message"] for status in statuses[1:-3])
    assert [status["status"] for status in statuses[-3:]] == ["FAILURE", "SUCCESS", "SUCCESS"]
    assert statuses[-3]["errors"][0]["name"] == "DuplicateUuid"
    assert statuses[-2]["uuid"], "a line without a uuid is given one"
    assert statuses[0] == {"uuid": "good 1", "dataRow": {"id": row}, "status": "SUCCESS"}
    assert ndjson(finished["errorFileUrl"]) == [line for line in statuses if line["status"] == "FAILURE"]


def test_an_array_is_refused_and_text_fails_the_whole_import(
    run_import: Any, image_project: Any, graphql: Any
) -> None:
    row = image_project.data_row_ids[0]
    good = b'{"uuid": "u", "name": "Car", "dataRow": {"id": "%b"}, "bbox": {"top":1,"left":1,"height":5,"width":5}}'
    array = run_import("labelImport", image_project.id, "array", b"[1, 2, 3]\n\n" + good % row.encode())
    assert [line["status"] for line in ndjson(array["statusFileUrl"])] == ["FAILURE", "SUCCESS"]

    for name, bad in (("text", b"this is not json"), ("cut", b'{"uuid": "v", "schemaId":')):
        failed = run_import("labelImport", image_project.id, name, good % row.encode() + b"\n" + bad)
        assert failed["state"] == "FAILED"
        assert "Line 2" in ndjson(failed["errorFileUrl"])[0]["errors"][0]["message"]
    count = graphql("query($id: ID!) { project(where: {id: $id}) { labelCount } }", id=image_project.id)
    assert count["project"]["labelCount"] == 1, "a file that is not NDJSON changes nothing"


def test_more_than_5000_lines_of_a_class_on_a_row_are_refused(run_import: Any, image_project: Any) -> None:
    row = {"id": image_project.data_row_ids[0]}
    lines = [
        {"uuid": str(n), "dataRow": row, "name": "Sign", "point": {"x": 1, "y": 1}} for n in range(5_001)
    ]
    statuses = ndjson(run_import("mALPredictionImport", image_project.id, "many", lines)["statusFileUrl"])
    assert [line["uuid"] for line in statuses if line["status"] == "FAILURE"] == ["5000"]
    assert statuses[-1]["errors"][0]["name"] == "LimitExceeded"
