"""Sign in, look after users and the organization."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access import rules as access_rules
from labelyard.access.records import Permission
from labelyard.organizations import queries, rules
from labelyard.organizations.passwords import hash_password, password_fits
from labelyard.organizations.records import (
    AddedMember,
    FirstAdministrator,
    NewUser,
    OrganizationRoleInfo,
    OrgRole,
    RoleInfo,
    UserAccount,
)
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.ids import new_id


async def create_first_administrator(
    database: Database, *, email: str | None, password: str | None, api_key: str | None
) -> FirstAdministrator | None:
    """The organization, administrator and key of a new installation; None when there is one already."""
    if await queries.count_organizations(database):
        return None
    organization_id, user_id = new_id(), new_id()
    chosen_email = email or "admin@localhost"
    chosen_password = password or secrets.token_urlsafe(12)
    chosen_key = api_key or access_rules.new_secret()
    await queries.insert_organization(database, organization_id, "My organization")
    name = chosen_email.partition("@")[0]
    await queries.insert_user(
        database,
        NewUser(organization_id, user_id, chosen_email, name, "ADMIN", hash_password(chosen_password)),
    )
    await access.add_first_key(database, organization_id=organization_id, user_id=user_id, key=chosen_key)
    return FirstAdministrator(
        organization_id, user_id, chosen_email, chosen_password, chosen_key, password is None, api_key is None
    )


async def sign_in(database: Database, *, email: str, password: str) -> UserAccount:
    """The user with this e-mail and password. Raises NotAuthenticated, with the same words whatever is wrong."""
    for account in await queries.select_accounts_of_email(database, email):
        if account.password_hash and password_fits(account.password_hash, password):
            await queries.touch_sign_in(database, account.organization_id, account.id)
            return account
    password_fits(None, password)  # takes as long as for a known e-mail
    raise errors.NotAuthenticated("The e-mail or the password is wrong.")


async def account_of(database: Database, *, organization_id: str, user_id: str) -> UserAccount:
    """The account behind a session. Raises NotAuthenticated when it is gone."""
    account = await queries.select_account(database, organization_id, user_id)
    if account is None:
        raise errors.NotAuthenticated("This user was removed.")
    return account


async def add_members(
    context: Context,
    *,
    emails: list[str],
    role_id: str,
    password: str | None,
    projects: list[tuple[str, str]],
) -> list[AddedMember]:
    """Adds users at once, without an invitation (administrators only); `projects` are pairs of project and role id.

    Raises Conflict for an e-mail that is known or named twice, Malformed for one that is none.
    """
    access.require(context, Permission.MANAGE_ORGANIZATION)
    role = access_rules.role_of_id(role_id)
    opened = rules.grants("project", projects)
    if opened and role.key != "NONE":
        raise errors.Malformed(f"Roles in projects go with the organization role None, not with {role.name}.")
    for email in emails:
        rules.check_email(email)
    await queries.hold_people(context.database, context.organization_id)
    known = await queries.select_live_emails(context.database, context.organization_id, emails)
    for email in emails:
        if email.lower() in known:
            raise errors.Conflict(f"{email} is a member already.")
        known.add(email.lower())
    kept = hash_password(password) if password else None
    users = [
        NewUser(context.organization_id, new_id(), email, email.partition("@")[0], role.key, kept)
        for email in emails
    ]
    await queries.insert_users(context.database, context.organization_id, users)
    await access.grant_all(context, user_ids=[user.id for user in users], projects=opened)
    await access.note(context, f"add members as {role.name}", " ".join(user.id for user in users))
    return [AddedMember(user.id, user.email) for user in users]


async def set_organization_role(context: Context, *, user_id: str, role_id: str) -> OrgRole:
    """Gives a user another role in the whole organization (administrators only)."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    role = access_rules.role_of_id(role_id)
    await queries.hold_people(context.database, context.organization_id)
    if role.key != "ADMIN" and not await queries.count_other_admins(
        context.database, context.organization_id, user_id
    ):
        raise errors.NotAllowed("The last administrator cannot give up that role.")
    if not await queries.update_user(context.database, context.organization_id, user_id, role=role.key):
        raise errors.NotFound(f"There is no user with id {user_id}.")
    await access.note(context, f"set organization role {role.name}", user_id)
    return OrgRole(role.id, role.name)


async def delete_member(context: Context, *, user_id: str) -> str:
    """Removes a user from the organization; the labels stay, keys and sessions end at once (administrators only)."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    await queries.hold_people(context.database, context.organization_id)
    if not await queries.count_other_admins(context.database, context.organization_id, user_id):
        raise errors.NotAllowed("The last administrator cannot be removed.")
    if not await queries.update_user(
        context.database, context.organization_id, user_id, deleted_at=context.now
    ):
        raise errors.NotFound(f"There is no user with id {user_id}.")
    await access.end_access(
        context.database,
        organization_id=context.organization_id,
        user_id=user_id,
        actor_id=context.user_id,
    )
    await access.note(context, "remove member", user_id)
    return user_id


async def leave(database: Database, account: UserAccount) -> None:
    """Takes a user out of an organization that they leave for another. Raises NotAllowed for its last administrator."""
    await queries.hold_people(database, account.organization_id)
    if account.role == "ADMIN" and not await queries.count_other_admins(
        database, account.organization_id, account.id
    ):
        raise errors.NotAllowed(f"{account.email} is the last administrator of {account.organization_name}.")
    await queries.update_user(database, account.organization_id, account.id, deleted_at=datetime.now(UTC))
    await access.end_access(
        database, organization_id=account.organization_id, user_id=account.id, actor_id=account.id
    )
    await access.note_for(database, account.organization_id, account.id, "leave organization", account.id)


def roles(context: Context) -> list[RoleInfo]:
    """Every role that can be given."""
    return [
        RoleInfo(role.id, role.name, sorted(role.permissions), None, role.description)
        for role in access_rules.ROLES.values()
    ]


async def organization_role(context: Context, *, user_id: str | None) -> OrganizationRoleInfo:
    """The organization role of a user, the caller by default."""
    access.require(context, Permission.VIEW)
    account = await queries.select_account(
        context.database, context.organization_id, user_id or context.user_id
    )
    if account is None:
        raise errors.NotFound(f"There is no user with id {user_id}.")
    role = access_rules.ROLES[account.role]
    return OrganizationRoleInfo(role.id, role.name, sorted(role.permissions))


async def get_member(context: Context, user_id: str) -> UserAccount:
    """A live user of the caller's organization. Raises NotFound."""
    account = await queries.select_account(context.database, context.organization_id, user_id)
    if account is None:
        raise errors.NotFound(f"There is no user with id {user_id}.")
    return account
