"""Issues: what each mutation does, and who may do it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import urllib3

from conftest import RunningServer
from factories import make_label_project, make_project, make_rows, make_user, reserve, submit
from labelyard.plumbing.embedded_postgres import running_dsn

FIELDS = """id friendlyId labelId dataRowId categoryId type content position status createdBy { id } resolvedBy { id }
  createdAt updatedAt resolvedAt contentUpdatedAt latestReplyAt comments { id content createdBy { id } createdAt updatedAt }"""
CREATE = f"mutation($d: CreateIssueInput!) {{ createIssue(data: $d) {{ {FIELDS} }} }}"
UPDATE = (
    f"mutation($i: ID!, $d: UpdateIssueInput!) {{ updateIssue(where: {{id: $i}}, data: $d) {{ {FIELDS} }} }}"
)
DELETE = "mutation($ids: [ID!]!) { deleteIssue(data: {issueIds: $ids}) }"
RESOLVE = f"mutation($i: ID!) {{ resolveIssue(where: {{id: $i}}) {{ {FIELDS} }} }}"
OPEN = f"mutation($i: ID!) {{ openIssue(where: {{id: $i}}) {{ {FIELDS} }} }}"
COMMENT = (
    "mutation($d: CreateCommentInput!) { createComment(data: $d) { id content createdBy { id } createdAt } }"
)
EDIT_COMMENT = (
    "mutation($c: ID!, $t: String!) { updateComment(where: {id: $c}, data: {content: $t}) { content } }"
)
DELETE_COMMENT = "mutation($c: ID!) { deleteComment(where: {id: $c}) }"
CATEGORY = "mutation($d: CreateIssueCategoryInput!) { createIssueCategory(data: $d) { id name description } }"
EDIT_CATEGORY = """mutation($c: ID!, $d: EditIssueCategoryInput!) {
  editIssueCategory(where: {id: $c}, data: $d) { id name description } }"""
DELETE_CATEGORY = "mutation($c: ID!) { deleteIssueCategory(where: {id: $c}) }"
ISSUE = f"query($i: ID!) {{ issue(where: {{id: $i}}) {{ {FIELDS} }} }}"
ISSUES = """query($p: ID!, $w: ProjectIssueInput, $a: ID, $n: PageSize) { project(where: {id: $p}) {
  issues(where: $w, after: $a, first: $n) { nodes { id } nextCursor totalCount } issueCategories { id name } } }"""
EXPORT = "query($p: ID!) { project(where: {id: $p}) { issueExportUrl } }"


def _issue(server: RunningServer, project: str, row: str, key: str | None = None, **more: Any) -> str:
    data = {"projectId": project, "dataRowId": row, "content": "Look here", **more}
    issue: str = server.graphql(CREATE, key, d=data)["createIssue"]["id"]
    return issue


def _get(server: RunningServer, issue: str, key: str | None = None) -> Any:
    return server.graphql(ISSUE, key, i=issue)["issue"]


def _listed(server: RunningServer, project: str, key: str | None = None, **arguments: Any) -> list[str]:
    found = server.graphql(ISSUES, key, p=project, **arguments)["project"]["issues"]
    return [issue["id"] for issue in found["nodes"]]


def _me(server: RunningServer, key: str | None = None) -> str:
    me: str = server.graphql("{ user { id } }", key)["user"]["id"]
    return me


@pytest.fixture
def database(server: RunningServer) -> Iterator[psycopg.Connection[Any]]:
    """The server's own database."""
    dsn = running_dsn(Path(server.process.data_dir))
    assert dsn is not None
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def test_create_issue(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 1)
    label = submit(server, project, rows[0])["id"]
    category = server.graphql(CATEGORY, d={"projectId": project, "name": "shape", "description": "d"})[
        "createIssueCategory"
    ]["id"]
    data = {
        "projectId": project,
        "dataRowId": rows[0],
        "content": "Box cuts the mast",
        "labelId": label,
        "categoryId": category,
        "type": "object",
        "position": {"type": "Point", "coordinates": [88, 120]},
    }
    made = server.graphql(CREATE, d=data)["createIssue"]
    assert {name: made[name] for name in data if name != "projectId"} == {
        name: value for name, value in data.items() if name != "projectId"
    }
    assert (made["friendlyId"], made["status"], made["comments"]) == ("1", "Open", [])
    assert made["createdBy"]["id"] == _me(server)
    assert made["createdAt"] == made["updatedAt"]
    for name in ("resolvedBy", "resolvedAt", "contentUpdatedAt", "latestReplyAt"):
        assert made[name] is None
    assert _get(server, made["id"]) == made
    second = server.graphql(CREATE, d={**data, "content": "again"})["createIssue"]
    assert second["friendlyId"] == "2"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"content": " \n"}, "MALFORMED_REQUEST"),
        ({"content": "x" * 20_001}, "MALFORMED_REQUEST"),
        ({"projectId": "c" + "0" * 24}, "RESOURCE_NOT_FOUND"),
        ({"dataRowId": "c" + "0" * 24}, "RESOURCE_NOT_FOUND"),
        ({"labelId": "c" + "0" * 24}, "RESOURCE_NOT_FOUND"),
        ({"categoryId": "c" + "0" * 24}, "RESOURCE_NOT_FOUND"),
    ],
)
def test_a_bad_issue_is_not_made(server: RunningServer, more: dict[str, Any], code: str) -> None:
    project, rows, _ = make_label_project(server, 1)
    data = {"projectId": project, "dataRowId": rows[0], "content": "x", **more}
    assert server.code(CREATE, d=data) == code
    assert _listed(server, project) == []


