"""Organization: the tenant that owns everything (API reference 2.4; R-ORG-01 to R-ORG-08)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import LabelboxError
from labelbox.orm import query
from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field, ToMany
from labelbox.orm.model import Relationship as Rel
from labelbox.pagination import PaginatedCollection
from labelbox.schema.invite import Invite, InviteLimit, InviteResult
from labelbox.schema.resource_tag import ResourceTag
from labelbox.schema.role import ProjectRole, Role, UserGroupRole, format_role
from labelbox.schema.user import User

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox.schema.project import Project
    from labelbox.schema.user_group import UserGroup
    from labelbox.schema.webhook import Webhook

CREATE_INVITES = """mutation CreateInvites($data: [CreateInviteInput!]) {
    createInvites(data: $data) { link invite { %s } }
}"""
INVITES_LIMIT = """query InvitesLimit($id: ID!) {
    invitesLimit(where: {id: $id}) { used limit remaining }
}"""
INVITE_MEMBERS = """mutation InviteMembers($data: InviteMembersInput!) {
    inviteMembers(data: $data) { results { email status reason inviteId link } }
}"""
REMOVE_USER = """mutation RemoveUser($id: ID!) {
    updateUser(where: {id: $id}, data: {deleted: true}) { id deleted }
}"""
CREATE_RESOURCE_TAG = """mutation CreateResourceTag($text: String!, $color: String!) {
    createResourceTag(input: {text: $text, color: $color}) { %s }
}"""
ORGANIZATION_RESOURCE_TAG = """query OrganizationResourceTag {
    organization { resourceTag { %s } }
}"""

_INVITED_AT_ONCE = 100


class Organization(DbObject):
    """A group of users who share the data they create."""

    updated_at: Field[datetime] = Field.DateTime()
    created_at: Field[datetime] = Field.DateTime()
    name: Field[str] = Field.String()

    users: ToMany[User] = Rel.ToMany("User")
    projects: ToMany[Project] = Rel.ToMany("Project", filter_deleted=True)
    webhooks: ToMany[Webhook] = Rel.ToMany("Webhook")

    def invite_user(
        self,
        email: str,
        role: Role,
        project_roles: Iterable[ProjectRole] | None = None,
        user_group_roles: Iterable[UserGroupRole] | None = None,
    ) -> Invite | None:
        """Asks somebody to join with a role; None when the caller invites himself.

        The link to hand on is `link` of what is returned. A member without an organization role gets the project and
        group roles at once. Raises ValueError when such roles are given beside an organization role other than NONE,
        LabelboxError when the server made no invitation.
        """
        grants, groups = list(project_roles or []), list(user_group_roles or [])
        if (grants or groups) and format_role(role.name) != "NONE":
            raise ValueError(f"project roles go with the organization role NONE, not with {role.name}")
        inviter = self.client._get_single(User, None)
        if email == inviter.email:
            return None
        data: dict[str, Any] = {
            "inviterId": inviter.uid,
            "inviteeEmail": email,
            "organizationId": self.uid,
            "organizationRoleId": role.uid,
            "projects": [{"projectId": g.project.uid, "projectRoleId": g.role.uid} for g in grants],
        }
        if groups:
            data["userGroupWithRoleIds"] = [
                {"groupId": g.user_group.id, "roleId": g.role.uid} for g in groups
            ]
        reply = self.client.execute(
            CREATE_INVITES % query.selection(Invite), {"data": [data]}, experimental=True
        )
        (made,) = reply["createInvites"] if reply else [{"invite": None}]
        if made["invite"] is None:
            raise LabelboxError(f"Unable to send an invitation to {email}", reply)
        invite = Invite(self.client, made["invite"])
        invite.link = made.get("link")
        return invite

    def invite_users(
        self,
        emails: Iterable[str],
        role: Role,
        projects: Iterable[Project | str] | None = None,
        user_groups: Iterable[UserGroup | str] | None = None,
    ) -> list[InviteResult]:
        """Asks many people to join, 100 in a request; one result for each, in order.

        With projects or groups the role is given in these, else in the whole organization. Raises
        ResourceNotFoundError for a project or group that is not there.
        """
        project_ids = [project if isinstance(project, str) else project.uid for project in projects or ()]
        group_ids = [group if isinstance(group, str) else group.id for group in user_groups or ()]
        given = list(emails)
        results = []
        for start in range(0, len(given), _INVITED_AT_ONCE):
            data = {
                "emails": given[start : start + _INVITED_AT_ONCE],
                "workspaceWide": not (project_ids or group_ids),
                "roleId": role.uid,
                "projectIds": project_ids,
                "groupIds": group_ids,
            }
            reply = self.client.execute(INVITE_MEMBERS, {"data": data}, raise_return_resource_not_found=True)
            results += [InviteResult.from_wire(found) for found in reply["inviteMembers"]["results"]]
        return results

    def invites(self) -> PaginatedCollection[Invite]:
        """The open invitations."""
        return Invite.get_invites(self.client)

    def get_invites(self) -> PaginatedCollection[Invite]:
        """Another name of `invites`."""
        return self.invites()

    def invite_limit(self) -> InviteLimit:
        """How many seats are used and left."""
        data = self.client.execute(INVITES_LIMIT, {"id": self.uid}, experimental=True)
        return InviteLimit(**data["invitesLimit"])

    def remove_user(self, user: User) -> None:
        """Takes somebody out of the organization; the labels stay. Only a new invitation lets him back."""
        self.client.execute(REMOVE_USER, {"id": user.uid}, raise_return_resource_not_found=True)

    def create_resource_tag(self, tag: dict[str, Any]) -> ResourceTag:
        """Creates a tag from `{"text", "color"}`; the colour is hex, with or without `#`.

        Raises ValueError when one of the two is missing.
        """
        if not tag.get("text") or not tag.get("color"):
            raise ValueError("a resource tag needs a text and a color")
        params = {"text": tag["text"], "color": tag["color"]}
        data = self.client.execute(CREATE_RESOURCE_TAG % query.selection(ResourceTag), params)
        return ResourceTag(self.client, data["createResourceTag"])

    def get_resource_tags(self) -> list[ResourceTag]:
        """The tags of the organization."""
        data = self.client.execute(ORGANIZATION_RESOURCE_TAG % query.selection(ResourceTag))
        return [ResourceTag(self.client, values) for values in data["organization"]["resourceTag"]]
