"""The metadata ontology and values on data rows."""

from __future__ import annotations

from typing import Any

import pytest

from factories import make_rows, unique

FIELD = "mutation($d: UpsertCustomMetadataSchemaInput!) { upsertCustomMetadataSchema(data: $d) { id name kind reserved options { id name } } }"
SET = """mutation($d: [DataRowCustomMetadataBatchUpsertInput!]!) { upsertDataRowCustomMetadata(data: $d) {
  dataRowId globalKey error fields { schemaId value } } }"""
TAG = "cko8s9r5v0001h2dk9elqdidh"


def _field(server: Any, kind: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = server.graphql(FIELD, d={"name": unique("field"), "kind": kind, **more})[
        "upsertCustomMetadataSchema"
    ]
    return made


def test_the_reserved_fields_are_the_same_everywhere(server: Any) -> None:
    fields = server.graphql("{ customMetadataOntology { id name kind reserved options { id name } } }")
    known = {field["name"]: field for field in fields["customMetadataOntology"] if field["reserved"]}
    assert known["tag"]["id"] == TAG
    assert known["split"]["id"] == "cko8sbczn0002h2dkdaxb5kal"
    assert [option["name"] for option in known["split"]["options"]] == ["train", "valid", "test"]
    assert known["captureDateTime"]["id"] == "cko8sdzv70006h2dk8jg64zvb"
    assert (
        server.code(FIELD, d={"id": TAG, "name": "x", "kind": "CustomMetadataString"})
        == "OPERATION_NOT_ALLOWED"
    )
    delete = "mutation($i: ID!) { deleteCustomMetadataSchema(schema: {id: $i}) { success } }"
    assert server.code(delete, i=TAG) == "OPERATION_NOT_ALLOWED"


def test_a_field_of_ones_own_is_made_changed_and_deleted(server: Any) -> None:
    option = {"name": "day", "kind": "CustomMetadataEnumOption"}
    made = _field(server, "CustomMetadataEnum", options=[option, {**option, "name": "night"}])
    assert [entry["name"] for entry in made["options"]] == ["day", "night"]
    kept = {**option, "id": made["options"][0]["id"], "name": "noon"}
    changed = server.graphql(
        FIELD, d={"id": made["id"], "name": made["name"], "kind": made["kind"], "options": [kept]}
    )
    assert [(e["id"], e["name"]) for e in changed["upsertCustomMetadataSchema"]["options"]] == [
        (kept["id"], "noon")
    ]
    assert server.code(FIELD, d={"name": made["name"], "kind": "CustomMetadataString"}) == "RESOURCE_CONFLICT"
    server.graphql(
        "mutation($i: ID!) { deleteCustomMetadataSchema(schema: {id: $i}) { success } }", i=made["id"]
    )
    names = {
        field["name"]
        for field in server.graphql("{ customMetadataOntology { name } }")["customMetadataOntology"]
    }
    assert made["name"] not in names


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("CustomMetadataString", "text", "text"),
        ("CustomMetadataNumber", 3, 3.0),
        ("CustomMetadataDateTime", "2024-01-02T03:04:05+02:00", "2024-01-02T01:04:05Z"),
        ("CustomMetadataDateTime", "2024-01-02", "2024-01-02T00:00:00Z"),
    ],
)
def test_values_are_kept_in_their_fields_form(server: Any, kind: str, value: Any, stored: Any) -> None:
    field, (row,) = _field(server, kind), make_rows(server, 1)
    answer = server.graphql(
        SET, d=[{"dataRowId": row, "fields": [{"schemaId": field["id"], "value": value}]}]
    )
    (result,) = answer["upsertDataRowCustomMetadata"]
    assert (result["dataRowId"], result["error"]) == (row, None)
    assert result["fields"] == [{"schemaId": field["id"], "value": stored}]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("CustomMetadataString", 3),
        ("CustomMetadataString", "x" * 4097),
        ("CustomMetadataNumber", "three"),
        ("CustomMetadataDateTime", "soon"),
    ],
)
def test_a_value_that_does_not_fit_leaves_the_row_alone(server: Any, kind: str, value: Any) -> None:
    field, rows = _field(server, kind), make_rows(server, 2)
    given = [
        {"dataRowId": rows[0], "fields": [{"schemaId": field["id"], "value": value}]},
        {"dataRowId": rows[1], "fields": [{"schemaId": TAG, "value": "good"}]},
        {"dataRowId": "c" + "0" * 24, "fields": [{"schemaId": TAG, "value": "x"}]},
    ]
    bad, good, missing = server.graphql(SET, d=given)["upsertDataRowCustomMetadata"]
    assert field["name"] in bad["error"] and bad["fields"] == []
    assert good["error"] is None and missing["error"]
    look = "query($r: ID!) { dataRow(where: {id: $r}) { metadataFields { name value } } }"
    assert server.graphql(look, r=rows[0])["dataRow"]["metadataFields"] == []
    assert server.graphql(look, r=rows[1])["dataRow"]["metadataFields"] == [{"name": "tag", "value": "good"}]


