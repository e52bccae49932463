"""Benchmarks among the rows that labelers get: blind, on top of the queue, in nobody's totals."""

from __future__ import annotations

from typing import Any

import pytest

from factories import make_label_project, make_user, reserve, submit
from labelyard.workflow.rules import benchmarks_due

CREATE = "mutation($l: ID!) { createBenchmark(data: {labelId: $l}) { id } }"
STATE = """query($p: ID!) { project(where: {id: $p}) { labelCount workstreamStateCounts { state count }
  dataRows(first: 50) { nodes { dataRow { id } state labelCount } } } }"""
CAR = {"name": "Car", "bounding_box": {"top": 1, "left": 2, "height": 3, "width": 4}, "classifications": []}
DOCUMENT: dict[str, Any] = {"objects": [CAR], "classifications": [], "relationships": []}


@pytest.mark.parametrize(
    ("got", "missing", "draws", "due"),
    [
        (0, 3, [0.9, 0.9, 0.9], 3),
        (3, 4, [0.9, 0.9, 0.9, 0.9], 2),
        (4, 3, [0.05, 0.05, 0.5], 2),
        (5, 3, [0.0999, 0.1, 0.5], 1),
        (100, 2, [0.2, 0.9], 0),
        (100, 0, [], 0),
    ],
)
def test_the_first_five_are_benchmarks_and_later_one_in_ten(
    got: int, missing: int, draws: list[float], due: int
) -> None:
    assert benchmarks_due(got, missing, draws) == due


def _marked(server: Any, rows: int, **batch: Any) -> tuple[str, list[str]]:
    """A project whose first row is a benchmark of the administrator's."""
    project_id, ids, _ = make_label_project(server, rows, **batch)
    server.graphql(CREATE, l=submit(server, project_id, ids[0], DOCUMENT)["id"])
    return project_id, ids


def _places(server: Any, project_id: str) -> dict[str, tuple[str, int]]:
    nodes = server.graphql(STATE, p=project_id)["project"]["dataRows"]["nodes"]
    return {node["dataRow"]["id"]: (node["state"], node["labelCount"]) for node in nodes}


def test_it_looks_like_any_other_new_row(server: Any) -> None:
    project_id, ids = _marked(server, 1)
    key = make_user(server, "Admin")[1]  # may see all labels, but not while labeling
    (task,) = reserve(server, project_id, key=key)["tasks"]
    assert (task["dataRow"]["id"], task["state"], task["taskQueue"]["queueType"]) == (
        ids[0],
        "TO_LABEL",
        "INITIAL_LABELING_QUEUE",
    )
    assert (task["label"], task["annotations"], task["annotationsFrom"], task["comments"]) == (
        None,
        None,
        None,
        [],
    )


def test_the_row_stays_where_it_is(server: Any) -> None:
    project_id, ids = _marked(server, 2)
    before = _places(server, project_id)
    key = make_user(server)[1]
    (task,) = reserve(server, project_id, key=key)["tasks"]
    assert task["dataRow"]["id"] == ids[0]
    assert _places(server, project_id) == before
    label = submit(server, project_id, ids[0], DOCUMENT, key)["id"]
    state, count = before[ids[0]]
    assert _places(server, project_id) == {**before, ids[0]: (state, count + 1)}
    assert server.code(
        "mutation($d: SubmitLabelInput!) { submitLabel(data: $d) { id } }",
        key,
        d={"projectId": project_id, "dataRowId": ids[0], "annotations": DOCUMENT, "secondsToLabel": 1},
    ) == ("RESOURCE_CONFLICT")
    server.graphql("mutation($l: [ID!]!) { deleteLabels(labelIds: $l) { id } }", l=[label])
    assert _places(server, project_id) == before


def test_given_back_it_is_nobodys_and_comes_again(server: Any) -> None:
    project_id, ids = _marked(server, 1)
    first, second = make_user(server)[1], make_user(server)[1]
    release = "mutation($p: ID!) { releaseReservations(projectId: $p, queueType: LabelingQueue) }"
    for key in (first, second):  # both at the same time
        held = reserve(server, project_id, key=key)
        assert [task["dataRow"]["id"] for task in held["tasks"]] == ids
        assert held["heldByOthers"] == 0
    assert server.graphql(release, first, p=project_id) == {"releaseReservations": 1}
    assert reserve(server, project_id)["tasks"] == []  # not for the reference's author
    assert [task["dataRow"]["id"] for task in reserve(server, project_id, key=first)["tasks"]] == ids


def test_where_the_row_needs_a_label_anyway_the_benchmark_is_one(server: Any) -> None:
    project_id, ids = _marked(server, 1, consensusSettings={"numberOfLabels": 2, "coveragePercentage": 1.0})
    assert _places(server, project_id) == {ids[0]: ("TO_LABEL", 1)}
    key = make_user(server)[1]
    tasks = reserve(server, project_id, first=3, key=key)["tasks"]
    assert [task["dataRow"]["id"] for task in tasks] == ids  # once, not as a benchmark and as a row
    submit(server, project_id, ids[0], DOCUMENT, key)
    (place,) = _places(server, project_id).values()
    assert place[0] in ("DONE", "IN_REVIEW") and place[1] == 2
    assert (
        reserve(server, project_id, key=make_user(server)[1])["remaining"] == 1
    )  # only the benchmark is left


def test_it_comes_after_what_is_held(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 4)
    key = make_user(server)[1]
    held = [task["dataRow"]["id"] for task in reserve(server, project_id, first=2, key=key)["tasks"]]
    assert held == ids[:2]
    server.graphql(CREATE, l=submit(server, project_id, ids[2], DOCUMENT)["id"])
    shown = [task["dataRow"]["id"] for task in reserve(server, project_id, first=3, key=key)["tasks"]]
    assert shown == [*ids[:2], ids[2]]
