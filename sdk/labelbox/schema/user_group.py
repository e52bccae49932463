"""UserGroup: users who get a role in several projects at once (P-MB-04)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import (
    LabelboxError,
    MalformedQueryException,
    ResourceConflict,
    ResourceCreationError,
    ResourceNotFoundError,
)
from labelbox.pagination import PaginatedCollection
from labelbox.schema.project import Project
from labelbox.schema.role import Role
from labelbox.schema.user import User
from labelbox.schema.user_group_audit import UserGroupAuditEvent, events_of

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection

_GROUP = """id name color description
    projects { nodes { id name } totalCount }
    members { nodes { id email } totalCount userGroupRoles { userId roleId } }"""

USER_GROUP = f"""query UserGroupV2($id: ID!) {{
    userGroupV2(where: {{id: $id}}) {{ {_GROUP} }} roles {{ id name }}
}}"""
USER_GROUPS = f"""query UserGroupsV2($from: String, $first: PageSize) {{
    userGroupsV2(after: $from, first: $first) {{ nodes {{ {_GROUP} }} nextCursor }}
}}"""
CREATE_USER_GROUP = """mutation CreateUserGroup($data: CreateUserGroupInput!) {
    createUserGroup(data: $data) { group { id } }
}"""
CREATE_USER_GROUP_V3 = """mutation CreateUserGroupV3($data: CreateUserGroupV3Input!) {
    createUserGroupV3(data: $data) { group { id } }
}"""
UPDATE_USER_GROUP = """mutation UpdateUserGroup($id: ID!, $data: UpdateUserGroupInput!) {
    updateUserGroup(where: {id: $id}, data: $data) { group { id } }
}"""
UPDATE_USER_GROUP_V3 = """mutation UpdateUserGroupV3($id: ID!, $data: UpdateUserGroupV3Input!) {
    updateUserGroupV3(where: {id: $id}, data: $data) { group { id } }
}"""
DELETE_USER_GROUP = """mutation DeleteUserGroup($id: ID!) {
    deleteUserGroup(where: {id: $id}) { success }
}"""
ADD_USERS_TO_GROUPS = """mutation AddUsersToGroups($id: ID!, $data: AddUsersToGroupsInput!) {
    addUsersToGroupsV2(where: {ids: [$id]}, data: $data) {
        results { success added error batchJob { batchJobId isComplete } }
    }
}"""
CONTINUE_ADD_USERS = """mutation ContinueAddUsersToGroupBatch($id: ID!) {
    continueAddUsersToGroupBatch(batchJobId: $id) { batchJob { batchJobId isComplete } }
}"""
REMOVE_USERS_FROM_GROUP = """mutation RemoveUsersFromGroup($id: ID!, $data: RemoveUsersFromGroupInput!) {
    removeUsersFromGroupV2(where: {id: $id}, data: $data) { success }
}"""


class UserGroupColor(Enum):
    """The nine colours a group can have, hex without `#`."""

    BLUE = "9EC5FF"
    PURPLE = "CEB8FF"
    ORANGE = "FFB35F"
    CYAN = "4ED2F9"
    PINK = "FFAEA9"
    LIGHT_PINK = "FFA9D5"
    GREEN = "3FDC9A"
    YELLOW = "E7BF00"
    GRAY = "B8C4D3"


@dataclass(frozen=True)
class UserGroupMember:
    """A user in a group, and the role that the group's projects give."""

    user: User
    role: Role


