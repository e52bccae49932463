"""Benchmarks over the wire: what the SDK does not reach."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from factories import make_label_project, make_user, reserve, submit

CREATE = "mutation($l: ID!) { createBenchmark(data: {labelId: $l}) { id referenceLabel { id } } }"
DELETE = "mutation($l: ID!) { deleteBenchmark(where: {labelId: $l}) { id } }"
UPDATE = "mutation($b: ID!, $d: UpdateBenchmarkInput!) { updateBenchmark(where: {id: $b}, data: $d) { id } }"
LISTED = """query($p: ID!) { project(where: {id: $p}) {
  benchmarks { id completedCount averageAgreement referenceLabel { id } }
  labels { id isBenchmarkReference agreement benchmarkAgreement } } }"""
MASKS = {"tools": [{"tool": "superpixel", "name": "Sky"}], "classifications": []}
PIXELS = 640 * 480


def _two_labels(server: Any, **more: Any) -> tuple[str, list[str]]:
    """A project with one row that two labelers have labeled; its id and the labels' ids."""
    project_id, ids, _ = make_label_project(
        server, 1, consensusSettings={"numberOfLabels": 2, "coveragePercentage": 1.0}, **more
    )
    return project_id, [submit(server, project_id, ids[0], key=make_user(server)[1])["id"] for _ in range(2)]


def _listed(server: Any, project_id: str) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    found = server.graphql(LISTED, p=project_id)["project"]
    return found["benchmarks"], {label.pop("id"): label for label in found["labels"]}


def _eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_many_at_once_leave_one_reference(server: Any) -> None:
    project_id, labels = _two_labels(server)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda label: server.graphql(CREATE, l=label), labels * 8))
    assert {answer["createBenchmark"]["referenceLabel"]["id"] for answer in answers} == set(labels)
    (benchmark,), listed = _listed(server, project_id)
    flagged = [label for label, entry in listed.items() if entry["isBenchmarkReference"]]
    assert flagged == [benchmark["referenceLabel"]["id"]]


def test_the_reference_can_be_moved_within_its_row_only(server: Any) -> None:
    project_id, (first, second) = _two_labels(server)
    _, (stranger, _) = _two_labels(server)
    benchmark = server.graphql(CREATE, l=first)["createBenchmark"]["id"]
    me = server.graphql("{ user { id } }")["user"]["id"]
    for data, code in (
        ({"referenceLabel": {"connect": {"id": stranger}}}, "MALFORMED_REQUEST"),
        ({"referenceLabel": {"connect": {"id": "c" + "0" * 24}}}, "RESOURCE_NOT_FOUND"),
        ({"referenceLabel": {"disconnect": True}}, "OPERATION_NOT_ALLOWED"),
        ({"createdBy": {"connect": {"id": me}}}, "OPERATION_NOT_ALLOWED"),
        ({}, "OPERATION_NOT_ALLOWED"),
    ):
        assert server.code(UPDATE, b=benchmark, d=data) == code
    assert [entry["id"] for entry in _listed(server, project_id)[0]] == [benchmark]
    moved = server.graphql(UPDATE, b=benchmark, d={"referenceLabel": {"connect": {"id": second}}})
    (found,), listed = _listed(server, project_id)
    assert (found["id"], found["referenceLabel"]["id"]) == (moved["updateBenchmark"]["id"], second)
    assert [listed[label]["isBenchmarkReference"] for label in (first, second)] == [False, True]


def test_what_is_not_there_is_not_found(server: Any) -> None:
    _, (label, _) = _two_labels(server)
    missing = "c" + "0" * 24
    assert server.code(CREATE, l=missing) == "RESOURCE_NOT_FOUND"
    assert server.code(DELETE, l=label) == "RESOURCE_NOT_FOUND"
    assert server.code(UPDATE, b=missing, d={}) == "RESOURCE_NOT_FOUND"
    assert server.graphql("query($b: ID!) { benchmark(where: {id: $b}) { id } }", b=missing) == {
        "benchmark": None
    }


def test_a_labeler_may_neither_mark_nor_unmark_nor_choose(server: Any) -> None:
    project_id, (label, other) = _two_labels(server)
    server.graphql(CREATE, l=label)
    choose = "mutation($l: ID!) { chooseConsensusWinner(data: {labelId: $l}) { id } }"
    key = make_user(server)[1]
    for query, given in ((CREATE, other), (DELETE, label), (choose, other)):
        assert server.code(query, key, l=given) == "AUTHORIZATION_ERROR"
    (benchmark,), _ = _listed(server, project_id)
    assert benchmark["referenceLabel"]["id"] == label


def test_masks_are_compared_by_their_pixels(server: Any) -> None:
    settings = {"numberOfLabels": 2, "coveragePercentage": 1.0}
    project_id, ids, _ = make_label_project(server, 1, MASKS, consensusSettings=settings)
    for first in (0, 50):  # 100 pixels each, 50 of them the same
        drawn = {"size": [480, 640], "counts": [first, 100, PIXELS - first - 100]}
        document = {
            "objects": [{"name": "Sky", "mask": drawn}],
            "classifications": [],
            "relationships": [],
        }
        submit(server, project_id, ids[0], document, make_user(server)[1])
    agreements: list[float] = []

    def compared() -> bool:
        _, listed = _listed(server, project_id)
        agreements[:] = [label["agreement"] for label in listed.values()]
        return None not in agreements

    _eventually(compared)
    assert agreements == pytest.approx([100 / 3, 100 / 3])


def test_a_skip_is_not_compared(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1, MASKS)
    drawn = {"size": [480, 640], "counts": [0, 100, PIXELS - 100]}
    document = {"objects": [{"name": "Sky", "mask": drawn}], "classifications": [], "relationships": []}
    server.graphql(CREATE, l=submit(server, project_id, ids[0], document)["id"])
    skipping, labeling = make_user(server)[1], make_user(server)[1]
    for key in (skipping, labeling):
        assert [task["dataRow"]["id"] for task in reserve(server, project_id, key=key)["tasks"]] == ids
    skip = "mutation($d: SkipDataRowInput!) { skipDataRow(data: $d) { id } }"
    skipped = server.graphql(
        skip, skipping, d={"projectId": project_id, "dataRowId": ids[0], "secondsToLabel": 1}
    )["skipDataRow"]["id"]
    submit(server, project_id, ids[0], document, labeling)
    _eventually(lambda: _listed(server, project_id)[0][0]["averageAgreement"] == 100)
    (benchmark,), listed = _listed(server, project_id)
    assert benchmark["completedCount"] == 1
    assert (listed[skipped]["agreement"], listed[skipped]["benchmarkAgreement"]) == (None, None)
