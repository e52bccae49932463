"""The normalized ontology: what a client posts comes back complete, and what makes no sense is named."""

import copy
import itertools
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelyard.formats.feature_index import FeatureIndex
from labelyard.formats.ontology_json import (
    OntologyRefused,
    count_features,
    feature_ids,
    parse_feature,
    parse_ontology,
    slug,
    walk_features,
)
from labelyard.formats.ontology_types import CHOICE_TYPES

HARBOUR: dict[str, Any] = {
    "tools": [
        {
            "tool": "rectangle",
            "name": "boat",
            "classifications": [
                {
                    "type": "radio",
                    "instructions": "Motion",
                    "name": "motion",
                    "uiMode": "hotkey",
                    "options": [
                        {
                            "label": "Moored",
                            "value": "moored",
                            "position": 0,
                            "options": [{"type": "text", "instructions": "Berth code", "name": "berth_code"}],
                        },
                        {"label": "Under way", "value": "under_way"},
                    ],
                }
            ],
        },
        {"tool": "point", "name": "bollard", "color": "#123456"},
        {"tool": "raster-segmentation", "name": "water"},
    ],
    "classifications": [
        {
            "type": "checklist",
            "instructions": "Is the harbour visible?",
            "scope": "global",
            "options": [{"value": "yes"}, {"label": "No"}, {"value": 3}],
        },
        {"type": "text", "name": "remarks", "attributes": None},
    ],
}


def ids() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"c{next(numbers):024d}"


def parse(document: object, **options: Any) -> dict[str, Any]:
    return parse_ontology(document, new_id=ids(), **options)


def test_missing_keys_are_filled_with_what_clients_index() -> None:
    normalized = parse(orjson.dumps(HARBOUR).decode(), media_type="IMAGE")
    boat = normalized["tools"][0]
    assert {key: boat[key] for key in ("tool", "name", "required", "color")} == {
        "tool": "rectangle",
        "name": "boat",
        "required": False,
        "color": "#ff0000",
    }
    assert normalized["tools"][1]["color"] == "#123456"
    assert normalized["tools"][1]["classifications"] == []
    motion = boat["classifications"][0]
    assert motion["uiMode"] == "hotkey" and "scope" not in motion
    assert motion["options"][0]["position"] == 0 and "position" not in motion["options"][1]
    berth = motion["options"][0]["options"][0]
    assert (berth["type"], berth["options"], berth["required"]) == ("text", [], False)
    visible, remarks = normalized["classifications"]
    assert visible["name"] == visible["instructions"] == "Is the harbour visible?"
    assert visible["scope"] == "global" and "scope" not in remarks
    assert [(option["label"], option["value"]) for option in visible["options"]] == [
        ("yes", "yes"),
        ("No", "No"),
        (3, 3),
    ]
    assert remarks["attributes"] is None and "attributes" not in visible
    for feature in walk_features(normalized):
        assert len(feature["featureSchemaId"]) == len(feature["schemaNodeId"]) == 25
    every = [feature["featureSchemaId"] for feature in walk_features(normalized)]
    assert len(set(every)) == len(every)


def test_r_on_15_a_normalized_document_comes_back_unchanged() -> None:
    normalized = parse(HARBOUR)
    assert parse(copy.deepcopy(normalized)) == normalized
    assert (
        parse(copy.deepcopy(normalized), known_ids=feature_ids(normalized) | node_ids(normalized))
        == normalized
    )


def node_ids(normalized: dict[str, Any]) -> set[str]:
    return {feature["schemaNodeId"] for feature in walk_features(normalized)}


def test_r_on_08_r_on_09_counts() -> None:
    counts = count_features(parse(HARBOUR))
    assert (counts.objects, counts.classifications, counts.features) == (3, 2, 12)


