"""Users, roles, invitations, groups, tags, global keys, tasks, and copying between projects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import labelbox as lb
from labelbox.exceptions import (
    LabelboxError,
    ResourceCreationError,
    ResourceNotFoundError,
    TimeoutError,
)

UID = "c" + "1" * 24
ME, OTHER = "c" + "2" * 24, "c" + "3" * 24


@pytest.fixture
def organization(client: lb.Client, values: Callable[..., Any]) -> lb.Organization:
    return lb.Organization(client, values(lb.Organization, UID))


@pytest.fixture
def roles(server: Any, client: lb.Client) -> dict[str, lb.Role]:
    names = ["None", "Labeler", "Team Manager", "Read-only Admin"]
    server.on("Roles", {"roles": [{"id": f"role {n}", "name": name} for n, name in enumerate(names)]})
    return client.get_roles()


def test_roles_by_name(roles: dict[str, lb.Role]) -> None:
    assert set(roles) == {"NONE", "LABELER", "TEAM_MANAGER", "READ_ONLY_ADMIN"}
    assert roles["TEAM_MANAGER"].name == "Team Manager"


def test_invitations(
    server: Any, organization: lb.Organization, roles: dict[str, lb.Role], values: Callable[..., Any]
) -> None:
    server.on("User", {"user": values(lb.User, ME, email="me@example.org")})
    invite = values(lb.Invite, OTHER, inviteeEmail="you@example.org", organizationRoleName="NONE")
    server.on("CreateInvites", {"createInvites": [{"invite": invite}]})
    project = lb.Project(organization.client, values(lb.Project, UID))
    grants = [lb.ProjectRole(project, roles["LABELER"])]
    made = organization.invite_user("you@example.org", roles["NONE"], grants)
    assert made is not None
    assert made.email == "you@example.org"
    (data,) = server.calls("CreateInvites")[0]["data"]
    assert (data["inviterId"], data["organizationId"]) == (ME, UID)
    assert data["projects"] == [{"projectId": UID, "projectRoleId": "role 1"}]
    assert organization.invite_user("me@example.org", roles["LABELER"]) is None
    with pytest.raises(ValueError, match="NONE"):
        organization.invite_user("you@example.org", roles["LABELER"], grants)
    server.on("CreateInvites", {"createInvites": [{"invite": None}]})
    with pytest.raises(LabelboxError, match="Unable to send"):
        organization.invite_user("you@example.org", roles["LABELER"])
    server.on("InvitesLimit", {"invitesLimit": {"used": 2, "limit": 10, "remaining": 8}})
    assert organization.invite_limit() == lb.InviteLimit(remaining=8, used=2, limit=10)


def test_project_roles_need_the_organization_role_none(
    server: Any, client: lb.Client, roles: dict[str, lb.Role], values: Callable[..., Any]
) -> None:
    user, project = lb.User(client, values(lb.User, ME)), lb.Project(client, values(lb.Project, UID))
    server.on("UserOrgRole", {"user": {"orgRole": {"id": "x", "name": "Admin"}}})
    with pytest.raises(ValueError, match="Admin"):
        user.upsert_project_role(project, roles["LABELER"])
    server.on("UserOrgRole", {"user": {"orgRole": {"id": "x", "name": "None"}}})
    server.on("SetProjectMembership", {"setProjectMembership": {"id": "m"}})
    user.upsert_project_role(project, roles["LABELER"])
    user.remove_from_project(project)
    assert [call["roleId"] for call in server.calls("SetProjectMembership")] == ["role 1", "role 0"]


def test_P_TA_P_TG_tags(server: Any, organization: lb.Organization, values: Callable[..., Any]) -> None:
    tag = values(lb.ResourceTag, OTHER, text="harbour", color="008856")
    server.on("CreateResourceTag", {"createResourceTag": tag})
    server.on("UpdateProjectResourceTags", {"project": {"updateProjectResourceTags": [tag]}})
    assert organization.create_resource_tag({"text": "harbour", "color": "#008856"}).color == "008856"
    for given in ({"text": "a"}, {"color": "#ffffff"}, {"text": "", "color": "#ffffff"}):
        with pytest.raises(ValueError, match="text and a color"):
            organization.create_resource_tag(given)
    project = lb.Project(organization.client, values(lb.Project, UID))
    (found,) = project.update_project_resource_tags([OTHER])
    assert (found.uid, found.text, found.color) == (OTHER, "harbour", "008856")
    assert server.calls("UpdateProjectResourceTags") == [{"projectId": UID, "ids": [OTHER]}]


def test_user_groups(
    server: Any, client: lb.Client, gql_error: Callable[..., Any], values: Callable[..., Any]
) -> None:
    found = {
        "id": "g",
        "name": "crew",
        "color": "FFAEA9",
        "description": None,
        "projects": {"nodes": [{"id": UID, "name": "p"}], "totalCount": 1},
        "members": {
            "nodes": [{"id": ME, "email": "a"}],
            "totalCount": 1,
            "userGroupRoles": [{"userId": ME, "roleId": "role 1"}],
        },
    }
    roles = [{"id": "role 1", "name": "Labeler"}]
    server.on("CreateUserGroup", {"createUserGroup": {"group": {"id": "g"}}})
    server.on("UserGroupV2", {"userGroupV2": found, "roles": roles})
    me = lb.User(client, values(lb.User, ME))
    group = lb.UserGroup(client, name="crew", color=lb.UserGroupColor.PINK, users={me})
    assert group.create() is group
    assert (group.id, {p.uid for p in group.projects}, group.users) == ("g", {UID}, {me})
    assert {(m.user.uid, m.role.name) for m in group.members} == {(ME, "Labeler")}
    sent = server.calls("CreateUserGroup")[0]["data"]
    assert sent == {"name": "crew", "color": "FFAEA9", "projectIds": [], "userIds": [ME]}
    server.on("UpdateUserGroup", {"updateUserGroup": {"group": {"id": "g"}}})
    server.on("UpdateUserGroupV3", {"updateUserGroupV3": {"group": {"id": "g"}}})
    group.update()
    assert server.calls("UpdateUserGroup") == []
    assert server.calls("UpdateUserGroupV3")[0]["data"]["userRoles"] == [{"userId": ME, "roleId": "role 1"}]
    group.users.add(lb.User(client, values(lb.User, OTHER)))
    group.update()
    assert server.calls("UpdateUserGroup")[0]["data"]["userIds"] == sorted([ME, OTHER])
    group.users.clear()
    group.members = {lb.UserGroupMember(lb.User(client, values(lb.User, OTHER)), lb.Role(client, roles[0]))}
    with pytest.raises(ValueError, match="not both"):
        group.update()
    server.on("CreateUserGroupV3", gql_error("taken", "RESOURCE_CONFLICT"))
    with pytest.raises(ResourceCreationError, match="taken"):
        lb.UserGroup(client, name="crew").create()
    with pytest.raises(ResourceCreationError):
        lb.UserGroup(client, name=" ").create()
    with pytest.raises(ValueError, match="no id"):
        lb.UserGroup(client).delete()
    server.on("UserGroupV2", {"userGroupV2": None, "roles": roles})
    with pytest.raises(ResourceNotFoundError):
        client.get_user_group("g")


def test_global_keys_in_their_order(server: Any, client: lb.Client) -> None:
    server.on("DataRowsForGlobalKeys", {"dataRowsForGlobalKeys": {"jobId": "j"}})
    waiting = {"dataRowsForGlobalKeysResult": {"jobStatus": "IN_PROGRESS", "data": None}}
    data = {
        "fetchedDataRows": [{"id": "r1"}, {"id": ""}, {"id": ""}],
        "notFoundGlobalKeys": ["b"],
        "accessDeniedGlobalKeys": ["c"],
        "deletedDataRowGlobalKeys": None,
    }
    done = {"dataRowsForGlobalKeysResult": {"jobStatus": "COMPLETE", "data": data}}
    server.on("DataRowsForGlobalKeysResult", waiting, done)
    assert client.get_data_row_ids_for_global_keys(["a", "b", "c"]) == {
        "status": "PARTIAL SUCCESS",
        "results": ["r1", "", ""],
        "errors": [
            {"error": "Data Row not found", "global_key": "b"},
            {"error": "Access denied to Data Row", "global_key": "c"},
        ],
    }
    server.on("DataRowsForGlobalKeysResult", waiting)
    with pytest.raises(TimeoutError):
        client.get_data_row_ids_for_global_keys(["a"], timeout_seconds=0.2)
    server.on(
        "DataRowsForGlobalKeysResult", {"dataRowsForGlobalKeysResult": {"jobStatus": "FAILED", "data": None}}
    )
    with pytest.raises(LabelboxError, match="failed"):
        client.get_data_row_ids_for_global_keys(["a"])


def test_assign_and_clear_global_keys(server: Any, client: lb.Client) -> None:
    pair = {"dataRowId": "r", "globalKey": "k"}
    data: dict[str, Any] = {
        "sanitizedAssignments": [pair],
        "invalidGlobalKeyAssignments": [],
        "unmodifiedAssignments": [],
        "accessDeniedAssignments": [],
    }
    server.on("AssignGlobalKeysToDataRows", {"assignGlobalKeysToDataRows": {"jobId": "j"}})
    result = {"assignGlobalKeysToDataRowsResult": {"jobStatus": "COMPLETE", "data": data}}
    server.on("AssignGlobalKeysToDataRowsResult", result)
    given = {"data_row_id": "r", "global_key": "k"}
    expected = {"status": "SUCCESS", "results": [given], "errors": []}
    assert client.assign_global_keys_to_data_rows([given]) == expected
    assert server.calls("AssignGlobalKeysToDataRows") == [{"inputs": [pair]}]
    wrong: list[Any] = [
        [],
        [{"data_row_id": "r"}],
        [given, {**given, "global_key": "other"}],
        [{**given, "x": "y"}],
    ]
    for inputs in wrong:
        with pytest.raises(ValueError, match=r"assign|more than once"):
            client.assign_global_keys_to_data_rows(inputs)
    cleared = {
        "clearedGlobalKeys": [],
        "failedToClearGlobalKeys": [],
        "notFoundGlobalKeys": ["k"],
        "accessDeniedGlobalKeys": [],
    }
    server.on("ClearGlobalKeys", {"clearGlobalKeys": {"jobId": "j"}})
    server.on("ClearGlobalKeysResult", {"clearGlobalKeysResult": {"jobStatus": "COMPLETE", "data": cleared}})
    found = client.clear_global_keys(["k"])
    assert (found["status"], found["results"], found["errors"][0]["global_key"]) == ("FAILURE", [], "k")


PARAMS = {"source_project_id": UID, "annotations_ontology_mapping": {"a": "b"}}


def test_P_CP_send_to_annotate(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    server.on("SendToAnnotateFromCatalog", {"sendToAnnotateFromCatalog": {"taskId": "t"}})
    failed = values(lb.Task, "t", status="FAILED", type="send-to-annotate", result='["no mapping"]')
    server.on("Task", {"task": failed})
    rule = lb.ConflictResolutionStrategy.OverrideWithPredictions
    task = client.send_to_annotate_from_catalog(
        destination_project_id=OTHER,
        task_queue_id=None,
        batch_name="copies",
        data_rows=lb.GlobalKeys(["g"]),
        params={**PARAMS, "override_existing_annotations_rule": rule, "batch_priority": 3},
    )
    assert task.errors == ["no mapping"]
    client.send_to_annotate_from_catalog(OTHER, "queue", "b", lb.UniqueIds(["r"]), {"source_project_id": UID})
    first, second = (call["input"] for call in server.calls("SendToAnnotateFromCatalog"))
    assert first == {
        "destinationProjectId": OTHER,
        "batchInput": {"batchName": "copies", "batchPriority": 3},
        "destinationTaskQueue": {"type": "done"},
        "excludeDataRowsInProject": False,
        "annotationsInput": {"projectId": UID, "featureSchemaIdsMapping": {"a": "b"}},
        "predictionsInput": None,
        "conflictLabelsResolutionStrategy": "OVERRIDE_WITH_PREDICTIONS",
        "searchQuery": {"scope": None, "query": [{"ids": ["g"], "operator": "is", "type": "global_key"}]},
    }
    assert second["destinationTaskQueue"] == {"type": "id", "value": "queue"}
    assert second["annotationsInput"] is None
    assert second["conflictLabelsResolutionStrategy"] == "KEEP_EXISTING"
    assert second["batchInput"]["batchPriority"] == 5


@pytest.mark.parametrize(
    "params", [{}, {"source_project_id": UID, "source_model_run_id": UID}, {**PARAMS, "colour": "red"}]
)
def test_P_CP_02_wrong_params(server: Any, client: lb.Client, params: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"source_project_id|colour"):
        client.send_to_annotate_from_catalog(OTHER, None, "b", lb.GlobalKeys(["g"]), params)
    assert server.requests == []


def test_cancel_task(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    server.on("CancelableTaskTypes", {"cancelableTaskTypes": ["ExportDataRows"]})
    server.on("CancelBulkOperationJob", {"cancelBulkOperationJob": {"success": True}})
    server.on("Task", {"task": values(lb.Task, "t", status="IN_PROGRESS", type="export-data-rows")})
    assert client.cancel_task("t") is True
    for given in (
        {"status": "COMPLETE", "type": "export-data-rows"},
        {"status": "IN_PROGRESS", "type": "other"},
    ):
        server.on("Task", {"task": values(lb.Task, "t", **given)})
        with pytest.raises(LabelboxError):
            client.cancel_task("t")
    assert len(server.calls("CancelBulkOperationJob")) == 1


def test_R_BEN_10_a_benchmark_is_deleted_by_its_label(server: Any, client: lb.Client, values: Any) -> None:
    label = values(lb.Label, OTHER)
    server.on("BenchmarkReferenceLabel", {"benchmark": {"referenceLabel": label}})
    server.on("DeleteBenchmark", {"deleteBenchmark": {"id": "b"}})
    lb.Benchmark(client, values(lb.Benchmark, UID)).delete()
    assert server.calls("DeleteBenchmark") == [{"labelId": OTHER}]


def test_R_LB_16_17_reviews(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    label = lb.Label(client, values(lb.Label, UID))
    server.on("LabelProject", {"label": {"project": values(lb.Project, OTHER)}})
    server.on("CreateReview", {"createReview": values(lb.Review, score=1.0)})
    assert label.create_review(score=1.0).score == 1.0
    connected = {"label": {"connect": {"id": UID}}, "project": {"connect": {"id": OTHER}}}
    assert server.calls("CreateReview") == [{"data": {"score": 1.0, **connected}}]
    with pytest.raises(LabelboxError, match="score"):
        label.create_review()
