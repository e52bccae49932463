"""The label document: what an editor sends is completed, and what does not fit is named."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from labelyard.formats.annotations import LabelDocument, empty_document, read_label_document
from labelyard.formats.feature_index import FeatureIndex
from labelyard.formats.masks import mask_counts
from labelyard.formats.refusals import AnnotationRefused

NORMALIZED = json.loads((Path(__file__).parent / "vectors" / "ontology_image_normalized.json").read_text())
INDEX = FeatureIndex.of(NORMALIZED)
ID = "c" + "a" * 24


def read(document: object, **options: Any) -> LabelDocument:
    numbers = itertools.count()
    options = {"size": (100, 50), **options}
    return read_label_document(document, INDEX, new_id=lambda: f"c{next(numbers):024d}", **options)


def objects(*entries: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read({"objects": list(entries)}, **options).document["objects"]
    return found


BOX = {"name": "boat", "bounding_box": {"top": 1.5, "left": 2, "height": 10, "width": 20}}


def test_everything_that_can_be_filled_in_is() -> None:
    answer = {
        "name": "motion",
        "radio_answer": {
            "name": "moored",
            "classifications": [{"name": "berth_code", "text_answer": {"content": "B-12"}}],
        },
    }
    result = read(
        {
            "objects": [{**BOX, "feature_id": ID, "classifications": [answer], "made_by": "us"}],
            "classifications": [
                {"name": "hazards", "checklist_answers": [{"name": "fog"}, {"name": "debris"}]}
            ],
            "note": 1,
        }
    )
    box = result.document["objects"][0]
    assert box["feature_id"] == ID
    assert box["feature_schema_id"] == "cmze6pofsjf4pfch67bikmbh6"
    assert (box["value"], box["annotation_kind"], box["made_by"]) == ("boat", "ImageBoundingBox", "us")
    radio = box["classifications"][0]["radio_answer"]
    assert radio["feature_schema_id"] == "cmzrz9c06v6lkehmtr27bq01j"
    assert radio["classifications"][0]["text_answer"]["content"] == "B-12"
    assert [option["value"] for option in result.document["classifications"][0]["checklist_answers"]] == [
        "fog",
        "debris",
    ]
    assert result.document["relationships"] == [] and result.document["note"] == 1
    again = read(result.document)
    assert again.document == result.document


def test_an_empty_label_is_a_label() -> None:
    assert read({}).document == read(empty_document()).document == empty_document()


def test_shapes() -> None:
    polygon, line, point = objects(
        {"name": "pier", "polygon": [{"x": 0, "y": 0}, {"x": 10, "y": 0}, {"x": 10, "y": 120}]},
        {"name": "mooring_rope", "line": [{"x": 0, "y": 0}, {"x": 10, "y": 0}]},
        {"name": "bollard", "point": {"x": 100.4, "y": 50}},
    )
    assert polygon["polygon"] == [{"x": 0, "y": 0}, {"x": 10, "y": 0}, {"x": 10, "y": 50}, {"x": 0, "y": 0}]
    assert line["annotation_kind"] == "ImagePolyline"
    assert point["point"] == {"x": 100, "y": 50}
    assert objects({"name": "bollard", "point": {"x": 900, "y": 50}}, size=None)[0]["point"]["x"] == 900


def test_drawn_and_kept_masks() -> None:
    result = read(
        {
            "objects": [
                {"name": "oil_sheen", "mask": {"size": [50, 100], "counts": [10, 5, 4985]}},
                {"name": "water", "mask": {"size": [50, 100], "counts": [0, 5000]}},
                {
                    "name": "water",
                    "composite_mask": {"url": "https://h/1", "color_rgb": [1, 2, 3]},
                    "feature_id": ID,
                },
            ]
        }
    )
    first, second = result.drawn_masks
    assert mask_counts(first.mask) == [10, 5, 4985] and mask_counts(second.mask) == [0, 5000]
    assert (first.tool, second.tool) == ("superpixel", "raster-segmentation")
    assert "mask" not in first.target
    first.target["mask"] = {"url": "https://h/2"}
    assert result.document["objects"][0]["mask"] == {"url": "https://h/2"}
    assert [(kept.feature_id, kept.url) for kept in result.kept_masks] == [(ID, "https://h/1")]


def test_relationships_join_objects_that_the_ontology_lets_them() -> None:
    a, b, c = ("c" + letter * 24 for letter in "xyz")
    boat, bollard = {**BOX, "feature_id": a}, {"name": "bollard", "point": {"x": 1, "y": 1}, "feature_id": b}
    tie = {"name": "tied_to", "unidirectional_relationship": {"source": a, "target": b}, "feature_id": c}
    result = read({"objects": [boat, bollard], "relationships": [tie]})
    relationship = result.document["relationships"][0]
    assert relationship["annotation_kind"] == "UnidirectionalRelationship"
    assert relationship["feature_schema_id"] == "cmz2qadhwyra9w5unj0ugaz6r"
    backwards = {**tie, "unidirectional_relationship": {"source": b, "target": a}}
    with pytest.raises(AnnotationRefused, match="does not join"):
        read({"objects": [boat, bollard], "relationships": [backwards]})
    with pytest.raises(AnnotationRefused, match="no object"):
        read({"objects": [boat], "relationships": [tie]})


def test_required_questions() -> None:
    calm = {"name": "sea_state", "radio_answer": {"name": "calm"}}
    read({"classifications": [calm]}, require_answers=True)
    with pytest.raises(AnnotationRefused, match="'sea_state' has no answer"):
        read({}, require_answers=True)


def boat(**sides: float) -> dict[str, Any]:
    return {
        "objects": [{"name": "boat", "bounding_box": {"top": 1, "left": 2, "height": 3, "width": 4, **sides}}]
    }


def sheen(size: list[int], counts: list[int]) -> dict[str, Any]:
    return {"objects": [{"name": "oil_sheen", "mask": {"size": size, "counts": counts}}]}


def shape(name: str, **geometry: Any) -> dict[str, Any]:
    return {"objects": [{"name": name, **geometry}]}


def answers(name: str, times: int = 1, **answer: Any) -> dict[str, Any]:
    return {"classifications": [{"name": name, **answer}] * times}


@pytest.mark.parametrize(
    ("document", "name", "words"),
    [
        ([], "WrongType", "not a JSON object"),
        ({"objects": {}}, "WrongType", "`objects`"),
        ({"objects": [1]}, "WrongType", "Object 1"),
        (shape("submarine"), "UnknownSchema", "'submarine'"),
        ({"objects": [{**BOX, "feature_schema_id": ID}]}, "UnknownSchema", ID),
        ({"objects": [{**BOX, "feature_id": "1"}]}, "WrongType", "25 characters"),
        ({"objects": [{**BOX, "feature_id": ID}] * 2}, "DuplicateId", "used twice"),
        (shape("boat"), "InvalidGeometry", "needs bounding_box, not nothing"),
        ({"objects": [{**BOX, "point": {"x": 1, "y": 1}}]}, "InvalidGeometry", "bounding_box and point"),
        ({"objects": [{**BOX, "name": "pier"}]}, "InvalidGeometry", "needs polygon"),
        (shape("boat", bounding_box={"top": 1}), "WrongType", "`left`"),
        (boat(width=0), "InvalidGeometry", "positive"),
        (boat(left=200), "InvalidGeometry", "outside"),
        (shape("bollard", point={"x": True, "y": 1}), "WrongType", "`x`"),
        (shape("bollard", point={"x": -20, "y": 1}), "InvalidGeometry", "100 x 50"),
        (shape("pier", polygon=[{"x": 1, "y": 1}] * 4), "InvalidGeometry", "three different"),
        (shape("mooring_rope", line=[{"x": 1, "y": 1}]), "InvalidGeometry", "two different"),
        (sheen([5, 5], [0, 25]), "InvalidGeometry", "5 x 5"),
        (sheen([50, 100], [5000]), "InvalidGeometry", "empty"),
        (sheen([50, 100], [1]), "InvalidGeometry", "5000"),
        (shape("tied_to", point={"x": 1, "y": 1}), "MediaMismatch", "edge"),
        (answers("nope"), "UnknownSchema", "'nope'"),
        (answers("sea_state"), "WrongType", "'sea_state'"),
        (answers("sea_state", radio_answer={"name": "fog"}), "UnknownOption", "'fog'"),
        (answers("remarks", text_answer={"content": 7}), "WrongType", "text_answer"),
        (answers("hazards", checklist_answers=[]), "EmptyAnswers", "'hazards'"),
        (answers("hazards", checklist_answers=[{"name": "fog"}] * 2), "DuplicateOption", "twice"),
        (answers("remarks", 2, text_answer={"content": ""}), "DuplicateAnswer", "'remarks'"),
        ({"relationships": [{"name": "tied_to"}]}, "WrongType", "Relationship 1"),
    ],
)
def test_what_does_not_fit_is_named(document: Any, name: str, words: str) -> None:
    with pytest.raises(AnnotationRefused) as caught:
        read(document)
    assert caught.value.name == name
    assert words in str(caught.value)


def test_other_media_take_answers_but_no_shapes() -> None:
    read(
        {"classifications": [{"name": "remarks", "text_answer": {"content": "x"}}]},
        media_type="TEXT",
        size=None,
    )
    with pytest.raises(AnnotationRefused, match="TEXT"):
        read({"objects": [BOX]}, media_type="TEXT", size=None)
