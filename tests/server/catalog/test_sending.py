"""Sending data rows with their labels: many, masks and relationships, a killed worker, who may."""

from __future__ import annotations

import io
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
import urllib3
from PIL import Image

from factories import (
    connect,
    finished,
    make_batch,
    make_label_project,
    make_ontology,
    make_project,
    make_rows,
    make_user,
    reserve,
    states,
    submit,
)
from labelyard.plumbing.embedded_postgres import running_dsn

SEND = """mutation($i: SendToAnnotateFromCatalogInput!) { sendToAnnotateFromCatalog(input: $i) { taskId } }"""
PIXELS = 640 * 480
MASKS = {
    "tools": [
        {"tool": "superpixel", "name": "Sky"},
        {"tool": "raster-segmentation", "name": "Tree"},
        {"tool": "edge", "name": "above"},
        {"tool": "rectangle", "name": "Car"},
    ],
    "classifications": [],
}


def request(project_id: str, ids: list[str], **more: Any) -> dict[str, Any]:
    """The input of a sending; to Done unless something else is given."""
    return {
        "destinationProjectId": project_id,
        "batchInput": {"batchName": "sent", "batchPriority": 5},
        "destinationTaskQueue": {"type": "done"},
        "searchQuery": {"query": [{"type": "data_row_id", "operator": "is", "ids": ids}]},
        **more,
    }


def send(server: Any, given: dict[str, Any], key: str | None = None) -> dict[str, Any]:
    """The finished task of a sending."""
    task_id = server.graphql(SEND, key, i=given)["sendToAnnotateFromCatalog"]["taskId"]
    return finished(server, task_id, 300)


