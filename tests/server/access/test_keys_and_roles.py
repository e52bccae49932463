"""Who gets in: keys, sessions, roles, other organizations' ids."""

from __future__ import annotations

from typing import Any

import pytest
import urllib3

from factories import make_label_project, make_project, make_user, unique


def test_R_CLI_19_no_key_wrong_key_and_revoked_key_get_the_same_refusal(server: Any) -> None:
    user_id, key = make_user(server, "Admin")
    assert server.graphql("{ user { id } }", key)["user"]["id"] == user_id
    key_id = next(
        entry["id"]
        for entry in server.graphql(
            "query($i: ID!) { user(where: {id: $i}) { apiKeys { id userId } } }", i=user_id
        )["user"]["apiKeys"]
    )
    server.graphql(
        "mutation($i: ID!) { updateApiKey(where: {id: $i}, data: {revoked: true}) { id } }", i=key_id
    )
    wrong = server.answer("{ user { id } }", "no such key")
    revoked = server.answer("{ user { id } }", key)
    assert wrong == revoked
    assert wrong["errors"][0]["extensions"]["code"] == "AUTHENTICATION_ERROR"
    bare = urllib3.request("POST", f"{server.url}/graphql", json={"query": "{ user { id } }"})
    assert (bare.status, bare.json()["errors"][0]["extensions"]["code"]) == (200, "AUTHENTICATION_ERROR")


def test_a_removed_user_keeps_nothing_but_the_labels(server: Any) -> None:
    user_id, key = make_user(server, "Labeler")
    server.graphql(
        "mutation($i: ID!) { updateUser(where: {id: $i}, data: {deleted: true}) { id } }", i=user_id
    )
    assert server.code("{ user { id } }", key) == "AUTHENTICATION_ERROR"
    users = server.graphql("{ organization { users { id } } }")["organization"]["users"]
    assert user_id not in {user["id"] for user in users}


@pytest.mark.parametrize(
    "mutation",
    [
        'createProject(data: {name: "x"}) { id }',
        'createDataset(data: {name: "x"}) { id }',
        'upsertOntology(data: {name: "x", normalized: "{}"}) { id }',
        'addMembersToOrganization(data: {emails: ["a@b.c"], orgRoleId: "x"}) { newUserId }',
        'createLabelingFrontend(data: {name: "x", iframeUrlPath: "/x"}) { id }',
        'deleteCustomMetadataSchema(schema: {id: "cko8s9r5v0001h2dk9elqdidh"}) { success }',
    ],
)
def test_R_EX_03_a_labeler_may_not(server: Any, mutation: str) -> None:
    _, key = make_user(server, "Labeler")
    assert server.code(f"mutation {{ {mutation} }}", key) == "AUTHORIZATION_ERROR"


def test_a_labeler_sees_only_own_labels(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 2)
    _, one = make_user(server, "Labeler")
    _, other = make_user(server, "Labeler")
    for key in (one, other):
        row = server.graphql(
            """mutation($d: ReserveDataRowsInput!) { reserveDataRows(data: $d) { tasks { dataRow { id } } } }""",
            key,
            d={"projectId": project_id, "queueType": "LabelingQueue", "first": 1},
        )["reserveDataRows"]["tasks"][0]["dataRow"]["id"]
        assert row in ids
        server.graphql(
            "mutation($d: SubmitLabelInput!) { submitLabel(data: $d) { id } }",
            key,
            d={"projectId": project_id, "dataRowId": row, "annotations": {}, "secondsToLabel": 1},
        )
    listing = "query($p: ID!) { project(where: {id: $p}) { labels { id } } }"
    assert len(server.graphql(listing, one, p=project_id)["project"]["labels"]) == 1
    assert len(server.graphql(listing, p=project_id)["project"]["labels"]) == 2


