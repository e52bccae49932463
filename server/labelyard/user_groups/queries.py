"""SQL for user groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.scalars import MOMENT_SQL
from labelyard.plumbing.source import Rows
from labelyard.user_groups.records import EventFilter, EventRow, GroupRecord, MemberRow, Person

CREATOR = (
    "(SELECT maker.display_name FROM users AS maker"
    " WHERE maker.organization_id = ug.organization_id AND maker.id = ug.created_by)"
)


def groups(context: Context) -> Rows:
    """The groups of the organization."""
    return Rows(
        "user_groups AS ug",
        "ug.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "ug.id",
    )


async def insert_group(db: Database, organization_id: str, group: GroupRecord, created_by: str) -> bool:
    """A new group; False when the name is taken."""
    return (
        await db.execute(
            "INSERT INTO user_groups (organization_id, id, name, color, description, created_by) VALUES"
            " (%(organization_id)s, %(id)s, %(name)s, %(color)s, %(description)s, %(created_by)s)"
            " ON CONFLICT DO NOTHING",
            {**asdict(group), "organization_id": organization_id, "created_by": created_by},
        )
        == 1
    )


async def select_group(db: Database, organization_id: str, group_id: str) -> GroupRecord | None:
    """One group, locked until the transaction ends."""
    return await db.fetch_record(
        GroupRecord,
        "SELECT id, name, color, description FROM user_groups"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s FOR UPDATE",
        {"organization_id": organization_id, "id": group_id},
    )


async def has_group(db: Database, organization_id: str, group_id: str) -> bool:
    """Whether there is such a group."""
    found: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM user_groups WHERE organization_id = %(organization_id)s AND id = %(id)s)",
        {"organization_id": organization_id, "id": group_id},
    )
    return found


async def is_taken(db: Database, organization_id: str, group_id: str, name: str) -> bool:
    """Whether another group has this name."""
    taken: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM user_groups WHERE organization_id = %(organization_id)s"
        " AND name = %(name)s AND id <> %(id)s)",
        {"organization_id": organization_id, "id": group_id, "name": name},
    )
    return taken


async def update_group(db: Database, organization_id: str, group: GroupRecord) -> None:
    """Another name, colour or description."""
    await db.execute(
        "UPDATE user_groups SET name = %(name)s, color = %(color)s, description = %(description)s,"
        " updated_at = now() WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {**asdict(group), "organization_id": organization_id},
    )


async def delete_group(db: Database, organization_id: str, group_id: str) -> None:
    """The group with its members and projects; its events stay."""
    for table, column in (
        ("user_group_members", "group_id"),
        ("user_group_projects", "group_id"),
        ("user_groups", "id"),
    ):
        await db.execute(
            f"DELETE FROM {table} WHERE organization_id = %(organization_id)s AND {column} = %(id)s",
            {"organization_id": organization_id, "id": group_id},
        )


async def select_roles(db: Database, organization_id: str, group_id: str) -> dict[str, str]:
    """The members' roles by user."""
    rows = await db.fetch_all(
        "SELECT user_id, role FROM user_group_members"
        " WHERE organization_id = %(organization_id)s AND group_id = %(id)s",
        {"organization_id": organization_id, "id": group_id},
    )
    return {row[0]: row[1] for row in rows}


async def put_members(
    db: Database, organization_id: str, group_id: str, roles: Mapping[str, str], gone: Sequence[str]
) -> None:
    """Adds members, changes roles, and takes members out."""
    params = {
        "organization_id": organization_id,
        "id": group_id,
        "users": list(roles),
        "roles": list(roles.values()),
        "gone": list(gone),
    }
    if gone:
        await db.execute(
            "DELETE FROM user_group_members WHERE organization_id = %(organization_id)s AND group_id = %(id)s"
            " AND user_id = ANY(%(gone)s)",
            params,
        )
    if roles:
        await db.execute(
            "INSERT INTO user_group_members (organization_id, group_id, user_id, role)"
            " SELECT %(organization_id)s, %(id)s, user_id, role"
            " FROM unnest(%(users)s::text[], %(roles)s::text[]) AS given(user_id, role)"
            " ON CONFLICT (organization_id, group_id, user_id) DO UPDATE SET role = excluded.role",
            params,
        )


async def select_project_ids(db: Database, organization_id: str, group_id: str) -> list[str]:
    """The live projects of a group."""
    return await db.fetch_column(
        "SELECT p.id FROM user_group_projects AS gp JOIN projects AS p"
        " ON p.organization_id = gp.organization_id AND p.id = gp.project_id AND p.deleted_at IS NULL"
        " WHERE gp.organization_id = %(organization_id)s AND gp.group_id = %(id)s",
        {"organization_id": organization_id, "id": group_id},
    )


