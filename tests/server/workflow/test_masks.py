"""Masks belong to the label they were drawn in."""

from __future__ import annotations

import io
from typing import Any

import urllib3
from PIL import Image

from factories import make_label_project, make_user, reserve, submit

FEATURE_ID = "cmask00000000000000000001"
PIXELS = 640 * 480
ONTOLOGY = {
    "tools": [{"tool": "superpixel", "name": "Sky"}, {"tool": "edge", "name": "above"}],
    "classifications": [],
}


def _document(first: int, count: int) -> dict[str, Any]:
    counts = [first, count, PIXELS - first - count]
    return {
        "objects": [
            {"name": "Sky", "feature_id": FEATURE_ID, "mask": {"size": [480, 640], "counts": counts}},
            {"name": "Sky", "mask": {"size": [480, 640], "counts": [0, 1, PIXELS - 1]}},
        ],
        "classifications": [],
        "relationships": [],
    }


def _area(server: Any, annotation: dict[str, Any]) -> int:
    """How many pixels the mask at an annotation's address has."""
    answer = urllib3.request(
        "GET", server.url + annotation["mask"]["url"], headers={"Authorization": f"Bearer {server.key}"}
    )
    assert answer.status == 200, answer.data
    histogram = Image.open(io.BytesIO(answer.data)).convert("L").histogram()
    assert histogram[0] + histogram[255] == PIXELS
    return histogram[255]


def test_a_mask_drawn_under_a_taken_id_does_not_replace_another_labelers(server: Any) -> None:
    settings = {"numberOfLabels": 2, "coveragePercentage": 1.0}
    project_id, ids, _ = make_label_project(server, 1, ONTOLOGY, consensusSettings=settings)
    labels = []
    for first, count in ((10, 100), (50, 7)):
        key = make_user(server)[1]
        assert reserve(server, project_id, key=key)["tasks"]
        labels.append(submit(server, project_id, ids[0], _document(first, count), key=key)["annotations"])
    mine, theirs = (label["objects"][0] for label in labels)
    assert mine["feature_id"] == FEATURE_ID and theirs["feature_id"] != FEATURE_ID
    assert [_area(server, annotation) for annotation in (mine, theirs)] == [100, 7]


def test_a_mask_drawn_under_the_id_of_another_row_does_not_replace_it_there(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 2, ONTOLOGY)
    labels = []
    for row, count in zip(ids, (100, 7), strict=True):
        reserve(server, project_id, first=2)
        labels.append(submit(server, project_id, row, _document(10, count))["annotations"])
    assert [_area(server, label["objects"][0]) for label in labels] == [100, 7]


def test_relationships_follow_a_mask_to_its_new_id(server: Any) -> None:
    project_id, ids, normalized = make_label_project(server, 2, ONTOLOGY)
    edge = next(tool for tool in normalized["tools"] if tool["tool"] == "edge")
    box = "cmask00000000000000000002"
    labels = []
    for row in ids:
        reserve(server, project_id, first=2)
        document = _document(10, 100)
        document["objects"][1]["feature_id"] = box
        ends = {"source": FEATURE_ID, "target": box, "model": "unidirectional"}
        document["relationships"] = [
            {"feature_schema_id": edge["featureSchemaId"], "unidirectional_relationship": ends}
        ]
        labels.append(submit(server, project_id, row, document)["annotations"])
    second = labels[1]
    ids_of_second = [entry["feature_id"] for entry in second["objects"]]
    assert not {FEATURE_ID, box} & set(ids_of_second)
    ends = second["relationships"][0]["unidirectional_relationship"]
    assert [ends["source"], ends["target"]] == ids_of_second
