"""Members, invitations, roles and user groups: rows P-MB, and what reference/access.md 4 to 7 says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

import labelbox as lb
from conftest import RunningServer
from factories import unique
from labelbox import exceptions
from labelbox.schema.user_group_audit import UserGroupAuditEventType

ClientOf = Callable[[str], lb.Client]


def _user(client: lb.Client, member: lb.Client) -> lb.User:
    """The member as the administrator sees them."""
    uid = member.get_user().uid
    return next(user for user in client.get_organization().users() if user.uid == uid)


def _sources(project: lb.Project) -> dict[str, tuple[str, str]]:
    return {found.user().uid: (found.role().name, found.access_from) for found in project.members()}


@pytest.fixture
def member(client_of: ClientOf) -> lb.Client:
    """Somebody without a role in the organization."""
    return client_of("None")


@pytest.fixture
def group(client: lb.Client, project: lb.Project, member: lb.Client) -> lb.UserGroup:
    """A group in which the member reviews the project."""
    reviewer = lb.UserGroupMember(_user(client, member), client.get_roles()["REVIEWER"])
    made = lb.UserGroup(
        client,
        name=unique("group"),
        color=lb.UserGroupColor.GREEN,
        description="night shift",
        members={reviewer},
        projects={project},
    )
    return made.create()


def test_P_MB_01_P_MB_05_P_MB_06_members_are_iterable_and_complete(
    client: lb.Client, project: lb.Project
) -> None:
    members = project.members()
    first = next(members)
    assert type(first).__name__ == "ProjectMember"  # which clients keep in different places
    assert first.user().uid and first.user().email and first.role().name and first.access_from
    assert client.get_user().uid in _sources(project)


def test_P_MB_02_P_MB_03_the_organization_or_a_membership_opens_a_project(
    client: lb.Client, project: lb.Project, member: lb.Client
) -> None:
    user = _user(client, member)
    user.upsert_project_role(project, client.get_roles()["LABELER"])
    found = _sources(project)
    assert found[client.get_user().uid] == ("Admin", "ORGANIZATION")
    assert found[user.uid] == ("Labeler", "PROJECT_MEMBERSHIP")


def test_P_MB_04_a_group_opens_its_projects_and_closes_them(
    client: lb.Client, project: lb.Project, member: lb.Client, group: lb.UserGroup
) -> None:
    uid = member.get_user().uid
    assert _sources(project)[uid] == ("Reviewer", "USER_GROUP")
    assert [found.uid for found in member.get_projects()] == [project.uid]
    assert [found.uid for found in member.get_user().projects()] == [project.uid]
    assert member.get_project(project.uid).name == project.name
    with pytest.raises(exceptions.AuthorizationError):  # a reviewer does not rename
        member.get_project(project.uid).update(name="mine")
    assert client.get_project(project.uid).name == project.name

    _user(client, member).upsert_project_role(project, client.get_roles()["LABELER"])
    assert _sources(project)[uid] == ("Labeler", "PROJECT_MEMBERSHIP")  # the stronger source
    _user(client, member).remove_from_project(project)
    assert _sources(project)[uid] == ("Reviewer", "USER_GROUP")

    group.projects.clear()
    group.update()
    assert uid not in _sources(project)
    assert list(member.get_projects()) == []
    with pytest.raises(exceptions.ResourceNotFoundError):
        member.get_project(project.uid)


def test_what_a_group_gives_counts_in_every_check(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, member: lb.Client
) -> None:
    """The queue, the rows, the datasets and the labels: as a labeler of the group, then as nobody."""
    team = lb.UserGroup(client, name=unique("group"), projects={ready})
    team.members = {lb.UserGroupMember(_user(client, member), client.get_roles()["LABELER"])}
    team.create()
    inside = member.get_project(ready.uid)
    row = next(dataset.data_rows())
    assert member.get_data_row(row.uid).uid == row.uid
    assert member.get_dataset(dataset.uid).uid == dataset.uid
    inside.create_label(data_row=row, label="{}", seconds_to_label=1)
    assert len(list(inside.labels())) == 1
    with pytest.raises(exceptions.AuthorizationError):
        inside.create_batch("mine", [row.uid])
    assert team.delete() is True
    with pytest.raises(exceptions.ResourceNotFoundError):
        member.get_data_row(row.uid)
    with pytest.raises(exceptions.ResourceNotFoundError):
        inside.create_label(data_row=row, label="{}", seconds_to_label=1)
    assert len(list(ready.labels())) == 1


def test_the_highest_role_of_several_groups_is_shown_and_any_of_them_allows(
    client: lb.Client, project: lb.Project, member: lb.Client, group: lb.UserGroup
) -> None:
    lead = lb.UserGroupMember(_user(client, member), client.get_roles()["PROJECT_LEAD"])
    other = lb.UserGroup(client, name=unique("group"), members={lead}, projects={project}).create()
    assert _sources(project)[member.get_user().uid] == ("Project Lead", "USER_GROUP")
    member.get_project(project.uid).update(name="theirs")
    other.delete()
    assert _sources(project)[member.get_user().uid] == ("Reviewer", "USER_GROUP")
    assert client.get_project(project.uid).name == "theirs"


def test_groups_are_read_changed_and_deleted(
    client: lb.Client, project: lb.Project, member: lb.Client, group: lb.UserGroup, client_of: ClientOf
) -> None:
    roles = client.get_roles()
    found = lb.UserGroup(client, id=group.id).get()
    assert (found.name, found.color, found.description) == (
        group.name,
        lb.UserGroupColor.GREEN,
        "night shift",
    )
    assert {p.uid for p in found.projects} == {project.uid}
    assert group.id in {one.id for one in client.get_user_groups()}
    assert group.id in {one.id for one in lb.UserGroup(client).get_user_groups(page_size=1)}

    second = _user(client, client_of("None"))
    assert group.add_members([lb.UserGroupMember(second, roles["LABELER"])]) == [second.uid]
    assert {(m.user.uid, m.role.name) for m in group.list_members()} == {
        (second.uid, "Labeler"),
        (member.get_user().uid, "Reviewer"),
    }
    admin = _user(client, client)
    with pytest.raises(exceptions.LabelboxError, match="role in the whole organization"):
        group.add_members([lb.UserGroupMember(admin, roles["LABELER"])])
    for name in ("NONE", "TENANT_ADMIN"):
        with pytest.raises(exceptions.LabelboxError, match="not a role that can be given"):
            group.add_members([lb.UserGroupMember(second, roles[name])])
    assert len(group.list_members()) == 2
    assert group.remove_members([second]) is True
    with pytest.raises(exceptions.MalformedQueryException, match=second.uid):
        group.remove_members([second])

    with pytest.raises(exceptions.ResourceCreationError, match="already"):
        lb.UserGroup(client, name=group.name).create()
    with pytest.raises(exceptions.ResourceCreationError):
        lb.UserGroup(client, name="  ").create()
    taken = lb.UserGroup(client, name=unique("group")).create()
    taken.name = group.name
    with pytest.raises(exceptions.ResourceConflict):
        taken.update()
    assert taken.delete() is True
    for call in (taken.get, taken.update, taken.delete):
        with pytest.raises(exceptions.ResourceNotFoundError):
            call()
    with pytest.raises(ValueError):
        lb.UserGroup(client).get()


def test_the_older_form_of_a_group_makes_labelers_and_keeps_roles(
    client: lb.Client, member: lb.Client, group: lb.UserGroup, client_of: ClientOf
) -> None:
    second = _user(client, client_of("None"))
    group.users.add(second)
    group.update()
    assert {(m.user.uid, m.role.name) for m in group.members} == {
        (second.uid, "Labeler"),
        (member.get_user().uid, "Reviewer"),
    }
    assert group.description == "night shift"
    made = lb.UserGroup(client, name=unique("group"), users={second}, description="old").create()
    assert ({user.uid for user in made.users}, made.description) == ({second.uid}, "old")


def test_members_of_a_group_as_a_list_of_addresses(
    client: lb.Client, member: lb.Client, group: lb.UserGroup, client_of: ClientOf
) -> None:
    second, lists = client_of("None").get_user(), lb.UserGroupV2(client)
    mine = member.get_user().email
    assert [found.email for found in lists.export_members(group.id)] == [mine]
    report = lists.upload_members(group.id, "Labeler", [second.email, mine, "nobody@example.org"])
    assert [(line.email, line.result) for line in report.lines] == [
        (second.email, "Added"),
        (mine, "Not added"),
        ("nobody@example.org", "Not added"),
    ]
    assert report.lines[2].error and "no user" in report.lines[2].error
    assert {found.email for found in lists.export_members(group.id)} == {mine, second.email}
    with pytest.raises(exceptions.ResourceNotFoundError):
        lists.upload_members("00000000-0000-4000-8000-000000000000", "Labeler", [mine])


def test_what_was_done_to_groups_is_kept(
    client: lb.Client, project: lb.Project, member: lb.Client, group: lb.UserGroup
) -> None:
    began = datetime.now(UTC) - timedelta(minutes=5)
    user = _user(client, member)
    group.members = {lb.UserGroupMember(user, client.get_roles()["LABELER"])}
    group.projects.clear()
    group.update()
    client.get_organization().remove_user(user)
    group.delete()
    events = list(group.audit_events())
    kinds = UserGroupAuditEventType
    assert [event.type for event in events][:2] == [kinds.GROUP_DELETED, kinds.MEMBER_REMOVED]
    assert sorted(event.type for event in events) == sorted(
        [
            kinds.GROUP_DELETED,
            kinds.MEMBER_REMOVED,
            kinds.MEMBER_ROLE_CHANGED,
            kinds.GROUP_DETACHED_FROM_PROJECT,
            kinds.MEMBER_ADDED,
            kinds.GROUP_ATTACHED_TO_PROJECT,
        ]
    )
    (changed,) = group.audit_events(types=[kinds.MEMBER_ROLE_CHANGED])
    assert (changed.previous_role_name, changed.role_name) == ("Reviewer", "Labeler")
    assert (changed.member_user_id, changed.actor_user_id) == (user.uid, client.get_user().uid)
    of_project = lb.UserGroup.get_audit_events(client, project=project, occurred_after=began)
    assert {event.group_id for event in of_project} == {group.id}
    assert list(group.audit_events(occurred_before=began)) == []
    assert list(group.audit_events(actor_kind="AUTOMATION")) == []


def test_only_administrators_change_groups(
    client: lb.Client, group: lb.UserGroup, client_of: ClientOf
) -> None:
    lead = client_of("Team Manager")
    theirs = lb.UserGroup(lead, id=group.id).get()
    theirs.name = unique("group")
    for call in (theirs.update, theirs.delete, lambda: lb.UserGroup(lead, name=unique("group")).create()):
        with pytest.raises(exceptions.AuthorizationError):
            call()
    assert lb.UserGroup(client, id=group.id).get().name == group.name


def test_roles_in_projects_outlast_a_time_with_an_organization_role(
    client: lb.Client, project: lb.Project, member: lb.Client, group: lb.UserGroup
) -> None:
    roles, user = client.get_roles(), _user(client, member)
    user.upsert_project_role(project, roles["TEAM_MANAGER"])
    user.update_org_role(roles["LABELER"])
    assert _sources(project)[user.uid] == ("Labeler", "ORGANIZATION")
    with pytest.raises(ValueError):
        user.upsert_project_role(project, roles["REVIEWER"])
    user.update_org_role(roles["NONE"])
    assert _sources(project)[user.uid] == ("Team Manager", "PROJECT_MEMBERSHIP")
    found = client.delete_project_memberships(project.uid, [user.uid])
    assert found["success"] is True
    assert _sources(project)[user.uid] == ("Reviewer", "USER_GROUP")
    again = client.delete_project_memberships(project.uid, [user.uid])
    assert again["success"] is False and again["errorMessage"]


def test_a_removed_user_comes_back_with_nothing_but_what_the_invitation_gives(
    client: lb.Client, project: lb.Project, member: lb.Client, group: lb.UserGroup, server: RunningServer
) -> None:
    organization, user = client.get_organization(), _user(client, member)
    user.upsert_project_role(project, client.get_roles()["LABELER"])
    organization.remove_user(user)
    with pytest.raises(exceptions.AuthenticationError):
        member.get_user()
    assert user.uid not in {found.uid for found in organization.users()}
    assert group.list_members() == []
    invite = organization.invite_user(user.email, client.get_roles()["NONE"])
    assert invite is not None and invite.link is not None
    accepted = server.accept(invite.link, "a new password")
    assert accepted.status == 201 and accepted.json()["user"]["id"] == user.uid
    with pytest.raises(exceptions.AuthenticationError):  # the old key stays dead
        member.get_user()
    assert user.uid not in _sources(project)


def test_invitations_are_made_once_listed_and_withdrawn(client: lb.Client, project: lb.Project) -> None:
    organization, roles = client.get_organization(), client.get_roles()
    before = organization.invite_limit()
    email = f"{unique('new')}@example.org".replace(" ", ".")
    invite = organization.invite_user(email, roles["NONE"], [lb.ProjectRole(project, roles["REVIEWER"])])
    assert invite is not None
    assert (invite.email, invite.organization_role_name) == (email, "None")
    after = organization.invite_limit()
    assert (after.used - before.used, before.remaining - after.remaining) == (1, 1)
    again = organization.invite_user(email.upper(), roles["LABELER"])
    assert again is not None and (again.uid, again.link) == (invite.uid, None)
    assert invite.uid in {found.uid for found in organization.invites()}
    (listed,) = project.invites()
    assert [(p["projectId"], p["projectRoleName"]) for p in listed.project_invites] == [
        (project.uid, "Reviewer")
    ]
    assert organization.invite_user(client.get_user().email, roles["LABELER"]) is None
    with pytest.raises(ValueError):
        organization.invite_user(email, roles["LABELER"], [lb.ProjectRole(project, roles["REVIEWER"])])
    with pytest.raises(exceptions.MalformedQueryException, match="nobody"):
        organization.invite_user("nobody", roles["LABELER"])
    assert invite.cancel() is True
    assert list(project.invites()) == []
    assert organization.invite_limit() == before
    with pytest.raises(exceptions.ResourceNotFoundError):
        invite.cancel()


def test_an_invitation_of_a_member_gives_the_roles_at_once(
    client: lb.Client, project: lb.Project, member: lb.Client
) -> None:
    organization, roles, me = client.get_organization(), client.get_roles(), member.get_user()
    made = organization.invite_user(me.email, roles["NONE"], [lb.ProjectRole(project, roles["REVIEWER"])])
    assert made is not None and made.link is None
    assert _sources(project)[me.uid] == ("Reviewer", "PROJECT_MEMBERSHIP")
    assert made.uid not in {found.uid for found in organization.invites()}
    with pytest.raises(exceptions.ResourceConflict, match="member already"):
        organization.invite_user(me.email, roles["LABELER"])


def test_many_are_invited_with_a_result_for_each(
    client: lb.Client, project: lb.Project, member: lb.Client, group: lb.UserGroup, client_of: ClientOf
) -> None:
    organization, role = client.get_organization(), client.get_roles()["LABELER"]
    new = [f"{unique('new')}@example.org".replace(" ", ".") for _ in range(150)]
    results = organization.invite_users(new, role)
    assert [found.status for found in results] == ["INVITED"] * 150
    assert len({found.invite_id for found in results}) == len({found.link for found in results}) == 150
    assert len(list(organization.invites())) >= 150
    admin, none = client.get_user().email, client_of("None").get_user()
    given = [new[0], "no address", new[0], admin, none.email, member.get_user().email]
    mixed = organization.invite_users([*given, "x@example.org"], role, [project], [group])
    assert [found.status for found in mixed] == [
        "ALREADY_INVITED",
        "INVALID_EMAIL",
        "DUPLICATE",
        "ALREADY_MEMBER",
        "ADDED",
        "ADDED",
        "INVITED",
    ]
    assert _sources(project)[none.uid] == ("Labeler", "PROJECT_MEMBERSHIP")
    assert none.uid in {found.user.uid for found in group.list_members()}
    with pytest.raises(exceptions.ResourceNotFoundError):
        organization.invite_users(["y@example.org"], role, ["cnothere"])
    assert "y@example.org" not in {found.email for found in organization.invites()}
    for invite in organization.invites():
        invite.cancel()


def test_only_administrators_invite(client: lb.Client, client_of: ClientOf) -> None:
    lead = client_of("Team Manager")
    before = client.get_organization().invite_limit()
    for call in (
        lambda: lead.get_organization().invite_user("z@example.org", lead.get_roles()["LABELER"]),
        lambda: lead.get_organization().invite_users(["z@example.org"], lead.get_roles()["LABELER"]),
        lambda: list(lead.get_organization().invites()),
    ):
        with pytest.raises(exceptions.AuthorizationError):
            call()
    assert client.get_organization().invite_limit() == before
