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


@dataclass(frozen=True)
class KnownAddress:
    """A live user, or an open invitation, with an e-mail address."""

    email: str
    user_id: str | None
    role: str
    invite_id: str | None


@dataclass
class InviteOutcome:
    """What became of one address; `link` is there only when an invitation was made just now."""

    email: str
    status: str
    reason: str | None = None
    invite_id: str | None = None
    user_id: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class NewInvite:
    """A row of `invites` about to be written; an accepted one says what was given to a member."""

    id: str
    email: str
    token: str
    accepted: bool


@dataclass(frozen=True)
class OpenInvite:
    """The invitation behind a link."""

    organization_id: str
    id: str
    email: str
    role: str
    organization_name: str
    inviter_name: str


@dataclass(frozen=True)
class InviteConnection:
    """A page of invitations."""

    nodes: list[str]
    next_cursor: str | None


@dataclass(frozen=True)
class ProjectInvite:
    """A role in a project that an invitation promises."""

    id: str
    project_role_name: str
    project_id: str


@dataclass(frozen=True)
class CreateInviteResult:
    """An invitation that was made or found; `link` is shown this once."""

    invite: str | None
    link: str | None


@dataclass(frozen=True)
class InviteLink:
    """A new link for an open invitation."""

    id: str
    link: str


@dataclass(frozen=True)
class InviteMemberResult:
    """What became of one of many addresses."""

    email: str
    status: str
    reason: str | None
    invite_id: str | None
    link: str | None


@dataclass(frozen=True)
class InviteMembersResult:
    """What became of many addresses, in their order."""

    results: list[InviteMemberResult]


@dataclass(frozen=True)
class InvitesLimit:
    """Seats taken, there are, and left."""

    used: int
    limit: int
    remaining: int
