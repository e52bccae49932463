"""Organization, User and the roles."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access import rules as access_rules
from labelyard.organizations import actions, invite_queries, invites, queries, tag_queries, tags
from labelyard.organizations.records import (
    AddedMember,
    CreateInviteResult,
    InviteConnection,
    InviteLink,
    InviteMemberResult,
    InviteMembersResult,
    InvitesLimit,
    OrganizationRoleInfo,
    OrgRole,
    ProjectInvite,
    RoleInfo,
)
from labelyard.plumbing import limits, paging
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import IdResult
from labelyard.plumbing.source import Column, Many, Moment, One, Rows, computed


class Organization:
    """The tenant."""

    rows = queries.organizations
    id = Column("o.id")
    name = Column("o.name")
    created_at = Moment("o.created_at")
    updated_at = Moment("o.updated_at")
    users = Many("User", "u.organization_id", where=queries.LIVE_USERS)
    tasks = Many("Task", "t.organization_id")
    resource_tag = Many("ResourceTag", "rt.organization_id")

    @computed("o.id")
    async def invites(
        context: Context,  # noqa: N805
        parents: list[tuple[str]],
        from_: str | None = None,
        first: int | None = None,
    ) -> list[InviteConnection]:
        """The open invitations; a caller sees one organization."""
        return [await invites.page_of_open(context, after=from_, first=first) for _ in parents]


class Invite:
    """Somebody who was asked to join."""

    rows = invite_queries.invites
    id = Column("i.id")
    invitee_email = Column("i.email")
    organization_role_name = Column("i.role", render=lambda _, role: access_rules.ROLES[role].name)
    created_at = Moment("i.created_at")
    expires_at = Moment("i.expires_at")
    inviter = One("User", "i.inviter_id")

    @computed("i.id")
    async def project_invites(context: Context, parents: list[tuple[str]]) -> list[list[ProjectInvite]]:  # noqa: N805
        """The roles in projects that come with it."""
        rows = await invite_queries.select_invite_projects(
            context.database, context.organization_id, [invite_id for (invite_id,) in parents]
        )
        found: dict[str, list[ProjectInvite]] = {}
        for invite_id, key, project_id, role in rows:
            promised = ProjectInvite(key, access_rules.ROLES[role].name, project_id)
            found.setdefault(invite_id, []).append(promised)
        return [found.get(invite_id, []) for (invite_id,) in parents]


class ResourceTag:
    """A coloured word on projects."""

    rows = tag_queries.tags
    id = Column("rt.id")
    text = Column("rt.text")
    color = Column("rt.color")


class User:
    """A person. On the wire `nickname` is the display name and `name` the full one (R-US-05, R-US-06)."""

    rows = queries.users
    id = Column("u.id")
    email = Column("u.email")
    name = Column("u.full_name")
    nickname = Column("u.display_name")
    picture = Column("u.picture")
    intercom_hash = Column("NULL::text")
    is_viewer = Column("(u.role = 'READ_ONLY_ADMIN')")
    is_external_user = Column("u.is_external")
    timezone = Column("u.timezone")
    deleted = Column("(u.deleted_at IS NOT NULL)")
    created_at = Moment("u.created_at")
    updated_at = Moment("u.updated_at")
    last_login_at = Moment("u.last_login_at")
    organization = One("Organization", "u.organization_id")
    created_tasks = Many("Task", "t.created_by")

    @computed("u.role")
    async def org_role(context: Context, parents: list[tuple[str]]) -> list[OrgRole]:  # noqa: N805
        """The role in the whole organization."""
        return [OrgRole(access_rules.ROLES[role].id, access_rules.ROLES[role].name) for (role,) in parents]

    @computed("u.id")
    async def api_keys(context: Context, parents: list[tuple[str]]) -> list[Any]:  # noqa: N805
        """The user's own keys."""
        keys = await access.api_keys_of(context, [user_id for (user_id,) in parents])
        return [[key for key in keys if key.user_id == user_id] for (user_id,) in parents]

    @computed("u.id")
    async def api_keys_other_users(context: Context, parents: list[tuple[str]]) -> list[Any]:  # noqa: N805
        """Keys that this user made for others."""
        rows = await context.database.fetch_column(*queries.all_user_ids(context))
        keys = await access.api_keys_of(context, rows)
        return [
            [key for key in keys if key.created_by_user_id == user_id != key.user_id]
            for (user_id,) in parents
        ]


class Task:
    """Whose task it is."""

    created_by = One("User", "t.created_by")
    organization = One("Organization", "t.organization_id")