def test_a_relationships_made_up_ids_are_replaced_everywhere() -> None:
    document = {
        "tools": [
            {"tool": "rectangle", "name": "a", "featureSchemaId": "11-22", "schemaNodeId": "33"},
            {"tool": "point", "name": "b", "featureSchemaId": "c" + "k" * 24},
            {
                "tool": "edge",
                "name": "tied",
                "definition": {"constraints": [["11-22", "c" + "k" * 24], ["gone", "11-22"]]},
            },
        ]
    }
    normalized = parse(document, known_ids={"c" + "k" * 24})
    first, second, edge = normalized["tools"]
    assert first["featureSchemaId"] != "11-22" and second["featureSchemaId"] == "c" + "k" * 24
    assert edge["definition"]["constraints"] == [
        [first["featureSchemaId"], second["featureSchemaId"]],
        ["gone", first["featureSchemaId"]],
    ]
    index = FeatureIndex.of(normalized)
    assert index.tools_by_name["tied"].constraints == frozenset(
        {(first["featureSchemaId"], second["featureSchemaId"]), ("gone", first["featureSchemaId"])}
    )


def test_an_unknown_but_well_formed_id_is_not_adopted() -> None:
    document = {"tools": [{"tool": "point", "name": "b", "featureSchemaId": "c" + "k" * 24}]}
    assert parse(document, known_ids=())["tools"][0]["featureSchemaId"] != "c" + "k" * 24
    assert parse(document)["tools"][0]["featureSchemaId"] == "c" + "k" * 24


def tool(**keys: Any) -> dict[str, Any]:
    return {"tools": [{"tool": "rectangle", "name": "boat", **keys}]}


def question(**keys: Any) -> dict[str, Any]:
    return {"classifications": [{"type": "radio", "name": "q", "options": [{"value": "a"}], **keys}]}


@pytest.mark.parametrize(
    ("document", "media_type", "words"),
    [
        ("{", None, "not valid JSON"),
        ([], None, "not a JSON object"),
        ({"tools": {}}, None, "tools of the ontology are not a list"),
        ({"tools": ["x"]}, None, "Tool 1"),
        (tool(tool="lasso"), None, "'boat' has the unknown type 'lasso'"),
        (tool(name=" "), None, "Tool 1 needs a name"),
        (tool(color={"a": 1}), None, "colour"),
        ({"tools": tool()["tools"] * 2}, None, "two tools with the name 'boat'"),
        (tool(tool="named-entity"), "IMAGE", "'boat' is a named-entity, which cannot be used on IMAGE"),
        (tool(tool="polygon"), "VIDEO", "polygon"),
        (tool(), "AUDIO", "rectangle"),
        (question(options=[]), None, "'q' needs at least one option"),
        (question(type="mystery"), None, "'q' has the unknown type 'mystery'"),
        (question(type="text"), None, "cannot have options"),
        (question(options=[{"value": "a"}, {"value": "a"}]), None, "two options with the value 'a'"),
        (question(options=[{"label": ""}]), None, "Option 1 of the classification 'q' needs a value"),
        (
            question(options=[{"value": "a", "options": question()["classifications"] * 2}]),
            None,
            "in the option 'a'",
        ),
        (
            {"classifications": question()["classifications"] * 2},
            None,
            "two classifications with the name 'q'",
        ),
        (question(uiMode="loud"), None, "uiMode"),
        (question(scope="page"), None, "'page'"),
        (question(scope="index"), "IMAGE", "scope index"),
        (question(type="prompt", options=[]), "IMAGE", "cannot be used on IMAGE"),
        (question(featureSchemaId=7), None, "7"),
        (tool(tool="edge", definition={"constraints": [["a"]]}), None, "pairs"),
        (
            {"classifications": [{"type": "prompt", "name": name} for name in ("p1", "p2")]},
            None,
            "'p1' and 'p2'",
        ),
    ],
)
def test_what_makes_no_sense_is_named(document: Any, media_type: str | None, words: str) -> None:
    with pytest.raises(OntologyRefused) as caught:
        parse(document, media_type=media_type)
    assert words in str(caught.value)


