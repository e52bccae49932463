"""Task queues, moves between them, reservations and assignments, as the project guide describes them."""

from __future__ import annotations

from typing import Any

import pytest

import labelbox as lb
from factories import make_user, next_rows, release, reserve, states, submit
from labelbox.exceptions import (
    AuthorizationError,
    LabelboxError,
    MalformedQueryException,
    ResourceNotFoundError,
)
from reference import clients

REVIEW = "mutation($d: ReviewDataRowInput!) { %s(data: $d) { state } }"


@pytest.fixture
def rows(server: Any, ready: lb.Project) -> list[str]:
    """The rows in the project's queue, in its order."""
    return next_rows(server, ready.uid)


def _counts(project: lb.Project) -> list[int]:
    return [queue.data_row_count for queue in project.task_queues()]


def _history(project: lb.Project, row: str) -> list[tuple[str, str | None, str | None]]:
    """What became of a row: action, queue before, queue after; oldest first."""
    task = project.export_v2(params={"project_details": True})
    task.wait_till_done()
    (entry,) = [entry for entry in task.result if entry["data_row"]["id"] == row]
    steps = entry["projects"][project.uid]["project_details"]["workflow_history"]
    assert {step["created_by"] for step in steps} == {project.client.get_user().email}
    return [
        (step["action"], step.get("previous_task_name"), step.get("next_task_name"))
        for step in reversed(steps)
    ]


def test_P_TQ_01_P_TQ_02_three_queues(ready: lb.Project) -> None:
    queues = ready.task_queues()
    assert isinstance(queues, list) and all(isinstance(queue, lb.TaskQueue) for queue in queues)
    assert [(queue.name, queue.queue_type, queue.data_row_count) for queue in queues] == [
        ("Initial labeling task", "INITIAL_LABELING_QUEUE", 6),
        ("Initial review task", "MANUAL_REVIEW_QUEUE", 0),
        ("Rework", "MANUAL_REWORK_QUEUE", 0),
    ]
    assert all(queue.description and len(queue.uid) == 25 for queue in queues)
    assert [queue.uid for queue in ready.task_queues()] == [queue.uid for queue in queues]


def test_P_MV_01_a_row_without_labels_stays(server: Any, ready: lb.Project, rows: list[str]) -> None:
    submit(server, ready.uid, rows[0])
    for queue_id in (ready.task_queues()[1].uid, ready.task_queues()[2].uid, None):
        with pytest.raises(LabelboxError, match=rows[3]):
            ready.move_data_rows_to_task_queue(lb.UniqueIds([rows[0], rows[3]]), queue_id)
        assert _counts(ready) == [5, 1, 0]
    key = ready.client.get_data_row(rows[4]).global_key
    with pytest.raises(LabelboxError, match=key):
        ready.move_data_rows_to_task_queue(lb.GlobalKeys([key]), None)
    for wrong in (lb.GlobalKeys(["no such key"]), lb.UniqueIds(["c" + "0" * 24])):
        with pytest.raises(LabelboxError, match="no such data row"):
            ready.move_data_rows_to_task_queue(wrong, None)
    with pytest.raises(clients.refusal(ResourceNotFoundError, TypeError)):
        ready.move_data_rows_to_task_queue(lb.UniqueIds([rows[0]]), "c" + "0" * 24)
    with pytest.raises(TypeError):
        ready.move_data_rows_to_task_queue(rows[0], None)  # type: ignore[arg-type]
    assert _counts(ready) == [5, 1, 0]


