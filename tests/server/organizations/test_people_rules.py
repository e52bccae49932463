"""What becomes of addresses, roles, passwords and tags; and the ways to tag that the SDK does not have."""

from __future__ import annotations

from typing import Any

import pytest

from factories import make_project, make_user, unique
from labelyard import errors
from labelyard.access.rules import RANKED, ROLES
from labelyard.organizations import rules
from labelyard.organizations.records import KnownAddress


def test_each_address_has_one_outcome() -> None:
    known = {
        "in@x": KnownAddress("in@x", "u1", "ADMIN", None),
        "free@x": KnownAddress("free@x", "u2", "NONE", None),
        "asked@x": KnownAddress("asked@x", None, "LABELER", "i1"),
    }
    emails = ["new@x", "New@X", "In@x", "free@x", "asked@x", "@", "a b@x", "x" * 330 + "@x"]
    found = rules.outcomes(emails, known, has_grants=True)
    assert [one.status for one in found] == [
        "INVITED",
        "DUPLICATE",
        "ALREADY_MEMBER",
        "ADDED",
        "ALREADY_INVITED",
        *["INVALID_EMAIL"] * 3,
    ]
    assert rules.outcomes(["free@x"], known, has_grants=False)[0].status == "ALREADY_MEMBER"


def test_roles_that_are_given_in_projects_give_something() -> None:
    labeler, reviewer = ROLES["LABELER"], ROLES["REVIEWER"]
    assert rules.grants("project", [("p", labeler.id), ("p", reviewer.id)]) == [("p", "REVIEWER")]
    for key in ("NONE", "TENANT_ADMIN"):
        with pytest.raises(errors.Malformed, match=ROLES[key].name):
            rules.grants("project", [("p", ROLES[key].id)])
    with pytest.raises(errors.NotFound):
        rules.grants("project", [("p", "no role")])
    assert RANKED.index("LABELER") < RANKED.index("REVIEWER") < RANKED.index("PROJECT_LEAD")


def test_colours_texts_and_passwords() -> None:
    assert [rules.check_color(given) for given in ("#008856", "FFffff")] == ["008856", "FFffff"]
    for bad in ("", "#00885", "0088567", "green", "##008856"):
        with pytest.raises(errors.Malformed):
            rules.check_color(bad)
    for text in ("", "  ", "x" * 201):
        with pytest.raises(errors.Malformed):
            rules.check_tag_text(text)
    for password in ("", "seven77", "x" * 1001):
        with pytest.raises(errors.Malformed):
            rules.check_password(password)
    rules.check_password("eight888")


def test_a_tagging_is_pointed_elsewhere(server: Any) -> None:
    create = 'mutation($t: String!) { createResourceTag(input: {text: $t, color: "#008856"}) { id } }'
    one, two = (server.graphql(create, t=unique("tag"))["createResourceTag"]["id"] for _ in range(2))
    project, other = make_project(server), make_project(server)
    tagged = "mutation($p: ID!, $t: [String!]) { project(where: {id: $p}) {"
    tagged += " updateProjectResourceTags(input: {resourceTagIds: $t}) { id } } }"
    server.graphql(tagged, p=project, t=[one])
    move = "mutation($i: ID!, $d: UpdateProjectResourceTagInput!) {"
    move += " updateProjectResourceTag(where: {id: $i}, data: $d) { id projectId resourceTagId } }"
    assert server.code(move, i="cnothere", d={"projectId": other}) == "RESOURCE_NOT_FOUND"
    link = _link(server, project)
    moved = server.graphql(move, i=link, d={"projectId": other, "resourceTagId": two})
    assert moved["updateProjectResourceTag"] == {"id": link, "projectId": other, "resourceTagId": two}
    look = "query($p: ID!) { project(where: {id: $p}) { resourceTags { id color } } }"
    assert server.graphql(look, p=project)["project"]["resourceTags"] == []
    assert server.graphql(look, p=other)["project"]["resourceTags"] == [{"id": two, "color": "008856"}]
    server.graphql(tagged, p=project, t=[two])
    assert server.code(move, i=link, d={"projectId": project}) == "RESOURCE_CONFLICT"


def _link(server: Any, project_id: str) -> str:
    """No client is told the ids of taggings: this one is read where it is kept."""
    from pathlib import Path

    import psycopg

    from labelyard.plumbing.embedded_postgres import running_dsn

    dsn = running_dsn(Path(server.process.data_dir))
    assert dsn is not None
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT id FROM project_resource_tags WHERE project_id = %s", (project_id,)
        ).fetchone()
    assert row is not None
    return str(row[0])


def test_members_are_added_with_roles_in_projects_or_not_at_all(server: Any) -> None:
    roles = {r["name"]: r["id"] for r in server.graphql("{ roles { id name } }")["roles"]}
    project = make_project(server)
    add = "mutation($d: AddMembersInput!) { addMembersToOrganization(data: $d) { newUserId email } }"
    emails = [f"{unique('a')}@x.org".replace(" ", ".") for _ in range(2)]
    grants = [{"projectId": project, "projectRoleId": roles["Reviewer"]}]
    bad = {"emails": [emails[0], "nobody"], "orgRoleId": roles["None"], "projectRoles": grants}
    assert server.code(add, d=bad) == "MALFORMED_REQUEST"
    assert server.code(add, d={**bad, "emails": [emails[0]] * 2}) == "RESOURCE_CONFLICT"
    assert server.code(add, d={**bad, "emails": emails, "orgRoleId": roles["Labeler"]}) == "MALFORMED_REQUEST"
    added = server.graphql(add, d={**bad, "emails": emails})["addMembersToOrganization"]
    members = server.graphql(
        "query($p: ID!) { project(where: {id: $p}) { members { accessFrom role { name } user { id } } } }",
        p=project,
    )["project"]["members"]
    found = {m["user"]["id"]: (m["accessFrom"], m["role"]["name"]) for m in members}
    assert [found[one["newUserId"]] for one in added] == [("PROJECT_MEMBERSHIP", "Reviewer")] * 2


def test_an_organization_role_is_connected_and_disconnected(server: Any) -> None:
    user_id, _ = make_user(server, "None")
    roles = {r["name"]: r["id"] for r in server.graphql("{ roles { id name } }")["roles"]}
    update = "mutation($i: ID!, $d: UpdateUserInput!) { updateUser(where: {id: $i}, data: $d) { orgRole { name } } }"
    for role, name in (({"connect": {"id": roles["Reviewer"]}}, "Reviewer"), ({"disconnect": True}, "None")):
        found = server.graphql(update, i=user_id, d={"orgRole": role})["updateUser"]
        assert found == {"orgRole": {"name": name}}
    assert server.code(update, i=user_id, d={"deleted": False}) == "MALFORMED_REQUEST"
