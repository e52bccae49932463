"""User groups where the SDK does not reach: other organizations, odd input, and the rules by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from factories import make_project, make_user, unique
from labelyard import errors
from labelyard.access.records import GroupEvent
from labelyard.user_groups import rules
from labelyard.user_groups.records import Person

CREATE = "mutation($d: CreateUserGroupV3Input!) { createUserGroupV3(data: $d) { group { id name members {"
CREATE += " totalCount userGroupRoles { userId roleId } } createdByUserName updatedAt } } }"


def _data(**more: Any) -> dict[str, Any]:
    return {"name": unique("group"), "color": "9EC5FF", "projectIds": [], "userRoles": [], **more}


def _groups(server: Any) -> int:
    count: int = server.graphql("{ userGroupsV2(first: 1) { totalCount } }")["userGroupsV2"]["totalCount"]
    return count


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"color": "000000"}, "MALFORMED_REQUEST"),
        ({"name": "x" * 201}, "MALFORMED_REQUEST"),
        ({"projectIds": ["cnothere"]}, "MALFORMED_REQUEST"),
        ({"userRoles": [{"userId": "cnothere", "roleId": "x"}]}, "MALFORMED_REQUEST"),
        ({"searchQuery": {"query": []}}, "MALFORMED_REQUEST"),
    ],
)
def test_what_cannot_be_changes_nothing(server: Any, more: dict[str, Any], code: str) -> None:
    before = _groups(server)
    assert server.code(CREATE, d=_data(**more)) == code
    assert _groups(server) == before


def test_pages_of_groups_follow_their_cursor(server: Any) -> None:
    made = {server.graphql(CREATE, d=_data())["createUserGroupV3"]["group"]["id"] for _ in range(3)}
    query = "query($a: String) { userGroupsV2(first: 2, after: $a) { nodes { id } nextCursor totalCount } }"
    seen: list[str] = []
    after = None
    while True:
        page = server.graphql(query, a=after)["userGroupsV2"]
        seen += [node["id"] for node in page["nodes"]]
        after = page["nextCursor"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == page["totalCount"] and made <= set(seen)


def test_adding_to_several_groups_tells_of_each(server: Any) -> None:
    role = next(r["id"] for r in server.graphql("{ roles { id name } }")["roles"] if r["name"] == "Reviewer")
    user_id, _ = make_user(server, "None")
    group_id = server.graphql(CREATE, d=_data())["createUserGroupV3"]["group"]["id"]
    answer = server.graphql(
        """mutation($ids: [ID!]!, $d: AddUsersToGroupsInput!) { addUsersToGroupsV2(where: {ids: $ids}, data: $d) {
          results { success added error batchJob { batchJobId isComplete } } } }""",
        ids=[group_id, "00000000-0000-4000-8000-000000000000"],
        d={"userRoles": [{"userId": user_id, "roleId": role}]},
    )["addUsersToGroupsV2"]["results"]
    assert answer[0] == {"success": True, "added": [user_id], "error": None, "batchJob": None}
    assert (answer[1]["success"], answer[1]["added"]) == (False, [])
    unknown = 'mutation { continueAddUsersToGroupBatch(batchJobId: "x") { batchJob { isComplete } } }'
    assert server.code(unknown) == "RESOURCE_NOT_FOUND"


def test_a_key_with_a_role_may_no_more_in_the_projects_of_a_group(server: Any) -> None:
    """A reviewer by group, with a key for a labeler: the smaller of both counts."""
    user_id, key = make_user(server, "None")
    project_id = make_project(server)
    roles = {r["name"]: r["id"] for r in server.graphql("{ roles { id name } }")["roles"]}
    pair = {"userId": user_id, "roleId": roles["Project Lead"]}
    server.graphql(CREATE, d=_data(projectIds=[project_id], userRoles=[pair]))
    email = server.graphql("{ user { email } }", key)["user"]["email"]
    small = server.graphql(
        "mutation($d: CreateApiKeyInput!) { createApiKey(data: $d) { jwt } }",
        d={"name": "small", "targetUserEmailId": email, "role": "Labeler"},
    )["createApiKey"]["jwt"]
    rename = 'mutation($p: ID!) { updateProject(where: {id: $p}, data: {name: "theirs"}) { name } }'
    assert server.code(rename, small, p=project_id) == "AUTHORIZATION_ERROR"
    assert server.graphql(rename, key, p=project_id)["updateProject"]["name"] == "theirs"
    look = "query($p: ID!) { project(where: {id: $p}) { id } }"
    assert server.graphql(look, small, p=project_id)["project"] == {"id": project_id}
    # nor does it make itself a key that may
    make = "mutation($d: CreateApiKeyInput!) { createApiKey(data: $d) { jwt } }"
    assert server.code(make, small, d={"name": "big", "targetUserEmailId": email}) == "AUTHORIZATION_ERROR"


def test_the_difference_of_two_sets_of_members() -> None:
    change = rules.replaced("g", {"a": "LABELER", "b": "LABELER"}, {"b": "REVIEWER", "c": "LABELER"})
    assert (dict(change.put), change.gone) == ({"b": "REVIEWER", "c": "LABELER"}, ["a"])
    assert [(c.type, c.member_id, c.previous_role, c.role) for c in change.changes] == [
        (GroupEvent.MEMBER_ROLE_CHANGED, "b", "LABELER", "REVIEWER"),
        (GroupEvent.MEMBER_ADDED, "c", None, "LABELER"),
        (GroupEvent.MEMBER_REMOVED, "a", "LABELER", None),
    ]
    same = rules.replaced("g", {"a": "LABELER"}, {"a": "LABELER"})
    assert not same.put and not same.gone and not same.changes


def test_addresses_of_a_file() -> None:
    assert rules.emails_of_csv("\ufeffName,Email\nA,a@x\n\nB, b@x \nC\n") == ["a@x", "b@x"]
    for text in ("", "name\na", "a@x\nb@x"):
        with pytest.raises(errors.Malformed, match="email"):
            rules.emails_of_csv(text)
    people = {"a@x": Person("a", "a@x", "NONE"), "b@x": Person("b", "b@x", "ADMIN")}
    judged = rules.judged_emails(["A@x", "a@x", "b@x", "c@x"], people, [])
    assert [(line[1], line[3]) for line in judged] == [
        ("Added", "a"),
        ("Not added", None),
        ("Not added", None),
        ("Not added", None),
    ]
