"""SQL for organizations and users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from labelyard.organizations.records import NewUser, UserAccount
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows


def organizations(context: Context) -> Rows:
    """The caller's organization."""
    return Rows(
        "organizations AS o",
        "o.id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "o.id",
    )


def users(context: Context) -> Rows:
    """Everybody who is or was in the organization: a removed user's labels keep their author."""
    return Rows(
        "users AS u",
        "u.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "u.id",
    )


def all_user_ids(context: Context) -> tuple[str, dict[str, str]]:
    """The ids of everybody in the organization."""
    return "SELECT id FROM users WHERE organization_id = %(organization_id)s", {
        "organization_id": context.organization_id
    }


LIVE_USERS = "u.deleted_at IS NULL"


async def count_organizations(db: Database) -> int:
    """How many organizations there are."""
    count: int = await db.fetch_value("SELECT count(*) FROM organizations")
    return count


async def insert_organization(db: Database, organization_id: str, name: str) -> None:
    """A new organization."""
    await db.execute(
        "INSERT INTO organizations (id, name) VALUES (%(id)s, %(name)s)",
        {"id": organization_id, "name": name},
    )


async def insert_user(db: Database, user: NewUser) -> None:
    """A new user."""
    await db.execute(
        "INSERT INTO users (organization_id, id, email, display_name, full_name, role, password_hash) VALUES"
        " (%(organization_id)s, %(id)s, %(email)s, %(display_name)s, %(display_name)s, %(role)s, %(password_hash)s)",
        asdict(user),
    )


async def insert_users(db: Database, organization_id: str, users: Sequence[NewUser]) -> None:
    """New users."""
    await db.execute(
        "INSERT INTO users (organization_id, id, email, display_name, full_name, role, password_hash)"
        " SELECT %(organization_id)s, id, email, name, name, role, password_hash FROM unnest(%(ids)s::text[],"
        " %(emails)s::text[], %(names)s::text[], %(roles)s::text[], %(hashes)s::text[])"
        " AS given(id, email, name, role, password_hash)",
        {
            "organization_id": organization_id,
            "ids": [user.id for user in users],
            "emails": [user.email for user in users],
            "names": [user.display_name for user in users],
            "roles": [user.role for user in users],
            "hashes": [user.password_hash for user in users],
        },
    )


async def hold_people(db: Database, organization_id: str) -> None:
    """Nobody else adds, invites, promotes or removes people until the transaction ends."""
    await db.hold(f"people {organization_id}")


async def select_live_emails(db: Database, organization_id: str, emails: Sequence[str]) -> set[str]:
    """Those of the e-mails, in lower case, that live users of the organization have."""
    return set(
        await db.fetch_column(
            "SELECT lower(email) FROM users WHERE organization_id = %(organization_id)s AND deleted_at IS NULL"
            " AND lower(email) = ANY(%(emails)s)",
            {"organization_id": organization_id, "emails": [email.lower() for email in emails]},
        )
    )


_ACCOUNT = (
    "SELECT u.organization_id, u.id, u.email, u.display_name, u.role, u.password_hash, o.name AS organization_name"
    " FROM users AS u JOIN organizations AS o ON o.id = u.organization_id WHERE u.deleted_at IS NULL AND "
)


async def select_accounts_of_email(db: Database, email: str) -> list[UserAccount]:
    """Live users with this e-mail, in any organization."""
    return await db.fetch_records(
        UserAccount, _ACCOUNT + "lower(u.email) = lower(%(email)s)", {"email": email}
    )


async def select_account(db: Database, organization_id: str, user_id: str) -> UserAccount | None:
    """One live user."""
    return await db.fetch_record(
        UserAccount,
        _ACCOUNT + "u.organization_id = %(organization_id)s AND u.id = %(id)s",
        {"organization_id": organization_id, "id": user_id},
    )


async def touch_sign_in(db: Database, organization_id: str, user_id: str) -> None:
    """The user signed in just now."""
    await db.execute(
        "UPDATE users SET last_login_at = now() WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": organization_id, "id": user_id},
    )


async def update_user(db: Database, organization_id: str, user_id: str, **values: Any) -> bool:
    """Changes role, password_hash or deleted_at; False when there is no such live user."""
    assignments = ", ".join(f"{name} = %({name})s" for name in values)
    return (
        await db.execute(
            f"UPDATE users SET {assignments}, updated_at = now()"
            " WHERE organization_id = %(organization_id)s AND id = %(id)s AND deleted_at IS NULL",
            {**values, "organization_id": organization_id, "id": user_id},
        )
        == 1
    )


async def count_other_admins(db: Database, organization_id: str, user_id: str) -> int:
    """Live administrators besides this user."""
    count: int = await db.fetch_value(
        "SELECT count(*) FROM users WHERE organization_id = %(organization_id)s AND id <> %(id)s"
        " AND role = 'ADMIN' AND deleted_at IS NULL",
        {"organization_id": organization_id, "id": user_id},
    )
    return count
