"""Data rows on their way in: R-DS-12 to R-DS-26, X-31, and the data row format."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import labelbox as lb
from labelbox.exceptions import (
    InvalidAttributeError,
    InvalidQueryError,
    LabelboxError,
    ResourceCreationError,
    ResourceNotFoundError,
)
from labelbox.schema.internal.data_row_uploader import DataRowUploader

UID = "c" + "1" * 24
URL = "https://files.example.org/cam-3.jpg"
TAG, SPLIT, TRAIN, WHEN = ("c" + letter * 24 for letter in "tsrw")


@pytest.fixture
def uploads(server: Any, values: Callable[..., Any]) -> dict[str, bytes]:
    """A server that keeps what is uploaded, by the address it answers, and starts a task for a manifest."""
    kept: dict[str, bytes] = {}

    def upload(request: Any) -> Any:
        url = f"http://store/{len(kept)}"
        kept[url] = request.parts["1"][1]
        return {"uploadFile": {"url": url, "filename": None}}

    server.on("UploadFile", upload)
    started = values(lb.DataUpsertTask, "t" * 25, status="IN_PROGRESS", type="adv-upsert-data-rows")
    server.on("UpsertDataRows", {"upsertDataRows": started})
    return kept


@pytest.fixture
def dataset(client: lb.Client, values: Callable[..., Any]) -> lb.Dataset:
    return lb.Dataset(client, values(lb.Dataset, UID, name="d"))


def _specs(server: Any, uploads: dict[str, bytes]) -> list[dict[str, Any]]:
    manifest = json.loads(uploads[server.calls("UpsertDataRows")[-1]["manifestUri"]])
    assert manifest["source"] == "SDK"
    specs = [spec for uri in manifest["chunk_uris"] for spec in json.loads(uploads[uri])]
    assert manifest["item_count"] == len(specs)
    return specs


def test_R_DS_15_17_items_become_specs(server: Any, uploads: Any, dataset: lb.Dataset) -> None:
    items: list[Any] = [
        {lb.DataRow.row_data: URL, lb.DataRow.external_id: "cam-3.jpg"},
        {"row_data": "raw text", "global_key": "k", "media_type": lb.MediaType.Text, "external_id": None},
        {
            "row_data": URL,
            "attachments": [{"type": "RAW_TEXT", "value": "ferry", "name": "hint"}],
            "embeddings": [{"embedding_id": "e", "vector": [0.5], "clusters": [3]}],
        },
    ]
    task = dataset.create_data_rows(items)
    assert isinstance(task, lb.DataUpsertTask)
    auto = {"type": "AUTO", "value": ""}
    assert _specs(server, uploads) == [
        {"id": auto, "payload": {"row_data": URL, "external_id": "cam-3.jpg", "dataset_id": UID}},
        {
            "id": auto,
            "payload": {"row_data": "raw text", "global_key": "k", "media_type": "TEXT", "dataset_id": UID},
        },
        {
            "id": auto,
            "payload": {
                "row_data": URL,
                "attachments": [{"type": "RAW_TEXT", "value": "ferry", "name": "hint"}],
                "embeddings": [{"embeddingId": "e", "vector": [0.5], "clusters": [3]}],
                "dataset_id": UID,
            },
        },
    ]


def test_R_DS_16_R_DR_05_local_files_are_uploaded_in_parallel(
    server: Any, uploads: Any, dataset: lb.Dataset, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{n}.jpg" for n in range(30)]
    for path in paths:
        path.write_bytes(path.name.encode())
    together = threading.Barrier(5, timeout=5)
    upload = dataset.client.upload_file
    arrived = []

    def meet(path: Any) -> str:
        arrived.append(path)
        if len(arrived) <= 5:
            together.wait()
        return upload(path)

    dataset.client.upload_file = meet  # type: ignore[method-assign]
    dataset.create_data_rows([str(paths[0]), paths[1], *({"row_data": str(p)} for p in paths[2:])])
    specs = _specs(server, uploads)
    assert [uploads[spec["payload"]["row_data"]].decode() for spec in specs] == [p.name for p in paths]
    assert [spec["payload"]["external_id"] for spec in specs] == [str(p) for p in paths]


def test_X_31_chunks_stay_below_their_size(server: Any, uploads: Any, dataset: lb.Dataset) -> None:
    uploader = DataRowUploader(dataset.client, UID, chunk_bytes=10_000)
    items = [{"row_data": f"{URL}?{n}", "global_key": "k" * (n % 100)} for n in range(3000)]
    items[1500]["global_key"] = "x" * 30_000
    manifest = json.loads(uploads[uploader.upload(iter(items), is_upsert=False)])
    chunks = [uploads[uri] for uri in manifest["chunk_uris"]]
    assert [len(chunk) for chunk in chunks if len(chunk) > 10_000] == [max(map(len, chunks))]
    rows = [spec["payload"]["row_data"] for chunk in chunks for spec in json.loads(chunk)]
    assert sorted(rows) == sorted(item["row_data"] for item in items)
    assert manifest["item_count"] == 3000


def test_X_31_upsert_keys(server: Any, uploads: Any, dataset: lb.Dataset) -> None:
    items: list[Any] = [
        {"key": lb.GlobalKey("a"), "global_key": "b"},
        {"key": lb.UniqueId("r"), "external_id": "x", "attachments": []},
        {"row_data": URL},
    ]
    dataset.upsert_data_rows(items)
    found = [spec["id"] for spec in _specs(server, uploads)]
    assert found == [
        {"type": "GKEY", "value": "a"},
        {"type": "ID", "value": "r"},
        {"type": "AUTO", "value": ""},
    ]
    with pytest.raises(ValueError, match="empty payload"):
        dataset.upsert_data_rows([{"key": lb.GlobalKey("a")}])
    with pytest.raises(ValueError, match="UniqueId or a GlobalKey"):
        dataset.upsert_data_rows([{"key": "a", "external_id": "x"}])


WRONG_ITEMS: list[tuple[Any, type[Exception]]] = [
    ({"global_key": "x"}, InvalidQueryError),
    ({"row_data": "s3://bucket/a.jpg"}, InvalidQueryError),
    ({"row_data": URL, "colour": "red"}, InvalidAttributeError),
    ({"row_data": URL, "attachments": {"type": "IMAGE", "value": "x"}}, ValueError),
    ({"row_data": URL, "attachments": [{"type": "SMELL", "value": "x"}]}, ValueError),
    ({"row_data": URL, "attachments": [{"type": "IMAGE"}]}, ValueError),
    ({"row_data": URL, "attachments": [{"type": "IMAGE", "value": ""}]}, ValueError),
    ({"row_data": URL, "metadata_fields": [{"name": "tag"}]}, ValueError),
    ({"row_data": URL, "metadata_fields": [{"value": "dawn"}]}, ValueError),
    ({"row_data": URL, "metadata_fields": [{"name": "no_such_field", "value": "x"}]}, KeyError),
    ({"row_data": URL, "metadata_fields": [{"schema_id": "no such id", "value": "x"}]}, ValueError),
    ({"row_data": URL, "metadata_fields": [{"name": "split", "value": "holdout"}]}, KeyError),
    ({"row_data": URL, "metadata_fields": [{"name": "tag", "value": 4}]}, ValueError),
    ({"row_data": URL, "metadata_fields": [{"name": "captureDateTime", "value": "soon"}]}, ValueError),
    ({"conversationalData": [{"messageId": "1", "content": "a", "mood": "x"}]}, KeyError),
    ("no/such/file.jpg", InvalidQueryError),
    (42, InvalidQueryError),
]


@pytest.mark.parametrize(("item", "expected"), WRONG_ITEMS)
def test_R_DS_18_22_wrong_items_create_nothing(
    server: Any, uploads: Any, dataset: lb.Dataset, metadata: Any, item: Any, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        dataset.create_data_rows([{"row_data": URL}, item])
    assert server.calls("UpsertDataRows") == []


@pytest.mark.parametrize("items", ["a string", 7, []])
def test_R_DS_15_what_is_no_list_of_items(server: Any, uploads: Any, dataset: lb.Dataset, items: Any) -> None:
    with pytest.raises(InvalidQueryError):
        dataset.create_data_rows(items)
    assert server.calls("UpsertDataRows") == []


@pytest.fixture
def metadata(server: Any) -> None:
    def kind(uid: str, name: str, kind: str, options: list[Any] | None = None) -> dict[str, Any]:
        return {
            "id": uid,
            "name": name,
            "kind": f"CustomMetadata{kind}",
            "reserved": True,
            "options": options,
        }

    option = kind(TRAIN, "train", "EnumOption")
    nodes = [
        kind(TAG, "tag", "String"),
        kind(SPLIT, "split", "Enum", [option]),
        kind(WHEN, "captureDateTime", "DateTime"),
    ]
    server.on("CustomMetadataOntology", {"customMetadataOntology": nodes})


def test_metadata_is_flattened(server: Any, uploads: Any, dataset: lb.Dataset, metadata: Any) -> None:
    fields: list[Any] = [
        {"name": "tag", "value": "dawn"},
        {"name": "split", "value": "train"},
        lb.DataRowMetadataField(schema_id=WHEN, value="2025-02-11T10:00:00+02:00"),
    ]
    dataset.create_data_rows(
        [{"row_data": URL, "metadata_fields": fields}, {"row_data": URL, "metadata": [1]}]
    )
    first, second = (spec["payload"] for spec in _specs(server, uploads))
    assert first["metadata_fields"] == [
        {"schemaId": TAG, "value": "dawn"},
        {"schemaId": SPLIT, "value": {}},
        {"schemaId": TRAIN, "value": {}},
        {"schemaId": WHEN, "value": "2025-02-11T08:00:00Z"},
    ]
    assert second["metadata"] == [1]
    assert len(server.calls("CustomMetadataOntology")) == 1


def test_old_forms_of_tiles_and_conversations(server: Any, uploads: Any, dataset: lb.Dataset) -> None:
    tile = {"tileLayerUrl": "https://t/{z}/{x}/{y}.png", "minZoom": 1, "externalId": "north"}
    talk = {"conversationalData": [{"messageId": "1", "content": "a"}], "globalKey": "g", "version": 1}
    dataset.create_data_rows([tile, talk])
    first, second = (spec["payload"] for spec in _specs(server, uploads))
    assert first["row_data"] == {"tileLayerUrl": "https://t/{z}/{x}/{y}.png", "minZoom": 1}
    assert (first["external_id"], second["global_key"]) == ("north", "g")
    assert second["row_data"] == {
        "type": "application/vnd.labelbox.conversational",
        "version": 1,
        "messages": [{"messageId": "1", "content": "a"}],
    }


def test_R_DS_12_to_14_create_data_row(
    server: Any, uploads: Any, dataset: lb.Dataset, values: Callable[..., Any], tmp_path: Path
) -> None:
    server.on("CreateDataRow", {"createDataRow": values(lb.DataRow, rowData=URL)})
    assert dataset.create_data_row(row_data=URL).row_data == URL
    file = tmp_path / "a.txt"
    file.write_text("hello")
    dataset.create_data_row({lb.DataRow.row_data: str(file)}, global_key="g")
    dataset.create_data_row(row_data={"pdf_url": URL})
    sent = [call["data"] for call in server.calls("CreateDataRow")]
    connect = {"connect": {"id": UID}}
    assert sent == [
        {"rowData": URL, "dataset": connect},
        {"rowData": "http://store/0", "externalId": str(file), "globalKey": "g", "dataset": connect},
        {"rowData": json.dumps({"pdf_url": URL}), "dataset": connect},
    ]
    with pytest.raises(InvalidQueryError):
        dataset.create_data_row(external_id="e")
    with pytest.raises(InvalidAttributeError):
        dataset.create_data_row(row_data=URL, colour="red")


def test_a_data_row_that_the_server_refuses(server: Any, dataset: lb.Dataset, gql_error: Any) -> None:
    server.on("CreateDataRow", gql_error("Duplicate global key: 'g'", "RESOURCE_CONFLICT"))
    with pytest.raises(ResourceCreationError, match="Duplicate global key"):
        dataset.create_data_row(row_data=URL, global_key="g")


def test_R_DS_23_to_25_external_ids(
    server: Any, dataset: lb.Dataset, values: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    rows = [values(lb.DataRow, f"c{n:024}", externalId="e") for n in range(12)]

    def page(found: list[Any]) -> Any:
        return {"datasetDataRows": {"nodes": found, "pageInfo": {"startCursor": None, "hasNextPage": False}}}

    server.on("DatasetDataRows", page(rows))
    assert len(dataset.data_rows_for_external_id("e")) == 10
    assert len(dataset.data_rows_for_external_id("e", limit=2)) == 2
    assert dataset.data_row_for_external_id("e").uid == rows[0]["id"]
    assert "More than one" in caplog.text
    assert server.calls("DatasetDataRows")[0]["where"] == {"externalId": "e"}
    server.on("DatasetDataRows", page([]))
    with pytest.raises(ResourceNotFoundError):
        dataset.data_row_for_external_id("e")


def test_R_TK_05_to_10_a_task_of_creation(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    def state(status: str, percent: float) -> Any:
        found = values(lb.Task, "t", status=status, completionPercentage=percent, type="adv-upsert-data-rows")
        return {"task": found}

    server.on("Task", state("IN_PROGRESS", 0), state("IN_PROGRESS", 50), state("COMPLETE", 100))
    row = {"id": "r", "externalId": "e", "globalKey": None, "rowData": URL}
    spec = {"externalId": "x", "rowData": URL, "globalKey": "g", "metadata": [], "attachments": []}
    failure = {"message": "Duplicate global key: 'g'", "spec": spec}
    pages = {None: ([row], "next"), "next": ([row], None)}

    def created(request: Any) -> Any:
        nodes, after = pages[request.variables["from"]]
        return {"successesfulDataRowImports": {"nodes": nodes, "after": after, "total": 2}}

    server.on("SuccessesfulDataRowImports", created)
    failed = {"failedDataRowImports": {"results": [failure], "after": None, "total": 1}}
    server.on("FailedDataRowImports", failed)
    task = client.get_task_by_id("t")
    assert isinstance(task, lb.DataUpsertTask)
    task.wait_till_done(timeout_seconds=5)
    assert (task.status, task.completion_percentage) == ("COMPLETE", 100)
    assert task.result == [{"id": "r", "external_id": "e", "row_data": URL, "global_key": None}] * 2
    assert task.errors == [{"message": "Duplicate global key: 'g'", "failedDataRows": [spec]}]
    assert task.failed_data_rows == task.errors
    assert server.calls("SuccessesfulDataRowImports")[0]["first"] == 5000


def test_R_TK_10_waiting_ends_at_the_timeout(
    server: Any, client: lb.Client, values: Callable[..., Any]
) -> None:
    server.on("Task", {"task": values(lb.Task, "t", status="IN_PROGRESS")})
    task = client.get_task_by_id("t")
    task.wait_till_done(timeout_seconds=0.3)
    assert task.status == "IN_PROGRESS"


def test_an_old_task_of_creation_has_its_outcome_in_a_file(
    server: Any, client: lb.Client, values: Callable[..., Any], reply: Any
) -> None:
    rows = [{"id": "r", "externalId": "e", "globalKey": "g", "rowData": URL}]
    server.files["/done"] = json.dumps({"createdDataRows": rows, "errors": []}).encode()
    server.files["/failed"] = b'{"error": "descriptor is not a JSON array"}'
    common = {"name": "JSON Import"}
    done = lb.Task(client, values(lb.Task, status="COMPLETE", result=server.origin + "/done", **common))
    assert done.errors is None
    assert (
        done.created_data_rows
        == done.result
        == [{"id": "r", "external_id": "e", "row_data": URL, "global_key": "g"}]
    )
    failed = lb.Task(client, values(lb.Task, status="FAILED", result=server.origin + "/failed", **common))
    assert failed.errors == failed.failed_data_rows == "descriptor is not a JSON array"
    with pytest.raises(LabelboxError, match="not a JSON array"):
        _ = failed.result


@pytest.mark.skipif(
    not os.path.exists("/proc/self/status"), reason="reads the memory of this process from /proc"
)
def test_R_DS_26_a_generator_is_never_in_memory_as_a_whole(
    server: Any, dataset: lb.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def peak() -> int:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def items() -> Iterator[dict[str, str]]:
        for n in range(200_000):
            yield {"row_data": f"{URL}?{n}", "global_key": f"key {n}"}

    sizes: list[int] = []

    def keep_size(content: bytes, *_: Any) -> str:
        sizes.append(len(content))
        return "http://store/x"

    monkeypatch.setattr(dataset.client, "upload_data", keep_size)
    before = peak()
    DataRowUploader(dataset.client, UID).upload(items(), is_upsert=False)
    assert sum(sizes) > 30_000_000
    assert peak() - before < 150_000
