"""How many exports may run at once, and who may take data rows out the older way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from factories import finished, make_label_project, make_project, make_user
from labelyard.plumbing.embedded_postgres import running_dsn

ORDER = """mutation($p: ID!) {
  exportDataRowsInProject(input: {filters: {projectId: $p}, streamable: true}) { taskId } }"""
CATALOG = "mutation { exportDataRowsInCatalog(input: {filters: {}, streamable: true}) { taskId } }"
OLDER = {
    "exportQueuedDataRows": "projectId",
    "exportDatasetDataRows": "datasetId",
    "exportBatchDataRows": "batchId",
}


@pytest.fixture
def busy(server: Any) -> Iterator[Callable[[int, str], None]]:
    """`busy(5, project_id)`: five more exports of a project are being written; they are gone after the test."""
    dsn = running_dsn(Path(server.process.data_dir))
    assert dsn is not None
    with psycopg.connect(dsn, autocommit=True) as connection:

        def insert(count: int, project_id: str) -> None:
            connection.execute(
                "INSERT INTO tasks (organization_id, id, name, type, status, created_by, metadata)"
                " SELECT o.id, gen_random_uuid()::text, 'busy', 'export-data-rows', 'IN_PROGRESS', 'nobody',"
                " %(metadata)s::json FROM organizations AS o CROSS JOIN generate_series(1, %(count)s)"
                " ON CONFLICT DO NOTHING",
                {"count": count, "metadata": json.dumps({"projectId": project_id})},
            )

        yield insert
        connection.execute("DELETE FROM tasks WHERE name = 'busy'")


def test_ten_exports_of_a_project_and_twenty_of_an_organization(
    server: Any, busy: Callable[[int, str], None]
) -> None:
    first, second, third = make_project(server), make_project(server), make_project(server)
    busy(9, first)
    task_id = server.graphql(ORDER, p=first)["exportDataRowsInProject"]["taskId"]
    assert finished(server, task_id)["status"] == "COMPLETE"
    busy(1, first)
    refused = server.answer(ORDER, p=first)["errors"][0]
    assert refused["extensions"]["code"] == "OPERATION_NOT_ALLOWED"
    assert refused["message"].startswith("10 exports of this project are running")
    task_id = server.graphql(ORDER, p=second)["exportDataRowsInProject"]["taskId"]
    assert finished(server, task_id)["status"] == "COMPLETE"
    busy(10, second)
    for answer in (server.answer(ORDER, p=third), server.answer(CATALOG)):
        assert answer["errors"][0]["message"].startswith("20 exports are running")


def test_the_older_exports_are_for_those_who_may_export(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    found = server.graphql(
        "query($r: ID!, $p: ID!) { dataRow(where: {id: $r}) { dataset { id } }"
        " project(where: {id: $p}) { batches { nodes { id } } } }",
        r=ids[0],
        p=project_id,
    )
    objects = {
        "exportQueuedDataRows": project_id,
        "exportDatasetDataRows": found["dataRow"]["dataset"]["id"],
        "exportBatchDataRows": found["project"]["batches"]["nodes"][0]["id"],
    }
    _, nobody = make_user(server, "None")
    for root, name in OLDER.items():
        query = (
            f"mutation($i: ID!) {{ {root}(data: {{{name}: $i, includeMetadataInput: false}}) {{ status }} }}"
        )
        assert server.code(query, nobody, i=objects[root]) in ("RESOURCE_NOT_FOUND", "AUTHORIZATION_ERROR")
        assert server.code(query, i="c" + "0" * 24) == "RESOURCE_NOT_FOUND"
        assert server.graphql(query, i=objects[root])[root] == {"status": "IN_PROGRESS"}
