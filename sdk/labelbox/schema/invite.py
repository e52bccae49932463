"""Invite, InviteLimit: people asked to join the organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field

if TYPE_CHECKING:
    from datetime import datetime

CANCEL_INVITE = """mutation CancelInvite($id: ID!) {
    cancelInvite(where: {id: $id}) { id }
}"""


@dataclass(frozen=True)
class InviteLimit:
    """How many seats there are; an open invite uses one."""

    remaining: int
    used: int
    limit: int


class Invite(DbObject):
    """An open invitation."""

    created_at: Field[datetime] = Field.DateTime()
    organization_role_name: Field[str] = Field.String()
    email: Field[str] = Field.String("inviteeEmail")

    def cancel(self) -> None:
        """Withdraws the invitation."""
        self.client.execute(
            CANCEL_INVITE, {"id": self.uid}, experimental=True, raise_return_resource_not_found=True
        )
