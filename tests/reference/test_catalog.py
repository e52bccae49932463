"""Data rows and labels sent from project to project, slices, clones: rows P-CP and what the catalog adds to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import labelbox as lb
from factories import make_user, next_rows, reserve, states, submit
from labelbox.exceptions import (
    AuthorizationError,
    ResourceConflict,
    ResourceNotFoundError,
)
from labelbox.schema.conflict_resolution_strategy import ConflictResolutionStrategy as Strategy


def _ontology(client: lb.Client, name: str, *, tool: lb.Tool.Type = lb.Tool.Type.BBOX) -> lb.Ontology:
    """Another project's words for the same things: a tool "Vehicle", a radio "Sky"."""
    builder = lb.OntologyBuilder(
        tools=[lb.Tool(tool, "Vehicle")],
        classifications=[
            lb.Classification(
                lb.Classification.Type.RADIO, "Sky", options=[lb.Option("bright"), lb.Option("wet")]
            )
        ],
    )
    return client.create_ontology(name, builder.asdict(), media_type=lb.MediaType.Image)


@pytest.fixture
def destination(client: lb.Client) -> lb.Project:
    """An empty project with other words for the same things."""
    project = client.create_project(name="destination", media_type=lb.MediaType.Image)
    project.connect_ontology(_ontology(client, "vehicles"))
    return project


def _ids(project: lb.Project) -> dict[str, str]:
    """Feature schema ids of a project's tool, question and options by their names."""
    normalized = project.ontology().normalized
    features = [*normalized["tools"], *normalized["classifications"]]
    found = {feature["name"]: feature["featureSchemaId"] for feature in features}
    for question in normalized["classifications"]:
        found |= {option["value"]: option["featureSchemaId"] for option in question["options"]}
    return found


def _mapping(source: lb.Project, destination: lb.Project, *names: str) -> dict[str, str]:
    pairs = {"Car": "Vehicle", "Weather": "Sky", "sunny": "bright", "rainy": "wet"}
    before, after = _ids(source), _ids(destination)
    return {before[name]: after[pairs[name]] for name in names or pairs}


def _send(
    destination: lb.Project,
    rows: list[str] | lb.GlobalKeys,
    queue_id: str | None,
    name: str = "sent",
    **params: Any,
) -> lb.Task:
    task = destination.client.send_to_annotate_from_catalog(
        destination_project_id=destination.uid,
        task_queue_id=queue_id,
        batch_name=name,
        data_rows=rows if isinstance(rows, lb.GlobalKeys) else lb.UniqueIds(rows),
        params=params,
    )
    task.wait_till_done()
    return task


def _counts(task: lb.Task) -> Any:
    """What a task of sending made; published clients give it as text only."""
    return json.loads(task.result_url)


def _documents(project: lb.Project) -> dict[str, Any]:
    """The annotations of a project's labels by data row."""
    task = project.export_v2()
    task.wait_till_done()
    return {
        row["data_row"]["id"]: row["projects"][project.uid]["labels"][0]["annotations"]
        for row in task.result
        if row["projects"][project.uid]["labels"]
    }


def _answer(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entry["name"], entry["radio_answer"]["name"]) for entry in document["classifications"]]


def test_P_CP_01_P_CP_03_P_CP_14_labels_are_copied_with_mapped_ids(
    ready: lb.Project, destination: lb.Project, labeled: list[str]
) -> None:
    review = destination.task_queues()[1].uid
    task = _send(
        destination,
        labeled[:3],
        review,
        source_project_id=ready.uid,
        annotations_ontology_mapping=_mapping(ready, destination),
    )
    assert (task.status, task.errors) == ("COMPLETE", None)
    assert _counts(task) == {"sent": 3, "skipped": 0, "droppedAnnotations": 0}
    assert destination.get_label_count() == 3
    ids = _ids(destination)
    found = _documents(destination)
    assert set(found) == set(labeled[:3])
    originals = _documents(ready)
    for row, document in found.items():
        (box,) = document["objects"]
        assert (box["name"], box["feature_schema_id"]) == ("Vehicle", ids["Vehicle"])
        assert box["bounding_box"] == originals[row]["objects"][0]["bounding_box"]
        assert box["feature_id"] != originals[row]["objects"][0]["feature_id"]
        (answer,) = document["classifications"]
        assert (answer["feature_schema_id"], answer["radio_answer"]["feature_schema_id"]) == (
            ids["Sky"],
            ids["wet"],
        )
    (batch,) = destination.batches()
    assert (batch.name, batch.size) == ("sent", 3)
    assert [queue.data_row_count for queue in destination.task_queues()] == [0, 3, 0]
    assert {label.created_by().uid for label in destination.labels()} == {destination.client.get_user().uid}


