"""Every call about user groups, for the comparison of documents with the schema."""

from __future__ import annotations

import labelbox as lb

UID = "c" + "1" * 24


def call_group_methods(client: lb.Client, user: lb.User, role: lb.Role, project: lb.Project) -> None:
    """Calls each of them once."""
    list(client.get_user_groups())
    group = client.get_user_group(UID)
    lb.UserGroup(client, name="labelers").create()
    group.users = {lb.User(client, {"id": "somebody else"})}
    for call in (lb.UserGroup(client, name="a", users={user}).create, group.update, group.list_members):
        call()
    for members in (group.add_members([lb.UserGroupMember(user, role)]), group.audit_events(project=project)):
        list(members)
    lists = lb.UserGroupV2(client)
    assert lists.export_members(UID) is not lists.upload_members(UID, role.name, ["a@example.org"])
    assert group.remove_members([user]) is group.delete() is True
