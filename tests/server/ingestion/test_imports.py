"""Uploads and imports: what goes in, what is refused and why."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import urllib3

from factories import (
    finished,
    import_items,
    imported,
    item,
    make_batch,
    make_dataset,
    make_project,
    picture,
    unique,
    upload,
    upload_json,
)

ROWS = """query($d: ID!) { dataset(where: {id: $d}) { rowCount dataRows(first: 1000) { id externalId globalKey rowData
  mediaAttributes processingStatus processingError thumbnailUrl attachments { type value name }
  metadataFields { name value kind } customMetadata { schemaId value } } } }"""


def _rows(server: Any, dataset_id: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = server.graphql(ROWS, d=dataset_id)["dataset"]["dataRows"]
    return rows


def _processed(server: Any, dataset_id: str) -> list[dict[str, Any]]:
    import time

    for _ in range(200):
        rows = _rows(server, dataset_id)
        if all(row["processingStatus"] != "PROCESSING" for row in rows):
            return rows
        time.sleep(0.05)
    raise AssertionError("some rows are never looked at")


def test_X_18_R_DR_05_an_upload_comes_back_byte_by_byte(server: Any) -> None:
    content = picture()
    url = upload(server, "a picture.jpg", content, "image/jpeg")["url"]
    whole = urllib3.request("GET", url)
    assert whole.status == 200 and whole.data == content
    assert hashlib.sha256(whole.data).digest() == hashlib.sha256(content).digest()
    assert (
        whole.headers["content-type"] == "image/jpeg" and whole.headers["x-content-type-options"] == "nosniff"
    )
    part = urllib3.request("GET", url, headers={"Range": "bytes=10-19"})
    assert (part.status, part.data) == (206, content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(content)}"
    assert urllib3.request("GET", url, headers={"Range": f"bytes={len(content)}-"}).status == 416
    assert urllib3.request("GET", url.replace("s=", "s=x")).status == 403
    assert urllib3.request("GET", url.split("?")[0]).status == 403


@pytest.mark.parametrize("part", ["1", "abc__job/name with ünïcode.ndjson", "0"])
@pytest.mark.parametrize(
    ("name", "kind"), [("a.json", "application/json"), ("application/json", "json_import.json")]
)
def test_X_18_multipart_part_names_and_swapped_types(server: Any, part: str, name: str, kind: str) -> None:
    content = b'{"some": "document"}'
    uploaded = upload(server, name, content, kind, part)
    assert urllib3.request("GET", uploaded["url"]).data == content


def test_html_and_svg_do_not_run_in_our_origin(server: Any) -> None:
    for name, kind in (("x.html", "text/html"), ("x.svg", "image/svg+xml")):
        url = upload(server, name, b"<script>alert(1)</script>", kind)["url"]
        policy = urllib3.request("GET", url).headers["content-security-policy"]
        assert policy.startswith("sandbox;") and "allow-scripts" not in policy


def test_X_31_a_manifest_makes_rows_with_all_that_belongs_to_them(server: Any) -> None:
    dataset_id = make_dataset(server)
    key = unique("key")
    url = upload(server, "p.jpg", picture(size=(321, 123)), "image/jpeg")["url"]
    task = import_items(
        server,
        [
            item(
                dataset_id,
                row_data=url,
                global_key=key,
                external_id="first",
                attachments=[{"type": "RAW_TEXT", "value": "a note", "name": "n"}],
                metadata_fields=[
                    {"schemaId": "cko8s9r5v0001h2dk9elqdidh", "value": "tagged"},
                    {"schemaId": "cko8sbczn0002h2dkdaxb5kal", "value": {}},
                    {"schemaId": "cko8scbz70005h2dkastwhgqt", "value": {}},
                    {"schemaId": "cko8sdzv70006h2dk8jg64zvb", "value": "2024-05-06T07:08:09Z"},
                ],
            )
        ],
    )
    assert (task["status"], task["type"], task["completionPercentage"]) == (
        "COMPLETE",
        "adv-upsert-data-rows",
        100,
    )
    made, failed = imported(server, task["id"])
    assert failed == [] and len(made) == 1
    (row,) = _processed(server, dataset_id)
    assert (row["id"], row["globalKey"], row["externalId"]) == (made[0]["id"], key, "first")
    assert urllib3.request("GET", row["rowData"]).data == picture(size=(321, 123))
    assert row["mediaAttributes"]["width"] == 321 and row["mediaAttributes"]["height"] == 123
    assert (row["processingStatus"], row["processingError"]) == ("SUCCESS", None)
    assert row["attachments"] == [{"type": "RAW_TEXT", "value": "a note", "name": "n"}]
    assert [(field["name"], field["value"]) for field in row["metadataFields"]] == [
        ("tag", "tagged"),
        ("split", "test"),
        ("captureDateTime", "2024-05-06T07:08:09Z"),
    ]
    small = urllib3.request(
        "GET", server.url + row["thumbnailUrl"], headers={"Authorization": f"Bearer {server.key}"}
    )
    assert small.status == 200 and small.data[:2] == b"\xff\xd8"
    assert urllib3.request("GET", server.url + row["thumbnailUrl"]).status == 401
    result = urllib3.request("GET", task["result"]).json()
    assert [entry["id"] for entry in result["createdDataRows"]] == [row["id"]] and result["errors"] == []


def test_a_text_called_jpg_becomes_a_row_with_an_error(server: Any) -> None:
    dataset_id = make_dataset(server)
    url = upload(server, "fake.jpg", b"this is only text", "image/jpeg")["url"]
    empty = upload(server, "empty.jpg", b"", "image/jpeg")["url"]
    import_items(server, [item(dataset_id, row_data=url), item(dataset_id, row_data=empty)])
    for row in _processed(server, dataset_id):
        assert row["processingStatus"] == "FAILED"
        assert row["processingError"].endswith(".") and "jpg" in row["processingError"]
    project_id = make_project(server)
    ids = [row["id"] for row in _rows(server, dataset_id)]
    query = """mutation($p: ID!, $i: CreateBatchInput!) { project(where: {id: $p}) {
      createBatchV2(input: $i) { failedDataRowIds } } }"""
    given = {"name": "b", "dataRowIds": ids}
    assert server.code(query, p=project_id, i=given) == "MALFORMED_REQUEST"
    counted = server.graphql(
        "query($p: ID!) { project(where: {id: $p}) { dataRowCount batches { nodes { id } } } }", p=project_id
    )
    assert counted["project"] == {"dataRowCount": 0, "batches": {"nodes": []}}


def test_a_global_key_twice_in_one_upload_and_across_uploads(server: Any) -> None:
    dataset_id = make_dataset(server)
    key = unique("key")
    first = import_items(
        server,
        [
            item(dataset_id, global_key=key, external_id="a"),
            item(dataset_id, global_key=key, external_id="b"),
        ],
    )
    made, failed = imported(server, first["id"])
    assert [row["externalId"] for row in made] == ["a"]
    assert [(entry["message"], entry["spec"]["externalId"]) for entry in failed] == [
        (f"Duplicate global key: '{key}'", "b")
    ]
    second = import_items(server, [item(dataset_id, global_key=key), item(dataset_id, external_id="good")])
    made, failed = imported(server, second["id"])
    assert [row["externalId"] for row in made] == ["good"]
    assert [entry["message"] for entry in failed] == [f"Duplicate global key: '{key}'"]
    assert server.graphql(ROWS, d=dataset_id)["dataset"]["rowCount"] == 2
    server.graphql(
        "mutation($r: [ID!]!) { deleteDataRows(where: {dataRowIds: $r}) { id } }",
        r=[_rows(server, dataset_id)[0]["id"]],
    )
    third = import_items(server, [item(dataset_id, global_key=key)])
    assert imported(server, third["id"])[1] == []


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"row_data": None}, "row_data"),
        ({"global_key": "k" * 201}, "201"),
        ({"media_type": "NONSENSE"}, "NONSENSE"),
        ({"attachments": [{"type": "NONSENSE", "value": "x"}]}, "NONSENSE"),
        ({"metadata_fields": [{"schemaId": "c" + "9" * 24, "value": "x"}]}, "metadata field"),
        (
            {"metadata_fields": [{"schemaId": "cko8s9r5v0001h2dk9elqdidh", "value": "x"}] * 2},
            "only be specified once",
        ),
        ({"dataset_id": "c" + "9" * 24}, "no dataset"),
    ],
)
def test_X_33_a_bad_item_says_why_and_the_good_one_goes_in(
    server: Any, payload: dict[str, Any], words: str
) -> None:
    dataset_id = make_dataset(server)
    task = import_items(
        server,
        [{**item(dataset_id), "payload": {**item(dataset_id)["payload"], **payload}}, item(dataset_id)],
    )
    made, failed = imported(server, task["id"])
    assert task["status"] == "COMPLETE" and len(made) == 1 and len(failed) == 1
    assert words in failed[0]["message"]
    assert len(_rows(server, dataset_id)) == 1


def test_one_row_too_many_is_refused_at_once(server: Any) -> None:
    manifest = upload_json(server, {"source": "SDK", "item_count": 1_000_001, "chunk_uris": []})
    query = "mutation($m: String!) { upsertDataRows(data: {manifestUri: $m}) { id } }"
    answer = server.answer(query, m=manifest)
    assert answer["errors"][0]["extensions"]["code"] == "MALFORMED_REQUEST"
    assert "1000001" in answer["errors"][0]["message"]


def test_a_chunk_that_is_not_json_fails_the_task_and_makes_nothing(server: Any) -> None:
    broken = upload(server, "c.json", b"[{", "application/json")["url"]
    manifest = upload_json(server, {"source": "SDK", "item_count": 1, "chunk_uris": [broken]})
    task = server.graphql(
        "mutation($m: String!) { upsertDataRows(data: {manifestUri: $m}) { id } }", m=manifest
    )
    ended = finished(server, task["upsertDataRows"]["id"])
    assert ended["status"] == "FAILED" and ended["errors"]


def test_a_private_address_is_not_fetched(server: Any) -> None:
    query = "mutation($m: String!) { upsertDataRows(data: {manifestUri: $m}) { id } }"
    answer = server.answer(query, m=f"{server.url}/healthz")
    assert answer["errors"][0]["extensions"]["code"] == "MALFORMED_REQUEST"
    for address in ("http://169.254.169.254/latest", "file:///etc/passwd", "http://localhost:1/"):
        assert server.code(query, m=address) == "MALFORMED_REQUEST"


def test_X_20_the_older_descriptor_in_the_background_and_at_once(server: Any) -> None:
    dataset_id = make_dataset(server)
    url = upload_json(
        server, [{"data": "https://example.com/1.png", "externalId": "one"}, {"externalId": "none"}]
    )
    query = "mutation($d: AppendRowsInput!) { appendRowsToDataset(data: $d) { taskId accepted } }"
    started = server.graphql(query, d={"datasetId": dataset_id, "jsonFileUrl": url})["appendRowsToDataset"]
    assert started["accepted"] is True
    task = finished(server, started["taskId"])
    assert (task["status"], task["name"]) == ("COMPLETE", "JSON Import")
    result = urllib3.request("GET", task["result"]).json()
    assert [row["externalId"] for row in result["createdDataRows"]] == ["one"]
    assert result["errors"][0]["failedDataRows"][0]["externalId"] == "none"
    sync = "mutation($d: AppendRowsInput!) { appendRowsToDatasetSync(data: $d) { dataset { id } } }"
    assert server.code(sync, d={"datasetId": dataset_id, "jsonFileUrl": url}) == "MALFORMED_REQUEST"
    assert [row["externalId"] for row in _rows(server, dataset_id)] == ["one"]


def test_R_DS_12_R_DS_13_one_row_at_once(server: Any) -> None:
    dataset_id = make_dataset(server)
    query = "mutation($d: CreateDataRowInput!) { createDataRow(data: $d) { id rowData externalId dataset { id } } }"
    given = {
        "rowData": "https://example.com/x.jpg",
        "externalId": "e",
        "dataset": {"connect": {"id": dataset_id}},
    }
    made = server.graphql(query, d=given)["createDataRow"]
    assert (made["rowData"], made["externalId"], made["dataset"]["id"]) == (
        "https://example.com/x.jpg",
        "e",
        dataset_id,
    )
    assert server.code(query, d={"dataset": {"connect": {"id": dataset_id}}}) == "MALFORMED_REQUEST"
    assert len(_rows(server, dataset_id)) == 1


def test_an_update_changes_what_it_names_and_nothing_else(server: Any) -> None:
    dataset_id = make_dataset(server)
    key = unique("key")
    import_items(
        server,
        [
            item(
                dataset_id,
                global_key=key,
                external_id="old",
                attachments=[{"type": "RAW_TEXT", "value": v} for v in "abc"],
            )
        ],
    )
    change = {
        "id": {"type": "GKEY", "value": key},
        "payload": {"attachments": [{"type": "RAW_TEXT", "value": "new"}]},
    }
    missing = {"id": {"type": "ID", "value": "c" + "8" * 24}, "payload": {"external_id": "x"}}
    made, failed = imported(server, import_items(server, [change, missing])["id"])
    assert len(made) == 1 and "no data row" in failed[0]["message"]
    (row,) = _rows(server, dataset_id)
    assert (row["externalId"], [a["value"] for a in row["attachments"]]) == ("old", ["new"])


def test_rows_of_a_connected_dataset_enter_the_project_also_later(server: Any) -> None:
    project_id, dataset_id = make_project(server), make_dataset(server)
    import_items(server, [item(dataset_id)])
    server.graphql(
        "mutation($p: ID!, $d: ID!) { updateProject(where: {id: $p}, data: {datasets: {connect: {id: $d}}}) { id } }",
        p=project_id,
        d=dataset_id,
    )
    import_items(server, [item(dataset_id)])
    import time

    count = "query($p: ID!) { project(where: {id: $p}) { dataRowCount datasets { id } taskQueues { dataRowCount } } }"
    for _ in range(100):
        seen = server.graphql(count, p=project_id)["project"]
        if seen["dataRowCount"] == 2:
            break
        time.sleep(0.05)
    assert seen["dataRowCount"] == 2 and seen["datasets"] == [{"id": dataset_id}]
    assert [queue["dataRowCount"] for queue in seen["taskQueues"]] == [2, 0, 0]
    assert (
        make_batch(server, make_project(server), [row["id"] for row in _rows(server, dataset_id)])["batch"][
            "size"
        ]
        == 2
    )