def test_rows_labels_and_categories_of_others_do_not_fit(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 2)
    label = submit(server, project, rows[1])["id"]
    (outside,) = make_rows(server, 1)
    other = make_project(server)
    foreign = server.graphql(CATEGORY, d={"projectId": other, "name": "shape", "description": ""})
    data = {"projectId": project, "dataRowId": rows[0], "content": "x"}
    for more in (
        {"dataRowId": outside},
        {"labelId": label},
        {"categoryId": foreign["createIssueCategory"]["id"]},
    ):
        assert server.code(CREATE, d={**data, **more}) == "RESOURCE_NOT_FOUND"
    assert _listed(server, project) == []


def test_update_issue(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 1)
    label = submit(server, project, rows[0])["id"]
    issue = _issue(server, project, rows[0], labelId=label, position={"x": 1})
    changed = server.graphql(UPDATE, i=issue, d={"content": "More here"})["updateIssue"]
    assert (changed["content"], changed["labelId"], changed["position"]) == ("More here", label, {"x": 1})
    assert changed["contentUpdatedAt"] > changed["createdAt"]
    cleared = server.graphql(UPDATE, i=issue, d={"labelId": None, "position": [2, 3]})["updateIssue"]
    assert (cleared["content"], cleared["labelId"], cleared["position"]) == ("More here", None, [2, 3])
    assert cleared["contentUpdatedAt"] == changed["contentUpdatedAt"]
    assert server.code(UPDATE, i=issue, d={"content": ""}) == "MALFORMED_REQUEST"
    _, reviewer = make_user(server, "Reviewer")
    assert server.code(UPDATE, reviewer, i=issue, d={"content": "mine"}) == "AUTHORIZATION_ERROR"
    assert _get(server, issue)["content"] == "More here"


def test_resolve_and_open_again(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 1)
    submit(server, project, rows[0])
    issue = _issue(server, project, rows[0])
    reviewer, key = make_user(server, "Reviewer")
    resolved = server.graphql(RESOLVE, key, i=issue)["resolveIssue"]
    assert (resolved["status"], resolved["resolvedBy"]) == ("Resolved", {"id": reviewer})
    assert resolved["resolvedAt"] is not None
    again = server.graphql(RESOLVE, i=issue)["resolveIssue"]
    assert again["resolvedBy"] == {"id": reviewer}
    opened = server.graphql(OPEN, i=issue)["openIssue"]
    assert (opened["status"], opened["resolvedBy"], opened["resolvedAt"]) == ("Open", None, None)