def test_values_are_replaced_field_by_field_and_deleted(server: Any) -> None:
    (row,) = make_rows(server, 1)
    split, test_option = "cko8sbczn0002h2dkdaxb5kal", "cko8scbz70005h2dkastwhgqt"
    server.graphql(
        SET,
        d=[
            {
                "dataRowId": row,
                "fields": [{"schemaId": TAG, "value": "a"}, {"schemaId": test_option, "value": {}}],
            }
        ],
    )
    server.graphql(SET, d=[{"dataRowId": row, "fields": [{"schemaId": TAG, "value": "b"}]}])
    look = "query($r: ID!) { dataRow(where: {id: $r}) { customMetadata { schemaId value } metadataFields { name value } } }"
    seen = server.graphql(look, r=row)["dataRow"]
    assert seen["metadataFields"] == [{"name": "tag", "value": "b"}, {"name": "split", "value": "test"}]
    assert seen["customMetadata"][1:] == [
        {"schemaId": split, "value": {}},
        {"schemaId": test_option, "value": {}},
    ]
    delete = """mutation($d: [DataRowCustomMetadataBatchDeleteInput!]) { deleteDataRowCustomMetadata(data: $d) {
      fields { schemaId } } }"""
    server.graphql(delete, d=[{"dataRowId": row, "schemaIds": [split]}])
    assert server.graphql(look, r=row)["dataRow"]["metadataFields"] == [{"name": "tag", "value": "b"}]


def test_deleting_takes_from_each_row_only_what_was_named_for_it(server: Any) -> None:
    rows = make_rows(server, 2)
    split, test_option = "cko8sbczn0002h2dkdaxb5kal", "cko8scbz70005h2dkastwhgqt"
    fields = [{"schemaId": TAG, "value": "a"}, {"schemaId": test_option, "value": {}}]
    server.graphql(SET, d=[{"dataRowId": row, "fields": fields} for row in rows])
    delete = """mutation($d: [DataRowCustomMetadataBatchDeleteInput!]) { deleteDataRowCustomMetadata(data: $d) {
      dataRowId error fields { schemaId } } }"""
    told = server.graphql(
        delete,
        d=[
            {"dataRowId": rows[0], "schemaIds": [TAG]},
            {"dataRowId": "no such row", "schemaIds": [TAG]},
            {"dataRowId": rows[1], "schemaIds": [test_option]},
        ],
    )["deleteDataRowCustomMetadata"]
    assert [(entry["dataRowId"], entry["error"]) for entry in told] == [
        (rows[0], None),
        ("no such row", "There is no data row no such row."),
        (rows[1], None),
    ]
    assert [[field["schemaId"] for field in entry["fields"]] for entry in told] == [
        [split, test_option],
        [],
        [TAG],
    ]
