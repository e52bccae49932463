"""Texts of 2.x clients as label documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from labelyard.formats.export_labels_v1 import legacy_label_document
from labelyard.formats.legacy_labels import read_legacy_label
from labelyard.quality.agreement import label_agreement


def test_what_we_export_the_2_4_way_is_read_back() -> None:
    titled = {"feature_id": "c" + "a" * 24, "feature_schema_id": "s", "value": "x"}
    document: dict[str, Any] = {
        "objects": [
            {
                **titled,
                "name": "Car",
                "bounding_box": {"top": 1.0, "left": 2.0, "height": 3.0, "width": 4.0},
                "classifications": [
                    {
                        **titled,
                        "name": "Colour",
                        "radio_answer": {**titled, "name": "red", "classifications": []},
                    }
                ],
            },
            {
                **titled,
                "name": "Road",
                "polygon": [{"x": 0, "y": 0}, {"x": 4, "y": 0}, {"x": 4, "y": 4}, {"x": 0, "y": 0}],
                "classifications": [],
            },
            {**titled, "name": "Lane", "line": [{"x": 0, "y": 0}, {"x": 4, "y": 0}], "classifications": []},
            {**titled, "name": "Sign", "point": {"x": 1, "y": 2}, "classifications": []},
        ],
        "classifications": [
            {
                **titled,
                "name": "Seen",
                "checklist_answers": [{**titled, "name": "dog", "classifications": []}],
            },
            {**titled, "name": "Notes", "text_answer": {"content": "wet"}},
        ],
        "relationships": [],
    }
    text = json.dumps(legacy_label_document(document, {}, lambda feature_id: feature_id))
    read = read_legacy_label(text)
    assert [entry["name"] for entry in read["objects"]] == ["Car", "Road", "Lane", "Sign"]
    assert label_agreement(document, read, {}) == pytest.approx(1)


def test_the_older_spelling_by_names() -> None:
    text = json.dumps(
        {
            "Car": [{"geometry": [{"x": 0, "y": 0}, {"x": 4, "y": 0}, {"x": 4, "y": 4}]}],
            "Sign": [{"geometry": {"x": 1, "y": 2}}],
            "Weather": "sunny",
        }
    )
    read = read_legacy_label(text)
    assert read["objects"][0]["polygon"][2] == {"x": 4, "y": 4}
    assert (read["objects"][1]["name"], read["objects"][1]["point"]) == ("Sign", {"x": 1, "y": 2})
    assert read["classifications"] == [{"name": "Weather", "text_answer": {"content": "sunny"}}]


@pytest.mark.parametrize(
    "text",
    [
        "test",
        "[1, 2]",
        '"quoted"',
        '{"objects": [{"title": "Car", "bbox": {"top": 1}}]}',
        '{"objects": [{"title": "Car", "bbox": {"top": "nan", "left": 0, "height": 1, "width": 1}}]}',
        '{"objects": [{"title": "Car", "polygon": [{"x": 1, "y": 1}]}]}',
        '{"Car": [{"geometry": 5}]}',
        '{"objects": 5}',
    ],
)
def test_anything_else_is_one_text(text: str) -> None:
    read = read_legacy_label(text)
    assert read["objects"] == []
    assert read["classifications"] == [{"name": "", "text_answer": {"content": text}}]
