"""Projects, their set-up the old and the new way, ontologies, instructions."""

from __future__ import annotations

import json
from typing import Any

import pytest
import urllib3

from factories import (
    connect,
    make_dataset,
    make_label_project,
    make_ontology,
    make_project,
    make_rows,
    upload,
)

SEEN = """query($p: ID!) { project(where: {id: $p}) { id name description setupComplete allowedMediaType
  autoAuditNumberOfLabels autoAuditPercentage isConsensusEnabled labelingFrontend { name } ontology { id normalized }
  labelingFrontendOptions { customizationOptions project { id } labelingFrontend { name } organization { id } }
  createdBy { id } organization { id } dataRowCount labelCount } }"""
UPDATE = "mutation($p: ID!, $d: UpdateProjectInput!) { updateProject(where: {id: $p}, data: $d) { id name } }"


def test_R_CLI_11_P_CR_13_a_new_project_is_as_it_was_asked_for(server: Any) -> None:
    project_id = make_project(server, name="only a name", allowedMediaType=None)
    seen = server.graphql(SEEN, p=project_id)["project"]
    assert (seen["name"], seen["description"], seen["setupComplete"], seen["ontology"]) == (
        "only a name",
        "",
        None,
        None,
    )
    assert (seen["dataRowCount"], seen["labelCount"]) == (0, 0)
    consensus = make_project(
        server, autoAuditNumberOfLabels=3, autoAuditPercentage=0, isConsensusEnabled=True
    )
    seen = server.graphql(SEEN, p=consensus)["project"]
    assert (seen["autoAuditNumberOfLabels"], seen["autoAuditPercentage"], seen["isConsensusEnabled"]) == (
        3,
        0,
        True,
    )


@pytest.mark.parametrize(
    "data",
    [
        {"name": " "},
        {"name": None},
        {"name": "x", "autoAuditPercentage": 1.5},
        {"name": "x", "autoAuditNumberOfLabels": 0},
    ],
)
def test_a_project_that_cannot_be(server: Any, data: dict[str, Any]) -> None:
    query = "mutation($d: CreateProjectInput!) { createProject(data: $d) { id } }"
    assert server.code(query, d=data) == "MALFORMED_REQUEST"


def test_R_PJ_02_R_PJ_03_update_and_delete(server: Any) -> None:
    project_id, _, _ = make_label_project(server, 1)
    assert server.graphql(UPDATE, p=project_id, d={"name": "new"})["updateProject"] == {
        "id": project_id,
        "name": "new",
    }
    assert server.code(UPDATE, p=project_id, d={"name": ""}) == "MALFORMED_REQUEST"
    assert server.code(UPDATE, p=project_id, d={"allowedMediaType": "VIDEO"}) == "OPERATION_NOT_ALLOWED"
    assert server.code(UPDATE, p=project_id, d={"isConsensusEnabled": True}) == "OPERATION_NOT_ALLOWED"
    assert server.graphql(UPDATE, p=project_id, d={"deleted": True}) == {"updateProject": None}
    assert server.graphql(SEEN, p=project_id) == {"project": None}
    assert server.code(UPDATE, p=project_id, d={"name": "again"}) == "RESOURCE_NOT_FOUND"
    assert project_id not in {p["id"] for p in server.graphql("{ projects(first: 1000) { id } }")["projects"]}


def test_R_PJ_56_R_LFO_02_the_old_setup(server: Any) -> None:
    project_id = make_project(server)
    editor = server.graphql('{ labelingFrontends(where: {name: "editor"}) { id iframeUrlPath } }')[
        "labelingFrontends"
    ][0]
    server.graphql(UPDATE, p=project_id, d={"labelingFrontend": {"connect": {"id": editor["id"]}}})
    options = json.dumps({"tools": [{"tool": "rectangle", "name": "Bär"}], "classifications": []}, indent=3)
    query = (
        "mutation($d: CreateLabelingFrontendOptionsInput!) { createLabelingFrontendOptions(data: $d) { id } }"
    )
    given = {
        "customizationOptions": options,
        "project": {"connect": {"id": project_id}},
        "labelingFrontend": {"connect": {"id": editor["id"]}},
    }
    assert server.code(query, d={**given, "customizationOptions": "not JSON"}) == "MALFORMED_REQUEST"
    assert server.graphql(SEEN, p=project_id)["project"]["labelingFrontendOptions"] == []
    server.graphql(query, d=given)
    server.graphql(UPDATE, p=project_id, d={"setupComplete": "2024-01-02T03:04:05Z"})
    seen = server.graphql(SEEN, p=project_id)["project"]
    assert seen["setupComplete"] == "2024-01-02T03:04:05.000Z"
    assert seen["labelingFrontend"] == {"name": "Editor"}
    (kept,) = seen["labelingFrontendOptions"]
    assert kept["customizationOptions"] == options
    assert kept["project"]["id"] == project_id and kept["labelingFrontend"] == {"name": "Editor"}
    tool = seen["ontology"]["normalized"]["tools"][0]
    assert tool["name"] == "Bär" and len(tool["featureSchemaId"]) == 25
    server.graphql(UPDATE, p=project_id, d={"labelingFrontend": {"disconnect": True}})
    assert server.graphql(SEEN, p=project_id)["project"]["labelingFrontend"] is None


