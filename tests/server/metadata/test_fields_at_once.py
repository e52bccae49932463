"""Metadata fields made by several callers at the same moment, and options that are not the field's own."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from factories import unique

CALLERS = 16
FIELD = """mutation($d: UpsertCustomMetadataSchemaInput!) { upsertCustomMetadataSchema(data: $d) {
  id name options { id name } } }"""
FIELDS = "{ customMetadataOntology { id name kind options { id name } } }"
ENUM, OPTION = "CustomMetadataEnum", "CustomMetadataEnumOption"
TAG = "cko8s9r5v0001h2dk9elqdidh"


def test_one_of_sixteen_makes_the_field(server: Any) -> None:
    name, start = unique("field"), Barrier(CALLERS)

    def make(number: int) -> str:
        start.wait(60)
        answer = server.answer(FIELD, d={"name": name, "kind": "CustomMetadataString"})
        return str(answer["errors"][0]["extensions"]["code"]) if answer.get("errors") else "done"

    with ThreadPoolExecutor(CALLERS) as pool:
        codes = Counter(pool.map(make, range(CALLERS)))
    assert codes == {"done": 1, "RESOURCE_CONFLICT": CALLERS - 1}
    fields = server.graphql(FIELDS)["customMetadataOntology"]
    assert [field["name"] for field in fields].count(name) == 1


def test_an_option_is_known_by_its_own_id_only(server: Any) -> None:
    def make(*options: str) -> dict[str, Any]:
        given = [{"name": option, "kind": OPTION} for option in options]
        made: dict[str, Any] = server.graphql(
            FIELD, d={"name": unique("field"), "kind": ENUM, "options": given}
        )["upsertCustomMetadataSchema"]
        return made

    mine, other = make("day", "night"), make("rain")
    before = server.graphql(FIELDS)
    for option_id in (TAG, other["id"], other["options"][0]["id"], "unknown"):
        change = {"id": option_id, "name": "taken over", "kind": OPTION}
        answer = server.answer(
            FIELD, d={"id": mine["id"], "name": mine["name"], "kind": ENUM, "options": [change]}
        )
        assert answer["errors"][0]["extensions"]["code"] == "RESOURCE_NOT_FOUND"
        assert option_id in answer["errors"][0]["message"]
    assert server.graphql(FIELDS) == before
    kept = {"id": mine["options"][0]["id"], "name": "dusk", "kind": OPTION}
    changed = server.graphql(
        FIELD, d={"id": mine["id"], "name": mine["name"], "kind": ENUM, "options": [kept]}
    )["upsertCustomMetadataSchema"]
    assert changed["options"] == [{"id": mine["options"][0]["id"], "name": "dusk"}]