def test_legal_tools_are_accepted_on_their_media() -> None:
    parse(tool(tool="named-entity"), media_type="text")
    parse(question(scope="index"), media_type="VIDEO")
    parse(tool(tool="named-entity"), media_type="UNKNOWN")


@pytest.mark.parametrize("kind", CHOICE_TYPES)
def test_choices_need_options(kind: str) -> None:
    assert parse(question(type=kind))["classifications"][0]["type"] == kind
    with pytest.raises(OntologyRefused):
        parse(question(type=kind, options=[]))


def test_limits() -> None:
    def many(count: int) -> dict[str, Any]:
        return {"tools": [{"tool": "point", "name": f"t{n}"} for n in range(count)]}

    assert len(parse(many(4000))["tools"]) == 4000
    with pytest.raises(OntologyRefused, match="4,000"):
        parse(many(4001))
    deep: dict[str, Any] = {"type": "radio", "name": "q", "options": [{"value": "a"}]}
    for _ in range(300):
        deep = {"type": "radio", "name": "q", "options": [{"value": "a", "options": [deep]}]}
    with pytest.raises(OntologyRefused, match="levels deep"):
        parse({"classifications": [deep]})


def test_special_tools_keep_their_definition_and_have_no_classifications() -> None:
    steps = {"tool": "step-reasoning", "name": "s", "definition": {"version": 1, "variants": []}}
    read = parse({"tools": [steps]}, media_type="CONVERSATIONAL")["tools"][0]
    assert read["definition"] == {"version": 1, "variants": []}
    assert "classifications" not in read


def test_a_single_feature() -> None:
    assert parse_feature({"tool": "point", "name": "b"}, new_id=ids())["color"] == "#ff0000"
    assert parse_feature('{"type":"text","instructions":"Why?"}', new_id=ids())["name"] == "Why?"
    assert parse_feature({"label": "Yes", "value": "y"}, new_id=ids())["options"] == []
    with pytest.raises(OntologyRefused, match="neither"):
        parse_feature({"name": "b"}, new_id=ids())


def test_the_index_finds_every_level() -> None:
    index = FeatureIndex.of(parse(HARBOUR))
    boat = index.tools_by_name["boat"]
    motion = boat.classifications.by_name["Motion"]
    assert motion is boat.classifications.by_name["motion"] is boat.classifications.by_id[motion.id]
    moored = motion.options_by_name["moored"]
    assert moored is motion.options_by_name["Moored"] is motion.options[moored.id]
    assert moored.classifications.by_name["berth_code"].kind == "text"
    visible = index.classifications.by_name["Is the harbour visible?"]
    assert (visible.slug, visible.kind, visible.scope) == ("is_the_harbour_visible_", "checklist", "global")
    assert visible.options_by_name["3"].name == "3"


@given(st.text())
def test_a_slug_is_stable(name: str) -> None:
    assert slug(slug(name)) == slug(name)
    assert slug("named-entity") == "named_entity"


labels = st.text(min_size=1, max_size=8).filter(str.strip)
questions: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.fixed_dictionaries({"type": st.just("text"), "name": labels}),
    lambda nested: st.fixed_dictionaries(
        {
            "type": st.sampled_from(["radio", "checklist"]),
            "name": labels,
            "options": st.lists(
                st.fixed_dictionaries({"value": labels, "options": st.lists(nested, max_size=1)}),
                min_size=1,
                max_size=3,
                unique_by=lambda option: str(option["value"]),
            ),
        }
    ),
    max_leaves=12,
)


@given(st.lists(questions, max_size=3, unique_by=lambda question: str(question["name"])))
def test_round_trip_keeps_names_and_nesting(classifications: list[dict[str, Any]]) -> None:
    def outline(level: list[dict[str, Any]]) -> Any:
        return [
            (q["name"], [(o["value"], outline(o.get("options", []))) for o in q.get("options", [])])
            for q in level
        ]

    once = parse({"classifications": classifications})
    assert outline(once["classifications"]) == outline(classifications)
    assert parse(orjson.dumps(once)) == once
    FeatureIndex.of(once)
