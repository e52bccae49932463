"""Organization, User and members, as the two documents describe them: rows R-ORG, R-US, P-MB."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

import labelbox as lb
from conftest import RunningServer
from factories import unique
from labelbox.schema.task import Task


def test_R_ORG_01_R_ORG_03_R_ORG_04_R_ORG_05_fields(client: lb.Client) -> None:
    organization = client.get_organization()
    assert isinstance(organization, lb.Organization)
    assert isinstance(organization.created_at, datetime) and isinstance(organization.updated_at, datetime)
    assert isinstance(organization.name, str) and organization.name


def test_R_ORG_02_what_one_admin_makes_the_other_sees(
    client: lb.Client, client_of: Callable[[str], lb.Client]
) -> None:
    other = client_of("Admin")
    assert other.get_organization() == client.get_organization()
    dataset = client.create_dataset(name=unique("dataset"))
    assert other.get_dataset(dataset.uid).name == dataset.name


def test_R_ORG_06_R_ORG_07_users_and_projects(client: lb.Client, project: lb.Project) -> None:
    organization = client.get_organization()
    assert client.get_user().uid in {user.uid for user in organization.users()}
    assert project.uid in {found.uid for found in organization.projects()}
    project.delete()
    assert project.uid not in {found.uid for found in organization.projects()}


def test_R_US_01_R_US_02_R_US_03_R_US_04_R_US_05_R_US_06_R_US_07_R_US_08_R_US_09_R_US_11_fields(
    client: lb.Client, server: RunningServer
) -> None:
    user = client.get_user()
    assert user.email == server.email
    assert isinstance(user.created_at, datetime) and isinstance(user.updated_at, datetime)
    wire = client.execute("{ user { name nickname } }")["user"]
    assert (user.name, user.nickname) == (wire["nickname"], wire["name"])
    assert isinstance(user.name, str)
    assert user.intercom_hash is None or isinstance(user.intercom_hash, str)
    assert user.picture is None or isinstance(user.picture, str)
    assert user.is_viewer is False
    assert user.organization() == client.get_organization()


def test_R_US_10_the_field_is_external_viewer(client: lb.Client) -> None:
    assert client.get_user().is_external_viewer is False


def test_R_US_12_R_US_13_tasks_and_projects(client: lb.Client, project: lb.Project) -> None:
    dataset = client.create_dataset(name=unique("dataset"))
    task = dataset.create_data_rows([{"row_data": "https://example.com/a.jpg"}])
    user = client.get_user()
    assert [found.uid for found in user.created_tasks(where=Task.uid == task.uid)] == [task.uid]
    assert project.uid in {found.uid for found in user.projects()}


def test_a_member_without_a_role_opens_only_their_projects(
    client: lb.Client, project: lb.Project, client_of: Callable[[str], lb.Client]
) -> None:
    member = client_of("None")
    assert list(member.get_user().projects()) == []
    roles = client.get_roles()
    user = client.get_user_by_email(member.get_user().email) if hasattr(client, "get_user_by_email") else None
    user = user or next(u for u in client.get_organization().users() if u.uid == member.get_user().uid)
    user.upsert_project_role(project, roles["LABELER"])
    assert [found.uid for found in member.get_user().projects()] == [project.uid]
    user.remove_from_project(project)
    assert list(member.get_user().projects()) == []


def test_P_MB_01_P_MB_02_P_MB_03_P_MB_05_P_MB_06_members(
    client: lb.Client, project: lb.Project, client_of: Callable[[str], lb.Client]
) -> None:
    member_id = client_of("None").get_user().uid
    user = next(u for u in client.get_organization().users() if u.uid == member_id)
    user.upsert_project_role(project, client.get_roles()["REVIEWER"])
    members = project.members()
    first = next(members)
    assert (first.user().uid, first.user().email) and first.role().name
    found = {m.user().uid: (m.role().name, m.access_from) for m in project.members()}
    assert found[client.get_user().uid] == ("Admin", "ORGANIZATION")
    assert found[member_id] == ("Reviewer", "PROJECT_MEMBERSHIP")
    admin = next(u for u in client.get_organization().users() if u.uid == client.get_user().uid)
    with pytest.raises(ValueError):
        admin.upsert_project_role(project, client.get_roles()["LABELER"])