def test_delete_issues_is_all_or_nothing_and_the_author_s(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 1)
    submit(server, project, rows[0])
    _, key = make_user(server, "Reviewer")
    mine = [_issue(server, project, rows[0]) for _ in range(2)]
    theirs = _issue(server, project, rows[0], key)
    assert server.code(DELETE, ids=[mine[0], theirs]) == "AUTHORIZATION_ERROR"
    assert server.code(DELETE, ids=[mine[0], "c" + "0" * 24]) == "RESOURCE_NOT_FOUND"
    assert server.code(DELETE, ids=[]) == "MALFORMED_REQUEST"
    assert _listed(server, project) == [*mine, theirs]
    assert server.graphql(DELETE, ids=mine)["deleteIssue"] == {"success": True}
    assert _listed(server, project) == [theirs]
    assert _get(server, mine[0]) is None
    assert server.code(COMMENT, d={"issueId": mine[0], "content": "late"}) == "RESOURCE_NOT_FOUND"
    assert _issue(server, project, rows[0]) and _get(server, theirs)["friendlyId"] == "3"


def test_comments(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 1)
    submit(server, project, rows[0])
    issue = _issue(server, project, rows[0])
    reviewer, key = make_user(server, "Reviewer")
    made = server.graphql(COMMENT, key, d={"issueId": issue, "content": "fixed?"})["createComment"]
    assert (made["content"], made["createdBy"]) == ("fixed?", {"id": reviewer})
    found = _get(server, issue)
    assert [comment["id"] for comment in found["comments"]] == [made["id"]]
    assert found["latestReplyAt"] == made["createdAt"]
    assert server.graphql(EDIT_COMMENT, key, c=made["id"], t="fixed!")["updateComment"]["content"] == "fixed!"
    assert server.code(EDIT_COMMENT, key, c=made["id"], t="") == "MALFORMED_REQUEST"
    assert server.code(COMMENT, d={"issueId": issue, "content": " "}) == "MALFORMED_REQUEST"
    for document, more in ((EDIT_COMMENT, {"t": "mine"}), (DELETE_COMMENT, {})):
        assert server.code(document, c=made["id"], **more) == "AUTHORIZATION_ERROR"
    assert [comment["content"] for comment in _get(server, issue)["comments"]] == ["fixed!"]
    assert server.graphql(DELETE_COMMENT, key, c=made["id"])["deleteComment"] == {"success": True}
    assert _get(server, issue)["comments"] == []
    assert server.code(EDIT_COMMENT, key, c=made["id"], t="late") == "RESOURCE_NOT_FOUND"


def test_categories(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 1)
    data = {"projectId": project, "name": "shape", "description": "outlines"}
    made = server.graphql(CATEGORY, d=data)["createIssueCategory"]
    assert (made["name"], made["description"]) == ("shape", "outlines")
    assert server.code(CATEGORY, d=data) == "RESOURCE_CONFLICT"
    assert server.code(CATEGORY, d={**data, "name": " "}) == "MALFORMED_REQUEST"
    other = server.graphql(CATEGORY, d={**data, "name": "colour"})["createIssueCategory"]["id"]
    assert server.code(EDIT_CATEGORY, c=other, d={"name": "shape"}) == "RESOURCE_CONFLICT"
    edited = server.graphql(EDIT_CATEGORY, c=made["id"], d={"name": "form"})["editIssueCategory"]
    assert edited == {"id": made["id"], "name": "form", "description": "outlines"}
    issue = _issue(server, project, rows[0], categoryId=made["id"])
    listed = server.graphql(ISSUES, p=project)["project"]["issueCategories"]
    assert [category["name"] for category in listed] == ["form", "colour"]
    _, reviewer = make_user(server, "Reviewer")
    for document, variables in (
        (CATEGORY, {"d": {**data, "name": "mine"}}),
        (EDIT_CATEGORY, {"c": made["id"], "d": {"name": "mine"}}),
        (DELETE_CATEGORY, {"c": made["id"]}),
    ):
        assert server.code(document, reviewer, **variables) == "AUTHORIZATION_ERROR"
    assert server.graphql(DELETE_CATEGORY, c=made["id"])["deleteIssueCategory"] == {"success": True}
    assert _get(server, issue)["categoryId"] is None
    assert server.code(DELETE_CATEGORY, c=made["id"]) == "RESOURCE_NOT_FOUND"
    assert server.graphql(CATEGORY, d={**data, "name": "form"})["createIssueCategory"]["name"] == "form"


