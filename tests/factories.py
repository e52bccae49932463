"""make_project, make_data_row …: one per noun, through the API."""

from __future__ import annotations

import io
import json
import random
import time
from typing import Any

import urllib3

UPLOAD = """mutation UploadFile($file: Upload!, $contentLength: Int!, $sign: Boolean) {
  uploadFile(file: $file, contentLength: $contentLength, sign: $sign) { url filename } }"""
TASK = """query($id: ID!) { user { createdTasks(where: {id: $id} skip: 0 first: 100) {
  id name type status completionPercentage result errors metadata createdAt updatedAt } } }"""


def unique(noun: str) -> str:
    """A name that no other test uses."""
    return f"{noun} {random.getrandbits(48):x}"


def picture(color: tuple[int, int, int] = (90, 120, 60), size: tuple[int, int] = (640, 480)) -> bytes:
    """A JPEG of one colour."""
    from PIL import Image  # not at the top: published clients' environments cannot draw

    data = io.BytesIO()
    Image.new("RGB", size, color).save(data, "JPEG")
    return data.getvalue()


def upload(server: Any, name: str, content: bytes, content_type: str, part: str = "1") -> dict[str, Any]:
    """Uploads a file as the clients do; `{url, filename}`."""
    variables = {"file": None, "contentLength": len(content), "sign": False}
    answer = urllib3.request(
        "POST",
        f"{server.url}/graphql",
        fields=[
            ("operations", (None, json.dumps({"query": UPLOAD, "variables": variables}))),
            ("map", (None, json.dumps({part: ["variables.file"]}))),
            (part, (name, content, content_type)),
        ],
        headers={"Authorization": f"Bearer {server.key}"},
        timeout=120,
    ).json()
    assert "errors" not in answer, answer
    uploaded: dict[str, Any] = answer["data"]["uploadFile"]
    return uploaded


def upload_json(server: Any, value: Any) -> str:
    """Uploads a JSON document; its address."""
    url: str = upload(server, "items.json", json.dumps(value).encode(), "application/json")["url"]
    return url


def make_project(server: Any, **data: Any) -> str:
    """A new project; its id."""
    given = {"name": unique("project"), "allowedMediaType": "IMAGE", **data}
    made = server.graphql("mutation($d: CreateProjectInput!) { createProject(data: $d) { id } }", d=given)
    project_id: str = made["createProject"]["id"]
    return project_id


def make_dataset(server: Any) -> str:
    """A new dataset; its id."""
    made = server.graphql(
        "mutation($d: CreateDatasetInput!) { createDataset(data: $d) { id } }", d={"name": unique("dataset")}
    )
    dataset_id: str = made["createDataset"]["id"]
    return dataset_id


