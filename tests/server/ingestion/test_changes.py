"""Changing data rows through an import: by id and by global key, many at once."""

from __future__ import annotations

import time
from typing import Any

from factories import import_items, imported, item, make_dataset, picture, unique, upload

ROWS = """query($d: ID!) { dataset(where: {id: $d}) { rowCount dataRows(first: 1000) { id externalId globalKey rowData
  mediaAttributes processingStatus attachments { type value name } metadataFields { name value } } } }"""


def _rows(server: Any, dataset_id: str) -> dict[str, dict[str, Any]]:
    rows = server.graphql(ROWS, d=dataset_id)["dataset"]["dataRows"]
    return {row["id"]: row for row in rows}


def _made(server: Any, dataset_id: str, count: int) -> list[dict[str, Any]]:
    task = import_items(
        server,
        [
            item(dataset_id, global_key=unique("key"), external_id=f"row {n}", metadata_fields=[])
            for n in range(count)
        ],
    )
    made, failed = imported(server, task["id"])
    assert not failed
    return made


def _change(dataset_id: str, kind: str, key: str, **payload: Any) -> dict[str, Any]:
    return {"id": {"type": kind, "value": key}, "payload": {"dataset_id": dataset_id, **payload}}


def test_X_31_rows_are_changed_by_id_and_by_key_and_the_rest_of_them_stays(server: Any) -> None:
    dataset_id = make_dataset(server)
    first, second, third = _made(server, dataset_id, 3)
    key = unique("new")
    task = import_items(
        server,
        [
            _change(dataset_id, "ID", first["id"], external_id="changed"),
            _change(dataset_id, "GKEY", second["globalKey"], row_data="https://example.com/b.png"),
            _change(dataset_id, "GKEY", key, row_data="https://example.com/c.png", external_id="made"),
        ],
    )
    made, failed = imported(server, task["id"])
    assert failed == [] and len(made) == 3
    rows = _rows(server, dataset_id)
    assert len(rows) == 4
    assert (rows[first["id"]]["externalId"], rows[first["id"]]["globalKey"]) == (
        "changed",
        first["globalKey"],
    )
    assert rows[first["id"]]["rowData"] == "https://example.com/a.jpg"
    assert rows[second["id"]]["rowData"] == "https://example.com/b.png"
    assert rows[second["id"]]["externalId"] == "row 1"
    assert rows[second["id"]]["mediaAttributes"]["mimeType"] == "image/png"
    assert rows[third["id"]]["externalId"] == "row 2"
    assert [row["externalId"] for row in rows.values() if row["globalKey"] == key] == ["made"]


def test_a_row_that_is_changed_twice_in_one_import_ends_as_the_last_says(server: Any) -> None:
    dataset_id = make_dataset(server)
    (row,) = _made(server, dataset_id, 1)
    task = import_items(
        server,
        [
            _change(dataset_id, "ID", row["id"], external_id="one", row_data="https://example.com/1.png"),
            _change(dataset_id, "GKEY", row["globalKey"], external_id="two"),
        ],
    )
    assert len(imported(server, task["id"])[0]) == 2
    (found,) = _rows(server, dataset_id).values()
    assert (found["externalId"], found["rowData"]) == ("two", "https://example.com/1.png")


def test_taken_keys_and_missing_rows_are_refused_by_name_and_the_others_go_on(server: Any) -> None:
    dataset_id = make_dataset(server)
    first, second, third = _made(server, dataset_id, 3)
    key = unique("wanted twice")
    missing = "c" + "0" * 24
    task = import_items(
        server,
        [
            _change(dataset_id, "ID", first["id"], global_key=second["globalKey"], external_id="no"),
            _change(dataset_id, "ID", missing, external_id="no"),
            _change(dataset_id, "ID", second["id"], global_key=key),
            _change(dataset_id, "ID", third["id"], global_key=key, external_id="no"),
        ],
    )
    made, failed = imported(server, task["id"])
    assert [row["id"] for row in made] == [second["id"]]
    assert [entry["message"] for entry in failed] == [
        f"Duplicate global key: '{second['globalKey']}'",
        f"There is no data row with id {missing}.",
        f"Duplicate global key: '{key}'",
    ]
    rows = _rows(server, dataset_id)
    assert {row["externalId"] for row in rows.values()} == {"row 0", "row 1", "row 2"}
    assert rows[first["id"]]["globalKey"] == first["globalKey"]
    assert rows[second["id"]]["globalKey"] == key


def test_attachments_are_replaced_and_metadata_is_added_to(server: Any) -> None:
    dataset_id = make_dataset(server)
    (row,) = _made(server, dataset_id, 1)
    notes = [{"type": "RAW_TEXT", "value": str(n), "name": f"note {n}"} for n in range(3)]
    tag = [{"name": "tag", "value": "noon"}]
    import_items(server, [_change(dataset_id, "ID", row["id"], attachments=notes, metadata_fields=tag)])
    split = [{"name": "split", "value": "train"}]
    import_items(server, [_change(dataset_id, "ID", row["id"], attachments=notes[:1], metadata_fields=split)])
    (found,) = _rows(server, dataset_id).values()
    assert [attachment["name"] for attachment in found["attachments"]] == ["note 0"]
    assert {field["name"]: field["value"] for field in found["metadataFields"]} == {
        "tag": "noon",
        "split": "train",
    }


def test_a_new_upload_behind_a_row_is_looked_into(server: Any) -> None:
    dataset_id = make_dataset(server)
    (row,) = _made(server, dataset_id, 1)
    url = upload(server, "b.jpg", picture(size=(320, 200)), "image/jpeg")["url"]
    import_items(server, [_change(dataset_id, "ID", row["id"], row_data=url)])
    for _ in range(200):
        (found,) = _rows(server, dataset_id).values()
        if found["processingStatus"] != "PROCESSING":
            break
        time.sleep(0.05)
    attributes = found["mediaAttributes"]
    assert (attributes["width"], attributes["height"]) == (320, 200)


def test_many_changes_cost_a_few_statements(server: Any) -> None:
    dataset_id = make_dataset(server)
    rows = _made(server, dataset_id, 1_000)
    task = import_items(
        server,
        [_change(dataset_id, "ID", row["id"], external_id=f"new {n}") for n, row in enumerate(rows)],
    )
    made, failed = imported(server, task["id"])
    assert (len(made), failed) == (1_000, [])
    found = _rows(server, dataset_id)
    assert {row["externalId"] for row in found.values()} == {f"new {n}" for n in range(1_000)}
