"""Organization, User and the roles."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access import rules as access_rules
from labelyard.organizations import actions, queries
from labelyard.organizations.records import AddedMember, OrganizationRoleInfo, OrgRole, RoleInfo
from labelyard.plumbing.context import Context
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
    async def roles(context: Context, skip: int = 0, first: int = 100) -> list[RoleInfo]:
        """The roles that can be given."""
        return actions.roles(context)[skip : skip + first]

    @staticmethod
    async def organization_role(context: Context, user_id: str | None = None) -> OrganizationRoleInfo:
        """The organization role of a user."""
        return await actions.organization_role(context, user_id=user_id)


class Mutation:
    """Changing users."""

    @staticmethod
    async def update_user(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Removes a user: the only change that is offered."""
        if data != {"deleted": True}:
            raise errors.Malformed("A user can only be removed: updateUser(data: {deleted: true}).")
        return await actions.delete_member(context, user_id=where["id"])

    @staticmethod
    async def add_members_to_organization(context: Context, data: dict[str, Any]) -> list[AddedMember]:
        """Adds users without an invitation."""
        return await actions.add_members(
            context, emails=data["emails"], role_id=data["org_role_id"], password=data.get("password")
        )

    @staticmethod
    async def set_organization_role(context: Context, data: dict[str, Any]) -> OrgRole:
        """Changes a user's role."""
        return await actions.set_organization_role(context, user_id=data["user_id"], role_id=data["role_id"])
