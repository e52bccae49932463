"""Authenticate, require, grant; keys and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from labelyard import errors
from labelyard.access import queries, rules
from labelyard.access.records import (
    ApiKeyId,
    ApiKeyInfo,
    CreatedApiKey,
    Credential,
    GroupChange,
    GroupEvent,
    NewApiKey,
    Permission,
)
from labelyard.plumbing.context import Actor, Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.ids import new_id, new_ids

SESSION_COOKIE = "labelyard_session"
_LINK_LIFE = timedelta(hours=12)


async def authenticate(
    database: Database, authorization: str | None, session_token: str | None, *, csrf_safe: bool
) -> Actor:
    """The caller. Raises NotAuthenticated, always with the same words for a key that does not count.

    A session cookie is accepted only for requests that another site cannot forge (`csrf_safe`).
    """
    if authorization:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise errors.NotAuthenticated("Invalid API key")
        credential = await queries.select_credential_of_key(database, rules.hash_secret(key.strip()))
    elif session_token:
        if not csrf_safe:
            raise errors.NotAuthenticated("A request from the browser must carry the header X-Labelyard.")
        credential = await queries.select_credential_of_session(database, rules.hash_secret(session_token))
    else:
        raise errors.NotAuthenticated("No API key was sent.")
    if credential is None:
        raise errors.NotAuthenticated("Invalid API key")
    return actor_of(credential)


def actor_of(credential: Credential) -> Actor:
    """The actor that a credential stands for."""
    return Actor(
        organization_id=credential.organization_id,
        user_id=credential.user_id,
        email=credential.email,
        role=credential.user_role,
        permissions=rules.permissions_of(credential.user_role, credential.key_role),
        ceiling=rules.ROLES[credential.key_role].permissions if credential.key_role else None,
        credential=credential.credential,
    )


def require(context: Context, permission: Permission) -> None:
    """Raises NotPermitted unless the caller's organization role allows it."""
    if permission not in context.actor.permissions:
        raise errors.NotPermitted(f"Your role does not allow you to {permission}.")


async def require_in_project(context: Context, permission: Permission, project_id: str) -> None:
    """Raises NotPermitted unless the caller's role, organization-wide or in this project, allows it.

    In a project a membership and user groups may each give a role: one that allows it is enough. For a user without
    any role here the project looks like a missing one: NotFound.
    """
    if context.actor.sees_every_project:
        require(context, permission)
        return
    roles = await queries.select_project_roles(
        context.database, context.organization_id, project_id, context.user_id
    )
    if not roles:
        raise errors.NotFound(f"There is no project with id {project_id}.")
    ceiling = context.actor.ceiling
    if (ceiling is not None and permission not in ceiling) or not any(
        permission in rules.ROLES[role].permissions for role in roles
    ):
        raise errors.NotPermitted(f"Your role in this project does not allow you to {permission}.")


async def check_labeler(context: Context, project_id: str, user_id: str) -> None:
    """Raises NotFound unless there is such a user, Malformed unless that user may label in the project."""
    roles = await queries.select_roles_in_project(
        context.database, context.organization_id, project_id, user_id
    )
    if roles is None:
        raise errors.NotFound(f"There is no user with id {user_id}.")
    if not any(Permission.LABEL in rules.ROLES[role].permissions for role in roles):
        raise errors.Malformed(f"User {user_id} may not label in this project.")


async def may_in_project(context: Context, permission: Permission, project_id: str) -> bool:
    """Whether `require_in_project` would let the caller pass."""
    try:
        await require_in_project(context, permission, project_id)
    except (errors.NotPermitted, errors.NotFound):
        return False
    return True


async def grant(context: Context, *, project_id: str, user_id: str, role_id: str) -> str:
    """Gives a user a role in a project (None takes it away); the membership's id."""
    await require_in_project(context, Permission.MANAGE_PROJECT_MEMBERS, project_id)
    role = rules.role_of_id(role_id)
    await note(context, f"grant {role.name}", f"{project_id} {user_id}")
    return await queries.upsert_membership(
        context.database, context.organization_id, project_id, user_id, new_id(), role.key
    )


async def grant_all(context: Context, *, user_ids: list[str], projects: list[tuple[str, str]]) -> None:
    """Gives users roles in projects (pairs of project and role key); administrators only.

    Raises NotFound for a project that is not there.
    """
    require(context, Permission.MANAGE_ORGANIZATION)
    await check_projects(context, [project_id for project_id, _ in projects])
    if user_ids and projects:
        ids = new_ids(len(user_ids) * len(projects))
        await queries.upsert_memberships(context.database, context.organization_id, user_ids, ids, projects)
        for project_id, role in projects:
            await note(context, f"grant {role}", f"{project_id} {' '.join(user_ids)}")


async def check_projects(context: Context, project_ids: list[str]) -> None:
    """Raises NotFound with the first of the ids that is no live project of the organization."""
    known = await queries.select_live_projects(context.database, context.organization_id, project_ids)
    for project_id in project_ids:
        if project_id not in known:
            raise errors.NotFound(f"There is no project with id {project_id}.")


