"""A role that comes from a group opens what the same role opens when it is given by name."""

from __future__ import annotations

from typing import Any

from factories import make_label_project, make_user, reserve, unique

CREATE = """mutation($d: CreateUserGroupV3Input!) { createUserGroupV3(data: $d) { group { id } } }"""
ASSIGN = "mutation($i: BulkAssignDataRowsInput!) { bulkAssignDataRows(input: $i) { success } }"
HOOK = """mutation($p: ID!) { createWebhook(data: {project: {id: $p}, topics: {set: [LABEL_CREATED]},
  url: "https://example.com/hook", secret: "s"}) { id } }"""


def _group(server: Any, project_id: str, user_id: str, role: str) -> None:
    roles = {entry["name"]: entry["id"] for entry in server.graphql("{ roles { id name } }")["roles"]}
    server.graphql(
        CREATE,
        d={
            "name": unique("group"),
            "color": "9EC5FF",
            "projectIds": [project_id],
            "userRoles": [{"userId": user_id, "roleId": roles[role]}],
        },
    )


def test_a_labeler_by_group_is_given_rows_and_labels_them(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 2)
    user_id, key = make_user(server, "None")
    wanted = {"projectId": project_id, "userId": user_id, "dataRowIds": [ids[1]]}
    assert server.code(ASSIGN, i=wanted) == "MALFORMED_REQUEST"  # nobody's role lets this user label yet
    _group(server, project_id, user_id, "Labeler")
    server.graphql(ASSIGN, i=wanted)
    others = reserve(server, project_id, first=3, key=make_user(server)[1])["tasks"]
    assert [task["dataRow"]["id"] for task in others] == [ids[0]]
    mine = reserve(server, project_id, first=3, key=key)["tasks"]
    assert [task["dataRow"]["id"] for task in mine] == [ids[1]]
    assert server.code(HOOK, key, p=project_id) == "AUTHORIZATION_ERROR"


def test_a_lead_by_group_manages_the_projects_webhooks(server: Any) -> None:
    project_id, _, _ = make_label_project(server, 1)
    user_id, key = make_user(server, "None")
    _group(server, project_id, user_id, "Project Lead")
    made = server.graphql(HOOK, key, p=project_id)["createWebhook"]["id"]
    listed = server.graphql(
        "query($p: ID!) { project(where: {id: $p}) { webhooks { id } } }", key, p=project_id
    )
    assert [hook["id"] for hook in listed["project"]["webhooks"]] == [made]