def import_items(server: Any, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Imports chunk items through a manifest; the finished task."""
    chunk = upload_json(server, items)
    manifest = upload_json(server, {"source": "SDK", "item_count": len(items), "chunk_uris": [chunk]})
    task = server.graphql(
        "mutation($m: String!) { upsertDataRows(data: {manifestUri: $m}) { id status type } }", m=manifest
    )["upsertDataRows"]
    return finished(server, task["id"])


def finished(server: Any, task_id: str, seconds: float = 60) -> dict[str, Any]:
    """The task once it is no longer in progress."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = server.graphql(TASK, id=task_id)["user"]["createdTasks"]
        assert len(found) == 1
        if found[0]["status"] != "IN_PROGRESS":
            task: dict[str, Any] = found[0]
            return task
        time.sleep(0.05)
    raise AssertionError(f"task {task_id} did not end within {seconds} s")


def item(dataset_id: str, **payload: Any) -> dict[str, Any]:
    """A chunk item that creates a data row."""
    return {
        "id": {"type": "AUTO", "value": ""},
        "payload": {"row_data": "https://example.com/a.jpg", "dataset_id": dataset_id, **payload},
    }


def imported(server: Any, task_id: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What came of an import: rows made, items failed."""
    data = {"taskId": task_id, "first": 5000}
    answer = server.graphql(
        """query($d: TaskPageInput!) {
          successesfulDataRowImports(data: $d) { nodes { id externalId globalKey rowData } after total }
          failedDataRowImports(data: $d) { after total results { message spec { externalId globalKey rowData
            metadata { schemaId value name } attachments { type value name } } } } }""",
        d=data,
    )
    return answer["successesfulDataRowImports"]["nodes"], answer["failedDataRowImports"]["results"]


def make_rows(server: Any, count: int, dataset_id: str | None = None) -> list[str]:
    """Data rows by URL; their ids in order."""
    dataset_id = dataset_id or make_dataset(server)
    task = import_items(
        server,
        [item(dataset_id, global_key=unique("key"), external_id=f"row {n}") for n in range(count)],
    )
    made, failed = imported(server, task["id"])
    assert not failed
    return [row["id"] for row in made]


def make_ontology(server: Any, document: dict[str, Any], media_type: str = "IMAGE") -> dict[str, Any]:
    """A new ontology; `{id, normalized}`."""
    made = server.graphql(
        "mutation($d: UpsertOntologyInput!) { upsertOntology(data: $d) { id normalized } }",
        d={"name": unique("ontology"), "normalized": json.dumps(document), "mediaType": media_type},
    )
    ontology: dict[str, Any] = made["upsertOntology"]
    return ontology


def connect(server: Any, project_id: str, ontology_id: str) -> None:
    """Gives a project its ontology."""
    server.graphql(
        "mutation($p: ID!, $o: ID!) { project(where: {id: $p}) { connectOntology(ontologyId: $o) { id } } }",
        p=project_id,
        o=ontology_id,
    )


def make_batch(server: Any, project_id: str, ids: list[str], **more: Any) -> dict[str, Any]:
    """A new batch; the mutation's answer."""
    made = server.graphql(
        """mutation($p: ID!, $i: CreateBatchInput!) { project(where: {id: $p}) { createBatchV2(input: $i) {
          batch { id name size consensusSettingsJson } failedDataRowIds } } }""",
        p=project_id,
        i={"name": unique("batch"), "dataRowIds": ids, **more},
    )
    batch: dict[str, Any] = made["project"]["createBatchV2"]
    return batch


def make_user(server: Any, role: str = "Labeler") -> tuple[str, str]:
    """A new user with an API key; id and key."""
    roles = {entry["name"]: entry["id"] for entry in server.graphql("{ roles { id name } }")["roles"]}
    email = f"{random.getrandbits(48):x}@example.com"
    added = server.graphql(
        "mutation($d: AddMembersInput!) { addMembersToOrganization(data: $d) { newUserId } }",
        d={"emails": [email], "orgRoleId": roles[role]},
    )["addMembersToOrganization"]
    key = server.graphql(
        "mutation($d: CreateApiKeyInput!) { createApiKey(data: $d) { id jwt } }",
        d={"name": "test", "targetUserEmailId": email},
    )["createApiKey"]
    return added[0]["newUserId"], key["jwt"]


def reserve(
    server: Any, project_id: str, queue: str = "LabelingQueue", first: int = 1, key: str | None = None
) -> Any:
    """What the caller is to do next."""
    return server.graphql(
        """mutation($d: ReserveDataRowsInput!) { reserveDataRows(data: $d) { remaining heldByOthers tasks {
          dataRow { id } state annotations annotationsFrom secondsSpent label { id } comments { content }
          taskQueue { queueType } } } }""",
        key,
        d={"projectId": project_id, "queueType": queue, "first": first},
    )["reserveDataRows"]


def release(server: Any, project_id: str, queue: str = "LabelingQueue", key: str | None = None) -> int:
    """Gives back what the caller holds; how many rows."""
    count: int = server.graphql(
        "mutation($p: ID!, $q: ReservationQueueType!) { releaseReservations(projectId: $p, queueType: $q) }",
        key,
        p=project_id,
        q=queue,
    )["releaseReservations"]
    return count


def next_rows(
    server: Any, project_id: str, queue: str = "LabelingQueue", first: int = 10, key: str | None = None
) -> list[str]:
    """The rows that the caller would be given, in their order; none is held afterwards."""
    rows = [task["dataRow"]["id"] for task in reserve(server, project_id, queue, first, key)["tasks"]]
    release(server, project_id, queue, key)
    return rows


def states(server: Any, project_id: str) -> dict[str, int]:
    """How many rows of a project are in which state."""
    found = server.graphql(
        "query($p: ID!) { project(where: {id: $p}) { workstreamStateCounts { state count } } }", p=project_id
    )["project"]["workstreamStateCounts"]
    return {entry["state"]: entry["count"] for entry in found}


def submit(
    server: Any, project_id: str, row: str, document: Any = None, key: str | None = None, **more: Any
) -> Any:
    """Submits a label; `{id, annotations}`."""
    empty = {"objects": [], "classifications": [], "relationships": []}
    data = {
        "projectId": project_id,
        "dataRowId": row,
        "annotations": document or empty,
        "secondsToLabel": 1.0,
        **more,
    }
    return server.graphql(
        "mutation($d: SubmitLabelInput!) { submitLabel(data: $d) { id annotations label secondsToLabel } }",
        key,
        d=data,
    )["submitLabel"]


def make_label_project(server: Any, rows: int, document: dict[str, Any] | None = None, **batch: Any) -> Any:
    """A project with an ontology and rows in its queue; id, row ids, normalized ontology."""
    project_id = make_project(server)
    plain = {"tools": [{"tool": "rectangle", "name": "Car"}], "classifications": []}
    ontology = make_ontology(server, document or plain)
    connect(server, project_id, ontology["id"])
    ids = make_rows(server, rows)
    make_batch(server, project_id, ids, **batch)
    return project_id, ids, ontology["normalized"]
