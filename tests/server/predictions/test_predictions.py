"""Predictions as labelers meet them, and who may make them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conftest import RunningServer
from factories import make_label_project, make_project, make_rows, make_user, reserve, submit

MODEL = (
    "mutation($d: CreatePredictionModelInput!) { createPredictionModel(data: $d) { id name slug version } }"
)
CONNECT = """mutation($p: ID!, $m: ID!) {
  updateProject(where: {id: $p}, data: {activePredictionModel: {connect: {id: $m}}}) { activePredictionModel { id } } }"""
PREDICT = "mutation($d: CreatePredictionInput!) { createPrediction(data: $d) { id label } }"
SAVE = "mutation($d: SaveDraftInput!) { saveDraft(data: $d) { dataRowId } }"
TASK = """query($p: ID!, $r: ID!) { labelingTask(projectId: $p, dataRowId: $r) { annotations annotationsFrom } }"""
SHOW = "mutation($p: ID!, $s: Boolean!) { project(where: {id: $p}) { showPredictionsToLabelers(show: $s) { id } } }"
BOX = {"top": 10, "left": 20, "height": 30, "width": 40}
ONTOLOGY = {
    "tools": [
        {
            "tool": "rectangle",
            "name": "Car",
            "classifications": [
                {
                    "type": "radio",
                    "name": "Colour",
                    "instructions": "Colour",
                    "options": [{"label": "red", "value": "red"}],
                }
            ],
        },
        {"tool": "superpixel", "name": "Sky"},
    ],
    "classifications": [
        {"type": "text", "name": "Notes", "instructions": "Notes"},
        {
            "type": "checklist",
            "name": "Visible",
            "instructions": "Visible",
            "options": [{"label": "people", "value": "people"}],
        },
    ],
}


def _model(server: RunningServer, project: str, name: str = "m") -> str:
    model: str = server.graphql(MODEL, d={"name": name, "version": 1})["createPredictionModel"]["id"]
    connected = server.graphql(CONNECT, p=project, m=model)["updateProject"]
    assert connected["activePredictionModel"]["id"] == model
    return model


def _predict(server: RunningServer, project: str, row: str, model: str, label: Any) -> str:
    text = label if isinstance(label, str) else json.dumps(label)
    data = {"label": text, "predictionModelId": model, "projectId": project, "dataRowId": row}
    prediction: str = server.graphql(PREDICT, d=data)["createPrediction"]["id"]
    return prediction


def _task(server: RunningServer, project: str, row: str) -> dict[str, Any]:
    task: dict[str, Any] = server.graphql(TASK, p=project, r=row)["labelingTask"]
    return task


def _car(schema: str | None = None) -> dict[str, Any]:
    return {
        "featureId": "c" + "1" * 24,
        "schemaId": schema or "c" + "9" * 24,
        "title": "Car",
        "value": "car",
        "color": "#ff0000",
        "bbox": BOX,
        "instanceURI": "https://example.com/mask.png",
        "classifications": [
            {"title": "Colour", "value": "colour", "answer": {"title": "red", "value": "red"}}
        ],
    }


def test_a_legacy_label_is_where_a_labeler_begins(server: RunningServer) -> None:
    project, rows, ontology = make_label_project(server, 1, ONTOLOGY)
    car = next(tool for tool in ontology["tools"] if tool["name"] == "Car")
    sky = {"title": "Sky", "value": "sky", "instanceURI": "https://example.com/mask.png"}
    predicted = {
        "objects": [_car(car["featureSchemaId"]), sky],
        "classifications": [
            {"title": "Notes", "value": "notes", "answer": "wet"},
            {"title": "Visible", "value": "visible", "answers": [{"title": "people", "value": "people"}]},
        ],
    }
    _predict(server, project, rows[0], _model(server, project), predicted)
    (task,) = reserve(server, project)["tasks"]
    assert task["annotationsFrom"] == "PRELABEL"
    document = task["annotations"]
    (box,) = document["objects"]
    assert (box["feature_id"], box["feature_schema_id"]) == ("c" + "1" * 24, car["featureSchemaId"])
    assert (box["name"], box["annotation_kind"]) == ("Car", "ImageBoundingBox")
    assert box["bounding_box"] == BOX
    assert box["classifications"][0]["radio_answer"]["name"] == "red"
    notes, visible = document["classifications"]
    assert notes["text_answer"] == {"content": "wet"}
    assert [answer["name"] for answer in visible["checklist_answers"]] == ["people"]
    made = submit(server, project, rows[0], document)
    assert made["annotations"]["objects"][0]["bounding_box"] == BOX


def test_our_own_annotations_and_other_ids_of_tools_are_read_too(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 2, ONTOLOGY)
    model = _model(server, project)
    ours = {"objects": [{"name": "Car", "bounding_box": BOX}], "classifications": [], "relationships": []}
    _predict(server, project, rows[0], model, ours)
    _predict(server, project, rows[1], model, {"objects": [_car()], "classifications": []})
    for row in rows:
        (box,) = _task(server, project, row)["annotations"]["objects"]
        assert (box["name"], box["bounding_box"]) == ("Car", BOX)


@pytest.mark.parametrize(
    "text",
    [
        "any text",
        "[1, 2]",
        '"objects"',
        "{}",
        '{"Car": [{"geometry": [{"x": 1, "y": 2}]}]}',
        '{"objects": [{"title": "Boat", "bbox": {"top": 1, "left": 1, "height": 2, "width": 2}}]}',
        '{"objects": [{"title": "Car", "bbox": {"top": "high"}}]}',
        '{"objects": ["Car"], "classifications": [7]}',
        '{"objects": {"title": "Car"}, "classifications": []}',
        '{"classifications": [{"title": "Visible", "answers": ["people"]}]}',
        '{"objects": [{"title": "Car", "bbox": {"top": 1e999, "left": 1, "height": 2, "width": 2}}]}',
    ],
)
def test_what_is_no_label_of_this_project_is_kept_but_not_shown(server: RunningServer, text: str) -> None:
    project, rows, _ = make_label_project(server, 1, ONTOLOGY)
    prediction = _predict(server, project, rows[0], _model(server, project), text)
    (task,) = reserve(server, project)["tasks"]
    assert (task["annotations"], task["annotationsFrom"]) == (None, None)
    found = server.graphql("query($p: ID!) { prediction(where: {id: $p}) { label } }", p=prediction)
    assert found["prediction"]["label"] == text


def test_only_the_active_model_s_newest_prediction_is_shown(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 1, ONTOLOGY)
    note = [{"title": "Notes", "answer": "first"}]
    first = _model(server, project, "first")
    for text in ("older", "newer"):
        _predict(server, project, rows[0], first, {"classifications": [{**note[0], "answer": text}]})
    second = _model(server, project, "second")
    assert _task(server, project, rows[0])["annotations"] is None
    server.graphql(CONNECT, p=project, m=first)
    shown = _task(server, project, rows[0])["annotations"]["classifications"]
    assert [entry["text_answer"]["content"] for entry in shown] == ["newer"]
    other, _, _ = make_label_project(server, 1, ONTOLOGY)
    _predict(server, other, rows[0], first, {"classifications": [{**note[0], "answer": "other project"}]})
    shown = _task(server, project, rows[0])["annotations"]["classifications"]
    assert [entry["text_answer"]["content"] for entry in shown] == ["newer"]
    assert second != first


def test_draft_and_label_beat_it_and_it_can_be_hidden(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 1, ONTOLOGY)
    _predict(server, project, rows[0], _model(server, project), {"objects": [_car()]})
    server.graphql(SHOW, p=project, s=False)
    assert _task(server, project, rows[0])["annotations"] is None
    server.graphql(SHOW, p=project, s=True)
    assert _task(server, project, rows[0])["annotationsFrom"] == "PRELABEL"
    empty: dict[str, Any] = {"objects": [], "classifications": [], "relationships": []}
    data = {"projectId": project, "dataRowId": rows[0], "annotations": empty, "secondsToLabel": 1.0}
    server.graphql(SAVE, d=data)
    assert _task(server, project, rows[0]) == {"annotations": empty, "annotationsFrom": "DRAFT"}
    submit(server, project, rows[0])
    assert _task(server, project, rows[0])["annotationsFrom"] == "LABEL"


@pytest.mark.parametrize("data", [{"version": 1}, {"name": " ", "version": 1}, {"name": "m"}])
def test_a_model_needs_a_name_and_a_version(server: RunningServer, data: dict[str, Any]) -> None:
    assert server.code(MODEL, d=data) == "MALFORMED_REQUEST"


def test_a_given_slug_is_kept(server: RunningServer) -> None:
    made = server.graphql(MODEL, d={"name": "Model A", "slug": "given", "version": 3})
    assert made["createPredictionModel"]["slug"] == "given"
    made = server.graphql(MODEL, d={"name": "!?", "version": 3})
    assert made["createPredictionModel"]["slug"] == "model"


def test_unknown_things_are_not_found(server: RunningServer) -> None:
    project = make_project(server)
    (row,) = make_rows(server, 1)
    model, missing = _model(server, project), "c" + "0" * 24
    good = {"label": "x", "predictionModelId": model, "projectId": project, "dataRowId": row}
    for name in ("predictionModelId", "projectId", "dataRowId"):
        assert server.code(PREDICT, d={**good, name: missing}) == "RESOURCE_NOT_FOUND", name
    assert server.code(CONNECT, p=project, m=missing) == "RESOURCE_NOT_FOUND"
    listed = "query($p: ID!) { project(where: {id: $p}) { predictions { id } activePredictionModel { id } } }"
    found = server.graphql(listed, p=project)["project"]
    assert found == {"predictions": [], "activePredictionModel": {"id": model}}
    one = "query($i: ID!) { prediction(where: {id: $i}) { id } predictionModel(where: {id: $i}) { id } }"
    assert server.graphql(one, i=missing) == {"prediction": None, "predictionModel": None}


@pytest.mark.parametrize("role", ["Labeler", "Reviewer", "Team Manager", "Read-only Admin"])
def test_others_may_not_make_them(server: RunningServer, role: str) -> None:
    project = make_project(server)
    (row,) = make_rows(server, 1)
    model = _model(server, project)
    _, key = make_user(server, role)
    data = {"label": "x", "predictionModelId": model, "projectId": project, "dataRowId": row}
    assert server.code(PREDICT, key, d=data) == "AUTHORIZATION_ERROR"
    assert server.code(MODEL, key, d={"name": "m", "version": 1}) == "AUTHORIZATION_ERROR"
    assert server.code(CONNECT, key, p=project, m=model) == "AUTHORIZATION_ERROR"
    found = server.graphql("query($p: ID!) { project(where: {id: $p}) { predictions { id } } }", p=project)
    assert found["project"]["predictions"] == []


def test_strangers_to_the_project_see_none(server: RunningServer) -> None:
    project = make_project(server)
    (row,) = make_rows(server, 1)
    prediction = _predict(server, project, row, _model(server, project), "x")
    _, key = make_user(server, "None")
    found = server.graphql("query($p: ID!) { prediction(where: {id: $p}) { id } }", key, p=prediction)
    assert found["prediction"] is None