async def end_access(database: Database, *, organization_id: str, user_id: str, actor_id: str) -> None:
    """Keys, sessions and roles in projects end at once; the caller has permitted it."""
    left = await queries.end_access(database, organization_id, user_id)
    changes = [
        GroupChange(group_id, GroupEvent.MEMBER_REMOVED, user_id, previous_role=role)
        for group_id, role in left
    ]
    await note_group_changes(database, organization_id, actor_id, changes)


async def note_group_changes(
    database: Database, organization_id: str, actor_id: str, changes: Sequence[GroupChange]
) -> None:
    """Keeps what somebody did to user groups, before a group that is deleted is gone."""
    if changes:
        await queries.insert_group_changes(
            database, organization_id, actor_id, new_ids(len(changes)), changes
        )


async def open_session(database: Database, organization_id: str, user_id: str, days: int) -> str:
    """A new browser session; the token for its cookie."""
    token = rules.new_secret()
    await queries.insert_session(
        database,
        organization_id,
        new_id(),
        user_id,
        rules.hash_secret(token),
        datetime.now(UTC) + timedelta(days=days),
    )
    return token


async def close_session(database: Database, token: str) -> None:
    """Ends a browser session."""
    await queries.end_session(database, rules.hash_secret(token))


async def create_sign_in_link(context: Context) -> str:
    """The token of a link that signs the caller in once, within 12 hours."""
    require(context, Permission.VIEW)
    token = rules.new_secret()
    await queries.insert_sign_in_link(
        context.database,
        context.organization_id,
        new_id(),
        context.user_id,
        rules.hash_secret(token),
        context.now + _LINK_LIFE,
    )
    return token


async def take_sign_in_link(database: Database, token: str) -> tuple[str, str] | None:
    """Organization and user of a one-time link, which is used up by this; None when it does not count."""
    return await queries.use_sign_in_link(database, rules.hash_secret(token))


async def add_first_key(database: Database, *, organization_id: str, user_id: str, key: str) -> None:
    """The administrator's first key, made before anybody could ask for one."""
    await queries.insert_api_key(
        database,
        NewApiKey(
            organization_id,
            new_id(),
            user_id,
            "first key",
            key[:7],
            rules.hash_secret(key),
            None,
            user_id,
            None,
        ),
    )


async def create_api_key(
    context: Context, *, name: str, email: str, role: str | None, seconds: int | None
) -> CreatedApiKey:
    """A new API key for a user; for other users than oneself only administrators. The key is shown this once.

    Everybody may make keys of their own, also who has a role only in projects; such a key may do there what they may.
    """
    if email.lower() != context.actor.email.lower():
        require(context, Permission.MANAGE_ORGANIZATION)
    if not name.strip():
        raise errors.Malformed("An API key needs a name.")
    user = await queries.select_user_with_email(context.database, context.organization_id, email)
    if user is None:
        raise errors.NotFound(f"There is no user with e-mail {email}.")
    key_role = rules.role_named(role) if role else None
    if key_role is not None and not key_role.permissions <= context.actor.permissions:
        raise errors.NotPermitted(f"You cannot give a key the role {key_role.name}: it may do more than you.")
    if key_role is None and context.actor.ceiling is not None:
        raise errors.NotPermitted("A key with a role cannot make one without.")
    life = rules.check_key_life(seconds)
    secret, key_id = rules.new_secret(), new_id()
    await queries.insert_api_key(
        context.database,
        NewApiKey(
            context.organization_id,
            key_id,
            user[0],
            name,
            secret[:7],
            rules.hash_secret(secret),
            key_role.key if key_role else None,
            context.user_id,
            context.now + life if life else None,
        ),
    )
    await note(context, "create API key", key_id)
    return CreatedApiKey(key_id, secret)


async def revoke_api_key(context: Context, *, key_id: str) -> ApiKeyId:
    """Revokes a key of one's own; administrators any. Raises NotFound."""
    owner = None if Permission.MANAGE_ORGANIZATION in context.actor.permissions else context.user_id
    if not await queries.revoke_api_key(context.database, context.organization_id, key_id, owner):
        raise errors.NotFound(f"There is no API key with id {key_id}.")
    await note(context, "revoke API key", key_id)
    return ApiKeyId(key_id)


async def api_keys_of(context: Context, user_ids: list[str]) -> list[ApiKeyInfo]:
    """The keys of these users that the caller may see: one's own, for administrators all."""
    if Permission.MANAGE_ORGANIZATION not in context.actor.permissions:
        user_ids = [user_id for user_id in user_ids if user_id == context.user_id]
    return await queries.select_api_keys(context.database, context.organization_id, user_ids)


async def note(context: Context, action: str, subject: str) -> None:
    """Writes the audit log's line for a state change."""
    await queries.insert_audit(
        context.database,
        context.organization_id,
        new_id(),
        context.user_id,
        context.actor.credential,
        action,
        subject,
    )


async def note_for(database: Database, organization_id: str, user_id: str, action: str, subject: str) -> None:
    """The audit log's line for what somebody did who could not yet sign in."""
    await queries.insert_audit(database, organization_id, new_id(), user_id, "", action, subject)


async def revoke_memberships(context: Context, *, project_id: str, user_ids: list[str]) -> int:
    """Takes project memberships away; how many there were."""
    await require_in_project(context, Permission.MANAGE_PROJECT_MEMBERS, project_id)
    await note(context, "take memberships away", project_id)
    return await queries.delete_memberships(context.database, context.organization_id, project_id, user_ids)