def test_P_ON_01_connecting_an_ontology_checks_the_media_type(server: Any) -> None:
    document = {"tools": [{"tool": "named-entity", "name": "Person"}], "classifications": []}
    text = make_ontology(server, document, "TEXT")
    project_id = make_project(server)
    query = (
        "mutation($p: ID!, $o: ID!) { project(where: {id: $p}) { connectOntology(ontologyId: $o) { id } } }"
    )
    assert server.code(query, p=project_id, o=text["id"]) == "MALFORMED_REQUEST"
    assert server.code(query, p=project_id, o="c" + "0" * 24) == "RESOURCE_NOT_FOUND"
    fitting = make_ontology(server, {"tools": [{"tool": "line", "name": "L"}], "classifications": []})
    connect(server, project_id, fitting["id"])
    seen = server.graphql(SEEN, p=project_id)["project"]
    assert seen["ontology"]["id"] == fitting["id"] and seen["setupComplete"]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"tools": [{"tool": "rectangle", "name": "A"}, {"tool": "line", "name": "A"}]}, "A"),
        ({"tools": [{"tool": "hammer", "name": "A"}]}, "hammer"),
        ({"tools": [{"tool": "named-entity", "name": "A"}]}, "named-entity"),
        ({"classifications": [{"type": "radio", "name": "Q", "instructions": "Q", "options": []}]}, "Q"),
        ("not an object", ""),
    ],
)
def test_an_ontology_that_cannot_be(server: Any, document: Any, words: str) -> None:
    query = "mutation($d: UpsertOntologyInput!) { upsertOntology(data: $d) { id } }"
    answer = server.answer(query, d={"name": "x", "normalized": json.dumps(document), "mediaType": "IMAGE"})
    error = answer["errors"][0]
    assert error["extensions"]["code"] == "MALFORMED_REQUEST" and words in error["message"]


def test_P_IN_01_instructions_belong_to_the_ontology(server: Any) -> None:
    ontology = make_ontology(server, {"tools": [{"tool": "point", "name": "P"}], "classifications": []})
    first, second = make_project(server), make_project(server)
    url = upload(server, "how.html", b"<h1>Draw well</h1>", "text/html")["url"]
    query = """mutation($p: ID!, $u: String!) { setProjectInstructions(where: {id: $p}, data: {instructionsUrl: $u}) {
      id ontology { id options } } }"""
    assert server.code(query, p=first, u=url) == "OPERATION_NOT_ALLOWED"
    connect(server, first, ontology["id"])
    connect(server, second, ontology["id"])
    server.graphql(query, p=first, u=url)
    seen = server.graphql(SEEN, p=second)["project"]["ontology"]["normalized"]
    assert urllib3.request("GET", seen["projectInstructions"]).data == b"<h1>Draw well</h1>"
    assert seen["tools"] == ontology["normalized"]["tools"]


def test_R_PJ_12_R_DS_06_datasets_are_connected_from_the_project(server: Any) -> None:
    project_id = make_project(server)
    given = {"name": "with project", "projects": {"connect": {"id": project_id}}}
    made = server.graphql("mutation($d: CreateDatasetInput!) { createDataset(data: $d) { id } }", d=given)
    dataset_id = made["createDataset"]["id"]
    look = """query($p: ID!, $d: ID!) { project(where: {id: $p}) { datasets { id } dataRowCount }
      dataset(where: {id: $d}) { projects { id } } }"""
    rows = make_rows(server, 2, dataset_id)
    seen = server.graphql(look, p=project_id, d=dataset_id)
    assert seen["project"] == {"datasets": [{"id": dataset_id}], "dataRowCount": 2}
    assert seen["dataset"]["projects"] == [{"id": project_id}]
    server.graphql(UPDATE, p=project_id, d={"datasets": {"disconnect": {"id": dataset_id}}})
    seen = server.graphql(look, p=project_id, d=dataset_id)
    assert seen == {"project": {"datasets": [], "dataRowCount": 0}, "dataset": {"projects": []}}
    assert len(rows) == 2


def test_a_project_has_a_queue_mode_before_anybody_gives_it_one(server: Any) -> None:
    mode = "query($p: ID!) { project(where: {id: $p}) { queueMode } }"
    project_id = make_project(server)
    assert server.graphql(mode, p=project_id)["project"]["queueMode"] == "BATCH"  # 3.x fails on null
    server.graphql(UPDATE, p=project_id, d={"datasets": {"connect": {"id": make_dataset(server)}}})
    assert server.graphql(mode, p=project_id)["project"]["queueMode"] == "DATA_SET"  # the word of 3.x
    told = make_project(server, queueMode="DATASET")
    assert server.graphql(mode, p=told)["project"]["queueMode"] == "DATA_SET"
    given = make_project(server, queueMode="CATALOG")
    assert server.graphql(mode, p=given)["project"]["queueMode"] == "CATALOG"


def test_who_chooses_one_quality_mode_has_not_chosen_the_other(server: Any) -> None:
    modes = "query($p: ID!) { project(where: {id: $p}) { isBenchmarkEnabled isConsensusEnabled } }"
    for given, expected in (
        ({"isConsensusEnabled": True}, (False, True)),  # 3.x sends no more than this
        ({"isBenchmarkEnabled": True}, (True, False)),
        ({"isBenchmarkEnabled": True, "isConsensusEnabled": True}, (True, True)),
        ({}, (None, None)),
    ):
        found = server.graphql(modes, p=make_project(server, **given))["project"]
        assert (found["isBenchmarkEnabled"], found["isConsensusEnabled"]) == expected


def test_a_dataset_is_not_connected_from_its_own_side(server: Any) -> None:
    project_id, dataset_id = make_project(server), make_dataset(server)
    connect = "mutation($d: ID!, $p: ID!) { updateDataset(where: {id: $d}, data: {projects: {connect: {id: $p}}}) { id } }"
    assert server.code(connect, d=dataset_id, p=project_id) == "GRAPHQL_VALIDATION_FAILED"
    found = server.graphql("query($d: ID!) { dataset(where: {id: $d}) { projects { id } } }", d=dataset_id)
    assert found["dataset"]["projects"] == []
