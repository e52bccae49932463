"""Invite, InviteLimit, InviteResult: people asked to join the organization."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import ResourceNotFoundError
from labelbox.orm import query
from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field
from labelbox.pagination import PaginatedCollection

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox._calls.connection import Connection

CANCEL_INVITE = """mutation CancelInvite($id: ID!) {
    cancelInvite(where: {id: $id}) { id }
}"""
CREATE_INVITE_LINK = """mutation CreateInviteLink($id: ID!) {
    createInviteLink(where: {id: $id}) { id link }
}"""
ORGANIZATION_INVITES = """query OrganizationInvites($from: ID, $first: PageSize) {
    organization { invites(from: $from, first: $first) { nodes { %s } nextCursor } }
}"""
PROJECT_INVITES = """query ProjectInvites($projectId: ID!, $from: ID, $first: PageSize) {
    project(where: {id: $projectId}) { id invites(from: $from, first: $first) { nodes { %s } nextCursor } }
}"""


@dataclass(frozen=True)
class InviteLimit:
    """How many seats there are; an open invite uses one."""

    remaining: int
    used: int
    limit: int


class InviteMemberStatus(StrEnum):
    """What became of an address that was to be invited."""

    INVITED = "INVITED"
    ADDED = "ADDED"
    ALREADY_MEMBER = "ALREADY_MEMBER"
    ALREADY_INVITED = "ALREADY_INVITED"
    INVALID_EMAIL = "INVALID_EMAIL"
    DUPLICATE = "DUPLICATE"
    SEAT_LIMIT = "SEAT_LIMIT"
    NOT_ALLOWED = "NOT_ALLOWED"
    FAILED = "FAILED"


@dataclass(frozen=True)
class InviteResult:
    """What became of one address; `link` is where an invited person accepts, and is shown this once."""

    email: str
    status: InviteMemberStatus | str
    reason: str | None = None
    invite_id: str | None = None
    link: str | None = None

    @classmethod
    def from_wire(cls, values: dict[str, Any]) -> InviteResult:
        """The result as the server says it; a status that this version does not know stays a text."""
        status = values["status"]
        if status in InviteMemberStatus.__members__:
            status = InviteMemberStatus(status)
        return cls(values["email"], status, values.get("reason"), values.get("inviteId"), values.get("link"))


class Invite(DbObject):
    """An open invitation. The server sends no mail: whoever invites hands the link on.

    `link` is there when the invitation was made just now; `create_link` makes another one at any time.
    """

    created_at: Field[datetime] = Field.DateTime()
    organization_role_name: Field[str] = Field.String()
    email: Field[str] = Field.String("inviteeEmail")
    project_invites: Field[list[dict[str, Any]]] = Field.List(selection="id projectRoleName projectId")
    link: str | None = None

    def cancel(self) -> bool:
        """Withdraws the invitation; True. Raises ResourceNotFoundError when it is not open any more."""
        self.client.execute(
            CANCEL_INVITE, {"id": self.uid}, experimental=True, raise_return_resource_not_found=True
        )
        return True

    def create_link(self) -> str:
        """A new link with which the invited person chooses a password and is let in; the one before ends.

        Raises ResourceNotFoundError when the invitation is not open any more.
        """
        data = self.client.execute(CREATE_INVITE_LINK, {"id": self.uid}, raise_return_resource_not_found=True)
        if not data or not data["createInviteLink"]:
            raise ResourceNotFoundError(Invite, {"id": self.uid})
        self.link = data["createInviteLink"]["link"]
        return str(self.link)

    @staticmethod
    def get_invites(client: Connection) -> PaginatedCollection[Invite]:
        """The open invitations of the organization."""
        path = ["organization", "invites"]
        return PaginatedCollection(
            client,
            ORGANIZATION_INVITES % query.selection(Invite),
            {},
            [*path, "nodes"],
            Invite,
            cursor_path=[*path, "nextCursor"],
        )

    @staticmethod
    def get_project_invites(client: Connection, project_id: str) -> PaginatedCollection[Invite]:
        """The open invitations that promise a role in a project."""
        path = ["project", "invites"]
        return PaginatedCollection(
            client,
            PROJECT_INVITES % query.selection(Invite),
            {"projectId": project_id},
            [*path, "nodes"],
            Invite,
            cursor_path=[*path, "nextCursor"],
        )
