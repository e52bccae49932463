"""UserGroup: users and projects under one name."""

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

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection

_GROUP = """id name color description
    projects { nodes { id name } totalCount } members { nodes { id email } totalCount }"""

USER_GROUP = f"""query UserGroupV2($id: ID!) {{
    userGroupV2(where: {{id: $id}}) {{ {_GROUP} }}
}}"""
USER_GROUPS = f"""query UserGroupsV2($from: String, $first: PageSize) {{
    userGroupsV2(after: $from, first: $first) {{ nodes {{ {_GROUP} }} nextCursor }}
}}"""
CREATE_USER_GROUP = f"""mutation CreateUserGroup($data: CreateUserGroupInput!) {{
    createUserGroup(data: $data) {{ group {{ {_GROUP} }} }}
}}"""
UPDATE_USER_GROUP = f"""mutation UpdateUserGroup($id: ID!, $data: UpdateUserGroupInput!) {{
    updateUserGroup(where: {{id: $id}}, data: $data) {{ group {{ {_GROUP} }} }}
}}"""
DELETE_USER_GROUP = """mutation DeleteUserGroup($id: ID!) {
    deleteUserGroup(where: {id: $id}) { success }
}"""


class UserGroupColor(Enum):
    """The nine colours a group can have, hex without `#`."""

    BLUE = "9EC5FF"
    PURPLE = "CEB8FF"
    ORANGE = "FFB35F"
    CYAN = "4ED2F9"
    RED = "FFAEA9"
    PINK = "FFA9D5"
    GREEN = "3FDC9A"
    YELLOW = "E7BF00"
    GRAY = "B8C4D3"


@dataclass
class UserGroup:
    """A named set of users who work in a set of projects; `users` and `projects` hold ids."""

    client: Connection = field(repr=False)
    id: str = ""
    name: str = ""
    user_group_color: UserGroupColor = UserGroupColor.BLUE
    description: str = ""
    users: set[str] = field(default_factory=set)
    projects: set[str] = field(default_factory=set)

    def get(self) -> UserGroup | None:
        """Reads the group with this id; None when there is none. Raises ValueError without an id."""
        self._need_id()
        values = self.client.execute(USER_GROUP, {"id": self.id})
        found = values and values.get("userGroupV2")
        return self._set(found) if found else None

    def create(self) -> UserGroup:
        """Creates the group. Raises ResourceCreationError for a bad or taken name, ValueError with an id."""
        if self.id:
            raise ValueError("a new group has no id yet")
        if not self.name.strip():
            raise ResourceCreationError("a user group needs a name")
        try:
            data = self.client.execute(CREATE_USER_GROUP, {"data": self._input()}, experimental=True)
        except (ResourceConflict, MalformedQueryException) as error:
            raise ResourceCreationError(str(error), error) from error
        group = data and data["createUserGroup"] and data["createUserGroup"]["group"]
        if not group:
            raise ResourceCreationError(f"the user group {self.name!r} was not created")
        return self._set(group)

    def update(self) -> UserGroup:
        """Writes name, colour, users and projects. Raises ResourceNotFoundError for an unknown id."""
        self._need_id()
        params = {"id": self.id, "data": self._input()}
        data = self.client.execute(UPDATE_USER_GROUP, params, experimental=True)
        group = data and data["updateUserGroup"] and data["updateUserGroup"]["group"]
        if not group:
            raise ResourceNotFoundError(UserGroup, {"id": self.id})
        return self._set(group)

    def delete(self) -> bool:
        """Deletes the group; its users and projects stay."""
        self._need_id()
        data = self.client.execute(DELETE_USER_GROUP, {"id": self.id}, raise_return_resource_not_found=True)
        if not data["deleteUserGroup"]:
            raise LabelboxError(f"the user group {self.id} was not deleted")
        return bool(data["deleteUserGroup"]["success"])

    @classmethod
    def get_user_groups(cls, client: Connection) -> PaginatedCollection[UserGroup]:
        """All groups of the organization."""
        return PaginatedCollection(
            client,
            USER_GROUPS,
            {},
            ["userGroupsV2", "nodes"],
            lambda owner, values: cls(owner)._set(values),
            cursor_path=["userGroupsV2", "nextCursor"],
        )

    def _need_id(self) -> None:
        if not self.id:
            raise ValueError("the user group has no id")

    def _input(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "color": self.user_group_color.value,
            "projectIds": _sorted(self.projects),
            "userIds": _sorted(self.users),
        }

    def _set(self, values: dict[str, Any]) -> UserGroup:
        self.id = values["id"]
        self.name = values["name"]
        self.user_group_color = UserGroupColor(values["color"])
        self.description = values.get("description") or ""
        self.users = {node["id"] for node in (values.get("members") or {}).get("nodes", [])}
        self.projects = {node["id"] for node in (values.get("projects") or {}).get("nodes", [])}
        return self


def _sorted(ids: Iterable[str]) -> list[str]:
    return sorted(ids)
