"""Sign in, look after users and the organization."""

from __future__ import annotations

import secrets

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access import rules as access_rules
from labelyard.access.records import Permission
from labelyard.organizations import queries
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
    context: Context, *, emails: list[str], role_id: str, password: str | None
) -> list[AddedMember]:
    """Adds users at once, without an invitation (administrators only). Raises Conflict for a known e-mail."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    role = access_rules.role_of_id(role_id)
    added = []
    for email in emails:
        if "@" not in email or len(email) > 320:
            raise errors.Malformed(f'"{email}" is not an e-mail address.')
        known = [
            account
            for account in await queries.select_accounts_of_email(context.database, email)
            if account.organization_id == context.organization_id
        ]
        if known:
            raise errors.Conflict(f"{email} is a member already.")
        user_id = new_id()
        await queries.insert_user(
            context.database,
            NewUser(
                context.organization_id,
                user_id,
                email,
                email.partition("@")[0],
                role.key,
                hash_password(password) if password else None,
            ),
        )
        await access.note(context, f"add member as {role.name}", user_id)
        added.append(AddedMember(user_id, email))
    return added


async def set_organization_role(context: Context, *, user_id: str, role_id: str) -> OrgRole:
    """Gives a user another role in the whole organization (administrators only)."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    role = access_rules.role_of_id(role_id)
    if role.key != "ADMIN" and not await queries.count_other_admins(
        context.database, context.organization_id, user_id
    ):
        raise errors.NotAllowed("The last administrator cannot give up that role.")
    if not await queries.update_user(context.database, context.organization_id, user_id, role=role.key):
        raise errors.NotFound(f"There is no user with id {user_id}.")
    await access.note(context, f"set organization role {role.name}", user_id)
    return OrgRole(role.id, role.name)


async def delete_member(context: Context, *, user_id: str) -> str:
    """Removes a user from the organization; the labels stay (administrators only)."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    if not await queries.count_other_admins(context.database, context.organization_id, user_id):
        raise errors.NotAllowed("The last administrator cannot be removed.")
    if not await queries.update_user(
        context.database, context.organization_id, user_id, deleted_at=context.now
    ):
        raise errors.NotFound(f"There is no user with id {user_id}.")
    await access.note(context, "remove member", user_id)
    return user_id


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
