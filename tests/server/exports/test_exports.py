"""Exports over the wire: every member of a line, filters, the streams, and the label export of 2.4."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import urllib3

_EVERYTHING = {
    "includeAttachments": True,
    "includeMetadata": True,
    "includeDataRowDetails": True,
    "includeProjectDetails": True,
    "includeLabelDetails": True,
    "includePerformanceDetails": True,
}
_FILE = "offsets { start end } lines { start end } file"


@pytest.fixture
def export(server: Any) -> Callable[..., list[dict[str, Any]]]:
    """`export(project_id, query, params)`: the exported rows, read from the stream."""

    def run(project_id: str, query: Any = (), params: Any = None) -> list[dict[str, Any]]:
        task = finish(server, order(server, project_id, query, params)["taskId"])
        return [json.loads(line) for line in stream(server, task["id"]).splitlines()]

    return run


def order(
    server: Any, project_id: str, query: Any = (), params: Any = None, streamable: bool = True
) -> dict[str, Any]:
    """The handle of a new export."""
    handle: dict[str, Any] = server.graphql(
        "mutation($input: ExportDataRowsInProjectInput!)"
        " { exportDataRowsInProject(input: $input) { taskId isStreamable } }",
        input={
            "taskName": None,
            "isStreamableReady": True,
            "streamable": streamable,
            "filters": {"projectId": project_id, "searchQuery": {"scope": None, "query": list(query)}},
            "params": params or {},
        },
    )["exportDataRowsInProject"]
    return handle


def finish(server: Any, task_id: str, seconds: float = 120) -> dict[str, Any]:
    """The task when it is complete."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        task: dict[str, Any] = server.graphql(
            "query($id: ID!) { user { createdTasks(where: {id: $id}) { id status result errors type } } }",
            id=task_id,
        )["user"]["createdTasks"][0]
        if task["status"] != "IN_PROGRESS":
            assert task["status"] == "COMPLETE", task
            return task
        time.sleep(0.05)
    raise AssertionError(f"The export did not end within {seconds} seconds.")


def stream(server: Any, task_id: str) -> bytes:
    """The bytes of a finished export, read chunk by chunk as the clients do."""
    header = server.graphql(
        "query($id: ID!) { task(where: {id: $id}) { exportMetadataHeader(streamType: RESULT)"
        " { totalSize totalLines } } }",
        id=task_id,
    )["task"]["exportMetadataHeader"]
    if header is None:
        return b""
    read, line = b"", 0
    while len(read) < header["totalSize"]:
        chunk = server.graphql(
            "query($id: ID!, $o: UInt64!) { task(where: {id: $id})"
            f" {{ exportFileFromOffset(streamType: RESULT, offset: $o) {{ {_FILE} }} }} }}",
            id=task_id,
            o=str(len(read)),
        )["task"]["exportFileFromOffset"]
        body = urllib3.request("GET", chunk["file"]).data
        assert chunk["offsets"] == {"start": len(read), "end": len(read) + len(body) - 1}
        assert chunk["lines"] == {"start": line, "end": line + body.count(b"\n") - 1}
        assert len(body) <= 8 * 1024 * 1024
        read, line = read + body, line + body.count(b"\n")
    assert (len(read), line) == (header["totalSize"], header["totalLines"])
    return read


def submit(server: Any, project_id: str, row_id: str, ontology: dict[str, Any]) -> str:
    """A label of the administrator with a box; its id."""
    tool = ontology["tools"][0]
    box = {
        "feature_id": "c" + "b" * 24,
        "feature_schema_id": tool["featureSchemaId"],
        "name": "Car",
        "bounding_box": {"top": 1, "left": 2, "height": 3, "width": 4},
        "classifications": [],
    }
    label: str = server.graphql(
        "mutation($d: SubmitLabelInput!) { submitLabel(data: $d) { id } }",
        d={
            "projectId": project_id,
            "dataRowId": row_id,
            "annotations": {"objects": [box], "classifications": [], "relationships": []},
            "secondsToLabel": 12.5,
        },
    )["submitLabel"]["id"]
    return label


