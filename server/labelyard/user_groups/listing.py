"""What is inside groups, and what happened to them."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access import rules as access_rules
from labelyard.access.records import Permission
from labelyard.organizations.records import OrgRole
from labelyard.plumbing.context import Context
from labelyard.user_groups import queries, rules
from labelyard.user_groups.records import (
    EventFilter,
    EventRow,
    GroupMember,
    GroupMemberPage,
    GroupProject,
    GroupProjectPage,
    MemberRow,
    UserGroupAuditEvent,
    UserGroupAuditEventPage,
    UserGroupRole,
)

_ACTOR_KIND = "PERSON"
_MOST_EVENTS = 1_000


async def members_of(context: Context, group_ids: list[str]) -> list[GroupMemberPage]:
    """The members of each group."""
    found = await _members(context, group_ids)
    return [
        GroupMemberPage(
            [GroupMember(row.user_id, row.email, _org_role(row.org_role)) for row in found[key]],
            len(found[key]),
            [UserGroupRole(row.user_id, access_rules.ROLES[row.role].id) for row in found[key]],
        )
        for key in group_ids
    ]


async def csv_of(context: Context, group_ids: list[str]) -> list[str]:
    """The members of each group as a file."""
    found = await _members(context, group_ids)
    return [rules.members_csv(found[key]) for key in group_ids]


async def projects_of(context: Context, group_ids: list[str]) -> list[GroupProjectPage]:
    """The projects of each group."""
    found: dict[str, list[GroupProject]] = {key: [] for key in group_ids}
    rows = await queries.select_projects(context.database, context.organization_id, group_ids)
    for group_id, project_id, name in rows:
        found[group_id].append(GroupProject(project_id, name))
    return [GroupProjectPage(found[key], len(found[key])) for key in group_ids]


async def page_of_events(
    context: Context, where: dict[str, Any], *, first: int | None, after: str | None
) -> UserGroupAuditEventPage:
    """What was done to groups, newest first (administrators only); the members of `where` have their wire names."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    size = 100 if first is None else min(first, _MOST_EVENTS)
    if size < 1:
        raise errors.Malformed(f"first must be at least 1, not {size}.")
    if where.get("actorKind") not in (None, _ACTOR_KIND):  # people are the only ones who change groups here
        return UserGroupAuditEventPage([], None)
    wanted = EventFilter(
        where.get("groupId"),
        where.get("memberUserId"),
        where.get("actorUserId"),
        where.get("types"),
        where.get("projectId"),
        where.get("occurredAfter"),
        where.get("occurredBefore"),
    )
    rows = await queries.select_events(context.database, context.organization_id, wanted, after, size)
    return UserGroupAuditEventPage([_event(row) for row in rows], rows[-1].id if len(rows) == size else None)


async def _members(context: Context, group_ids: list[str]) -> dict[str, list[MemberRow]]:
    found: dict[str, list[MemberRow]] = {key: [] for key in group_ids}
    for row in await queries.select_members(context.database, context.organization_id, group_ids):
        found[row.group_id].append(row)
    return found


def _org_role(key: str) -> OrgRole:
    return OrgRole(access_rules.ROLES[key].id, access_rules.ROLES[key].name)


def _event(row: EventRow) -> UserGroupAuditEvent:
    before = access_rules.ROLES[row.previous_role] if row.previous_role else None
    now = access_rules.ROLES[row.role] if row.role else None
    return UserGroupAuditEvent(
        row.id,
        row.group_id,
        row.group_name,
        row.type,
        row.occurred_at,
        _ACTOR_KIND,
        row.channel,
        row.actor_id,
        None,
        row.member_id,
        before.id if before else None,
        before.name if before else None,
        now.id if now else None,
        now.name if now else None,
        row.project_id,
        row.project_name,
    )
