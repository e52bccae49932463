"""Permissions, roles, keys and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Permission(StrEnum):
    """What an action may ask for before it does anything."""

    LABEL = "label"
    SEE_ALL_LABELS = "see all labels"
    REVIEW = "review"
    DELETE_LABELS = "delete labels"
    SEE_PERFORMANCE = "see performance"
    MANAGE_PROJECT_MEMBERS = "manage project members"
    EDIT_PROJECTS = "edit projects"
    CREATE_PROJECTS = "create projects"
    MANAGE_BATCHES = "manage batches"
    IMPORT_DATA = "import data"
    VIEW_CATALOG = "view the catalog"
    EXPORT = "export"
    MANAGE_ORGANIZATION = "manage the organization"
    CLEAR_RESERVATIONS = "clear reservations"
    VIEW = "view"


@dataclass(frozen=True)
class Role:
    """A named set of permissions, organization-wide or in a project."""

    key: str
    name: str
    id: str
    permissions: frozenset[Permission]
    description: str = ""


@dataclass(frozen=True)
class Credential:
    """What a key or a session says about its bearer."""

    organization_id: str
    user_id: str
    email: str
    user_role: str
    key_role: str | None
    credential: str


@dataclass(frozen=True)
class ApiKeyInfo:
    """An API key as its owner may see it: never the key itself."""

    id: str
    name: str
    created_at: str
    updated_at: str
    revoked: bool
    expires_at_epoch: int | None
    user_id: str
    user_email: str
    created_by_user_id: str
    allowed_ip_cidrs: list[str]


@dataclass(frozen=True)
class CreatedApiKey:
    """A new key; `jwt` is shown this once."""

    id: str
    jwt: str


@dataclass(frozen=True)
class NewApiKey:
    """A row of `api_keys` about to be written."""

    organization_id: str
    id: str
    user_id: str
    name: str
    prefix: str
    key_hash: bytes
    role: str | None
    created_by: str
    expires_at: datetime | None


@dataclass(frozen=True)
class ApiKeyId:
    """The id of a key that was changed."""

    id: str


class GroupEvent(StrEnum):
    """What can become of a user group, as clients call it."""

    MEMBER_ADDED = "MEMBER_ADDED"
    MEMBER_REMOVED = "MEMBER_REMOVED"
    MEMBER_ROLE_CHANGED = "MEMBER_ROLE_CHANGED"
    ATTACHED = "GROUP_ATTACHED_TO_PROJECT"
    DETACHED = "GROUP_DETACHED_FROM_PROJECT"
    DELETED = "GROUP_DELETED"


@dataclass(frozen=True)
class GroupChange:
    """A member of a user group who comes, goes or gets another role; a project; or the end of the group."""

    group_id: str
    type: GroupEvent
    member_id: str | None = None
    previous_role: str | None = None
    role: str | None = None
    project_id: str | None = None
    channel: str = "API"
