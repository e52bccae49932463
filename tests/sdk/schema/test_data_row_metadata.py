"""Metadata of data rows: the data row format, section 5."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import labelbox as lb

UID = "c" + "1" * 24
TAG, SPLIT, TRAIN, VALID, WHEN, DEPTH, VECTOR = ("c" + letter * 24 for letter in "tsrvwde")


def _kind(uid: str, name: str, kind: str, reserved: bool, options: list[Any] | None = None) -> dict[str, Any]:
    return {
        "id": uid,
        "name": name,
        "kind": f"CustomMetadata{kind}",
        "reserved": reserved,
        "options": options,
    }


NODES = [
    _kind(TAG, "tag", "String", True),
    _kind(
        SPLIT,
        "split",
        "Enum",
        True,
        [_kind(TRAIN, "train", "EnumOption", True), _kind(VALID, "valid", "EnumOption", True)],
    ),
    _kind(WHEN, "captureDateTime", "DateTime", True),
    _kind(DEPTH, "draught_m", "Number", False),
    _kind(VECTOR, "shape", "Embedding", False),
]


@pytest.fixture
def metadata(server: Any, client: lb.Client) -> lb.DataRowMetadataOntology:
    server.on("CustomMetadataOntology", {"customMetadataOntology": NODES})
    return client.get_data_row_metadata_ontology()


def test_the_types(metadata: lb.DataRowMetadataOntology) -> None:
    assert [schema.name for schema in metadata.reserved_fields] == ["tag", "split", "captureDateTime"]
    assert [schema.name for schema in metadata.custom_fields] == ["draught_m", "shape"]
    options = metadata.reserved_by_name["split"]
    assert isinstance(options, dict)
    assert (options["train"].uid, options["train"].parent) == (TRAIN, SPLIT)
    assert metadata.get_by_name("draught_m") == metadata.fields_by_id[DEPTH]
    with pytest.raises(KeyError):
        metadata.get_by_name("mood")


WRITTEN: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    ({"name": "tag", "value": "x"}, [{"schemaId": TAG, "value": "x"}]),
    ({"schema_id": DEPTH, "value": "1.5"}, [{"schemaId": DEPTH, "value": 1.5}]),
    (
        {"name": "split", "value": "valid"},
        [{"schemaId": SPLIT, "value": {}}, {"schemaId": VALID, "value": {}}],
    ),
    (
        {"schema_id": SPLIT, "value": TRAIN},
        [{"schemaId": SPLIT, "value": {}}, {"schemaId": TRAIN, "value": {}}],
    ),
    (
        {"name": "captureDateTime", "value": "2025-01-02"},
        [{"schemaId": WHEN, "value": "2025-01-02T00:00:00Z"}],
    ),
    ({"schema_id": VECTOR, "value": [1] * 128}, [{"schemaId": VECTOR, "value": [1.0] * 128}]),
]


@pytest.mark.parametrize(("given", "expected"), WRITTEN)
def test_values_are_written(metadata: Any, given: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    assert metadata.parse_upsert_metadata([given]) == expected


REFUSED: list[tuple[dict[str, Any], type[Exception]]] = [
    ({"name": "tag", "value": "x" * 4097}, ValueError),
    ({"name": "draught_m", "value": "deep"}, ValueError),
    ({"name": "captureDateTime", "value": 7}, ValueError),
    ({"name": "shape", "value": [1.0]}, ValueError),
    ({"schema_id": SPLIT, "value": "no such option"}, KeyError),
]


@pytest.mark.parametrize(("given", "expected"), REFUSED)
def test_wrong_values(metadata: Any, given: dict[str, Any], expected: type[Exception]) -> None:
    with pytest.raises(expected):
        metadata.parse_upsert_metadata([given])


def test_values_are_read(metadata: lb.DataRowMetadataOntology) -> None:
    entries = [
        {"schemaId": SPLIT, "value": {}},
        {"schemaId": TRAIN, "value": {}},
        {"schemaId": WHEN, "value": "2025-02-11T08:00:00Z"},
        {"schemaId": DEPTH, "value": 3},
    ]
    (row,) = metadata.parse_metadata([{"dataRowId": UID, "globalKey": "g", "fields": entries}])
    assert (row.data_row_id, row.global_key) == (UID, "g")
    assert [(f.schema_id, f.name, f.value) for f in row.fields] == [
        (SPLIT, "split", TRAIN),
        (WHEN, "captureDateTime", datetime(2025, 2, 11, 8, tzinfo=UTC)),
        (DEPTH, "draught_m", 3),
    ]
    with pytest.raises(ValueError, match="no metadata"):
        metadata.parse_metadata_fields([{"schemaId": UID, "value": 1}])


def test_an_unknown_id_makes_the_types_be_read_once_more(server: Any, metadata: Any) -> None:
    new = _kind(UID, "new", "String", False)
    server.on("CustomMetadataOntology", {"customMetadataOntology": [*NODES, new]})
    assert metadata.parse_upsert_metadata([{"schema_id": UID, "value": "x"}]) == [
        {"schemaId": UID, "value": "x"}
    ]
    assert len(server.calls("CustomMetadataOntology")) == 2


def test_bulk_upsert_goes_in_fifties_and_tells_what_failed(server: Any, metadata: Any) -> None:
    def answer(request: Any) -> Any:
        rows = [
            {"dataRowId": r.get("dataRowId"), "globalKey": None, "error": None}
            for r in request.variables["data"]
        ]
        rows[0]["error"] = "no such data row"
        return {"upsertDataRowCustomMetadata": [{**row, "fields": []} for row in rows]}

    server.on("UpsertDataRowCustomMetadata", answer)
    field = lb.DataRowMetadataField(name="tag", value="x")
    rows = [lb.DataRowMetadata(data_row_id=f"r{n}", fields=[field]) for n in range(120)]
    failed = metadata.bulk_upsert(rows)
    assert [(each.data_row_id, each.error) for each in failed] == [
        (f"r{n}", "no such data row") for n in (0, 50, 100)
    ]
    sent = server.calls("UpsertDataRowCustomMetadata")
    assert [len(call["data"]) for call in sent] == [50, 50, 20]
    assert sent[0]["data"][0] == {"dataRowId": "r0", "fields": [{"schemaId": TAG, "value": "x"}]}
    for wrong in ([], [lb.DataRowMetadata(fields=[field])]):
        with pytest.raises(ValueError, match="row"):
            metadata.bulk_upsert(wrong)


def test_bulk_delete_and_export_by_both_names(server: Any, metadata: Any) -> None:
    server.on("DeleteDataRowCustomMetadata", {"deleteDataRowCustomMetadata": []})
    deletes = [lb.DeleteDataRowMetadata("r", [TAG]), lb.DeleteDataRowMetadata(lb.GlobalKey("g"), [TAG])]
    assert metadata.bulk_delete(deletes) == []
    assert server.calls("DeleteDataRowCustomMetadata")[0]["data"] == [
        {"dataRowIdentifier": {"id": "r", "idType": "ID"}, "schemaIds": [TAG]},
        {"dataRowIdentifier": {"id": "g", "idType": "GKEY"}, "schemaIds": [TAG]},
    ]
    entry = {"dataRowId": "r", "globalKey": "g", "error": None, "fields": [{"schemaId": TAG, "value": "x"}]}
    server.on("DataRowCustomMetadata", {"dataRowCustomMetadata": [entry]})
    (found,) = metadata.bulk_export(lb.GlobalKeys(["g"]))
    assert found.fields[0].value == "x"
    assert server.calls("DataRowCustomMetadata")[0]["identifiers"] == {"ids": ["g"], "idType": "GKEY"}


def test_schemas_are_made_renamed_and_deleted(server: Any, metadata: Any) -> None:
    made = _kind(UID, "mood", "Enum", False, [_kind(TAG, "calm", "EnumOption", False)])
    server.on("UpsertCustomMetadataSchema", {"upsertCustomMetadataSchema": made})
    server.on("DeleteCustomMetadataSchema", {"deleteCustomMetadataSchema": {"success": True}})
    schema = metadata.create_schema("mood", lb.DataRowMetadataKind.enum, ["calm"])
    assert schema.options is not None
    assert schema.options[0].name == "calm"
    metadata.update_schema("draught_m", "depth")
    assert metadata.delete_schema("draught_m") is True
    created, renamed = (call["data"] for call in server.calls("UpsertCustomMetadataSchema"))
    assert created["options"] == [{"name": "calm", "kind": "CustomMetadataEnumOption"}]
    assert (renamed["id"], renamed["name"]) == (DEPTH, "depth")
    wrong: list[tuple[Any, ...]] = [
        ("", lb.DataRowMetadataKind.string),
        ("x" * 101, lb.DataRowMetadataKind.string),
        ("e", lb.DataRowMetadataKind.enum),
        ("s", lb.DataRowMetadataKind.string, ["a"]),
    ]
    for arguments in wrong:
        with pytest.raises(ValueError, match=r"characters|options"):
            metadata.create_schema(*arguments)
    with pytest.raises(KeyError):
        metadata.delete_schema("tag")