@dataclass(eq=False)
class UserGroup:
    """A named set of users who work in a set of projects.

    Members are said in one of two ways: `members` with a role each, or `users`, who become labelers. What is read from
    the server fills both. Members with a role must not have one in the whole organization.
    """

    client: Connection = field(repr=False)
    id: str = ""
    name: str = ""
    color: UserGroupColor = UserGroupColor.BLUE
    description: str = ""
    notify_members: bool = False
    members: set[UserGroupMember] = field(default_factory=set)
    users: set[User] = field(default_factory=set)
    projects: set[Project] = field(default_factory=set)
    _read_users: frozenset[str] = field(default=frozenset(), init=False, repr=False)

    def get(self) -> UserGroup:
        """Reads the group with this id. Raises ValueError without an id, ResourceNotFoundError for an unknown one."""
        self._need_id()
        found = self.client.execute(USER_GROUP, {"id": self.id})
        if not found or not found["userGroupV2"]:
            raise ResourceNotFoundError(UserGroup, {"id": self.id})
        return self._set(found["userGroupV2"], found["roles"])

    def create(self) -> UserGroup:
        """Creates the group. Raises ResourceCreationError for a bad or taken name, ValueError with an id."""
        if self.id:
            raise ValueError("a new group has no id yet")
        if not self.name.strip():
            raise ResourceCreationError("a user group needs a name")
        if self.users and self.members:
            raise ValueError("a group takes members or users, not both")
        try:
            if self.users:
                data = {**self._input(), "userIds": sorted(user.uid for user in self.users)}
                made = self._changed(CREATE_USER_GROUP, "createUserGroup", data=data)
            else:
                data = {**self._input(), "userRoles": self._roles(), "description": self.description}
                made = self._changed(CREATE_USER_GROUP_V3, "createUserGroupV3", data=data)
        except (ResourceConflict, MalformedQueryException) as error:
            raise ResourceCreationError(str(error), error) from error
        if made is None:
            raise ResourceCreationError(f"the user group {self.name!r} was not created")
        self.id = made
        if self.users and self.description:
            self._update_with_roles(None)
        return self.get()

    def update(self) -> UserGroup:
        """Writes name, colour, description, members and projects.

        Raises ResourceNotFoundError for an unknown id, ValueError when both `members` and `users` were changed.
        """
        self._need_id()
        users = {user.uid for user in self.users}
        members = {member.user.uid for member in self.members}
        if users == self._read_users or users == members:
            self._update_with_roles(self._roles())
            return self.get()
        if members != self._read_users:
            raise ValueError("change members or users of a group, not both")
        data = {**self._input(), "userIds": sorted(users)}
        if self._changed(UPDATE_USER_GROUP, "updateUserGroup", id=self.id, data=data) is None:
            raise ResourceNotFoundError(UserGroup, {"id": self.id})
        self._update_with_roles(None)
        return self.get()

    def delete(self) -> bool:
        """Deletes the group; its users and projects stay. Raises ResourceNotFoundError for an unknown id."""
        self._need_id()
        data = self.client.execute(DELETE_USER_GROUP, {"id": self.id}, raise_return_resource_not_found=True)
        if not data["deleteUserGroup"]:
            raise LabelboxError(f"the user group {self.id} was not deleted")
        return bool(data["deleteUserGroup"]["success"])

    def list_members(self) -> list[UserGroupMember]:
        """The members as the server has them now."""
        return sorted(UserGroup(self.client, id=self.id).get().members, key=lambda member: member.user.email)

    def add_members(self, members: Iterable[UserGroupMember], notify_members: bool = False) -> list[str]:
        """Adds members, or gives those who are in the group another role; the ids of those who came.

        Raises LabelboxError, and adds nobody, when one of them cannot be in the group.
        """
        self._need_id()
        data = {"userRoles": _pairs(members), "notifyMembers": notify_members}
        reply = self.client.execute(ADD_USERS_TO_GROUPS, {"id": self.id, "data": data})
        (result,) = reply["addUsersToGroupsV2"]["results"]
        if not result["success"]:
            raise LabelboxError(result["error"] or f"nobody was added to the user group {self.name!r}")
        job = result["batchJob"]
        while job and not job["isComplete"]:
            reply = self.client.execute(
                CONTINUE_ADD_USERS, {"id": job["batchJobId"]}, raise_return_resource_not_found=True
            )
            job = reply["continueAddUsersToGroupBatch"]["batchJob"]
        return list(result["added"] or [])

    def remove_members(
        self,
        users: Iterable[User],
        notify_users: bool = True,
        reason: str | None = None,
        notification_reason: str | None = None,
    ) -> bool:
        """Takes users out of the group. Raises MalformedQueryException for somebody who is not in it."""
        self._need_id()
        data = {
            "userIds": [user.uid for user in users],
            "notifyUsers": notify_users,
            "reason": reason,
            "notificationReason": notification_reason,
        }
        reply = self.client.execute(
            REMOVE_USERS_FROM_GROUP, {"id": self.id, "data": data}, raise_return_resource_not_found=True
        )
        return bool(reply["removeUsersFromGroupV2"]["success"])

    def audit_events(self, **filters: Any) -> PaginatedCollection[UserGroupAuditEvent]:
        """What was done to this group, newest first; the filters are those of `get_audit_events`."""
        self._need_id()
        return events_of(self.client, group=self.id, **filters)

    @staticmethod
    def get_audit_events(
        client: Connection, group: UserGroup | str | None = None, **filters: Any
    ) -> PaginatedCollection[UserGroupAuditEvent]:
        """What was done to groups, newest first.

        Filters: `member` and `actor` (User or id), `actor_kind`, `types`, `project` (Project or id),
        `occurred_after` and `occurred_before` (datetime, or text in ISO 8601).
        """
        group_id = group.id if isinstance(group, UserGroup) else group
        return events_of(client, group=group_id, **filters)

    def get_user_groups(self: UserGroup | Connection, page_size: int = 100) -> PaginatedCollection[UserGroup]:
        """All groups of the organization: `UserGroup.get_user_groups(client)`, or the same of any group object."""
        client = self.client if isinstance(self, UserGroup) else self
        roles: list[dict[str, Any]] = client.execute("query Roles { roles { id name } }")["roles"]
        found: PaginatedCollection[UserGroup] = PaginatedCollection(
            client,
            USER_GROUPS,
            {},
            ["userGroupsV2", "nodes"],
            lambda owner, values: UserGroup(owner)._set(values, roles),
            cursor_path=["userGroupsV2", "nextCursor"],
        )
        found.page_size = page_size
        return found

    def _need_id(self) -> None:
        if not self.id:
            raise ValueError("the user group has no id")

    def _input(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "color": self.color.value,
            "projectIds": sorted(project.uid for project in self.projects),
        }

    def _roles(self) -> list[dict[str, str]]:
        return _pairs(self.members)

    def _update_with_roles(self, roles: list[dict[str, str]] | None) -> None:
        data = {
            **self._input(),
            "description": self.description,
            "userRoles": roles,
            "notifyMembers": self.notify_members,
        }
        if self._changed(UPDATE_USER_GROUP_V3, "updateUserGroupV3", id=self.id, data=data) is None:
            raise ResourceNotFoundError(UserGroup, {"id": self.id})

    def _changed(self, document: str, root: str, **params: Any) -> str | None:
        """The id of the group that a mutation names; None when it names none."""
        data = self.client.execute(document, params, experimental=True)
        group = data and data[root] and data[root]["group"]
        return str(group["id"]) if group else None

    def _set(self, values: dict[str, Any], roles: list[dict[str, Any]]) -> UserGroup:
        known = {role["id"]: Role(self.client, role) for role in roles}
        members = values.get("members") or {}
        users = {node["id"]: User(self.client, node) for node in members.get("nodes", [])}
        self.id = values["id"]
        self.name = values["name"]
        self.color = UserGroupColor(values["color"])
        self.description = values.get("description") or ""
        self.users = set(users.values())
        self.members = {
            UserGroupMember(users[pair["userId"]], known[pair["roleId"]])
            for pair in members.get("userGroupRoles") or []
            if pair["userId"] in users and pair["roleId"] in known
        }
        nodes = (values.get("projects") or {}).get("nodes", [])
        self.projects = {Project(self.client, node) for node in nodes}
        self._read_users = frozenset(users)
        return self


def _pairs(members: Iterable[UserGroupMember]) -> list[dict[str, str]]:
    pairs = [{"userId": member.user.uid, "roleId": member.role.uid} for member in members]
    return sorted(pairs, key=lambda pair: pair["userId"])