def test_listings_filter_and_page(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 2)
    label = submit(server, project, rows[1])["id"]
    category = server.graphql(CATEGORY, d={"projectId": project, "name": "shape", "description": ""})[
        "createIssueCategory"
    ]["id"]
    user, key = make_user(server, "Reviewer")
    first = _issue(server, project, rows[0], content="Mast 100%", categoryId=category)
    second = _issue(server, project, rows[1], key, labelId=label, type="t")
    third = _issue(server, project, rows[1], content="mast again")
    server.graphql(RESOLVE, i=third)
    wanted: list[tuple[dict[str, Any], list[str]]] = [
        ({}, [first, second, third]),
        ({"status": "Open"}, [first, second]),
        ({"status": "Resolved"}, [third]),
        ({"dataRow": {"id": rows[1]}}, [second, third]),
        ({"categoryId": category}, [first]),
        ({"createdByIds": [user]}, [second]),
        ({"createdByIds": []}, []),
        ({"content": "MAST"}, [first, third]),
        ({"content": "0%"}, [first]),
        ({"type": "t"}, [second]),
        ({"type": "Issue"}, [first, third]),
    ]
    for where, expected in wanted:
        assert _listed(server, project, w=where) == expected, where
    page = server.graphql(ISSUES, p=project, n=2)["project"]["issues"]
    assert ([issue["id"] for issue in page["nodes"]], page["totalCount"]) == ([first, second], 3)
    last = server.graphql(ISSUES, p=project, n=2, a=page["nextCursor"])["project"]["issues"]
    assert ([issue["id"] for issue in last["nodes"]], last["nextCursor"]) == ([third], None)


def test_a_labeler_has_issues_on_own_rows(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 2)
    user, key = make_user(server, "Labeler")
    _, reviewer = make_user(server, "Reviewer")
    mine = reserve(server, project, key=key)["tasks"][0]["dataRow"]["id"]
    other = next(row for row in rows if row != mine)
    data = {"projectId": project, "dataRowId": other, "content": "x"}
    assert server.code(CREATE, key, d=data) == "AUTHORIZATION_ERROR"
    own = _issue(server, project, mine, key)
    submit(server, project, mine, key=key)
    from_review = _issue(server, project, mine, reviewer)
    elsewhere = _issue(server, project, other, reviewer)
    assert _listed(server, project, key) == [own, from_review]
    assert _get(server, elsewhere, key) is None
    assert server.code(RESOLVE, key, i=elsewhere) == "RESOURCE_NOT_FOUND"
    assert server.code(RESOLVE, key, i=from_review) == "AUTHORIZATION_ERROR"
    assert server.graphql(COMMENT, key, d={"issueId": from_review, "content": "done"})
    assert server.graphql(RESOLVE, key, i=own)["resolveIssue"]["resolvedBy"] == {"id": user}
    assert server.graphql(OPEN, key, i=own)["openIssue"]["status"] == "Open"
    assert server.graphql(DELETE, key, ids=[own])
    assert _listed(server, project, reviewer) == [from_review, elsewhere]
    url = server.graphql(EXPORT, key, p=project)["project"]["issueExportUrl"]
    assert [issue["id"] for issue in urllib3.request("GET", url).json()] == [from_review]


def test_an_issue_on_a_row_to_label_shows_after_submitting(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 1)
    _, key = make_user(server, "Labeler")
    reserve(server, project, key=key)
    issue = _issue(server, project, rows[0], key)
    url = server.graphql(EXPORT, p=project)["project"]["issueExportUrl"]
    assert (_listed(server, project), _listed(server, project, key)) == ([], [issue])
    assert _get(server, issue) is None
    assert urllib3.request("GET", url).json() == []
    submit(server, project, rows[0], key=key)
    assert _listed(server, project) == [issue]
    assert [entry["id"] for entry in urllib3.request("GET", url).json()] == [issue]


