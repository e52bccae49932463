"""Issues, as the project guide and its overview show them."""

from __future__ import annotations

import json
from typing import Any

import pytest
import urllib3

import labelbox as lb
from reference import clients

CREATE = """mutation CreateIssue($data: CreateIssueInput!) { createIssue(data: $data) { id friendlyId } }"""
RESOLVE = "mutation ResolveIssue($where: WhereUniqueIdInput!) { resolveIssue(where: $where) { id status } }"
COMMENT = "mutation CreateComment($data: CreateCommentInput!) { createComment(data: $data) { id } }"


def _issue(client: lb.Client, project: lb.Project, row: lb.DataRow, content: str, **more: Any) -> str:
    data = {"projectId": project.uid, "dataRowId": row.uid, "content": content, **more}
    issue: str = client.execute(CREATE, {"data": data}, experimental=True)["createIssue"]["id"]
    return issue


def _exported(url: str) -> list[dict[str, Any]]:
    """What is behind the address, asked for without a key."""
    response = urllib3.request("GET", url)
    assert (response.status, response.headers["Content-Type"]) == (200, "application/json")
    found: list[dict[str, Any]] = json.loads(response.data)
    return found


@pytest.fixture
def two(client: lb.Client, ready: lb.Project, dataset: lb.Dataset) -> list[str]:
    """An open issue and a resolved one."""
    first, second, *_ = dataset.data_rows()
    label = clients.make_label(ready, first, "x")
    issues = [
        _issue(client, ready, first, "Box cuts the mast", labelId=label.uid, position={"x": 88, "y": 120}),
        _issue(client, ready, second, "Too dark"),
    ]
    client.execute(RESOLVE, {"where": {"id": issues[1]}}, experimental=True)
    return issues


def test_P_IS_01_export_issues(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, two: list[str]
) -> None:
    url = ready.export_issues()
    assert isinstance(url, str) and url.startswith("http") and "status=" not in url
    opened, resolved = _exported(url)
    row = next(iter(dataset.data_rows()))
    (label,) = ready.labels()
    me = {"id": client.get_user().uid, "email": client.get_user().email}
    assert {name: opened[name] for name in opened if name not in ("createdAt", "updatedAt")} == {
        "id": two[0],
        "friendlyId": "1",
        "status": "Open",
        "type": "Issue",
        "content": "Box cuts the mast",
        "position": {"x": 88, "y": 120},
        "labelId": label.uid,
        "dataRowId": row.uid,
        "externalId": row.external_id,
        "globalKey": row.global_key,
        "categoryId": None,
        "categoryName": None,
        "createdBy": me,
        "resolvedBy": None,
        "resolvedAt": None,
        "contentUpdatedAt": None,
        "latestReplyAt": None,
        "comments": [],
    }
    assert (resolved["id"], resolved["friendlyId"], resolved["status"]) == (two[1], "2", "Resolved")
    assert resolved["resolvedBy"] == me and resolved["resolvedAt"] >= resolved["createdAt"]


def test_P_IS_01_a_project_without_issues(project: lb.Project) -> None:
    assert _exported(project.export_issues()) == []


def test_P_IS_02_only_open_ones(ready: lb.Project, two: list[str]) -> None:
    url = ready.export_issues(status="Open")
    assert "?status=Open" in url
    assert [issue["id"] for issue in _exported(url)] == two[:1]


def test_P_IS_03_only_resolved_ones(ready: lb.Project, two: list[str]) -> None:
    url = ready.export_issues("Resolved")
    assert "?status=Resolved" in url
    assert [issue["id"] for issue in _exported(url)] == two[1:]
    with pytest.raises(ValueError, match="Closed"):
        ready.export_issues(status="Closed")


def test_P_IS_02_P_IS_03_an_altered_address_is_refused(ready: lb.Project, two: list[str]) -> None:
    url = ready.export_issues(status="Open")
    for altered in (
        url.replace("status=Open", "status=Resolved"),
        url.replace("status=Open&", ""),
        url[:-3] + "abc",
        url.replace("/all?", "/own?"),
    ):
        assert urllib3.request("GET", altered).status == 403, altered


def test_P_IS_04_comments_are_included(client: lb.Client, ready: lb.Project, two: list[str]) -> None:
    for content in ("fixed?", "not yet"):
        data = {"issueId": two[0], "content": content}
        client.execute(COMMENT, {"data": data}, experimental=True)
    opened, resolved = _exported(ready.export_issues())
    assert [comment["content"] for comment in opened["comments"]] == ["fixed?", "not yet"]
    assert opened["comments"][0]["createdBy"]["email"] == client.get_user().email
    assert opened["latestReplyAt"] == opened["comments"][1]["createdAt"]
    assert resolved["comments"] == []


def test_get_overview_counts_issues(client: lb.Client, ready: lb.Project, two: list[str]) -> None:
    overview = ready.get_overview()
    assert (overview.issues, overview.total_data_rows) == (2, 6)
    assert ready.get_overview(details=True).issues == 2
    (batch,) = ready.batches()
    assert ready.get_overview(batch_ids=[batch.uid]).issues is None


def test_export_labels_counts_open_issues_of_a_label_and_of_its_row(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, two: list[str]
) -> None:
    first, second, *_ = dataset.data_rows()
    clients.make_label(ready, second, "y")

    def counts() -> dict[str, int]:
        return {row["DataRow ID"]: row["Has Open Issues"] for row in _exported(str(ready.export_labels()))}

    assert counts() == {first.uid: 1, second.uid: 0}
    _issue(client, ready, first, "about the row")
    assert counts() == {first.uid: 2, second.uid: 0}
    client.execute(RESOLVE, {"where": {"id": two[0]}}, experimental=True)
    assert counts() == {first.uid: 1, second.uid: 0}
