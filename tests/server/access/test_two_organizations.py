"""Another organization's object looks like a missing one, whatever is tried with its id."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import psycopg
import pytest

from factories import make_label_project, submit
from labelyard.plumbing.embedded_postgres import running_dsn
from labelyard.plumbing.ids import new_id

KEY = "key of the other organization"


@pytest.fixture(scope="module")
def other_key(server: Any) -> str:
    """The administrator's key of a second organization on the same server, written past the API."""
    dsn = running_dsn(Path(server.process.data_dir))
    assert dsn is not None
    organization, user = new_id(), new_id()
    with psycopg.connect(dsn) as connection:
        connection.execute("INSERT INTO organizations (id, name) VALUES (%s, 'other')", (organization,))
        connection.execute(
            "INSERT INTO users (organization_id, id, email, display_name, role)"
            " VALUES (%s, %s, 'x@other', 'x', 'ADMIN')",
            (organization, user),
        )
        connection.execute(
            "INSERT INTO api_keys (organization_id, id, user_id, name, prefix, key_hash, created_by)"
            " VALUES (%s, %s, %s, 'k', 'k', %s, %s)",
            (organization, new_id(), user, hashlib.sha256(KEY.encode()).digest(), user),
        )
    return KEY


def test_X_23_nothing_of_ours_is_seen(server: Any, other_key: str) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    dataset_id = server.graphql("query($i: ID!) { dataRow(where: {id: $i}) { dataset { id } } }", i=ids[0])[
        "dataRow"
    ]["dataset"]["id"]
    seen = server.graphql(
        """query($p: ID!, $d: ID!, $r: ID!) { project(where: {id: $p}) { id } dataset(where: {id: $d}) { id }
          dataRow(where: {id: $r}) { id } projects { id } datasets { id } users { email } }""",
        other_key,
        p=project_id,
        d=dataset_id,
        r=ids[0],
    )
    assert seen == {
        "project": None,
        "dataset": None,
        "dataRow": None,
        "projects": [],
        "datasets": [],
        "users": [{"email": "x@other"}],
    }


@pytest.mark.parametrize(
    ("mutation", "code"),
    [
        ("updateProject(where: {id: $p}, data: {deleted: true}) { id }", "RESOURCE_NOT_FOUND"),
        ("updateDataset(where: {id: $d}, data: {deleted: true}) { id }", "RESOURCE_NOT_FOUND"),
        ('updateDataRow(where: {id: $r}, data: {externalId: "x"}) { id }', "RESOURCE_NOT_FOUND"),
        (
            "reserveDataRows(data: {projectId: $p, queueType: LabelingQueue}) { remaining }",
            "RESOURCE_NOT_FOUND",
        ),
        ("project(where: {id: $p}) { showPredictionsToLabelers(show: false) { id } }", "RESOURCE_NOT_FOUND"),
        (
            "project(where: {id: $p}) { setLabelingParameterOverrides(data: [{dataRow: {id: $r}, priority: 1}])"
            " { success } }",
            "RESOURCE_NOT_FOUND",
        ),
        (
            "project(where: {id: $p}) { createBulkAddRowsToQueueTask(data: {dataRowIds: [$r]}) { taskId } }",
            "RESOURCE_NOT_FOUND",
        ),
        (
            'project(where: {id: $p}) { createBatchV2(input: {name: "b", dataRowIds: [$r]}) { batch { id } } }',
            "RESOURCE_NOT_FOUND",
        ),
        (
            "upsertReviewQueue(where: {project: {id: $p}}, data: {quotaFactor: 0}) { id }",
            "RESOURCE_NOT_FOUND",
        ),
        (
            "updateProjectWorkflow(input: {projectId: $p, config: {nodes: [], edges: []}}) { projectId }",
            "RESOURCE_NOT_FOUND",
        ),
        ('appendRowsToDataset(data: {datasetId: $d, jsonFileUrl: "x"}) { taskId }', "RESOURCE_NOT_FOUND"),
        (
            'createDataRowAttachment(data: {dataRowId: $r, type: RAW_TEXT, value: "x"}) { id }',
            "RESOURCE_NOT_FOUND",
        ),
    ],
)
def test_X_23_nothing_of_ours_is_changed(server: Any, other_key: str, mutation: str, code: str) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    look = """query($p: ID!, $r: ID!) { project(where: {id: $p}) { name taskQueues { dataRowCount } }
      dataRow(where: {id: $r}) { externalId attachments { id } dataset { id name rowCount } } }"""
    before = server.graphql(look, p=project_id, r=ids[0])
    dataset_id = before["dataRow"]["dataset"]["id"]
    given = {"p": project_id, "d": dataset_id, "r": ids[0]}
    declared = ", ".join(f"${name}: ID!" for name in given if f"${name}" in mutation)
    assert server.code(f"mutation({declared}) {{ {mutation} }}", other_key, **given) == code
    deleted = server.graphql(
        "mutation($r: [ID!]!) { deleteDataRows(where: {dataRowIds: $r}) { id } deleteLabels(labelIds: $r) { id } }",
        other_key,
        r=ids,
    )
    assert deleted == {"deleteDataRows": [], "deleteLabels": []}
    assert server.graphql(look, p=project_id, r=ids[0]) == before