def test_what_is_not_mapped_is_left_out_and_counted(
    ready: lb.Project, destination: lb.Project, labeled: list[str]
) -> None:
    mapping = _mapping(ready, destination, "Car", "Weather")  # without its options the answer cannot be said
    task = _send(
        destination,
        labeled[:3],
        None,
        source_project_id=ready.uid,
        annotations_ontology_mapping=mapping,
    )
    assert _counts(task) == {"sent": 3, "skipped": 0, "droppedAnnotations": 6}
    for document in _documents(destination).values():
        assert (len(document["objects"]), document["classifications"]) == (1, [])


def test_P_CP_02_a_source_is_required(destination: lb.Project) -> None:
    with pytest.raises(ValueError, match="source_project_id"):
        _send(destination, ["c" + "0" * 24], None, annotations_ontology_mapping={})
    assert list(destination.batches()) == []


def test_P_CP_04_without_a_mapping_only_rows_are_sent(
    ready: lb.Project, destination: lb.Project, labeled: list[str]
) -> None:
    labeling, review, _ = destination.task_queues()
    task = _send(
        destination,
        labeled[:2],
        labeling.uid,
        source_project_id=ready.uid,
        annotations_ontology_mapping={},
    )
    assert (task.status, task.errors, destination.get_label_count()) == ("COMPLETE", None, 0)
    assert [queue.data_row_count for queue in destination.task_queues()] == [2, 0, 0]
    bare = _send(destination, labeled[2:4], review.uid, "bare", source_project_id=ready.uid)
    assert bare.status == "FAILED" and bare.errors["count"] == 2
    assert {entry["dataRowId"] for entry in bare.errors["errors"]} == set(labeled[2:4])
    assert [batch.name for batch in destination.batches()] == ["sent"]
    assert states_of(destination) == (2, 2)


def states_of(project: lb.Project) -> tuple[int, int]:
    """How many rows there are, and how many wait for a label."""
    overview = project.get_overview()
    return overview.total_data_rows, overview.to_label


def test_P_CP_05_P_CP_06_P_CP_07_P_CP_08_P_CP_09_conflicts(
    server: Any, ready: lb.Project, destination: lb.Project, labeled: list[str]
) -> None:
    destination.create_batch("own", data_rows=labeled[:3])
    for row in labeled[:3]:
        classification = {"name": "Sky", "radio_answer": {"name": "bright", "classifications": []}}
        submit(
            server,
            destination.uid,
            row,
            {"objects": [], "classifications": [classification], "relationships": []},
        )
    params = {
        "source_project_id": ready.uid,
        "annotations_ontology_mapping": _mapping(ready, destination),
    }
    excluded = _send(destination, labeled[:3], None, "none", exclude_data_rows_in_project=True, **params)
    assert _counts(excluded) == {"sent": 0, "skipped": 3, "droppedAnnotations": 0}
    assert all(not document["objects"] for document in _documents(destination).values())
    assert [batch.name for batch in destination.batches()] == ["own"]

    _send(destination, labeled[:1], None, "default", **params)
    kept = Strategy.KeepExisting
    _send(destination, labeled[:1], None, "keep", override_existing_annotations_rule=kept, **params)
    found = _documents(destination)[labeled[0]]
    assert (_answer(found), len(found["objects"])) == ([("Sky", "bright")], 2)
    for row, rule in (
        (labeled[1], Strategy.OverrideWithPredictions),
        (labeled[2], "OVERRIDE_WITH_ANNOTATIONS"),
    ):
        _send(destination, [row], None, "override", override_existing_annotations_rule=rule, **params)
        found = _documents(destination)[row]
        assert (_answer(found), len(found["objects"])) == ([("Sky", "wet")], 1)
    # the rows were there: they have one label each and stay where they were
    assert destination.get_label_count() == 3
    assert [queue.data_row_count for queue in destination.task_queues()] == [0, 3, 0]
    assert [batch.name for batch in destination.batches()] == ["own"]


