"""The queue and the workflow: reserve, submit, skip, approve, reject, delete."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from factories import (
    make_batch,
    make_label_project,
    make_project,
    make_rows,
    make_user,
    reserve,
    submit,
)

STATE = """query($p: ID!) { project(where: {id: $p}) { labelCount completedDataRowCount
  taskQueues { queueType dataRowCount } workstreamStateCounts { state count } labels { id skipped } } }"""
REVIEW = """mutation($d: ReviewDataRowInput!) { %s(data: $d) { dataRowId state } }"""
SKIP = "mutation($d: SkipDataRowInput!) { skipDataRow(data: $d) { id skipped label } }"


def _state(server: Any, project_id: str) -> dict[str, Any]:
    found = server.graphql(STATE, p=project_id)["project"]
    found["queues"] = [queue["dataRowCount"] for queue in found.pop("taskQueues")]
    found["counts"] = {entry["state"]: entry["count"] for entry in found.pop("workstreamStateCounts")}
    return dict(found)


def _review(server: Any, verb: str, project_id: str, row: str, **more: Any) -> Any:
    return server.answer(REVIEW % verb, d={"projectId": project_id, "dataRowId": row, **more})


def test_a_row_goes_from_labeling_over_review_to_done(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 2)
    task = reserve(server, project_id)["tasks"][0]
    assert (task["dataRow"]["id"], task["state"], task["taskQueue"]["queueType"]) == (
        ids[0],
        "TO_LABEL",
        "INITIAL_LABELING_QUEUE",
    )
    submit(server, project_id, ids[0])
    assert _state(server, project_id)["queues"] == [1, 1, 0]
    review = reserve(server, project_id, "ReviewQueue")["tasks"][0]
    assert (review["dataRow"]["id"], review["state"], review["annotationsFrom"]) == (
        ids[0],
        "IN_REVIEW",
        "LABEL",
    )
    approved = _review(server, "approveDataRow", project_id, ids[0])["data"]["approveDataRow"]
    assert approved == {"dataRowId": ids[0], "state": "DONE"}
    seen = _state(server, project_id)
    assert (seen["queues"], seen["completedDataRowCount"], seen["labelCount"]) == ([1, 0, 0], 1, 1)
    expected = {"All": 2, "Unlabeled": 1, "Labeled": 1, "InReview": 0, "InRework": 0, "Skipped": 0, "Done": 1}
    assert {state: seen["counts"][state] for state in expected} == expected


def test_rejecting_sends_a_row_back_to_its_labeler_with_the_remark(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    _, labeler = make_user(server)
    _, other = make_user(server)
    reserve(server, project_id, key=labeler)
    label = submit(server, project_id, ids[0], key=labeler)
    rejected = _review(server, "rejectDataRow", project_id, ids[0], comment="too small")["data"][
        "rejectDataRow"
    ]
    assert rejected["state"] == "IN_REWORK"
    assert reserve(server, project_id, key=other)["tasks"] == []
    task = reserve(server, project_id, key=labeler)["tasks"][0]
    assert (task["state"], task["label"]["id"]) == ("IN_REWORK", label["id"])
    assert [comment["content"] for comment in task["comments"]] == ["too small"]
    again = submit(server, project_id, ids[0], key=labeler)
    assert again["id"] == label["id"] and again["secondsToLabel"] == 2.0
    assert _state(server, project_id)["queues"] == [0, 1, 0]
    reviews = server.graphql(
        "query($l: ID!) { label(where: {id: $l}) { reviews { score comment } } }", l=label["id"]
    )
    assert reviews["label"]["reviews"] == [{"score": -1.0, "comment": "too small"}]


def test_a_reviewer_may_correct_before_approving_and_the_author_stays(server: Any) -> None:
    project_id, ids, ontology = make_label_project(server, 1)
    user_id, labeler = make_user(server)
    reserve(server, project_id, key=labeler)
    label = submit(server, project_id, ids[0], key=labeler)
    box = {"top": 1, "left": 2, "height": 3, "width": 4}
    drawn = {"feature_schema_id": ontology["tools"][0]["featureSchemaId"], "name": "Car", "bounding_box": box}
    corrected = {"objects": [drawn], "classifications": [], "relationships": []}
    assert "errors" not in _review(
        server, "approveDataRow", project_id, ids[0], annotations=corrected, secondsToReview=4.5
    )
    seen = server.graphql(
        "query($l: ID!) { label(where: {id: $l}) { annotations createdBy { id } } }", l=label["id"]
    )["label"]
    assert seen["createdBy"]["id"] == user_id
    assert seen["annotations"]["objects"][0]["bounding_box"] == box


def test_skipping_counts_as_a_label_of_its_own_kind(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    made = server.graphql(SKIP, d={"projectId": project_id, "dataRowId": ids[0], "secondsToLabel": 1})[
        "skipDataRow"
    ]
    assert (made["skipped"], made["label"]) == (True, "Skip")
    seen = _state(server, project_id)
    assert (seen["counts"]["Skipped"], seen["counts"]["Unlabeled"], seen["counts"]["Labeled"]) == (1, 0, 0)


def test_the_same_submission_twice_is_done_once(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(
                lambda _: submit(server, project_id, ids[0], idempotencyKey=f"k{ids[0]}")["id"], range(8)
            )
        )
    assert len(set(made)) == 1
    assert [label["id"] for label in _state(server, project_id)["labels"]] == made[:1]
    code = server.code(
        "mutation($d: SubmitLabelInput!) { submitLabel(data: $d) { id } }",
        d={"projectId": project_id, "dataRowId": ids[0], "annotations": {}, "secondsToLabel": 1},
    )
    assert code == "RESOURCE_CONFLICT"


def test_X_25_sixteen_labelers_never_get_the_same_row(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 160)
    keys = [make_user(server)[1] for _ in range(16)]

    def work(key: str) -> list[str]:
        done = []
        while tasks := reserve(server, project_id, first=3, key=key)["tasks"]:
            row = tasks[0]["dataRow"]["id"]
            submit(server, project_id, row, key=key)
            done.append(row)
        return done

    with ThreadPoolExecutor(16) as pool:
        rows = [row for done in pool.map(work, keys) for row in done]
    assert sorted(rows) == sorted(ids)
    seen = _state(server, project_id)
    assert (seen["labelCount"], seen["counts"]["All"], seen["counts"]["Unlabeled"]) == (160, 160, 0)


def test_R_PJ_52_consensus_rows_go_to_different_labelers(server: Any) -> None:
    settings = {"numberOfLabels": 2, "coveragePercentage": 1.0}
    project_id, ids, _ = make_label_project(server, 1, consensusSettings=settings)
    keys = [make_user(server)[1] for _ in range(3)]
    assert [
        task["dataRow"]["id"] for task in reserve(server, project_id, key=keys[0], first=5)["tasks"]
    ] == ids
    submit(server, project_id, ids[0], key=keys[0])
    assert reserve(server, project_id, key=keys[0])["tasks"] == []
    assert _state(server, project_id)["queues"] == [1, 0, 0]
    blind = reserve(server, project_id, key=keys[1])["tasks"][0]
    assert (blind["label"], blind["annotations"]) == (None, None)
    submit(server, project_id, ids[0], key=keys[1])
    assert _state(server, project_id)["queues"] == [0, 1, 0]
    assert reserve(server, project_id, key=keys[2])["tasks"] == []


def test_drafts_come_back_to_their_labeler_only(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    _, labeler = make_user(server)
    reserve(server, project_id, key=labeler)
    unfinished = {"objects": [{"anything": "unfinished"}], "classifications": [], "relationships": []}
    server.graphql(
        "mutation($d: SaveDraftInput!) { saveDraft(data: $d) { dataRowId updatedAt } }",
        labeler,
        d={"projectId": project_id, "dataRowId": ids[0], "annotations": unfinished, "secondsToLabel": 7.5},
    )
    task = reserve(server, project_id, key=labeler)["tasks"][0]
    assert (task["annotations"], task["annotationsFrom"], task["secondsSpent"]) == (unfinished, "DRAFT", 7.5)
    server.graphql(
        "mutation($p: ID!) { releaseReservations(projectId: $p, queueType: LabelingQueue) }",
        labeler,
        p=project_id,
    )
    other = reserve(server, project_id)["tasks"][0]
    assert (other["dataRow"]["id"], other["annotations"]) == (ids[0], None)


def test_R_PJ_34_reservations_are_extended_and_given_back(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 4)
    extend = (
        "mutation($p: ID!, $q: ReservationQueueType!) { extendReservations(projectId: $p, queueType: $q) }"
    )
    assert server.graphql(extend, p=project_id, q="LabelingQueue") == {"extendReservations": 0}
    held = reserve(server, project_id, first=3)
    assert len(held["tasks"]) == 3 and held["remaining"] == 4
    assert server.graphql(extend, p=project_id, q="LabelingQueue") == {"extendReservations": 3}
    assert server.graphql(extend, p=project_id, q="ReviewQueue") == {"extendReservations": 0}
    _, other = make_user(server)
    seen = reserve(server, project_id, first=3, key=other)
    assert ([task["dataRow"]["id"] for task in seen["tasks"]], seen["heldByOthers"]) == ([ids[3]], 3)
    assert server.code(extend, p=project_id, q="NoQueue") == "GRAPHQL_VALIDATION_FAILED"


def test_R_LB_14_deleting_a_label_puts_its_row_back(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    label = submit(server, project_id, ids[0])
    deleted = server.graphql(
        "mutation($l: [ID!]!) { deleteLabels(labelIds: $l) { id } }", l=[label["id"], "c" + "0" * 24]
    )
    assert deleted["deleteLabels"] == [{"id": label["id"]}]
    seen = _state(server, project_id)
    assert (seen["labelCount"], seen["queues"]) == (0, [1, 0, 0])
    assert reserve(server, project_id)["tasks"][0]["dataRow"]["id"] == ids[0]
    assert reserve(server, project_id, "ReviewQueue")["tasks"] == []


def test_R_DR_14_deleted_rows_leave_the_queue(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 3)
    reserve(server, project_id, first=1)
    server.graphql("mutation($r: [ID!]!) { deleteDataRows(where: {dataRowIds: $r}) { id } }", r=ids[:2])
    assert [task["dataRow"]["id"] for task in reserve(server, project_id, first=3)["tasks"]] == ids[2:]
    assert _state(server, project_id)["queues"] == [1, 0, 0]


def test_R_PJ_24_labels_made_the_old_way(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    query = "mutation($d: CreateLabelInput!) { createLabel(data: $d) { id label secondsToLabel } }"
    given = {
        "label": "any text",
        "secondsToLabel": 2.5,
        "type": {"connect": {"name": "Any"}},
        "project": {"connect": {"id": project_id}},
        "dataRow": {"connect": {"id": ids[0]}},
    }
    made = [server.graphql(query, d=given)["createLabel"] for _ in range(2)]
    assert [(label["label"], label["secondsToLabel"]) for label in made] == [("any text", 2.5)] * 2
    assert {label["id"] for label in _state(server, project_id)["labels"]} == {label["id"] for label in made}
    assert _state(server, project_id)["queues"] == [0, 1, 0]


def test_a_row_of_another_project_cannot_be_labeled_here(server: Any) -> None:
    project_id, _, _ = make_label_project(server, 1)
    (stranger,) = make_rows(server, 1)
    make_batch(server, make_project(server), [stranger])
    query = "mutation($d: SubmitLabelInput!) { submitLabel(data: $d) { id } }"
    given = {"projectId": project_id, "dataRowId": stranger, "annotations": {}, "secondsToLabel": 1}
    assert server.code(query, d=given) == "RESOURCE_NOT_FOUND"
    assert server.graphql("query($r: ID!) { dataRow(where: {id: $r}) { labels { id } } }", r=stranger) == {
        "dataRow": {"labels": []}
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"feature_schema_id": "c" + "0" * 24, "name": "Nothing"}, "c" + "0" * 24),
        ({"bounding_box": {"top": 1, "left": 1, "height": -5, "width": 5}}, "Car"),
        ({"bounding_box": {"top": 1, "left": 1}}, "Car"),
        ({"bounding_box": None}, "Car"),
        ({"feature_id": "short"}, "short"),
        ({"classifications": [{"name": "Nothing", "text_answer": {"content": "x"}}]}, "Nothing"),
    ],
)
def test_annotations_that_do_not_fit_are_refused_naming_the_object(
    server: Any, change: dict[str, Any], words: str
) -> None:
    project_id, ids, ontology = make_label_project(server, 1)
    box = {"top": 1, "left": 1, "height": 5, "width": 5}
    drawn = {
        "feature_schema_id": ontology["tools"][0]["featureSchemaId"],
        "name": "Car",
        "bounding_box": box,
        **change,
    }
    query = "mutation($d: SubmitLabelInput!) { submitLabel(data: $d) { id } }"
    given = {"objects": [drawn], "classifications": [], "relationships": []}
    answer = server.answer(
        query, d={"projectId": project_id, "dataRowId": ids[0], "annotations": given, "secondsToLabel": 1}
    )
    error = answer["errors"][0]
    assert error["extensions"]["code"] == "MALFORMED_REQUEST" and words in error["message"]
    seen = _state(server, project_id)
    assert (seen["labelCount"], seen["queues"]) == (0, [1, 0, 0])