class Query:
    """Who am I, and who else is here."""

    @staticmethod
    async def user(context: Context, where: dict[str, Any] | None = None) -> str:
        """One user, the caller by default."""
        return where["id"] if where else context.user_id

    @staticmethod
    async def users(context: Context) -> Rows:
        """Everybody in the organization."""
        return queries.users(context).narrowed(queries.LIVE_USERS)

    @staticmethod
    async def organization(context: Context, where: dict[str, Any] | None = None) -> str:
        """The caller's organization."""
        return where["id"] if where else context.organization_id

    @staticmethod
    async def roles(context: Context, skip: int | None = None, first: int | None = None) -> list[RoleInfo]:
        """The roles that can be given."""
        page = paging.page_of(skip, first, limits.PAGE)
        return actions.roles(context)[page.skip : page.skip + page.first]

    @staticmethod
    async def invites_limit(context: Context, where: dict[str, Any]) -> InvitesLimit:
        """Seats of the caller's organization."""
        if where["id"] != context.organization_id:
            raise errors.NotFound(f"There is no organization with id {where['id']}.")
        return await invites.limit(context)

    @staticmethod
    async def organization_role(context: Context, user_id: str | None = None) -> OrganizationRoleInfo:
        """The organization role of a user."""
        return await actions.organization_role(context, user_id=user_id)


class Mutation:
    """Changing users."""

    @staticmethod
    async def update_user(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Removes a user, or gives another organization role."""
        role = data.get("org_role") or {}
        if data == {"deleted": True}:
            return await actions.delete_member(context, user_id=where["id"])
        if set(data) != {"org_role"} or not (role.get("connect") or role.get("disconnect")):
            raise errors.Malformed("A user can be removed or get another organization role, nothing else.")
        role_id = role["connect"]["id"] if role.get("connect") else access_rules.ROLES["NONE"].id
        await actions.set_organization_role(context, user_id=where["id"], role_id=role_id)
        return str(where["id"])

    @staticmethod
    async def add_members_to_organization(context: Context, data: dict[str, Any]) -> list[AddedMember]:
        """Adds users without an invitation."""
        return await actions.add_members(
            context,
            emails=data["emails"],
            role_id=data["org_role_id"],
            password=data.get("password"),
            projects=_project_roles(data.get("project_roles")),
        )

    @staticmethod
    async def create_invites(
        context: Context, data: list[dict[str, Any]] | None = None
    ) -> list[CreateInviteResult]:
        """Invites people one by one; null for oneself."""
        results = []
        for given in data or []:
            if given["organization_id"] != context.organization_id:
                raise errors.NotFound(f"There is no organization with id {given['organization_id']}.")
            results.append(await _create_invite(context, given))
        return results

    @staticmethod
    async def invite_members(context: Context, data: dict[str, Any]) -> InviteMembersResult:
        """Invites many people with the same role, everywhere or in projects and groups."""
        everywhere = bool(data.get("workspace_wide"))
        role_id = data["role_id"]
        if everywhere and (data.get("project_ids") or data.get("group_ids")):
            raise errors.Malformed(
                "Who is invited to the whole workspace is not invited to projects or groups."
            )
        outcomes = await invites.invite(
            context,
            emails=data["emails"],
            role_id=role_id if everywhere else access_rules.ROLES["NONE"].id,
            projects=[] if everywhere else [(key, role_id) for key in data.get("project_ids") or ()],
            groups=[] if everywhere else [(key, role_id) for key in data.get("group_ids") or ()],
        )
        return InviteMembersResult(
            [
                InviteMemberResult(found.email, found.status, found.reason, found.invite_id, found.link)
                for found in outcomes
            ]
        )

    @staticmethod
    async def create_invite_link(context: Context, where: dict[str, Any]) -> InviteLink:
        """A new link for an open invitation."""
        return await invites.create_link(context, invite_id=where["id"])

    @staticmethod
    async def cancel_invite(context: Context, where: dict[str, Any]) -> IdResult:
        """Withdraws an invitation."""
        return IdResult(await invites.cancel_invite(context, invite_id=where["id"]))

    @staticmethod
    async def create_resource_tag(context: Context, input: dict[str, Any]) -> str:
        """A new tag."""
        return await tags.create_tag(context, text=input["text"], color=input["color"])

    @staticmethod
    async def update_resource_tag(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Another text or colour."""
        return await tags.update_tag(context, tag_id=where["id"], given=data)

    @staticmethod
    async def set_organization_role(context: Context, data: dict[str, Any]) -> OrgRole:
        """Changes a user's role."""
        return await actions.set_organization_role(context, user_id=data["user_id"], role_id=data["role_id"])


def _project_roles(given: list[dict[str, Any]] | None) -> list[tuple[str, str]]:
    return [(role["project_id"], role["project_role_id"]) for role in given or ()]


async def _create_invite(context: Context, given: dict[str, Any]) -> CreateInviteResult:
    """One of createInvites: what cannot be invited is an error there, or null for oneself."""
    groups = [(role["group_id"], role["role_id"]) for role in given.get("user_group_with_role_ids") or ()]
    groups += [(key, access_rules.ROLES["LABELER"].id) for key in given.get("user_group_ids") or ()]
    (found,) = await invites.invite(
        context,
        emails=[given["invitee_email"]],
        role_id=given["organization_role_id"],
        projects=_project_roles(given.get("projects")),
        groups=groups,
    )
    if found.user_id == context.user_id:
        return CreateInviteResult(None, None)
    if found.status == "INVALID_EMAIL":
        raise errors.Malformed(f"Invite(s) cannot be sent: {found.reason}")
    if found.status == "ALREADY_MEMBER":
        raise errors.Conflict(f"Invite(s) cannot be sent: {found.reason}")
    return CreateInviteResult(found.invite_id, found.link)