def test_P_CP_07_P_CP_08_conflicts_of_pre_labels(
    server: Any, ready: lb.Project, destination: lb.Project, labeled: list[str]
) -> None:
    labeling = destination.task_queues()[0].uid
    mapping = _mapping(ready, destination)
    swapped = {**mapping, _ids(ready)["rainy"]: _ids(destination)["bright"]}
    swapped.pop(_ids(ready)["sunny"])
    _send(
        destination, labeled[:1], labeling, source_project_id=ready.uid, annotations_ontology_mapping=mapping
    )

    def offered() -> dict[str, Any]:
        (task,) = reserve(server, destination.uid)["tasks"]
        found: dict[str, Any] = task["annotations"]
        return found

    def again(rule: Strategy) -> None:
        _send(
            destination,
            labeled[:1],
            labeling,
            "again",
            source_project_id=ready.uid,
            annotations_ontology_mapping=swapped,
            override_existing_annotations_rule=rule,
        )

    assert _answer(offered()) == [("Sky", "wet")]
    again(Strategy.KeepExisting)
    assert (_answer(offered()), len(offered()["objects"])) == ([("Sky", "wet")], 2)
    again(Strategy.OverrideWithAnnotations)
    assert (_answer(offered()), len(offered()["objects"])) == ([("Sky", "bright")], 3)


def test_P_CP_10_P_CP_11_P_CP_12_pre_labels_in_the_labeling_queue(
    server: Any, ready: lb.Project, destination: lb.Project, labeled: list[str]
) -> None:
    (labeling,) = [
        queue.uid for queue in destination.task_queues() if queue.queue_type == "INITIAL_LABELING_QUEUE"
    ]
    task = _send(
        destination,
        labeled[:3],
        labeling,
        source_project_id=ready.uid,
        annotations_ontology_mapping=_mapping(ready, destination),
        batch_priority=2,
    )
    assert (task.status, task.errors, destination.get_label_count()) == ("COMPLETE", None, 0)
    assert {override.priority for override in destination.labeling_parameter_overrides()} == {2}
    _, labeler = make_user(server)
    (next_task,) = reserve(server, destination.uid, key=labeler)["tasks"]
    row = next_task["dataRow"]["id"]
    assert row in labeled[:3] and next_task["annotationsFrom"] == "PRELABEL"
    (box,) = next_task["annotations"]["objects"]
    assert box["name"] == "Vehicle" and _answer(next_task["annotations"]) == [("Sky", "wet")]
    made = submit(server, destination.uid, row, next_task["annotations"], labeler)
    assert made["annotations"]["objects"][0]["bounding_box"] == box["bounding_box"]


def test_the_other_spelling_of_the_mapping_and_the_order_of_the_rows(
    server: Any, ready: lb.Project, destination: lb.Project, labeled: list[str]
) -> None:
    task = _send(
        destination,
        labeled[2:0:-1],
        destination.task_queues()[0].uid,
        source_project_id=ready.uid,
        annotation_ontology_mapping=_mapping(ready, destination),
    )
    assert task.result == {"sent": 2, "skipped": 0, "droppedAnnotations": 0}
    _, labeler = make_user(server)
    (next_task,) = reserve(server, destination.uid, key=labeler)["tasks"]
    assert (next_task["dataRow"]["id"], next_task["annotationsFrom"]) == (labeled[2], "PRELABEL")