def test_every_member_of_a_line(server: Any, image_project: Any, export: Any) -> None:
    first, *_ = image_project.data_row_ids
    label = submit(server, image_project.id, first, image_project.ontology)
    server.graphql(
        "mutation($d: ReviewDataRowInput!) { approveDataRow(data: $d) { state } }",
        d={"projectId": image_project.id, "dataRowId": first, "secondsToReview": 2.0},
    )
    rows = export(image_project.id, params=_EVERYTHING)

    assert [row["data_row"]["id"] for row in rows] == sorted(image_project.data_row_ids)
    row = next(row for row in rows if row["data_row"]["id"] == first)
    assert list(row) == ["data_row", "media_attributes", "attachments", "metadata_fields", "projects"]
    details = row["data_row"]["details"]
    assert details["dataset_id"] == image_project.dataset.uid
    assert details["dataset_name"] == image_project.dataset.name
    assert details["created_by"] == server.email
    assert details["last_activity_at"] > details["created_at"]
    assert urllib3.request("GET", row["data_row"]["row_data"]).status == 200
    assert row["media_attributes"]["mime_type"].startswith("image/")
    assert (row["attachments"], row["metadata_fields"]) == ([], [])
    project = row["projects"][image_project.id]
    assert project["name"] == image_project.project.name
    (exported,) = project["labels"]
    assert (exported["id"], exported["label_kind"], exported["version"]) == (label, "Default", "1.0.0")
    assert exported["label_details"]["created_by"] == server.email
    (review,) = exported["label_details"]["reviews"]
    assert review["reviewed_by"] == server.email
    assert exported["performance_details"] == {
        "seconds_to_create": 12.5,
        "seconds_to_review": 2.0,
        "skipped": False,
    }
    (box,) = exported["annotations"]["objects"]
    assert box["annotation_kind"] == "ImageBoundingBox"
    assert box["bounding_box"] == {"top": 1.0, "left": 2.0, "height": 3.0, "width": 4.0}
    place = project["project_details"]
    assert place["workflow_status"] == "DONE"
    assert (place["task_id"], place["batch_name"]) == (None, "all")
    assert place["selected_label_id"] == label
    assert place["consensus_expected_label_count"] == 1
    assert [step["action"] for step in place["workflow_history"]] == ["Approve", "Submit"]
    assert place["workflow_history"][1]["previous_task_name"] == "Initial labeling task"
    unlabeled = next(row for row in rows if row["data_row"]["id"] != first)["projects"][image_project.id]
    assert unlabeled["labels"] == []
    assert unlabeled["project_details"]["workflow_status"] == "TO_LABEL"
    bare = export(image_project.id)[0]
    assert list(bare) == ["data_row", "media_attributes", "projects"]
    assert "details" not in bare["data_row"]
    assert list(bare["projects"][image_project.id]) == ["name", "labels"]


def test_filters_are_anded(server: Any, image_project: Any, export: Any) -> None:
    first, second, *_ = image_project.data_row_ids
    submit(server, image_project.id, first, image_project.ontology)

    def ids(*query: dict[str, Any]) -> set[str]:
        return {row["data_row"]["id"] for row in export(image_project.id, query)}

    both = {"type": "data_row_id", "operator": "is", "ids": [first, second]}
    to_label, in_review = (
        {"type": "task_queue_not_exist"},
        {"type": "task_queue_status", "status": "InReview"},
    )
    assert ids(both) == {first, second}
    assert ids(both, to_label) == {second}
    assert ids(in_review) == {first}
    assert ids({"type": "task_queue_status", "status": "Done"}) == set()
    today = time.strftime("%Y-%m-%d", time.gmtime())
    for kind in ("labeled_at", "data_row_last_activity_at"):
        span = {"operator": "BETWEEN", "timezone": "UTC", "value": {"min": today, "max": today}}
        assert ids(both, in_review, {"type": kind, "value": span}) == {first}
        old = {"operator": "LESS_THAN_OR_EQUAL", "timezone": None, "value": "2020-01-01 00:00:00"}
        assert ids({"type": kind, "value": old}) == set()
    refused = "mutation($input: ExportDataRowsInProjectInput!) { exportDataRowsInProject(input: $input) { taskId } }"
    bad = {"filters": {"projectId": image_project.id, "searchQuery": {"query": [{"type": "moon"}]}}}
    assert server.code(refused, input=bad) == "MALFORMED_REQUEST"


def test_one_file_for_clients_that_read_no_streams(server: Any, image_project: Any) -> None:
    handle = order(server, image_project.id, streamable=False)
    assert handle["isStreamable"] is False
    task = finish(server, handle["taskId"])
    assert (task["type"], task["errors"]) == ("export-data-rows", None)
    whole = urllib3.request("GET", task["result"]).data
    assert whole == stream(server, task["id"])
    organization = server.graphql("{ organization { id } }")["organization"]["id"]
    address = f"{server.url}/api/v1/export-results/{task['id']}/{organization}"
    assert urllib3.request("GET", address).status == 401
    key = {"Authorization": f"Bearer {server.key}"}
    assert urllib3.request("GET", address, headers=key).data == whole


def test_the_label_export_of_2_4_is_always_fresh(server: Any, image_project: Any) -> None:
    def export_labels() -> list[dict[str, Any]]:
        while True:
            answer = server.graphql(
                "mutation($p: ID!) { exportLabels(data: {projectId: $p}) { downloadUrl createdAt shouldPoll } }",
                p=image_project.id,
            )["exportLabels"]
            if not answer["shouldPoll"]:
                labels: list[dict[str, Any]] = urllib3.request("GET", answer["downloadUrl"]).json()
                return labels
            time.sleep(0.05)

    assert export_labels() == []
    for number, row in enumerate(image_project.data_row_ids[:2], 1):
        submit(server, image_project.id, row, image_project.ontology)
        labels = export_labels()
        assert len(labels) == number
    assert labels[-1]["DataRow ID"] == row
    assert labels[-1]["Label"]["objects"][0]["bbox"] == {"top": 1.0, "left": 2.0, "height": 3.0, "width": 4.0}
    assert (labels[-1]["Seconds to Label"], labels[-1]["Agreement"]) == (12.5, -1)