def test_a_project_based_user_sees_nothing_until_invited(server: Any) -> None:
    project_id = make_project(server)
    user_id, key = make_user(server, "None")
    look = "query($p: ID!) { project(where: {id: $p}) { id } projects { id } user { projects { id } } }"
    assert server.graphql(look, key, p=project_id) == {
        "project": None,
        "projects": [],
        "user": {"projects": []},
    }
    role = next(r["id"] for r in server.graphql("{ roles { id name } }")["roles"] if r["name"] == "Labeler")
    server.graphql(
        "mutation($d: SetProjectMembershipInput!) { setProjectMembership(data: $d) { id } }",
        d={"userId": user_id, "roleId": role, "projectId": project_id},
    )
    seen = server.graphql(look, key, p=project_id)
    assert seen["project"]["id"] == project_id
    assert [entry["id"] for entry in seen["projects"]] == [project_id]
    members = server.graphql(
        "query($p: ID!) { project(where: {id: $p}) { members { accessFrom role { name } user { id } } } }",
        p=project_id,
    )["project"]["members"]
    mine = next(member for member in members if member["user"]["id"] == user_id)
    assert (mine["accessFrom"], mine["role"]["name"]) == ("PROJECT_MEMBERSHIP", "Labeler")
    update = 'mutation($p: ID!) { updateProject(where: {id: $p}, data: {name: "mine"}) { id } }'
    assert server.code(update, key, p=project_id) == "AUTHORIZATION_ERROR"


def test_sessions_need_the_header_that_other_sites_cannot_set(server: Any) -> None:
    http = urllib3.PoolManager()
    refused = http.request(
        "POST", f"{server.url}/api/v1/session", json={"email": server.email, "password": "wrong"}
    )
    assert refused.status == 401
    opened = http.request(
        "POST", f"{server.url}/api/v1/session", json={"email": server.email, "password": server.password}
    )
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    token = cookie.split(";")[0]
    query = {"query": "{ user { email } }"}
    without = http.request("POST", f"{server.url}/graphql", json=query, headers={"Cookie": token}).json()
    assert without["errors"][0]["extensions"]["code"] == "AUTHENTICATION_ERROR"
    with_header = http.request(
        "POST", f"{server.url}/graphql", json=query, headers={"Cookie": token, "X-Labelyard": "1"}
    ).json()
    assert with_header["data"]["user"]["email"] == server.email
    ended = http.request(
        "DELETE", f"{server.url}/api/v1/session", headers={"Cookie": token, "X-Labelyard": "1"}
    )
    assert ended.status == 204
    assert http.request("GET", f"{server.url}/api/v1/session", headers={"Cookie": token}).status == 401


def test_a_sign_in_link_works_once_and_leads_only_to_our_own_pages(server: Any) -> None:
    http = urllib3.PoolManager()
    key = {"Authorization": f"Bearer {server.key}"}
    made = http.request(
        "POST", f"{server.url}/api/v1/sign-in-links", json={"to": "/projects/x"}, headers=key
    ).json()
    first = http.request("GET", made["url"], redirect=False)
    assert (first.status, first.headers["location"]) == (303, "/projects/x")
    token = first.headers["set-cookie"].split(";")[0]
    assert http.request("GET", f"{server.url}/api/v1/session", headers={"Cookie": token}).status == 200
    second = http.request("GET", made["url"], redirect=False)
    assert second.headers["location"] == "/sign-in?expired=1" and "set-cookie" not in second.headers
    for away in ("https://example.com/", "//example.com/", "/\\example.com"):
        refused = http.request("POST", f"{server.url}/api/v1/sign-in-links", json={"to": away}, headers=key)
        assert refused.status == 400, away


def test_X_23_ids_of_nobody_look_like_missing_ones(server: Any) -> None:
    nothing = "c" + "0" * 24
    roots = (
        "project",
        "dataset",
        "dataRow",
        "label",
        "task",
        "user",
        "ontology",
        "batch",
        "review",
        "organization",
    )
    query = " ".join(f'{root}(where: {{id: "{nothing}"}}) {{ id }}' for root in roots)
    assert server.graphql(f"{{ {query} }}") == dict.fromkeys(roots)
    code = server.code(
        f'mutation {{ updateDataset(where: {{id: "{nothing}"}}, data: {{name: "{unique("x")}"}}) {{ id }} }}'
    )
    assert code == "RESOURCE_NOT_FOUND"
