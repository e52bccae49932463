"""Batches: who enters, in which order, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from factories import (
    finished,
    import_items,
    item,
    make_batch,
    make_dataset,
    make_label_project,
    make_project,
    make_rows,
    reserve,
    unique,
)

CREATE = """mutation($p: ID!, $i: CreateBatchInput!) { project(where: {id: $p}) { createBatchV2(input: $i) {
  batch { id size } failedDataRowIds } } }"""
CREATE_MANY = """mutation($p: ID!, $i: CreateBatchesInput!) { project(where: {id: $p}) { createBatches(input: $i) {
  tasks { batchUuid taskId } } } }"""
STATE = """query($p: ID!) { project(where: {id: $p}) { dataRowCount
  batches { nodes { id name size } pageInfo { endCursor } } taskQueues { dataRowCount } } }"""


def test_P_GB_02_a_batch_is_read_back_as_it_was_made(server: Any) -> None:
    project_id, ids = make_project(server), make_rows(server, 3)
    made = make_batch(
        server,
        project_id,
        ids,
        priority=2,
        consensusSettings={"numberOfLabels": 3, "coveragePercentage": 0.5},
    )
    assert made["failedDataRowIds"] == []
    assert made["batch"]["size"] == 3
    assert made["batch"]["consensusSettingsJson"] == {"number_of_labels": 3, "coverage_percentage": 0.5}
    seen = server.graphql(STATE, p=project_id)["project"]
    assert seen["dataRowCount"] == 3 and seen["taskQueues"][0]["dataRowCount"] == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "You need to supply at least one data row."),
        ({"dataRowIds": ["x"], "globalKeys": ["y"]}, "not both"),
        ({"dataRowIds": ["c" + "0" * 24]}, "No valid data rows to be added from the list provided!"),
        (
            {"globalKeys": ["no such key"]},
            "Data rows with the following global keys do not exist: no such key.",
        ),
        ({"dataRowIds": [str(n) for n in range(100_001)]}, "100001"),
        ({"name": " ", "dataRowIds": ["x"]}, ""),
    ],
)
def test_P_BA_01_what_is_refused_makes_no_batch(server: Any, given: dict[str, Any], message: str) -> None:
    project_id = make_project(server)
    answer = server.answer(CREATE, p=project_id, i={"name": "b", **given})
    assert answer["errors"][0]["extensions"]["code"] == "MALFORMED_REQUEST"
    assert message in answer["errors"][0]["message"]
    assert server.graphql(STATE, p=project_id)["project"]["batches"]["nodes"] == []


def test_a_row_enters_once_and_a_name_is_used_once(server: Any) -> None:
    project_id, ids = make_project(server), make_rows(server, 2)
    first = make_batch(server, project_id, ids[:1])
    again = server.answer(CREATE, p=project_id, i={"name": "other", "dataRowIds": ids[:1]})
    assert again["errors"][0]["message"] == "No valid data rows to add to project"
    taken = {
        "name": server.graphql(STATE, p=project_id)["project"]["batches"]["nodes"][0]["name"],
        "dataRowIds": ids[1:],
    }
    assert server.code(CREATE, p=project_id, i=taken) == "RESOURCE_CONFLICT"
    both = make_batch(server, project_id, ids)
    assert (first["batch"]["size"], both["batch"]["size"]) == (1, 1)
    assert server.graphql(STATE, p=project_id)["project"]["dataRowCount"] == 2


def test_rows_of_another_media_type_stay_out(server: Any) -> None:
    from factories import import_items, imported, item

    dataset_id = make_dataset(server)
    task = import_items(server, [item(dataset_id), item(dataset_id, row_data="https://example.com/a.mp4")])
    ids = [row["id"] for row in imported(server, task["id"])[0]]
    made = make_batch(server, make_project(server), ids)
    assert (made["batch"]["size"], made["failedDataRowIds"]) == (1, [ids[1]])


def test_P_BA_03_P_BA_04_lower_priority_numbers_come_first(server: Any) -> None:
    project_id, _, _ = make_label_project(server, 1, priority=3)
    late, soon = make_rows(server, 2), make_rows(server, 2)
    make_batch(server, project_id, late, priority=5)
    make_batch(server, project_id, soon, priority=1)
    tasks = reserve(server, project_id, first=5)["tasks"]
    order = [task["dataRow"]["id"] for task in tasks]
    assert order[:2] == soon and order[3:] == late


def test_P_BM_02_P_BM_04_many_rows_make_numbered_batches(server: Any) -> None:
    project_id, ids = make_project(server), make_rows(server, 5)
    prefix = unique("many-")
    query = CREATE_MANY
    tasks = server.graphql(query, p=project_id, i={"batchNamePrefix": prefix, "dataRowIds": ids})["project"][
        "createBatches"
    ]["tasks"]
    assert [finished(server, task["taskId"])["status"] for task in tasks] == ["COMPLETE"]
    nodes = server.graphql(STATE, p=project_id)["project"]["batches"]["nodes"]
    assert nodes == [{"id": tasks[0]["batchUuid"], "name": f"{prefix}0000", "size": 5}]
    assert (
        server.code(query, p=project_id, i={"batchNamePrefix": prefix, "dataRowIds": make_rows(server, 1)})
        == "RESOURCE_CONFLICT"
    )
    too_many = {"batchNamePrefix": "x", "dataRowIds": ["a"] * 10 + [str(n) for n in range(1_000_001)]}
    assert server.code(query, p=project_id, i=too_many) == "MALFORMED_REQUEST"


def test_P_BM_03_very_many_keys_of_any_characters_keep_their_order(server: Any) -> None:
    dataset_id, count, mark = make_dataset(server), 20_001, unique("\\N")
    keys = [f"{mark}\ttab\n{n} \\." if n % 7 == 0 else f"{mark}-{n}" for n in range(count)]
    import_items(server, [item(dataset_id, global_key=key) for key in keys])
    project_id = make_project(server)
    given = {"batchNamePrefix": unique("many-"), "globalKeys": keys[::-1]}
    missing = {**given, "globalKeys": [*keys, "no such key", "nor\tthis"]}
    answer = server.answer(CREATE_MANY, p=project_id, i=missing)
    assert answer["errors"][0]["extensions"]["code"] == "MALFORMED_REQUEST"
    assert answer["errors"][0]["message"].endswith("do not exist: no such key, nor\tthis.")
    assert server.graphql(STATE, p=project_id)["project"]["batches"]["nodes"] == []
    (task,) = server.graphql(CREATE_MANY, p=project_id, i=given)["project"]["createBatches"]["tasks"]
    assert finished(server, task["taskId"])["status"] == "COMPLETE"
    assert server.graphql(STATE, p=project_id)["project"]["dataRowCount"] == count
    (first,) = reserve(server, project_id)["tasks"]
    row = server.graphql(
        "query($id: ID!) { dataRow(where: {id: $id}) { globalKey } }", id=first["dataRow"]["id"]
    )
    assert row["dataRow"]["globalKey"] == keys[-1]


def test_P_BD_02_batches_from_a_dataset_take_only_what_is_new(server: Any) -> None:
    project_id, dataset_id = make_project(server), make_dataset(server)
    make_rows(server, 3, dataset_id)
    query = """mutation($p: ID!, $i: CreateBatchesFromDatasetInput!) { project(where: {id: $p}) {
      createBatchesFromDataset(input: $i) { tasks { batchUuid taskId } } } }"""

    def run(prefix: str) -> Any:
        return server.answer(query, p=project_id, i={"batchNamePrefix": prefix, "datasetId": dataset_id})

    finished(server, run("a")["data"]["project"]["createBatchesFromDataset"]["tasks"][0]["taskId"])
    make_rows(server, 2, dataset_id)
    finished(server, run("b")["data"]["project"]["createBatchesFromDataset"]["tasks"][0]["taskId"])
    assert [n["size"] for n in server.graphql(STATE, p=project_id)["project"]["batches"]["nodes"]] == [3, 2]
    assert run("c")["errors"][0]["extensions"]["code"] == "MALFORMED_REQUEST"


def test_removing_what_is_queued_and_deleting_a_batch(server: Any) -> None:
    from factories import submit

    project_id, ids, _ = make_label_project(server, 3)
    batch_id = server.graphql(STATE, p=project_id)["project"]["batches"]["nodes"][0]["id"]
    row = reserve(server, project_id)["tasks"][0]["dataRow"]["id"]
    submit(server, project_id, row)
    delete = "mutation($p: ID!, $b: ID!) { project(where: {id: $p}) { deleteBatch(batchId: $b) { deletedBatchId } } }"
    assert server.code(delete, p=project_id, b=batch_id) == "OPERATION_NOT_ALLOWED"
    remove = """mutation($p: ID!, $b: ID!) { project(where: {id: $p}) {
      removeQueuedDataRowsFromBatch(batchId: $b) { id } } }"""
    server.graphql(remove, p=project_id, b=batch_id)
    seen = server.graphql(STATE, p=project_id)["project"]
    assert seen["dataRowCount"] == 1 and seen["taskQueues"][0]["dataRowCount"] == 0
    assert reserve(server, project_id)["tasks"] == []
    assert row in ids
    empty = make_project(server)
    made = make_batch(server, empty, make_rows(server, 2))["batch"]["id"]
    assert server.graphql(delete, p=empty, b=made)["project"]["deleteBatch"] == {"deletedBatchId": made}
    assert server.graphql(STATE, p=empty)["project"]["dataRowCount"] == 0


def test_a_row_has_a_thousand_places_for_labels_at_most(server: Any) -> None:
    """Each label has a place in the queue: without a limit, one number would fill the database."""
    project_id, ids, _ = make_label_project(server, 1)
    override = """mutation($p: ID!, $r: ID!, $n: Int!) { project(where: {id: $p}) {
      setLabelingParameterOverrides(data: [{dataRow: {id: $r}, priority: 1, numLabels: $n}]) { success } } }"""
    batch = """mutation($p: ID!, $i: CreateBatchInput!) { project(where: {id: $p}) {
      createBatchV2(input: $i) { batch { id } } } }"""
    settings = {"numberOfLabels": 1_001, "coveragePercentage": 1.0}
    given = {"name": "b", "dataRowIds": make_rows(server, 1), "consensusSettings": settings}
    for answer in (
        server.answer(override, p=project_id, r=ids[0], n=1_001),
        server.answer(batch, p=project_id, i=given),
        server.answer(
            "mutation($d: CreateProjectInput!) { createProject(data: $d) { id } }",
            d={"name": "p", "autoAuditNumberOfLabels": 1_001, "autoAuditPercentage": 1.0},
        ),
    ):
        assert answer["errors"][0]["extensions"]["code"] == "MALFORMED_REQUEST"
        assert "1000, not 1001" in answer["errors"][0]["message"]
    server.graphql(override, p=project_id, r=ids[0], n=1_000)
