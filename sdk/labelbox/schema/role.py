"""Role, OrgRole, ProjectRole: named sets of permissions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection
    from labelbox.schema.project import Project
    from labelbox.schema.user_group import UserGroup

ROLES = "query Roles { roles { id name } }"


class Role(DbObject):
    """A role: NONE, LABELER, REVIEWER, TEAM_MANAGER, ADMIN and others of the organization's own."""

    name: Field[str] = Field.String()


class OrgRole(Role):
    """A role that a user has in the whole organization."""


class UserRole(Role):
    """A role that a user has in one project."""


@dataclass(frozen=True)
class ProjectRole:
    """A role in one project, as an invitation gives it."""

    project: Project
    role: Role


@dataclass(frozen=True)
class UserGroupRole:
    """A role in the projects of a user group, as an invitation gives it."""

    user_group: UserGroup
    role: Role


def roles_of(client: Connection) -> dict[str, Role]:
    """The roles of the client's organization, by name in upper case with underscores."""
    data = client.execute(ROLES)
    roles = [Role(client, values) for values in data["roles"]]
    return {format_role(role.name): role for role in roles}


def format_role(name: str) -> str:
    """`Team Manager` -> `TEAM_MANAGER`."""
    return name.upper().replace(" ", "_").replace("-", "_")