@pytest.mark.parametrize("role", ["Read-only Admin", "Data Admin"])
def test_administrators_of_data_only_read(server: RunningServer, role: str) -> None:
    project, rows, _ = make_label_project(server, 1)
    submit(server, project, rows[0])
    issue = _issue(server, project, rows[0])
    _, key = make_user(server, role)
    assert _listed(server, project, key) == ([issue] if role == "Read-only Admin" else [])
    data = {"projectId": project, "dataRowId": rows[0], "content": "x"}
    assert server.code(CREATE, key, d=data) == "AUTHORIZATION_ERROR"
    refused = "AUTHORIZATION_ERROR" if role == "Read-only Admin" else "RESOURCE_NOT_FOUND"
    assert server.code(RESOLVE, key, i=issue) == refused
    assert server.code(COMMENT, key, d={"issueId": issue, "content": "x"}) == refused
    assert _get(server, issue)["status"] == "Open"


def test_a_stranger_to_the_project_sees_nothing(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 1)
    submit(server, project, rows[0])
    issue = _issue(server, project, rows[0])
    category = server.graphql(CATEGORY, d={"projectId": project, "name": "n", "description": ""})
    _, key = make_user(server, "None")
    assert _get(server, issue, key) is None
    assert server.graphql(ISSUES, key, p=project)["project"] is None
    for document, variables in (
        (RESOLVE, {"i": issue}),
        (UPDATE, {"i": issue, "d": {"content": "x"}}),
        (DELETE, {"ids": [issue]}),
        (COMMENT, {"d": {"issueId": issue, "content": "x"}}),
        (CREATE, {"d": {"projectId": project, "dataRowId": rows[0], "content": "x"}}),
        (DELETE_CATEGORY, {"c": category["createIssueCategory"]["id"]}),
    ):
        assert server.code(document, key, **variables) == "RESOURCE_NOT_FOUND", document


def test_issues_go_with_their_data_row(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 2)
    issues = [_issue(server, project, row) for row in rows]
    server.graphql("mutation($r: [ID!]!) { deleteDataRows(where: {dataRowIds: $r}) { id } }", r=rows[:1])
    assert _listed(server, project) == issues[1:]
    assert server.graphql(ISSUES, p=project)["project"]["issues"]["totalCount"] == 1


def test_an_issue_is_activity_of_its_row(server: RunningServer) -> None:
    project, rows, _ = make_label_project(server, 1)
    listing = "query($p: ID!) { project(where: {id: $p}) { dataRows { nodes { lastActivityAt } } } }"

    def last() -> str:
        moment: str = server.graphql(listing, p=project)["project"]["dataRows"]["nodes"][0]["lastActivityAt"]
        return moment

    before = last()
    issue = _issue(server, project, rows[0])
    raised = last()
    server.graphql(COMMENT, d={"issueId": issue, "content": "x"})
    assert before < raised < last()


def test_another_organization_s_issue_looks_like_a_missing_one(
    server: RunningServer, database: psycopg.Connection[Any]
) -> None:
    project, rows, _ = make_label_project(server, 1)
    foreign = "c" + "e" * 24
    database.execute(
        "INSERT INTO issues (organization_id, id, project_id, number, data_row_id, content, created_by)"
        " VALUES ('another', %s, %s, 1, %s, 'x', 'nobody')",
        (foreign, project, rows[0]),
    )
    assert _get(server, foreign) is None
    assert _listed(server, project) == []
    assert server.code(RESOLVE, i=foreign) == "RESOURCE_NOT_FOUND"
    assert server.code(DELETE, ids=[foreign]) == "RESOURCE_NOT_FOUND"


def test_an_export_of_many_pages_is_whole(server: RunningServer, database: psycopg.Connection[Any]) -> None:
    project, rows, _ = make_label_project(server, 1)
    first = _issue(server, project, rows[0])
    database.execute(
        "INSERT INTO issues (organization_id, id, project_id, number, data_row_id, content, created_by)"
        " SELECT organization_id, 'c' || lpad(n::text, 24, 'z'), project_id, n, data_row_id, 'x', created_by"
        " FROM issues, generate_series(2, 2001) AS n WHERE id = %s",
        (first,),
    )
    url = server.graphql(EXPORT, p=project)["project"]["issueExportUrl"]
    found = urllib3.request("GET", url).json()
    assert sorted(int(issue["friendlyId"]) for issue in found) == list(range(1, 2002))