def test_P_MV_02_P_MV_03_P_MV_04_from_queue_to_queue(server: Any, ready: lb.Project, rows: list[str]) -> None:
    labeling, review, rework = ready.task_queues()
    submit(server, ready.uid, rows[0])
    submit(server, ready.uid, rows[1])
    assert _counts(ready) == [4, 2, 0]
    keys = [ready.client.get_data_row(row).global_key for row in rows[:2]]
    ready.move_data_rows_to_task_queue(lb.GlobalKeys(keys[:1]), rework.uid)
    assert _counts(ready) == [4, 1, 1]
    assert next_rows(server, ready.uid, "ReviewQueue") == [rows[1]]
    assert next_rows(server, ready.uid)[0] == rows[0]
    done = states(server, ready.uid)["Done"]
    ready.move_data_rows_to_task_queue(lb.UniqueIds(rows[:2]), None)
    assert _counts(ready) == [4, 0, 0] and states(server, ready.uid)["Done"] == done + 2
    assert next_rows(server, ready.uid, "ReviewQueue") == []
    ready.move_data_rows_to_task_queue(lb.UniqueIds(rows[:1]), review.uid)
    ready.move_data_rows_to_task_queue(lb.UniqueIds(rows[:1]), review.uid)
    assert _counts(ready) == [4, 1, 0]
    assert next_rows(server, ready.uid, "ReviewQueue") == rows[:1]
    ready.move_data_rows_to_task_queue(lb.UniqueIds(rows[:1]), labeling.uid)
    assert _counts(ready) == [5, 0, 0]
    names = ["Initial labeling task", "Initial review task", "Rework"]
    assert _history(ready, rows[0]) == [
        ("Submit", names[0], names[1]),
        ("Move", names[1], names[2]),
        ("Move", names[2], None),
        ("Move", None, names[1]),
        ("Move", names[1], names[0]),
    ]


def test_back_in_labeling_the_label_is_offered_to_its_author(
    server: Any, ready: lb.Project, rows: list[str]
) -> None:
    _, author = make_user(server)
    _, other = make_user(server)
    label = submit(server, ready.uid, rows[2], key=author)
    ready.move_data_rows_to_task_queue(lb.UniqueIds([rows[2]]), ready.task_queues()[0].uid)
    assert rows[2] not in next_rows(server, ready.uid, key=other)
    task = reserve(server, ready.uid, key=author)["tasks"][0]
    assert (task["dataRow"]["id"], task["state"], task["label"]) == (rows[2], "TO_LABEL", {"id": label["id"]})
    assert submit(server, ready.uid, rows[2], key=author)["id"] == label["id"]
    assert (_counts(ready), ready.get_label_count()) == ([5, 1, 0], 1)


def test_moved_rows_are_held_by_nobody(server: Any, ready: lb.Project, rows: list[str]) -> None:
    settings = {"number_of_labels": 2, "coverage_percentage": 1.0}
    project = clients.new_project(ready.client, "two labels")
    project.connect_ontology(ready.ontology())
    project.create_batch("all", data_rows=rows[:1], consensus_settings=settings)
    _, first = make_user(server)
    _, second = make_user(server)
    submit(server, project.uid, rows[0], key=first)
    assert len(reserve(server, project.uid, key=second)["tasks"]) == 1
    project.move_data_rows_to_task_queue(lb.UniqueIds(rows[:1]), None)
    assert project.extend_reservations("LabelingQueue") == 0
    assert reserve(server, project.uid, key=second)["tasks"] == []
    project.move_data_rows_to_task_queue(lb.UniqueIds(rows[:1]), project.task_queues()[0].uid)
    assert next_rows(server, project.uid, key=first) == []
    assert next_rows(server, project.uid, key=second) == rows[:1]


