"""The REST addresses of ontologies and features: statuses, bodies and refusals, and the rules behind them."""

from __future__ import annotations

import json
from typing import Any

import pytest
import urllib3

from factories import make_ontology
from labelyard import errors
from labelyard.ontologies import rules

TOOLS = {
    "tools": [{"tool": "rectangle", "name": "Car"}, {"tool": "edge", "name": "before"}],
    "classifications": [],
}


def call(server: Any, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
    """One request: status and decoded body."""
    answer = urllib3.request(
        method,
        f"{server.url}/api/v1/{path}",
        body=None if body is None else json.dumps(body),
        headers={"Authorization": f"Bearer {key or server.key}", "Content-Type": "application/json"},
    )
    return answer.status, answer.json() if answer.data else None


def test_statuses_are_those_that_clients_look_for(server: Any) -> None:
    ontology = make_ontology(server, TOOLS)
    status, made = call(
        server,
        "PUT",
        "feature-schemas/new_feature_schema_id",
        {"normalized": json.dumps({"tool": "point", "name": "Sign"})},
    )
    assert status == 200
    place = f"ontologies/{ontology['id']}/feature-schemas/{made['schemaId']}"
    assert call(server, "POST", place, {"position": 99})[0] == 201
    status, found = call(server, "GET", f"ontologies/{ontology['id']}")
    nodes = found["featureSchemaNodes"]
    assert [node["name"] for node in nodes["tools"]] == ["Car", "Sign"]
    assert [node["name"] for node in nodes["relationships"]] == ["before"]
    assert all(node["archived"] is False for kind in nodes.values() for node in kind)
    assert call(server, "PATCH", f"{place}/unarchive") == (200, {"unarchived": True})
    assert call(server, "DELETE", place) == (200, {"archived": False, "deleted": True})
    assert call(server, "DELETE", f"feature-schemas/{made['schemaId']}") == (204, None)
    assert call(server, "DELETE", f"ontologies/{ontology['id']}") == (204, None)
    assert call(server, "GET", f"ontologies/{ontology['id']}")[0] == 404
    status, ids = call(server, "GET", "ontologies/unused", {"after": None})
    assert status == 200 and ontology["id"] not in ids


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "feature-schemas/{f}/definition", {"title": 1}),
        ("PATCH", "feature-schemas/{f}/definition", []),
        ("PUT", "feature-schemas/{f}", {"normalized": "{"}),
        ("PUT", "feature-schemas/{f}", {"normalized": "[]"}),
        ("PUT", "feature-schemas/{f}", {"normalized": '{"name": "x"}'}),
        ("POST", "ontologies/{o}/feature-schemas/{f}", {"position": "1"}),
        ("POST", "ontologies/{o}/feature-schemas/{f}", {"position": -1}),
        ("GET", "ontologies/unused", {"after": 1}),
    ],
)
def test_bad_bodies_are_refused_and_change_nothing(server: Any, method: str, path: str, body: Any) -> None:
    ontology = make_ontology(server, TOOLS)
    car = ontology["normalized"]["tools"][0]["featureSchemaId"]
    status, answer = call(server, method, path.format(o=ontology["id"], f=car), body)
    assert status == 400 and answer["message"]
    _, found = call(server, "GET", f"ontologies/{ontology['id']}")
    assert [node["name"] for node in found["featureSchemaNodes"]["tools"]] == ["Car"]


def test_two_of_one_name_do_not_come_about(server: Any) -> None:
    both = {
        "tools": [{"tool": "rectangle", "name": name} for name in ("Car", "Lorry")],
        "classifications": [],
    }
    ontology = make_ontology(server, both)
    car = ontology["normalized"]["tools"][0]["featureSchemaId"]
    status, answer = call(server, "PATCH", f"feature-schemas/{car}/definition", {"title": "Lorry"})
    assert status == 400 and "two tools with the name 'Lorry'" in answer["message"]
    _, found = call(server, "GET", f"ontologies/{ontology['id']}")
    assert [node["name"] for node in found["featureSchemaNodes"]["tools"]] == ["Car", "Lorry"]


def test_taking_a_tool_out_takes_its_relations_along() -> None:
    edge = {"tool": "edge", "featureSchemaId": "e", "definition": {"constraints": [["a", "b"], ["b", "b"]]}}
    tools = [{"tool": "point", "featureSchemaId": key} for key in "ab"]
    document = {"tools": [*tools, edge], "classifications": []}
    left, node, position = rules.without(document, "a")
    assert (node["featureSchemaId"], position) == ("a", 0)
    assert left["tools"][1]["definition"] == {"constraints": [["b", "b"]]}
    assert rules.inserted(left, node, 9)["tools"][-1] is node
    assert len(document["tools"]) == 3
    with pytest.raises(errors.NotFound):
        rules.without(document, "z")
    with pytest.raises(errors.Malformed, match="option"):
        rules.inserted(document, {"label": "x"}, 0)


def test_new_content_reaches_every_depth_and_places_keep_their_own_ids() -> None:
    inner = {"type": "text", "name": "n", "featureSchemaId": "q", "schemaNodeId": "s1", "options": []}
    option = {"label": "o", "featureSchemaId": "o", "schemaNodeId": "s2", "options": [inner]}
    question = {"type": "radio", "featureSchemaId": "r", "schemaNodeId": "s3", "options": [option]}
    document = {"tools": [], "classifications": [question, {**inner, "schemaNodeId": "s4"}]}
    changed, found = rules.replaced(document, {**inner, "name": "m", "schemaNodeId": "new"})
    assert found
    nested = changed["classifications"][0]["options"][0]["options"][0]
    assert (nested["name"], nested["schemaNodeId"]) == ("m", "s1")
    assert (changed["classifications"][1]["name"], changed["classifications"][1]["schemaNodeId"]) == (
        "m",
        "s4",
    )
    assert rules.replaced(document, {"featureSchemaId": "z"}) == (document, False)