def test_P_CP_13_P_CP_15_to_done_by_global_keys(
    server: Any, ready: lb.Project, destination: lb.Project, labeled: list[str]
) -> None:
    keys = [ready.client.get_data_row(row).global_key for row in labeled[:2]]
    task = _send(
        destination,
        lb.GlobalKeys(keys),
        None,
        source_project_id=ready.uid,
        annotations_ontology_mapping=_mapping(ready, destination),
    )
    assert (task.status, task.errors) == ("COMPLETE", None)
    assert states(server, destination.uid)["Done"] == 2
    assert set(_documents(destination)) == set(labeled[:2])
    rework = destination.task_queues()[2].uid
    _send(
        destination,
        labeled[2:3],
        rework,
        "rework",
        source_project_id=ready.uid,
        annotations_ontology_mapping=_mapping(ready, destination),
    )
    assert next_rows(server, destination.uid) == [labeled[2]]
    assert states(server, destination.uid)["InRework"] == 1


def test_P_CP_16_a_failed_task_gives_reasons(
    client: lb.Client, ready: lb.Project, destination: lb.Project, labeled: list[str]
) -> None:
    params = {
        "source_project_id": ready.uid,
        "annotations_ontology_mapping": _mapping(ready, destination),
    }
    task = _send(destination, [labeled[0], labeled[3], "c" + "0" * 24], None, **params)
    assert task.status == "FAILED" and task.errors["count"] == 2
    assert {entry["dataRowId"]: entry["reason"] for entry in task.errors["errors"]} == {
        "c" + "0" * 24: "There is no such data row.",
        labeled[3]: "The data row has no label that is sent with it, and must be labeled first.",
    }
    assert set(_documents(destination)) == {labeled[0]}  # the row that could be sent is whole
    assert states_of(destination) == (1, 0)

    polygons = client.create_project(name="polygons", media_type=lb.MediaType.Image)
    polygons.connect_ontology(_ontology(client, "polygons", tool=lb.Tool.Type.POLYGON))
    before, after = _ids(ready), _ids(polygons)
    for mapping, words in (
        ({before["Car"]: after["Vehicle"]}, ("'Car' (rectangle", "'Vehicle' (polygon")),
        ({"c" + "1" * 24: after["Vehicle"]}, ("c" + "1" * 24,)),
        ({before["Weather"]: after["Sky"], before["rainy"]: after["Vehicle"]}, ("'rainy'", "'Vehicle'")),
    ):
        failed = _send(
            polygons,
            labeled[:1],
            None,
            source_project_id=ready.uid,
            annotations_ontology_mapping=mapping,
        )
        assert failed.status == "FAILED"
        assert all(word in failed.errors["error"] for word in words), failed.errors
        assert states_of(polygons) == (0, 0) and list(polygons.batches()) == []

    texts = client.create_project(name="texts", media_type=lb.MediaType.Text)
    other = _send(texts, labeled[:1], texts.task_queues()[0].uid, source_project_id=ready.uid)
    assert other.status == "FAILED" and "IMAGE" in other.errors["errors"][0]["reason"]
    with pytest.raises(ResourceConflict):
        _send(destination, labeled[:1], None, "sent", **params)


def test_P_CP_16_an_unknown_queue(ready: lb.Project, destination: lb.Project, labeled: list[str]) -> None:
    with pytest.raises(ResourceNotFoundError):
        _send(destination, labeled[:1], "c" + "2" * 24, "lost", source_project_id=ready.uid)
    assert list(destination.batches()) == []


def test_a_sender_needs_both_projects(
    ready: lb.Project, destination: lb.Project, labeled: list[str], client_of: Callable[[str], lb.Client]
) -> None:
    mapping = _mapping(ready, destination)
    for role in ("Labeler", "Read-only Admin"):
        theirs = client_of(role).get_project(destination.uid)
        with pytest.raises(AuthorizationError):
            _send(
                theirs,
                labeled[:1],
                None,
                source_project_id=ready.uid,
                annotations_ontology_mapping=mapping,
            )
    assert list(destination.batches()) == []
