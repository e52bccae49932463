"""Chunks of nothing but addresses are read and written as a whole: what comes out is the same."""

from __future__ import annotations

import json
from typing import Any

from factories import import_items, imported, item, make_dataset, unique
from labelyard.formats.descriptor_plain import read_plain_chunk

ROWS = """query($d: ID!) { dataset(where: {id: $d}) { rowCount dataRows(first: 1000) { id externalId globalKey rowData
  mediaAttributes processingStatus } } }"""
ODD = "tab\there, line\nthere, back\\slash, \r, 雪, \\N"


def _chunk(*payloads: dict[str, Any]) -> bytes:
    return json.dumps(
        [{"id": {"type": "AUTO", "value": ""}, "payload": {"dataset_id": "d", **each}} for each in payloads]
    ).encode()


def test_a_chunk_of_addresses_is_plain() -> None:
    chunk = read_plain_chunk(
        _chunk(
            {"row_data": "https://e.com/a.jpg", "global_key": "k", "media_type": "IMAGE"},
            {"row_data": "HTTP://e.com/b"},
        )
    )
    assert chunk is not None and not chunk.has_escapes
    assert [(row.row_data, row.global_key, row.external_id) for row in chunk.rows] == [
        ("https://e.com/a.jpg", "k", None),
        ("HTTP://e.com/b", None, None),
    ]


def test_everything_else_is_left_to_the_careful_reader() -> None:
    good = {"row_data": "https://e.com/a.jpg"}
    others: list[dict[str, Any]] = [
        {"row_data": "just a text"},
        {"row_data": "https://e.com/a b.jpg"},
        {"row_data": "https://e.com/a.jpg\n"},
        {"row_data": "https://here/api/v1/blobs/uploads/x"},
        {"row_data": {"pdf_url": "https://e.com/a.pdf"}},
        {**good, "attachments": []},
        {**good, "global_key": ""},
        {**good, "global_key": " \t"},
        {**good, "global_key": "k" * 201},
        {**good, "external_id": 5},
        {**good, "external_id": "a\0b"},
        {**good, "media_type": "SCULPTURE"},
        {},
    ]
    for other in others:
        assert read_plain_chunk(_chunk(good, other)) is None, other
    assert read_plain_chunk(b'[{"id": {"type": "GKEY", "value": "k"}, "payload": {}}]') is None
    assert read_plain_chunk(b"[{") is None


def test_odd_characters_are_kept_as_they_came(server: Any) -> None:
    dataset_id = make_dataset(server)
    key = unique("key") + ODD
    task = import_items(
        server,
        [
            item(dataset_id, row_data="https://example.com/\\N/雪.png", global_key=key, external_id=ODD),
            item(dataset_id, row_data="https://example.com/film.mp4"),
        ],
    )
    made, failed = imported(server, task["id"])
    assert failed == []
    assert [(row["globalKey"], row["externalId"], row["rowData"]) for row in made] == [
        (key, ODD, "https://example.com/\\N/雪.png"),
        (None, None, "https://example.com/film.mp4"),
    ]
    found = server.graphql(ROWS, d=dataset_id)["dataset"]
    assert found["rowCount"] == 2
    rows = {row["id"]: row for row in found["dataRows"]}
    assert rows[made[0]["id"]]["externalId"] == ODD and rows[made[0]["id"]]["globalKey"] == key
    assert rows[made[0]["id"]]["mediaAttributes"]["mimeType"] == "image/png"
    assert rows[made[1]["id"]]["mediaAttributes"]["assetType"] == "video"


def test_one_taken_key_among_them_refuses_only_that_row(server: Any) -> None:
    dataset_id = make_dataset(server)
    key = unique("key")
    items = [item(dataset_id, global_key=unique("key"), external_id=str(n)) for n in range(20)]
    items[7]["payload"]["global_key"] = items[3]["payload"]["global_key"] = key
    task = import_items(server, items)
    made, failed = imported(server, task["id"])
    assert len(made) == 19 and server.graphql(ROWS, d=dataset_id)["dataset"]["rowCount"] == 19
    assert [(entry["message"], entry["spec"]["externalId"]) for entry in failed] == [
        (f"Duplicate global key: '{key}'", "7")
    ]


def test_a_dataset_that_is_not_there_refuses_its_rows_by_name(server: Any) -> None:
    dataset_id, missing = make_dataset(server), "c" + "0" * 24
    task = import_items(server, [item(dataset_id), item(missing)])
    made, failed = imported(server, task["id"])
    assert len(made) == 1
    assert [entry["message"] for entry in failed] == [f"There is no dataset with id {missing}."]
