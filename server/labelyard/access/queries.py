"""SQL for keys, sessions and memberships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from labelyard.access.records import ApiKeyInfo, Credential, GroupChange, NewApiKey
from labelyard.plumbing.database import Database
from labelyard.plumbing.scalars import MOMENT_SQL


async def select_credential_of_key(db: Database, key_hash: bytes) -> Credential | None:
    """The bearer of an API key that still counts."""
    return await db.fetch_record(
        Credential,
        "SELECT k.organization_id, k.user_id, u.email, u.role AS user_role, k.role AS key_role,"
        " k.id AS credential"
        " FROM api_keys k JOIN users u ON u.organization_id = k.organization_id AND u.id = k.user_id"
        " WHERE k.key_hash = %(key_hash)s AND k.revoked_at IS NULL AND u.deleted_at IS NULL"
        " AND (k.expires_at IS NULL OR k.expires_at > now())",
        {"key_hash": key_hash},
    )


async def select_credential_of_session(db: Database, token_hash: bytes) -> Credential | None:
    """The bearer of a session that still counts."""
    return await db.fetch_record(
        Credential,
        "SELECT s.organization_id, s.user_id, u.email, u.role AS user_role, NULL AS key_role,"
        " s.id AS credential"
        " FROM sessions s JOIN users u ON u.organization_id = s.organization_id AND u.id = s.user_id"
        " WHERE s.token_hash = %(token_hash)s AND s.ended_at IS NULL AND s.expires_at > now()"
        " AND u.deleted_at IS NULL",
        {"token_hash": token_hash},
    )


async def insert_session(
    db: Database, organization_id: str, session_id: str, user_id: str, token_hash: bytes, expires_at: datetime
) -> None:
    """A new session."""
    await db.execute(
        "INSERT INTO sessions (organization_id, id, user_id, token_hash, expires_at)"
        " VALUES (%(organization_id)s, %(id)s, %(user_id)s, %(token_hash)s, %(expires_at)s)",
        {
            "organization_id": organization_id,
            "id": session_id,
            "user_id": user_id,
            "token_hash": token_hash,
            "expires_at": expires_at,
        },
    )


async def end_session(db: Database, token_hash: bytes) -> None:
    """The session counts no longer."""
    await db.execute(
        "UPDATE sessions SET ended_at = now() WHERE token_hash = %(token_hash)s AND ended_at IS NULL",
        {"token_hash": token_hash},
    )


async def insert_sign_in_link(
    db: Database, organization_id: str, link_id: str, user_id: str, token_hash: bytes, expires_at: datetime
) -> None:
    """A new one-time link."""
    await db.execute(
        "INSERT INTO sign_in_links (organization_id, id, user_id, token_hash, expires_at)"
        " VALUES (%(organization_id)s, %(id)s, %(user_id)s, %(token_hash)s, %(expires_at)s)",
        {
            "organization_id": organization_id,
            "id": link_id,
            "user_id": user_id,
            "token_hash": token_hash,
            "expires_at": expires_at,
        },
    )


async def use_sign_in_link(db: Database, token_hash: bytes) -> tuple[str, str] | None:
    """Takes the link; organization and user, or None when it was used, expired or never made."""
    row = await db.fetch_one(
        "UPDATE sign_in_links SET used_at = now()"
        " WHERE token_hash = %(token_hash)s AND used_at IS NULL AND expires_at > now()"
        " RETURNING organization_id, user_id",
        {"token_hash": token_hash},
    )
    return None if row is None else (row[0], row[1])


async def insert_api_key(db: Database, key: NewApiKey) -> None:
    """A new key."""
    await db.execute(
        "INSERT INTO api_keys (organization_id, id, user_id, name, prefix, key_hash, role, created_by, expires_at)"
        " VALUES (%(organization_id)s, %(id)s, %(user_id)s, %(name)s, %(prefix)s, %(key_hash)s, %(role)s,"
        " %(created_by)s, %(expires_at)s)",
        asdict(key),
    )


async def revoke_api_key(db: Database, organization_id: str, key_id: str, user_id: str | None) -> bool:
    """The key counts no longer; False when there is none (of this user, when one is given)."""
    return (
        await db.execute(
            "UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()), updated_at = now()"
            " WHERE organization_id = %(organization_id)s AND id = %(id)s"
            " AND (%(user_id)s::text IS NULL OR user_id = %(user_id)s)",
            {"organization_id": organization_id, "id": key_id, "user_id": user_id},
        )
        == 1
    )


async def select_api_keys(db: Database, organization_id: str, user_ids: list[str]) -> list[ApiKeyInfo]:
    """The keys of these users, oldest first."""
    created, updated = MOMENT_SQL.format("k.created_at"), MOMENT_SQL.format("k.updated_at")
    return await db.fetch_records(
        ApiKeyInfo,
        f"SELECT k.id, k.name, {created} AS created_at, {updated} AS updated_at,"
        " k.revoked_at IS NOT NULL AS revoked, extract(epoch FROM k.expires_at)::int AS expires_at_epoch,"
        " k.user_id, u.email AS user_email, k.created_by AS created_by_user_id,"
        " '{}'::text[] AS allowed_ip_cidrs"
        " FROM api_keys k JOIN users u ON u.organization_id = k.organization_id AND u.id = k.user_id"
        " WHERE k.organization_id = %(organization_id)s AND k.user_id = ANY(%(user_ids)s) ORDER BY k.id",
        {"organization_id": organization_id, "user_ids": user_ids},
    )


async def select_user_with_email(db: Database, organization_id: str, email: str) -> tuple[str, str] | None:
    """Id and role of a live user."""
    row = await db.fetch_one(
        "SELECT id, role FROM users WHERE organization_id = %(organization_id)s"
        " AND lower(email) = lower(%(email)s) AND deleted_at IS NULL",
        {"organization_id": organization_id, "email": email},
    )
    return None if row is None else (row[0], row[1])


async def select_project_roles(
    db: Database, organization_id: str, project_id: str, user_id: str
) -> list[str]:
    """The roles that a membership and user groups give."""
    return await db.fetch_column(
        "SELECT role FROM project_grants WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND user_id = %(user_id)s",
        {"organization_id": organization_id, "project_id": project_id, "user_id": user_id},
    )


async def select_roles_in_project(
    db: Database, organization_id: str, project_id: str, user_id: str
) -> list[str] | None:
    """The roles of a live user in a project, wherever they come from; None without such a user."""
    roles: list[str] | None = await db.fetch_value(
        "SELECT CASE WHEN u.role <> 'NONE' THEN ARRAY[u.role] ELSE ARRAY(SELECT g.role FROM project_grants AS g"
        "  WHERE g.organization_id = u.organization_id AND g.project_id = %(project_id)s AND g.user_id = u.id) END"
        " FROM users AS u"
        " WHERE u.organization_id = %(organization_id)s AND u.id = %(user_id)s AND u.deleted_at IS NULL",
        {"organization_id": organization_id, "project_id": project_id, "user_id": user_id},
    )
    return roles


async def upsert_membership(
    db: Database, organization_id: str, project_id: str, user_id: str, membership_id: str, role: str
) -> str:
    """Gives or changes a membership; its id."""
    found: str = await db.fetch_value(
        "INSERT INTO project_memberships (organization_id, project_id, user_id, id, role)"
        " VALUES (%(organization_id)s, %(project_id)s, %(user_id)s, %(id)s, %(role)s)"
        " ON CONFLICT (organization_id, project_id, user_id) DO UPDATE SET role = excluded.role RETURNING id",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "user_id": user_id,
            "id": membership_id,
            "role": role,
        },
    )
    return found


async def delete_memberships(db: Database, organization_id: str, project_id: str, user_ids: list[str]) -> int:
    """Takes memberships away; how many there were."""
    return await db.execute(
        "DELETE FROM project_memberships WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND user_id = ANY(%(user_ids)s)",
        {"organization_id": organization_id, "project_id": project_id, "user_ids": user_ids},
    )


async def end_access(db: Database, organization_id: str, user_id: str) -> list[tuple[str, str]]:
    """Nothing that the user signs in with counts any more; the user groups they were in, each with the role there."""
    who = {"organization_id": organization_id, "user_id": user_id}
    of_user = "organization_id = %(organization_id)s AND user_id = %(user_id)s"
    for statement in (
        f"UPDATE api_keys SET revoked_at = now(), updated_at = now() WHERE {of_user} AND revoked_at IS NULL",
        f"UPDATE sessions SET ended_at = now() WHERE {of_user} AND ended_at IS NULL",
        f"UPDATE sign_in_links SET used_at = now() WHERE {of_user} AND used_at IS NULL",
        f"DELETE FROM project_memberships WHERE {of_user}",
    ):
        await db.execute(statement, who)
    left = await db.fetch_all(f"DELETE FROM user_group_members WHERE {of_user} RETURNING group_id, role", who)
    return [(row[0], row[1]) for row in left]


async def insert_group_changes(
    db: Database, organization_id: str, actor_id: str, ids: list[str], changes: Sequence[GroupChange]
) -> None:
    """What somebody did to user groups that are still there."""
    await db.execute(
        "INSERT INTO user_group_events (organization_id, id, group_id, group_name, type, actor_id, member_id,"
        " previous_role, role, project_id, channel) SELECT g.organization_id, given.id, g.id, g.name, given.type,"
        " %(actor_id)s, member_id, previous_role, role, project_id, channel FROM unnest(%(ids)s::text[],"
        " %(groups)s::text[], %(types)s::text[], %(members)s::text[], %(previous)s::text[], %(roles)s::text[],"
        " %(projects)s::text[], %(channels)s::text[])"
        " AS given(id, group_id, type, member_id, previous_role, role, project_id, channel)"
        " JOIN user_groups AS g ON g.organization_id = %(organization_id)s AND g.id = given.group_id",
        {
            "organization_id": organization_id,
            "actor_id": actor_id,
            "ids": ids,
            "groups": [change.group_id for change in changes],
            "types": [change.type.value for change in changes],
            "members": [change.member_id for change in changes],
            "previous": [change.previous_role for change in changes],
            "roles": [change.role for change in changes],
            "projects": [change.project_id for change in changes],
            "channels": [change.channel for change in changes],
        },
    )


async def upsert_memberships(
    db: Database,
    organization_id: str,
    user_ids: list[str],
    membership_ids: list[str],
    projects: list[tuple[str, str]],
) -> None:
    """Gives every user every role; `projects` are pairs of project and role, one id for each membership."""
    await db.execute(
        "INSERT INTO project_memberships (organization_id, project_id, user_id, id, role)"
        " SELECT %(organization_id)s, project_id, user_id,"
        " (%(ids)s::text[])[row_number() OVER (ORDER BY user_id, project_id)], role"
        " FROM unnest(%(users)s::text[]) AS given(user_id),"
        " unnest(%(projects)s::text[], %(roles)s::text[]) AS opened(project_id, role)"
        " ON CONFLICT (organization_id, project_id, user_id) DO UPDATE SET role = excluded.role",
        {
            "organization_id": organization_id,
            "users": user_ids,
            "ids": membership_ids,
            "projects": [project_id for project_id, _ in projects],
            "roles": [role for _, role in projects],
        },
    )


async def select_live_projects(db: Database, organization_id: str, project_ids: list[str]) -> set[str]:
    """Those of the ids that are live projects."""
    return set(
        await db.fetch_column(
            "SELECT id FROM projects WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s)"
            " AND deleted_at IS NULL",
            {"organization_id": organization_id, "ids": project_ids},
        )
    )


async def insert_audit(
    db: Database,
    organization_id: str,
    entry_id: str,
    user_id: str,
    credential: str,
    action: str,
    subject: str,
) -> None:
    """Notes who did what with which key."""
    await db.execute(
        "INSERT INTO audit_log (organization_id, id, user_id, credential, action, subject) VALUES"
        " (%(organization_id)s, %(id)s, %(user_id)s, %(credential)s, %(action)s, %(subject)s)",
        {
            "organization_id": organization_id,
            "id": entry_id,
            "user_id": user_id,
            "credential": credential,
            "action": action,
            "subject": subject,
        },
    )