def test_predictions_become_labels_when_their_rows_leave_labeling(
    server: Any, ready: lb.Project, rows: list[str]
) -> None:
    box = {"top": 10.0, "left": 20.0, "height": 30.0, "width": 40.0}
    made = lb.MALPredictionImport.create_from_objects(
        client=ready.client,
        project_id=ready.uid,
        name="predictions",
        predictions=[
            {
                "uuid": f"{n:08d}-0000-4000-8000-000000000000",
                "name": "Car",
                "dataRow": {"id": row},
                "bbox": box,
            }
            for n, row in enumerate([rows[0], rows[0], rows[1]])
        ],
    )
    made.wait_until_done(sleep_time_seconds=1)
    assert made.errors == []
    with pytest.raises(LabelboxError, match=rows[2]):
        ready.move_data_rows_to_task_queue(lb.UniqueIds(rows[:3]), ready.task_queues()[1].uid)
    assert ready.get_label_count() == 0
    ready.move_data_rows_to_task_queue(lb.UniqueIds(rows[:2]), ready.task_queues()[1].uid)
    assert (_counts(ready), ready.get_label_count()) == ([4, 2, 0], 2)
    labels = {label.data_row().uid: label for label in ready.labels()}
    assert {label.created_by().uid for label in labels.values()} == {ready.client.get_user().uid}
    tasks = reserve(server, ready.uid, "ReviewQueue", 2)["tasks"]
    offered = {task["dataRow"]["id"]: task["annotations"]["objects"] for task in tasks}
    assert [(entry["name"], entry["bounding_box"]) for entry in offered[rows[0]]] == [("Car", box)] * 2
    assert len(offered[rows[1]]) == 1
    approved = {"projectId": ready.uid, "dataRowId": rows[0]}
    assert server.graphql(REVIEW % "approveDataRow", d=approved)["approveDataRow"] == {"state": "DONE"}


def test_P_NL_01_P_NL_02_labels_are_counted_wherever_they_are(
    server: Any, ready: lb.Project, rows: list[str]
) -> None:
    labeling, review, rework = ready.task_queues()
    for row in rows[:4]:
        submit(server, ready.uid, row)
    for moved, queue_id in (
        (rows[0], labeling.uid),
        (rows[1], rework.uid),
        (rows[2], None),
        (rows[3], review.uid),
    ):
        ready.move_data_rows_to_task_queue(lb.UniqueIds([moved]), queue_id)
        assert ready.get_label_count() == len(list(ready.labels())) == 4
    assert (_counts(ready), states(server, ready.uid)["Done"]) == ([3, 1, 1], 1)


def test_who_may_clear_reservations_and_what_comes_of_it(
    server: Any, client_of: Any, ready: lb.Project, rows: list[str]
) -> None:
    labeling, review, _ = ready.task_queues()
    keys = [make_user(server)[1] for _ in range(2)]
    for key in keys:
        assert len(reserve(server, ready.uid, first=2, key=key)["tasks"]) == 2
    for role in ("Labeler", "Reviewer"):
        with pytest.raises(AuthorizationError):
            client_of(role).get_project(ready.uid).clear_queue_reservations(labeling.uid)
    with pytest.raises(ResourceNotFoundError):
        ready.clear_queue_reservations("c" + "0" * 24)
    assert ready.clear_queue_reservations(review.uid) == 0
    manager = client_of("Team Manager").get_project(ready.uid)
    assert manager.clear_queue_reservations(labeling.uid) == 4
    assert manager.clear_queue_reservations(labeling.uid) == 0
    assert next_rows(server, ready.uid) == rows


def test_rows_are_assigned_to_a_labeler(
    server: Any, client_of: Any, ready: lb.Project, rows: list[str]
) -> None:
    user, key = make_user(server)
    _, other = make_user(server)
    held = reserve(server, ready.uid, first=1, key=other)["tasks"][0]["dataRow"]["id"]
    assert held == rows[0]
    assert ready.bulk_assign_data_rows(user, []) is True
    assert ready.bulk_assign_data_rows(user, [rows[0], rows[5]]) is True
    assert next_rows(server, ready.uid) == rows[1:5]
    assert next_rows(server, ready.uid, key=key) == rows[1:6]
    assert ready.bulk_assign_data_rows(user, [rows[0]], ["FREE", "RESERVED"]) is True
    assert release(server, ready.uid, key=other) == 0
    assert next_rows(server, ready.uid, key=other) == rows[1:5]
    assert next_rows(server, ready.uid, key=key) == rows
    with pytest.raises(ResourceNotFoundError):
        ready.bulk_assign_data_rows("c" + "0" * 24, rows)
    with pytest.raises(MalformedQueryException, match="BUSY"):
        ready.bulk_assign_data_rows(user, rows, ["BUSY"])
    nobody, _ = make_user(server, "None")
    with pytest.raises(MalformedQueryException, match="may not label"):
        ready.bulk_assign_data_rows(nobody, rows)
    with pytest.raises(AuthorizationError):
        client_of("Labeler").get_project(ready.uid).bulk_assign_data_rows(user, rows)
    assert next_rows(server, ready.uid) == rows[1:5]


