"""Organizations, users and their roles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class UserAccount:
    """What signing in needs to know of a user."""

    organization_id: str
    id: str
    email: str
    display_name: str
    role: str
    password_hash: str | None
    organization_name: str


@dataclass(frozen=True)
class NewUser:
    """A row of `users` about to be written."""

    organization_id: str
    id: str
    email: str
    display_name: str
    role: str
    password_hash: str | None


@dataclass(frozen=True)
class OrgRole:
    """The role a user has in the whole organization."""

    id: str
    name: str


@dataclass(frozen=True)
class Role:
    """A role a member has in a project."""

    id: str
    name: str


@dataclass(frozen=True)
class RoleInfo:
    """A role that can be given."""

    id: str
    name: str
    permissions: list[str]
    organization_id: str | None
    description: str


@dataclass(frozen=True)
class OrganizationRoleInfo:
    """The role of one user, with what it permits."""

    id: str
    name: str
    permissions: list[str]


@dataclass(frozen=True)
class AddedMember:
    """A user who was added without an invitation."""

    new_user_id: str
    email: str


@dataclass(frozen=True)
class FirstAdministrator:
    """What the first start made, to be shown once."""

    organization_id: str
    user_id: str
    email: str
    password: str
    api_key: str
    made_password: bool
    made_key: bool