def test_X_23_our_labels_are_neither_judged_nor_changed(server: Any, other_key: str) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    label = submit(server, project_id, ids[0])["id"]
    made = server.graphql("mutation($l: ID!) { createBenchmark(data: {labelId: $l}) { id } }", l=label)
    benchmark = made["createBenchmark"]["id"]
    look = """query($p: ID!) { project(where: {id: $p}) { benchmarks { id referenceLabel { id } } reviews { id }
      labels { id label updatedAt } } }"""
    before = server.graphql(look, p=project_id)
    for mutation in (
        "createBenchmark(data: {labelId: $i}) { id }",
        "deleteBenchmark(where: {labelId: $i}) { id }",
        "chooseConsensusWinner(data: {labelId: $i}) { id }",
        "createReview(data: {score: 1, label: {connect: {id: $i}}}) { id }",
        'updateLabel(where: {id: $i}, data: {label: "x"}) { id }',
    ):
        assert server.code(f"mutation($i: ID!) {{ {mutation} }}", other_key, i=label) == "RESOURCE_NOT_FOUND"
    move = "mutation($i: ID!, $l: ID!) { updateBenchmark(where: {id: $i}, data: {referenceLabel: {connect: {id: $l}}}) { id } }"
    assert server.code(move, other_key, i=benchmark, l=label) == "RESOURCE_NOT_FOUND"
    found = server.graphql(
        "query($b: ID!, $l: ID!) { benchmark(where: {id: $b}) { id } label(where: {id: $l}) { id } }",
        other_key,
        b=benchmark,
        l=label,
    )
    assert found == {"benchmark": None, "label": None}
    assert server.graphql(look, p=project_id) == before


def test_X_23_our_rows_cannot_be_drawn_into_their_project(server: Any, other_key: str) -> None:
    _, ids, _ = make_label_project(server, 1)
    key = server.graphql("query($r: ID!) { dataRow(where: {id: $r}) { globalKey } }", r=ids[0])["dataRow"][
        "globalKey"
    ]
    create = "mutation($d: CreateProjectInput!) { createProject(data: $d) { id } }"
    theirs = server.graphql(create, other_key, d={"name": "theirs"})["createProject"]["id"]
    batch = """mutation($p: ID!, $i: CreateBatchInput!) { project(where: {id: $p}) {
      createBatchV2(input: $i) { batch { id } } } }"""
    for given, words in (({"dataRowIds": ids}, "No valid data rows"), ({"globalKeys": [key]}, key)):
        answer = server.answer(batch, other_key, p=theirs, i={"name": "b", **given})
        assert answer["errors"][0]["extensions"]["code"] == "MALFORMED_REQUEST"
        assert words in answer["errors"][0]["message"]
    alone = """mutation($p: ID!, $r: [ID!]!) { project(where: {id: $p}) {
      submitBatchOfDataRows(data: {dataRowIds: $r}) { dataRows { error } } } }"""
    sent = server.graphql(alone, other_key, p=theirs, r=ids)["project"]["submitBatchOfDataRows"]
    assert sent == {"dataRows": [{"error": f"There is no data row with id {ids[0]}."}]}
    override = """mutation($p: ID!, $r: ID!) { project(where: {id: $p}) {
      setLabelingParameterOverrides(data: [{dataRow: {id: $r}, priority: 1}]) { success } } }"""
    server.graphql(override, other_key, p=theirs, r=ids[0])
    look = """query($p: ID!) { project(where: {id: $p}) { dataRowCount batches { nodes { id } }
      labelingParameterOverrides { id } } }"""
    seen = server.graphql(look, other_key, p=theirs)["project"]
    assert seen == {"dataRowCount": 0, "batches": {"nodes": []}, "labelingParameterOverrides": []}


def test_the_last_administrator_stays(server: Any, other_key: str) -> None:
    me = server.graphql("{ user { id } }", other_key)["user"]["id"]
    remove = "mutation($i: ID!) { updateUser(where: {id: $i}, data: {deleted: true}) { id } }"
    assert server.code(remove, other_key, i=me) == "OPERATION_NOT_ALLOWED"
    assert server.graphql("{ user { id } }", other_key)["user"]["id"] == me
