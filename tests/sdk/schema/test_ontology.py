"""Ontologies: R-ON-13 to R-ON-19, R-EX-04, and the ontology format."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import labelbox as lb
from labelbox.exceptions import InconsistentOntologyException
from labelbox.schema.ontology import FactCheckingTool, RelationshipTool, StepReasoningTool, Tool

KINDS = {
    "POLYGON": "polygon",
    "SEGMENTATION": "superpixel",
    "RASTER_SEGMENTATION": "raster-segmentation",
    "POINT": "point",
    "BBOX": "rectangle",
    "LINE": "line",
    "NER": "named-entity",
    "RELATIONSHIP": "edge",
    "MESSAGE_SINGLE_SELECTION": "message-single-selection",
    "MESSAGE_MULTI_SELECTION": "message-multi-selection",
    "MESSAGE_RANKING": "message-ranking",
    "STEP_REASONING": "step-reasoning",
    "FACT_CHECKING": "fact-checking",
    "PROMPT_ISSUE": "prompt-issue",
}


@pytest.mark.parametrize(("member", "wire"), KINDS.items())
def test_R_ON_13_kinds_of_tools(member: str, wire: str) -> None:
    assert Tool.Type[member].value == wire


@pytest.fixture
def builder() -> lb.OntologyBuilder:
    motion = lb.Classification(
        lb.Classification.Type.RADIO, "Motion", ui_mode=lb.Classification.UIMode.HOTKEY
    )
    moored = lb.Option("moored", "Moored")
    moored.add_option(lb.Classification(lb.Classification.Type.TEXT, "Berth"))
    motion.add_option(moored)
    motion.add_option(lb.Option("under_way"))
    boat = Tool(Tool.Type.BBOX, "boat")
    boat.add_classification(motion)
    index = lb.Classification.Scope.INDEX
    found = lb.OntologyBuilder()
    found.add_tool(boat)
    for number in range(6):
        found.add_tool(Tool(Tool.Type.POLYGON, f"p{number}"))
    found.add_classification(lb.Classification(lb.Classification.Type.TEXT, "Remarks", scope=index))
    return found


def test_R_ON_16_colours_are_spread_over_the_hues(builder: lb.OntologyBuilder) -> None:
    builder.tools[3].color = "black"
    colours = [tool["color"] for tool in builder.asdict()["tools"]]
    assert colours == ["#ff0000", "#ffda00", "#48ff00", "black", "#0091ff", "#4800ff", "#ff00da"]


def test_R_ON_14_the_normalized_form(builder: lb.OntologyBuilder) -> None:
    normalized = builder.asdict()
    assert set(normalized) == {"tools", "classifications"}
    boat = normalized["tools"][0]
    assert {key: boat[key] for key in boat if key != "classifications"} == {
        "tool": "rectangle",
        "name": "boat",
        "required": False,
        "color": "#ff0000",
        "schemaNodeId": None,
        "featureSchemaId": None,
        "attributes": None,
    }
    motion = boat["classifications"][0]
    assert (motion["type"], motion["instructions"], motion["name"]) == ("radio", "Motion", "Motion")
    assert motion["uiMode"] == "hotkey"
    assert "scope" not in motion
    first, second = motion["options"]
    assert (first["label"], first["value"], first["position"]) == ("Moored", "moored", 0)
    assert (second["label"], second["value"], second["position"]) == ("under_way", "under_way", 1)
    assert first["options"][0]["type"] == "text"
    assert "scope" not in first["options"][0]
    remarks = normalized["classifications"][0]
    assert remarks["scope"] == "index"
    assert "uiMode" not in remarks


def test_R_ON_15_16_round_trip(builder: lb.OntologyBuilder) -> None:
    normalized = builder.asdict()
    assert lb.OntologyBuilder.from_dict(normalized).asdict() == normalized
    assert lb.OntologyBuilder.from_dict(json.loads(json.dumps(normalized))).asdict() == normalized


def test_R_ON_12_13_15_from_the_server(
    server: Any, client: lb.Client, values: Callable[..., Any], builder: lb.OntologyBuilder
) -> None:
    normalized = builder.asdict()
    server.on("ProjectOntology", {"project": {"ontology": values(lb.Ontology, normalized=normalized)}})
    project = lb.Project(client, values(lb.Project))
    ontology = project.ontology()
    assert ontology is not None
    assert [tool.name for tool in ontology.tools()][:2] == ["boat", "p0"]
    assert ontology.classifications()[0].name == "Remarks"
    assert lb.OntologyBuilder.from_project(project).asdict() == normalized
    assert ontology.media_type is lb.MediaType.Unknown


def test_R_ON_12_old_documents_lack_keys() -> None:
    old = {"type": "checklist", "instructions": "Hazards", "options": [{"value": "fog", "label": "Fog"}]}
    found = lb.Classification.from_dict(old)
    assert found.name == "Hazards"
    assert found.scope is lb.Classification.Scope.GLOBAL
    assert found.options[0].options == []


def test_R_EX_04_contradictions(builder: lb.OntologyBuilder) -> None:
    with pytest.raises(InconsistentOntologyException, match="boat"):
        builder.add_tool(Tool(Tool.Type.POINT, "boat"))
    with pytest.raises(InconsistentOntologyException, match="Remarks"):
        builder.add_classification(lb.Classification(lb.Classification.Type.TEXT, "Remarks"))
    motion = builder.tools[0].classifications[0]
    with pytest.raises(InconsistentOntologyException, match="moored"):
        motion.add_option(lb.Option("moored"))
    with pytest.raises(InconsistentOntologyException, match="Motion"):
        builder.tools[0].add_classification(lb.Classification(lb.Classification.Type.TEXT, "Motion"))
    with pytest.raises(InconsistentOntologyException, match="Berth"):
        motion.options[0].add_option(lb.Classification(lb.Classification.Type.TEXT, "Berth"))
    for kind in (
        lb.Classification.Type.RADIO,
        lb.Classification.Type.CHECKLIST,
        lb.Classification.Type.DROPDOWN,
    ):
        with pytest.raises(InconsistentOntologyException, match="requires options"):
            lb.Classification(kind, "empty").asdict()
    with pytest.raises(ValueError, match="hologram"):
        Tool.from_dict({"tool": "hologram", "name": "x"})


def test_R_ON_14_each_part_has_its_place(builder: lb.OntologyBuilder) -> None:
    before = builder.asdict()
    tool, question, option = (
        builder.tools[0],
        lb.Classification(lb.Classification.Type.TEXT, "?"),
        lb.Option("o"),
    )
    for add, wrong in (
        (builder.add_tool, question),
        (builder.add_tool, {"tool": "point", "name": "Point"}),
        (builder.add_classification, lb.Tool(Tool.Type.POINT, "Point")),
        (tool.add_classification, lb.Tool(Tool.Type.POINT, "Point")),
        (question.add_option, question),
        (question.add_option, "yes"),
        (option.add_option, lb.Option("nested")),
    ):
        with pytest.raises(TypeError, match="takes a"):
            add(wrong)
    assert builder.asdict() == before
    assert (question.options, option.options) == ([], [])


def test_special_tools_keep_their_definitions() -> None:
    boat, pier = Tool(Tool.Type.BBOX, "boat"), Tool(Tool.Type.BBOX, "pier", feature_schema_id="f" * 25)
    tied = RelationshipTool(name="tied to")
    tied.add_constraint(boat, pier)
    assert boat.feature_schema_id is not None
    assert tied.asdict()["definition"] == {"constraints": [[boat.feature_schema_id, "f" * 25]]}
    steps, facts = StepReasoningTool().asdict(), FactCheckingTool().asdict()
    assert [v["name"] for v in steps["definition"]["variants"]] == ["Correct", "Neutral", "Incorrect"]
    assert "regenerateSteps" in steps["definition"]["variants"][2]["actions"]
    assert len(facts["definition"]["variants"]) == 6
    assert "classifications" not in facts
    normalized = {"tools": [tied.asdict(), {**steps, "color": "#000000"}], "classifications": []}
    again = lb.OntologyBuilder.from_dict(normalized)
    assert isinstance(again.tools[0], RelationshipTool)
    assert isinstance(again.tools[1], StepReasoningTool)
    assert again.asdict()["tools"][1] == normalized["tools"][1]


def test_prompt_and_response_questions() -> None:
    kind = lb.PromptResponseClassification.Type
    prompt = lb.PromptResponseClassification(kind.PROMPT, "Ask", character_min=3)
    builder = lb.OntologyBuilder(classifications=[prompt])
    values = builder.asdict()["classifications"][0]
    assert (values["required"], values["minCharacters"]) == (True, 3)
    assert not {"scope", "maxCharacters"} & set(values)
    with pytest.raises(ValueError, match="one prompt"):
        builder.add_classification(lb.PromptResponseClassification(kind.PROMPT, "Other"))
    radio = lb.PromptResponseClassification(kind.RESPONSE_RADIO, "Good?")
    with pytest.raises(InconsistentOntologyException):
        radio.asdict()
    radio.add_option(lb.ResponseOption("yes"))
    assert lb.PromptResponseClassification.from_dict(radio.asdict()).asdict() == radio.asdict()


def test_create_ontology(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    server.on("UpsertOntology", {"upsertOntology": values(lb.Ontology, mediaType="IMAGE")})
    normalized: dict[str, Any] = {"tools": [], "classifications": []}
    client.create_ontology("o", normalized, lb.MediaType.Image)
    client.create_ontology("e", normalized, ontology_kind=lb.OntologyKind.ModelEvaluation)
    first, second = (call["data"] for call in server.calls("UpsertOntology"))
    assert first == {"name": "o", "normalized": json.dumps(normalized), "mediaType": "IMAGE"}
    assert (second["mediaType"], second["editorTaskType"]) == ("CONVERSATIONAL", "MODEL_CHAT_EVALUATION")
    with pytest.raises(ValueError, match="Conversational"):
        client.create_ontology("e", normalized, lb.MediaType.Image, lb.OntologyKind.ModelEvaluation)
    with pytest.raises(TypeError):
        client.create_ontology("o", normalized, "IMAGE")  # type: ignore[arg-type]


def test_create_ontology_from_feature_schemas(
    server: Any, client: lb.Client, values: Callable[..., Any]
) -> None:
    nodes = {
        "tool": {"tool": "rectangle", "name": "boat", "featureSchemaId": "tool"},
        "question": {"type": "text", "instructions": "Remarks", "featureSchemaId": "question"},
        "option": {"label": "a", "value": "a", "featureSchemaId": "option"},
    }

    def node(request: Any) -> Any:
        normalized = nodes[request.variables["id"]]
        return {"rootSchemaNode": {"id": "internal", "name": "n", "normalized": normalized}}

    server.on("RootSchemaNode", node)
    server.on("UpsertOntology", {"upsertOntology": values(lb.Ontology)})
    assert client.get_feature_schema("tool").uid == "tool"
    client.create_ontology_from_feature_schemas("o", ["tool", "question"])
    sent = json.loads(server.calls("UpsertOntology")[0]["data"]["normalized"])
    assert sent == {"tools": [nodes["tool"]], "classifications": [nodes["question"]]}
    with pytest.raises(ValueError, match="neither"):
        client.create_ontology_from_feature_schemas("o", ["option"])
