"""SQL for invitations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from labelyard.access import rules as access_rules
from labelyard.organizations.records import KnownAddress, NewInvite, NewUser, OpenInvite
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows

_OPEN = "i.accepted_at IS NULL AND i.cancelled_at IS NULL AND i.expires_at > now()"


def invites(context: Context) -> Rows:
    """Every invitation of the organization that is shown by its id."""
    return Rows(
        "invites AS i",
        "i.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "i.id",
    )


async def select_known(db: Database, organization_id: str, emails: list[str]) -> dict[str, KnownAddress]:
    """What is known of addresses, by address in lower case: a live user, else an open invitation."""
    rows = await db.fetch_records(
        KnownAddress,
        "SELECT lower(u.email) AS email, u.id AS user_id, u.role, NULL AS invite_id FROM users AS u"
        " WHERE u.organization_id = %(organization_id)s AND u.deleted_at IS NULL"
        " AND lower(u.email) = ANY(%(emails)s)"
        " UNION ALL SELECT lower(i.email), NULL, i.role, i.id FROM invites AS i"
        f" WHERE i.organization_id = %(organization_id)s AND {_OPEN} AND lower(i.email) = ANY(%(emails)s)",
        {"organization_id": organization_id, "emails": [email.lower() for email in emails]},
    )
    found: dict[str, KnownAddress] = {}
    for row in rows:
        if row.email not in found or row.user_id is not None:
            found[row.email] = row
    return found


async def insert_invites(
    db: Database,
    organization_id: str,
    invites: Sequence[NewInvite],
    role: str,
    inviter_id: str,
    expires_at: datetime,
) -> None:
    """New invitations, in place of those for the same addresses that have expired."""
    params = {
        "organization_id": organization_id,
        "role": role,
        "inviter_id": inviter_id,
        "expires_at": expires_at,
        "ids": [invite.id for invite in invites],
        "emails": [invite.email for invite in invites],
        "hashes": [access_rules.hash_secret(invite.token) for invite in invites],
        "accepted": [invite.accepted for invite in invites],
    }
    await db.execute(
        "UPDATE invites SET cancelled_at = expires_at WHERE organization_id = %(organization_id)s"
        " AND accepted_at IS NULL AND cancelled_at IS NULL AND expires_at <= now()"
        " AND lower(email) = ANY(SELECT lower(email) FROM unnest(%(emails)s::text[]) AS given(email))",
        params,
    )
    await db.execute(
        "INSERT INTO invites (organization_id, id, email, role, inviter_id, token_hash, expires_at, accepted_at)"
        " SELECT %(organization_id)s, id, email, %(role)s, %(inviter_id)s,"
        " CASE WHEN NOT accepted THEN token_hash END, %(expires_at)s,"
        " CASE WHEN accepted THEN now() END"
        " FROM unnest(%(ids)s::text[], %(emails)s::text[], %(hashes)s::bytea[], %(accepted)s::boolean[])"
        " AS given(id, email, token_hash, accepted)",
        params,
    )


async def insert_invite_grants(
    db: Database,
    organization_id: str,
    invite_ids: Sequence[str],
    ids: Sequence[str],
    projects: Sequence[tuple[str, str]],
    groups: Sequence[tuple[str, str]],
) -> None:
    """What every one of the invitations promises; `ids` has one for each invitation and project."""
    params = {
        "organization_id": organization_id,
        "invites": list(invite_ids),
        "ids": list(ids),
        "projects": [project_id for project_id, _ in projects],
        "project_roles": [role for _, role in projects],
        "groups": [group_id for group_id, _ in groups],
        "group_roles": [role for _, role in groups],
    }
    if projects:
        await db.execute(
            "INSERT INTO invite_projects (organization_id, invite_id, project_id, id, role)"
            " SELECT %(organization_id)s, invite_id, project_id,"
            " (%(ids)s::text[])[row_number() OVER (ORDER BY invite_id, project_id)], role"
            " FROM unnest(%(invites)s::text[]) AS made(invite_id),"
            " unnest(%(projects)s::text[], %(project_roles)s::text[]) AS given(project_id, role)",
            params,
        )
    if groups:
        await db.execute(
            "INSERT INTO invite_groups (organization_id, invite_id, group_id, role)"
            " SELECT %(organization_id)s, invite_id, group_id, role"
            " FROM unnest(%(invites)s::text[]) AS made(invite_id),"
            " unnest(%(groups)s::text[], %(group_roles)s::text[]) AS given(group_id, role)",
            params,
        )


async def insert_group_members(
    db: Database, organization_id: str, user_ids: list[str], groups: Sequence[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    """Puts users into groups; group, user and role of those who came. Who is in one already stays as they are."""
    rows = await db.fetch_all(
        "INSERT INTO user_group_members (organization_id, group_id, user_id, role)"
        " SELECT %(organization_id)s, g.id, user_id, joined.role FROM unnest(%(users)s::text[]) AS given(user_id),"
        " unnest(%(groups)s::text[], %(roles)s::text[]) AS joined(group_id, role)"
        " JOIN user_groups AS g ON g.organization_id = %(organization_id)s AND g.id = joined.group_id"
        " ON CONFLICT DO NOTHING RETURNING group_id, user_id, role",
        {
            "organization_id": organization_id,
            "users": user_ids,
            "groups": [group_id for group_id, _ in groups],
            "roles": [role for _, role in groups],
        },
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def select_invite_groups(db: Database, organization_id: str, invite_id: str) -> list[tuple[str, str]]:
    """Group and role of everything that an invitation promises in groups."""
    rows = await db.fetch_all(
        "SELECT group_id, role FROM invite_groups WHERE organization_id = %(organization_id)s"
        " AND invite_id = %(invite_id)s",
        {"organization_id": organization_id, "invite_id": invite_id},
    )
    return [(row[0], row[1]) for row in rows]


async def select_known_groups(db: Database, organization_id: str, group_ids: list[str]) -> set[str]:
    """Those of the ids that are user groups."""
    return set(
        await db.fetch_column(
            "SELECT id FROM user_groups WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s)",
            {"organization_id": organization_id, "ids": group_ids},
        )
    )


async def update_link(
    db: Database, organization_id: str, invite_id: str, token_hash: bytes, expires_at: datetime
) -> bool:
    """Another link, with a new life; False when there is no such open invitation."""
    return (
        await db.execute(
            "UPDATE invites AS i SET token_hash = %(token_hash)s, expires_at = %(expires_at)s"
            f" WHERE i.organization_id = %(organization_id)s AND i.id = %(id)s AND {_OPEN}",
            {
                "organization_id": organization_id,
                "id": invite_id,
                "token_hash": token_hash,
                "expires_at": expires_at,
            },
        )
        == 1
    )


async def cancel_invite(db: Database, organization_id: str, invite_id: str) -> bool:
    """Ends an invitation; False when there is no such open one."""
    return (
        await db.execute(
            "UPDATE invites AS i SET cancelled_at = now()"
            f" WHERE i.organization_id = %(organization_id)s AND i.id = %(id)s AND {_OPEN}",
            {"organization_id": organization_id, "id": invite_id},
        )
        == 1
    )


async def count_seats(db: Database, organization_id: str) -> int:
    """Live users and open invitations."""
    count: int = await db.fetch_value(
        "SELECT (SELECT count(*) FROM users WHERE organization_id = %(organization_id)s AND deleted_at IS NULL)"
        f" + (SELECT count(*) FROM invites AS i WHERE i.organization_id = %(organization_id)s AND {_OPEN})",
        {"organization_id": organization_id},
    )
    return count


async def select_open_ids(
    db: Database, organization_id: str, project_id: str | None, after: str, first: int
) -> list[str]:
    """A page of open invitations, oldest first; of a project when one is given."""
    return await db.fetch_column(
        f"SELECT i.id FROM invites AS i WHERE i.organization_id = %(organization_id)s AND {_OPEN}"
        " AND i.id > %(after)s AND (%(project_id)s::text IS NULL OR EXISTS (SELECT 1 FROM invite_projects AS ip"
        " WHERE ip.organization_id = i.organization_id AND ip.invite_id = i.id AND ip.project_id = %(project_id)s))"
        " ORDER BY i.id LIMIT %(first)s",
        {"organization_id": organization_id, "project_id": project_id, "after": after, "first": first},
    )


async def select_invite_projects(
    db: Database, organization_id: str, invite_ids: list[str]
) -> list[tuple[str, str, str, str]]:
    """Invitation, id, project and role of everything that invitations promise in live projects."""
    return [
        (row[0], row[1], row[2], row[3])
        for row in await db.fetch_all(
            "SELECT ip.invite_id, ip.id, ip.project_id, ip.role FROM invite_projects AS ip"
            " JOIN projects AS p ON p.organization_id = ip.organization_id AND p.id = ip.project_id"
            " WHERE ip.organization_id = %(organization_id)s AND ip.invite_id = ANY(%(ids)s)"
            " AND p.deleted_at IS NULL ORDER BY ip.id",
            {"organization_id": organization_id, "ids": invite_ids},
        )
    ]


async def select_of_token(db: Database, token_hash: bytes) -> OpenInvite | None:
    """The open invitation of a link, in any organization."""
    return await db.fetch_record(
        OpenInvite,
        "SELECT i.organization_id, i.id, i.email, i.role, o.name AS organization_name,"
        " u.display_name AS inviter_name FROM invites AS i JOIN organizations AS o ON o.id = i.organization_id"
        " JOIN users AS u ON u.organization_id = i.organization_id AND u.id = i.inviter_id"
        f" WHERE i.token_hash = %(token_hash)s AND {_OPEN}",
        {"token_hash": token_hash},
    )


async def take_invite(db: Database, organization_id: str, invite_id: str) -> bool:
    """Uses an invitation up; False when somebody was faster."""
    return (
        await db.execute(
            "UPDATE invites AS i SET accepted_at = now(), token_hash = NULL"
            f" WHERE i.organization_id = %(organization_id)s AND i.id = %(id)s AND {_OPEN}",
            {"organization_id": organization_id, "id": invite_id},
        )
        == 1
    )


async def revive_user(db: Database, user: NewUser) -> str | None:
    """Brings back the user with this e-mail who was removed last; None when there is none."""
    found: str | None = await db.fetch_value(
        "UPDATE users SET deleted_at = NULL, updated_at = now(), email = %(email)s,"
        " display_name = %(display_name)s, full_name = %(display_name)s, role = %(role)s,"
        " password_hash = %(password_hash)s"
        " WHERE organization_id = %(organization_id)s AND id = (SELECT id FROM users"
        " WHERE organization_id = %(organization_id)s AND lower(email) = lower(%(email)s)"
        " AND deleted_at IS NOT NULL ORDER BY deleted_at DESC LIMIT 1) RETURNING id",
        asdict(user),
    )
    return found


async def insert_promised_memberships(
    db: Database, organization_id: str, invite_id: str, user_id: str
) -> None:
    """What the invitation promises in projects, as far as they are still there."""
    await db.execute(
        "INSERT INTO project_memberships (organization_id, project_id, user_id, id, role)"
        " SELECT ip.organization_id, ip.project_id, %(user_id)s, ip.id, ip.role FROM invite_projects AS ip"
        " JOIN projects AS p ON p.organization_id = ip.organization_id AND p.id = ip.project_id"
        " WHERE ip.organization_id = %(organization_id)s AND ip.invite_id = %(invite_id)s AND p.deleted_at IS NULL"
        " ON CONFLICT (organization_id, project_id, user_id) DO UPDATE SET role = excluded.role",
        {"organization_id": organization_id, "invite_id": invite_id, "user_id": user_id},
    )
