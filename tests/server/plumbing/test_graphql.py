"""The GraphQL endpoint: shapes that clients rely on, filters, order, pages, refusals."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any

import pytest
import urllib3

from factories import import_items, item, make_dataset, make_project, make_rows, unique


def _post(server: Any, body: bytes | str, path: str = "/graphql", **headers: str) -> Any:
    return urllib3.request(
        "POST",
        f"{server.url}{path}",
        body=body,
        headers={"Authorization": f"Bearer {server.key}", "Content-Type": "application/json", **headers},
    )


def test_X_01_both_paths_answer_alike(server: Any) -> None:
    body = json.dumps({"query": "{ user { id email } }"})
    assert _post(server, body).json() == _post(server, body, "/_gql").json()


@pytest.mark.parametrize(
    ("query", "code", "start"),
    [
        ("asda", "GRAPHQL_PARSE_FAILED", "Syntax Error:"),
        ("query { bbb { id } }", "GRAPHQL_VALIDATION_FAILED", 'Cannot query field "bbb"'),
        (
            "{ projects { datasets { dataRows { labels { id } } } } }",
            "GRAPHQL_VALIDATION_FAILED",
            "Query complexity limit exceeded",
        ),
        ("{ project(where: {id: 3.5}) { id } }", "GRAPHQL_VALIDATION_FAILED", "ID cannot represent"),
        ("subscription { x }", "GRAPHQL_VALIDATION_FAILED", ""),
        ("query A { user { id } } query B { user { id } }", "GRAPHQL_VALIDATION_FAILED", "Must provide"),
    ],
)
def test_R_CLI_20_X_02_X_24_refused_documents_come_with_http_200(
    server: Any, query: str, code: str, start: str
) -> None:
    answer = _post(server, json.dumps({"query": query}))
    error = answer.json()["errors"][0]
    assert (answer.status, error["extensions"]["code"]) == (200, code)
    assert error["extensions"]["exception"]["code"] == code
    assert error["message"].startswith(start)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '{"query": 3}',
        '{"variables": {}}',
        '{"query": "{user{id}}", "variables": 3}',
        '{"query": "{user{id}}", "operationName": []}',
        '{"query": "query($n: String!) { __type(name: $n) { name } }", "variables": {"n": 5}}',
    ],
)
def test_malformed_bodies_are_refused_in_the_clients_shape(server: Any, body: str) -> None:
    answer = _post(server, body)
    assert answer.status == 200
    assert answer.json()["errors"][0]["extensions"]["code"] in (
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
    )


@pytest.mark.parametrize(
    ("declared", "value"),
    [("$n: String!", None), ("$n: Int!", "x"), ("$n: DateTime!", "yesterday")],
)
def test_variables_that_do_not_fit_are_refused(server: Any, declared: str, value: Any) -> None:
    query = f"query({declared}) {{ user {{ id }} }}"
    assert server.code(query, n=value) == "GRAPHQL_VALIDATION_FAILED"


def test_X_12_undeclared_variables_and_enums_as_strings_are_accepted(server: Any) -> None:
    project_id = make_project(server, description="d")
    answer = server.graphql(
        'query($m: String!) { projects(where: {allowedMediaType: $m, AND: [{description: "d"}]}) { id } }',
        m="IMAGE",
        unknown=1,
    )
    assert project_id in {project["id"] for project in answer["projects"]}
    wrong = "query($m: String!) { projects(where: {allowedMediaType: $m}) { id } }"
    assert server.graphql(wrong, m="NONSENSE")["projects"] == []


def test_client_expectations_6_a_missing_space_before_orderBy(server: Any) -> None:
    project_id = make_project(server)
    query = "query($p: ID!) { project(where: {id: $p}) { labels(skip: 0 first: 100orderBy: createdAt_ASC) { id } } }"
    assert server.graphql(query, p=project_id) == {"project": {"labels": []}}


def test_X_06_X_07_every_suffix_finds_the_right_projects(server: Any) -> None:
    stem = unique("p")
    for number in (1, 2, 3):
        make_project(server, name=f"{stem} {number}", description=stem)
    expected = {
        f'name: "{stem} 2"': "2",
        f'name_not: "{stem} 2"': "13",
        f'name_lt: "{stem} 2"': "1",
        f'name_lte: "{stem} 2"': "12",
        f'name_gt: "{stem} 2"': "3",
        f'name_gte: "{stem} 2"': "23",
    }
    for clause, numbers in expected.items():
        where = f'{{AND: [{{description: "{stem}"}}, {{AND: [{{{clause}}}, {{deleted: false}}]}}]}}'
        query = f"{{ projects(where: {where}) {{ name }} }}"
        found = {project["name"][-1] for project in server.graphql(query)["projects"]}
        assert found == set(numbers), clause


def test_X_09_X_10_R_PG_03_order_and_pages(server: Any) -> None:
    dataset_id = make_dataset(server)
    ids = make_rows(server, 250, dataset_id)
    listing = """query($d: ID!, $s: Int, $f: Int, $o: DataRowOrderBy) {
      dataset(where: {id: $d}) { dataRows(skip: $s, first: $f, orderBy: $o) { id externalId } } }"""

    def page(skip: int, first: int | None = 100, order: str | None = None) -> list[str]:
        rows = server.graphql(listing, d=dataset_id, s=skip, f=first, o=order)["dataset"]["dataRows"]
        return [row["id"] for row in rows]

    assert page(0) + page(100) + page(200) == ids
    assert page(300) == [] and page(249) == ids[249:] and page(0, 7) == ids[:7]
    assert page(0, None) == ids[:100]
    assert page(0, 250, "createdAt_DESC") == ids[::-1]
    deleted = ids[:50]
    server.graphql("mutation($r: [ID!]!) { deleteDataRows(where: {dataRowIds: $r}) { id } }", r=deleted)
    assert page(0) == ids[50:150]
    assert page(100) == ids[150:250]
    assert server.code(listing, d=dataset_id, s=-1, f=1) == "MALFORMED_REQUEST"


def test_X_11_aliases_fragments_and_nested_pages_of_several_parents(server: Any) -> None:
    stem = unique("d")
    datasets = []
    for number in (1, 2):
        made = server.graphql(
            "mutation($d: CreateDatasetInput!) { createDataset(data: $d) { id } }",
            d={"name": f"{stem} {number}"},
        )["createDataset"]["id"]
        datasets.append((made, make_rows(server, 3, made)))
    answer = server.graphql(
        """query($s: String!, $e: String!, $yes: Boolean!) {
           all: datasets(where: {AND: [{name_gte: $s}, {name_lt: $e}]}) { ...Some
             hidden: id @skip(if: $yes) } }
           fragment Some on Dataset { uid: id two: dataRows(first: 2 skip: 1 orderBy: id_DESC) { id __typename }
             only: dataRows(where: {externalId: "row 0"}) { externalId dataset { id } } }""",
        s=stem,
        e=f"{stem}~",
        yes=True,
    )["all"]
    mine = {entry["uid"]: entry for entry in answer}
    for dataset_id, ids in datasets:
        entry = mine[dataset_id]
        assert set(entry) == {"uid", "two", "only"}
        assert entry["two"] == [{"id": row, "__typename": "DataRow"} for row in (ids[1], ids[0])]
        assert entry["only"] == [{"externalId": "row 0", "dataset": {"id": dataset_id}}]


def test_X_04_dates_have_a_fraction_and_Z(server: Any) -> None:
    made = server.graphql("{ user { createdAt updatedAt } organization { createdAt } }")
    for moment in (made["user"]["createdAt"], made["user"]["updatedAt"], made["organization"]["createdAt"]):
        assert len(moment) == 24 and moment[10] == "T" and moment[19] == "." and moment[-1] == "Z"


def test_X_27_unicode_and_long_texts_come_back(server: Any) -> None:
    name = 'Ünïcödé 🚗 "quoted" \\ back' + unique("")
    description = "x" * 10_240 + "é"
    project_id = make_project(server, name=name, description=description)
    seen = server.graphql("query($p: ID!) { project(where: {id: $p}) { name description } }", p=project_id)[
        "project"
    ]
    assert seen == {"name": name, "description": description}


def test_two_mutations_in_one_document_happen_together_or_not_at_all(server: Any) -> None:
    name = unique("dataset")
    query = """mutation($n: String!) { a: createDataset(data: {name: $n}) { id }
      b: createDataset(data: {name: " "}) { id } }"""
    assert server.code(query, n=name) == "MALFORMED_REQUEST"
    assert (
        server.graphql("query($n: String!) { datasets(where: {name: $n}) { id } }", n=name)["datasets"] == []
    )


def test_a_page_of_rows_of_a_deleted_dataset_is_gone(server: Any) -> None:
    dataset_id = make_dataset(server)
    key = unique("key")
    import_items(server, [item(dataset_id, global_key=key)])
    server.graphql(
        "mutation($d: ID!) { updateDataset(where: {id: $d}, data: {deleted: true}) { id } }", d=dataset_id
    )
    assert server.graphql("query($d: ID!) { dataset(where: {id: $d}) { id } }", d=dataset_id) == {
        "dataset": None
    }


def test_health_metrics_and_unknown_addresses(server: Any) -> None:
    http = urllib3.PoolManager()
    assert http.request("GET", f"{server.url}/healthz").json() == {"status": "ok"}
    assert http.request("GET", f"{server.url}/readyz").json() == {"status": "ready"}
    assert b"labelyard_graphql_seconds_count" in http.request("GET", f"{server.url}/metrics").data
    assert http.request("GET", f"{server.url}/api/v1/nothing").status == 404
    assert http.request("PUT", f"{server.url}/api/v1/session").status == 405
    assert b"<html" in http.request("GET", f"{server.url}/projects/x").data
    raw = HTTPConnection(server.url.removeprefix("http://"))  # urllib3 would tidy the path up
    for path in ("/assets/../../server/labelyard/app.py", "/assets/%2e%2e/%2e%2e/package.json"):
        raw.request("GET", path)
        answer = raw.getresponse()
        answer.read()
        assert answer.status == 404, path
