"""Label documents in the words of another ontology."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from labelyard.formats.annotation_mapping import FeatureMapping, MappingRefused
from labelyard.formats.feature_index import FeatureIndex
from labelyard.formats.ontology_json import parse_ontology


def _index(prefix: str, tool: str = "rectangle") -> tuple[FeatureIndex, dict[str, str]]:
    """An ontology whose features are called `<prefix> …`, and their ids by what comes after the prefix."""
    question = {
        "type": "checklist",
        "name": f"{prefix} seen",
        "instructions": f"{prefix} seen",
        "options": [
            {"label": "dog", "value": "dog"},
            {
                "label": "cat",
                "value": "cat",
                "options": [
                    {"type": "text", "name": f"{prefix} why", "instructions": f"{prefix} why", "options": []}
                ],
            },
        ],
    }
    ids = (f"c{prefix[0]}{number:023d}" for number in itertools.count())
    normalized = parse_ontology(
        {
            "tools": [{"tool": tool, "name": f"{prefix} box", "classifications": [question]}],
            "classifications": [{**question, "name": f"{prefix} top", "instructions": f"{prefix} top"}],
        },
        new_id=lambda: next(ids),
        known_ids=set(),
        media_type="IMAGE",
    )
    index = FeatureIndex.of(normalized)
    (box,) = index.tools.values()
    names = {"box": box.id}
    for place, level in (("box", box.classifications), ("top", index.classifications)):
        (found,) = level.by_id.values()
        names[f"{place} seen"] = found.id
        for option in found.options.values():
            names[f"{place} {option.name}"] = option.id
            for nested in option.classifications.by_id.values():
                names[f"{place} why"] = nested.id
    return index, names


def _documents(names: dict[str, str]) -> dict[str, Any]:
    why = {"feature_id": "w", "feature_schema_id": names["top why"], "text_answer": {"content": "x"}}
    answers = [
        {"feature_id": "a", "feature_schema_id": names["top dog"], "classifications": []},
        {"feature_id": "b", "feature_schema_id": names["top cat"], "classifications": [why]},
    ]
    return {
        "objects": [
            {
                "feature_id": "o",
                "feature_schema_id": names["box"],
                "bounding_box": {"top": 1},
                "classifications": [],
            }
        ],
        "classifications": [
            {"feature_id": "q", "feature_schema_id": names["top seen"], "checklist_answers": answers}
        ],
        "relationships": [],
        "segments": {"o": [[1, 2]], "q": [[3, 4]]},
    }


def _applied(mapping: dict[str, str]) -> Any:
    source, before = _index("old")
    destination, after = _index("new")
    pairs = {before[one]: after[other] for one, other in mapping.items()}
    ids = (f"n{number}" for number in itertools.count())
    return FeatureMapping.of(pairs, source, destination).apply(
        _documents(before), project_id="p", new_id=lambda: next(ids)
    )


def test_everything_mapped_is_renamed() -> None:
    names = ("box", "top seen", "top dog", "top cat", "top why")
    mapped = _applied({name: name for name in names})
    _, after = _index("new")
    (box,), (seen,) = mapped.document["objects"], mapped.document["classifications"]
    assert (box["feature_schema_id"], box["name"], box["bounding_box"]) == (
        after["box"],
        "new box",
        {"top": 1},
    )
    assert [answer["feature_schema_id"] for answer in seen["checklist_answers"]] == [
        after["top dog"],
        after["top cat"],
    ]
    assert seen["checklist_answers"][1]["classifications"][0]["text_answer"] == {"content": "x"}
    assert set(mapped.document["segments"]) == {box["feature_id"], seen["feature_id"]}
    assert mapped.dropped == 0


def test_children_that_are_not_mapped_are_dropped() -> None:
    mapped = _applied({"top seen": "top seen", "top cat": "top cat"})
    (seen,) = mapped.document["classifications"]
    (cat,) = seen["checklist_answers"]
    assert (cat["name"], cat["classifications"], mapped.document["objects"]) == ("cat", [], [])
    assert set(mapped.document["segments"]) == {seen["feature_id"]}
    assert mapped.dropped == 3  # the box, the dog, why


def test_an_answer_without_options_is_none() -> None:
    mapped = _applied({"top seen": "top seen"})
    assert mapped.is_empty and mapped.document["segments"] == {}


def test_two_options_may_become_one() -> None:
    mapped = _applied({"top seen": "top seen", "top dog": "top cat", "top cat": "top cat"})
    (seen,) = mapped.document["classifications"]
    assert [answer["name"] for answer in seen["checklist_answers"]] == ["cat"]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"box": "top seen"}, ("'old box' (rectangle", "'new top'")),
        ({"top dog": "top seen"}, ("'dog' (option", "different kinds")),
        ({"box seen": "top seen"}, ("'old seen'", "'new top'", "other features")),
        ({"top seen": "top seen", "top dog": "box dog"}, ("other features",)),
    ],
)
def test_what_does_not_fit_is_named(mapping: dict[str, str], words: tuple[str, ...]) -> None:
    with pytest.raises(MappingRefused) as refused:
        _applied(mapping)
    for word in words:
        assert word in str(refused.value)


def test_unknown_features_are_named() -> None:
    source, before = _index("old")
    destination, _ = _index("new")
    with pytest.raises(MappingRefused, match="no feature 'x'"):
        FeatureMapping.of({"x": "y"}, source, destination)
    with pytest.raises(MappingRefused, match="no feature 'y'"):
        FeatureMapping.of({before["box"]: "y"}, source, destination)
    with pytest.raises(MappingRefused, match="not an object"):
        FeatureMapping.of([], source, destination)