def test_deleted_labels_of_a_batch_are_templates_after_predictions(
    server: Any, ready: lb.Project, rows: list[str]
) -> None:
    (batch,) = ready.batches()
    normalized = ready.ontology().normalized
    box = {"top": 1.0, "left": 2.0, "height": 3.0, "width": 4.0}
    drawn = {
        "feature_schema_id": normalized["tools"][0]["featureSchemaId"],
        "name": "Car",
        "bounding_box": box,
    }
    document = {"objects": [drawn], "classifications": [], "relationships": []}
    labels = [submit(server, ready.uid, row, document)["id"] for row in rows[:2]]
    _, labeler = make_user(server)
    assert sorted(batch.delete_labels(set_labels_as_template=True)["deletedLabelIds"]) == labels
    assert (_counts(ready), ready.get_label_count()) == ([6, 0, 0], 0)
    tasks = reserve(server, ready.uid, first=3, key=labeler)["tasks"]
    assert [(task["dataRow"]["id"], task["annotationsFrom"]) for task in tasks] == [
        (rows[0], "TEMPLATE"),
        (rows[1], "TEMPLATE"),
        (rows[2], None),
    ]
    assert tasks[0]["annotations"]["objects"][0]["bounding_box"] == box
    prediction = {"uuid": "00000000-0000-4000-8000-000000000001", "name": "Car", "dataRow": {"id": rows[1]}}
    made = lb.MALPredictionImport.create_from_objects(
        client=ready.client,
        project_id=ready.uid,
        name="predictions",
        predictions=[{**prediction, "bbox": {**box, "left": 90.0}}],
    )
    made.wait_until_done(sleep_time_seconds=1)
    tasks = reserve(server, ready.uid, first=3, key=labeler)["tasks"]
    assert [task["annotationsFrom"] for task in tasks] == ["TEMPLATE", "PRELABEL", None]
    submit(server, ready.uid, rows[0], tasks[0]["annotations"], key=labeler)
    batch.delete_labels()
    tasks = reserve(server, ready.uid, first=3, key=labeler)["tasks"]
    assert [task["annotationsFrom"] for task in tasks] == [None, "PRELABEL", None]


def test_labels_of_one_user_are_deleted(server: Any, ready: lb.Project, rows: list[str]) -> None:
    user, key = make_user(server)
    for row in rows[:3]:
        submit(server, ready.uid, row, key=key)
    submit(server, ready.uid, rows[3])
    ready.delete_labels_by_user(user)
    assert [label.data_row().uid for label in ready.labels()] == [rows[3]]
    assert _counts(ready) == [5, 1, 0]
    assert next_rows(server, ready.uid, key=key) == [*rows[:3], *rows[4:]]


def test_the_workflow_is_read_changed_and_cloned(ready: lb.Project) -> None:
    workflow = ready.get_workflow()
    kinds = sorted(node["definitionId"] for node in workflow.config["nodes"])
    expected = ["done", "initial_labeling_task", "initial_rework_task", "review_task", "send_to_rework"]
    assert kinds == expected and len(workflow.config["edges"]) == 4
    workflow.config["nodes"][2]["label"] = "Second look"
    workflow.update_config()
    assert [node["label"] for node in ready.get_workflow().config["nodes"]][2] == "Second look"
    stored = ready.get_workflow().config
    workflow.config["edges"] = [edge for edge in stored["edges"] if edge["sourceHandle"] != "else"]
    with pytest.raises(MalformedQueryException, match="no edge leads to node"):
        workflow.update_config()
    assert ready.get_workflow().config == stored
    other = clients.new_project(ready.client, "clone")
    assert other.clone_workflow_from(ready.uid).config == stored
    assert other.get_workflow().config == stored