def annotations(source_id: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """All tools of an ontology become those of the same place in another."""
    pairs = zip(before["tools"], after["tools"], strict=True)
    return {
        "projectId": source_id,
        "featureSchemaIdsMapping": {one["featureSchemaId"]: other["featureSchemaId"] for one, other in pairs},
    }


def a_copy(server: Any, ontology: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """An empty project with an ontology of its own that is like another; id, normalized."""
    project_id, made = make_project(server), make_ontology(server, ontology)
    connect(server, project_id, made["id"])
    return project_id, made["normalized"]


def label_everything(server: Any, project_id: str, normalized: dict[str, Any]) -> None:
    """Gives every row of a project a label with two boxes and puts them in Done, past the API."""
    dsn = running_dsn(Path(server.process.data_dir))
    assert dsn is not None
    box = {
        "feature_id": "FEATURE",
        "feature_schema_id": normalized["tools"][0]["featureSchemaId"],
        "name": "Car",
        "value": "car",
        "annotation_kind": "ImageBoundingBox",
        "classifications": [],
        "bounding_box": {"top": 1.0, "left": 2.0, "height": 3.0, "width": 4.0},
    }
    boxes = [box, {**box, "feature_id": "OTHER"}]
    document = json.dumps({"objects": boxes, "classifications": [], "relationships": []})
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO labels (organization_id, id, project_id, data_row_id, annotations, created_by)"
            " SELECT p.organization_id, 'c' || substr(md5('l' || p.data_row_id), 1, 24), p.project_id,"
            " p.data_row_id, replace(replace(%(document)s, 'FEATURE', 'ca' || substr(md5(p.data_row_id), 1, 23)),"
            "  'OTHER', 'cb' || substr(md5(p.data_row_id), 1, 23))::json, b.created_by FROM project_data_rows AS p JOIN batches AS b"
            " ON b.organization_id = p.organization_id AND b.id = p.batch_id WHERE p.project_id = %(project)s",
            {"project": project_id, "document": document},
        )
        connection.execute(
            "UPDATE project_data_rows SET labels_done = 1, state = 'DONE' WHERE project_id = %(project)s",
            {"project": project_id},
        )


def test_ten_thousand_labeled_rows_to_review_and_a_killed_worker(server: Any) -> None:
    source_id, ids, before = make_label_project(server, 5_000)
    more = make_rows(server, 5_000)
    make_batch(server, source_id, more)
    ids, count = [*ids, *more], 10_000
    label_everything(server, source_id, before)
    project_id, after = a_copy(
        server, {"tools": [{"tool": "rectangle", "name": "Vehicle"}], "classifications": []}
    )
    given = request(
        project_id,
        ids,
        annotationsInput=annotations(source_id, before, after),
        destinationTaskQueue={"type": "id", "value": "MANUAL_REVIEW_QUEUE"},
    )
    began = time.monotonic()
    task = send(server, given)
    seconds = time.monotonic() - began
    print(f"{count / seconds:.0f} rows/s")
    assert task["status"] == "COMPLETE", task
    assert json.loads(task["result"]) == {"sent": count, "skipped": 0, "droppedAnnotations": 0}
    assert states(server, project_id)["InReview"] == count
    assert seconds < 60

    other_id, after = a_copy(
        server, {"tools": [{"tool": "rectangle", "name": "Auto"}], "classifications": []}
    )
    given = request(other_id, ids, annotationsInput=annotations(source_id, before, after))
    task_id = server.graphql(SEND, i=given)["sendToAnnotateFromCatalog"]["taskId"]
    deadline = time.monotonic() + 60
    while not 0 < states(server, other_id)["Done"] < count:
        assert time.monotonic() < deadline
    os.kill(worker_of(server.process.pid), signal.SIGKILL)
    task = finished(server, task_id, 180)
    assert task["status"] == "COMPLETE", task
    assert json.loads(task["result"])["sent"] == count
    assert states(server, other_id)["Done"] == count
    assert server.graphql(
        "query($p: ID!) { project(where: {id: $p}) { labelCount dataRowCount } }", p=other_id
    )["project"] == {"labelCount": count, "dataRowCount": count}


def worker_of(supervisor: int) -> int:
    """The process that works for a server."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = (stat.parent / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == supervisor and b"labelyard\0work\0" in command:
            return int(stat.parent.name)
    raise AssertionError("The server has no worker.")


def area(server: Any, url: str, color: tuple[int, int, int]) -> int:
    """How many pixels of a colour the picture at an address has."""
    answer = urllib3.request("GET", server.url + url, headers={"Authorization": f"Bearer {server.key}"})
    assert answer.status == 200, answer.data
    picture = Image.open(io.BytesIO(answer.data)).convert("RGB")
    return sum(count for count, found in picture.getcolors(PIXELS) or () if found == color)


def test_masks_and_relationships_are_copied(server: Any) -> None:
    source_id, ids, before = make_label_project(server, 2, MASKS)
    first, second = "c" + "1" * 24, "c" + "2" * 24
    edge = next(tool for tool in before["tools"] if tool["tool"] == "edge")
    document = {
        "objects": [
            {
                "name": "Sky",
                "feature_id": first,
                "mask": {"size": [480, 640], "counts": [10, 100, PIXELS - 110]},
            },
            {
                "name": "Tree",
                "feature_id": second,
                "mask": {"size": [480, 640], "counts": [50, 7, PIXELS - 57]},
            },
        ],
        "classifications": [],
        "relationships": [
            {
                "feature_schema_id": edge["featureSchemaId"],
                "unidirectional_relationship": {"source": first, "target": second},
            }
        ],
    }
    submit(server, source_id, ids[0], document)
    project_id, after = a_copy(server, MASKS)
    task = send(server, request(project_id, ids[:1], annotationsInput=annotations(source_id, before, after)))
    assert task["status"] == "COMPLETE", task
    (label,) = server.graphql(
        "query($p: ID!) { project(where: {id: $p}) { labels { annotations } } }", p=project_id
    )["project"]["labels"]
    sky, tree = label["annotations"]["objects"]
    assert not {sky["feature_id"], tree["feature_id"]} & {first, second}
    assert project_id in sky["mask"]["url"] and area(server, sky["mask"]["url"], (255, 255, 255)) == 100
    composite = tree["composite_mask"]
    assert area(server, composite["url"], tuple(composite["color_rgb"])) == 7
    (edge,) = label["annotations"]["relationships"]
    assert edge["unidirectional_relationship"] == {
        "source": sky["feature_id"],
        "target": tree["feature_id"],
    }
    # the same once more, as pre-labels, without the tree: what joins it to the sky goes with it
    mapping = annotations(source_id, before, after)
    mapping["featureSchemaIdsMapping"].pop(before["tools"][1]["featureSchemaId"])
    third_id, third = a_copy(server, MASKS)
    mapping["featureSchemaIdsMapping"] = {
        one: next(
            tool["featureSchemaId"]
            for tool, known in zip(third["tools"], before["tools"], strict=True)
            if known["featureSchemaId"] == one
        )
        for one in mapping["featureSchemaIdsMapping"]
    }
    task = send(
        server,
        request(
            third_id,
            ids[:1],
            annotationsInput=mapping,
            destinationTaskQueue={"type": "id", "value": "INITIAL_LABELING_QUEUE"},
        ),
    )
    assert json.loads(task["result"]) == {"sent": 1, "skipped": 0, "droppedAnnotations": 2}
    (offered,) = reserve(server, third_id)["tasks"]
    assert [entry["name"] for entry in offered["annotations"]["objects"]] == ["Sky"]
    assert offered["annotations"]["relationships"] == []
    # a labeler sends the pre-label back as it is: its mask is known here
    submit(server, third_id, ids[0], offered["annotations"])


def test_who_may_not_send_changes_nothing(server: Any) -> None:
    source_id, ids, before = make_label_project(server, 1)
    submit(server, source_id, ids[0])
    project_id, after = a_copy(
        server, {"tools": [{"tool": "rectangle", "name": "Car"}], "classifications": []}
    )
    given = request(project_id, ids, annotationsInput=annotations(source_id, before, after))
    for role in ("Labeler", "Reviewer", "Team Manager", "Data Admin", "Read-only Admin"):
        assert server.code(SEND, make_user(server, role)[1], i=given) == "AUTHORIZATION_ERROR"
    lead, key = make_user(server, "None")
    roles = {entry["name"]: entry["id"] for entry in server.graphql("{ roles { id name } }")["roles"]}
    grant = "mutation($d: SetProjectMembershipInput!) { setProjectMembership(data: $d) { id } }"
    data = {"userId": lead, "roleId": roles["Project Lead"], "projectId": project_id}
    server.graphql(grant, d=data)
    assert server.code(SEND, key, i=given) == "RESOURCE_NOT_FOUND"  # the source is not theirs
    everything = {
        **request(project_id, ids),
        "searchQuery": {"query": [{"type": "media_type", "ids": ["IMAGE"]}]},
    }
    assert server.code(SEND, key, i=everything) == "AUTHORIZATION_ERROR"
    assert states(server, project_id)["All"] == 0
    server.graphql(grant, d={**data, "roleId": roles["Reviewer"], "projectId": source_id})
    task_id = server.graphql(SEND, key, i=given)["sendToAnnotateFromCatalog"]["taskId"]
    deadline = time.monotonic() + 60
    while states(server, project_id)["Done"] < 1:
        assert time.monotonic() < deadline, task_id
    # a Data Admin may bring rows, but no labels
    queue = {"type": "id", "value": "INITIAL_LABELING_QUEUE"}
    more = make_rows(server, 1)
    rows_only = request(project_id, more, destinationTaskQueue=queue, batchInput={"batchName": "rows"})
    server.graphql(SEND, make_user(server, "Data Admin")[1], i=rows_only)
    while states(server, project_id)["All"] < 2:
        assert time.monotonic() < deadline


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"searchQuery": {"query": []}}, "MALFORMED_REQUEST"),
        ({"searchQuery": {"query": [{"type": "colour"}]}}, "MALFORMED_REQUEST"),
        ({"limit": 0}, "MALFORMED_REQUEST"),
        ({"batchInput": {"batchName": " "}}, "MALFORMED_REQUEST"),
        ({"batchInput": {"batchName": "b", "batchPriority": 9}}, "MALFORMED_REQUEST"),
        ({"destinationTaskQueue": {"type": "id"}}, "MALFORMED_REQUEST"),
        ({"destinationTaskQueue": {"type": "id", "value": "c" + "3" * 24}}, "RESOURCE_NOT_FOUND"),
        ({"annotationsInput": {"projectId": "c" + "3" * 24}}, "RESOURCE_NOT_FOUND"),
        ({"predictionsInput": {"modelRunId": "c" + "3" * 24}}, "RESOURCE_NOT_FOUND"),
        ({"destinationProjectId": "c" + "3" * 24}, "RESOURCE_NOT_FOUND"),
    ],
)
def test_what_is_refused_makes_no_batch(server: Any, change: dict[str, Any], code: str) -> None:
    project_id = make_project(server)
    assert server.code(SEND, i={**request(project_id, ["c" + "0" * 24]), **change}) == code
    batches = server.graphql(
        "query($p: ID!) { project(where: {id: $p}) { batches { nodes { id } } } }", p=project_id
    )["project"]["batches"]["nodes"]
    assert batches == []


def test_a_limit_and_a_seed_choose_the_same_rows_again(server: Any) -> None:
    ids = make_rows(server, 20)
    queue = {"type": "id", "value": "INITIAL_LABELING_QUEUE"}
    chosen = []
    for _ in range(2):
        project_id = make_project(server)
        given = request(project_id, ids, destinationTaskQueue=queue, limit=5)
        given["ordering"] = {"type": "RANDOM", "random": {"seed": 7}, "sorting": None}
        assert json.loads(send(server, given)["result"])["sent"] == 5
        chosen.append([task["dataRow"]["id"] for task in reserve(server, project_id, first=10)["tasks"]])
    assert chosen[0] == chosen[1] and len(chosen[0]) == 5 and chosen[0] != ids[:5]