async def put_projects(
    db: Database, organization_id: str, group_id: str, added: Sequence[str], gone: Sequence[str]
) -> None:
    """Adds projects and takes projects away."""
    params = {"organization_id": organization_id, "id": group_id, "added": list(added), "gone": list(gone)}
    if gone:
        await db.execute(
            "DELETE FROM user_group_projects WHERE organization_id = %(organization_id)s AND group_id = %(id)s"
            " AND project_id = ANY(%(gone)s)",
            params,
        )
    if added:
        await db.execute(
            "INSERT INTO user_group_projects (organization_id, group_id, project_id)"
            " SELECT %(organization_id)s, %(id)s, given.id FROM unnest(%(added)s::text[]) AS given(id)"
            " ON CONFLICT DO NOTHING",
            params,
        )


_PERSON = "SELECT id, email, role FROM users WHERE organization_id = %(organization_id)s AND deleted_at IS NULL AND "


async def select_people(db: Database, organization_id: str, user_ids: Sequence[str]) -> dict[str, Person]:
    """Live users by id."""
    found = await db.fetch_records(
        Person, _PERSON + "id = ANY(%(ids)s)", {"organization_id": organization_id, "ids": list(user_ids)}
    )
    return {person.id: person for person in found}


async def select_people_by_email(
    db: Database, organization_id: str, emails: Sequence[str]
) -> dict[str, Person]:
    """Live users by e-mail in lower case."""
    found = await db.fetch_records(
        Person,
        _PERSON + "lower(email) = ANY(%(emails)s)",
        {"organization_id": organization_id, "emails": [email.lower() for email in emails]},
    )
    return {person.email.lower(): person for person in found}


async def select_members(db: Database, organization_id: str, group_ids: Sequence[str]) -> list[MemberRow]:
    """The members of groups, by e-mail."""
    return await db.fetch_records(
        MemberRow,
        "SELECT m.group_id, u.id AS user_id, u.email, u.role AS org_role, m.role"
        " FROM user_group_members AS m JOIN users AS u ON u.organization_id = m.organization_id"
        " AND u.id = m.user_id WHERE m.organization_id = %(organization_id)s AND m.group_id = ANY(%(ids)s)"
        " ORDER BY u.email, u.id",
        {"organization_id": organization_id, "ids": list(group_ids)},
    )


async def select_projects(
    db: Database, organization_id: str, group_ids: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Group, id and name of the live projects of groups."""
    rows = await db.fetch_all(
        "SELECT gp.group_id, p.id, p.name FROM user_group_projects AS gp JOIN projects AS p"
        " ON p.organization_id = gp.organization_id AND p.id = gp.project_id AND p.deleted_at IS NULL"
        " WHERE gp.organization_id = %(organization_id)s AND gp.group_id = ANY(%(ids)s) ORDER BY p.id",
        {"organization_id": organization_id, "ids": list(group_ids)},
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def select_page(db: Database, organization_id: str, after: str, first: int) -> list[str]:
    """A page of group ids."""
    return await db.fetch_column(
        "SELECT id FROM user_groups WHERE organization_id = %(organization_id)s AND id > %(after)s"
        " ORDER BY id LIMIT %(first)s",
        {"organization_id": organization_id, "after": after, "first": first},
    )


async def count_groups(db: Database, organization_id: str) -> int:
    """How many groups there are."""
    count: int = await db.fetch_value(
        "SELECT count(*) FROM user_groups WHERE organization_id = %(organization_id)s",
        {"organization_id": organization_id},
    )
    return count


async def select_events(
    db: Database, organization_id: str, wanted: EventFilter, before_id: str | None, first: int
) -> list[EventRow]:
    """A page of events, newest first."""
    columns = {
        "group_id": "e.group_id = %(group_id)s",
        "member_id": "e.member_id = %(member_id)s",
        "actor_id": "e.actor_id = %(actor_id)s",
        "types": "e.type = ANY(%(types)s)",
        "project_id": "e.project_id = %(project_id)s",
        "after": "e.occurred_at > %(after)s",
        "before": "e.occurred_at < %(before)s",
    }
    params: dict[str, Any] = {name: getattr(wanted, name) for name in columns}
    given = [sql for name, sql in columns.items() if params[name] is not None]
    if before_id is not None:
        given.append("e.id < %(before_id)s")
    conditions = "".join(f" AND {sql}" for sql in given)
    return await db.fetch_records(
        EventRow,
        "SELECT e.id, e.group_id, e.group_name, e.type,"
        f" {MOMENT_SQL.format('e.occurred_at')} AS occurred_at, e.actor_id, e.member_id, e.previous_role, e.role,"
        " e.project_id, p.name AS project_name, e.channel FROM user_group_events AS e LEFT JOIN projects AS p"
        " ON p.organization_id = e.organization_id AND p.id = e.project_id"
        f" WHERE e.organization_id = %(organization_id)s{conditions} ORDER BY e.id DESC LIMIT %(first)s",
        {**params, "organization_id": organization_id, "before_id": before_id, "first": first},
    )
