"""Make and change user groups, and put people into them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import GroupChange, GroupEvent, Permission
from labelyard.organizations import rules as people_rules
from labelyard.plumbing.context import Context
from labelyard.plumbing.multipart import Upload
from labelyard.user_groups import queries, rules
from labelyard.user_groups.records import (
    AddUsersToGroupResult,
    GroupRecord,
    ImportGroupCsvResult,
    Members,
    UserGroupPage,
)

DEFAULT_ROLE = "LABELER"  # of members whom a client adds without saying as what
_LARGEST_FILE = 10_000_000
_PAGE = 100


async def create_group(
    context: Context,
    *,
    name: str,
    color: str,
    description: str,
    project_ids: Sequence[str],
    members: Sequence[str] | Sequence[tuple[str, str]],
) -> str:
    """A new group; its id (administrators only).

    `members` are user ids, or pairs of user and role id; only in the second form must they be without an organization
    role. Raises Conflict for a name that is taken, Malformed for anything else that cannot be.
    """
    access.require(context, Permission.MANAGE_ORGANIZATION)
    group = GroupRecord(
        str(uuid.uuid4()),
        rules.check_name(name),
        rules.check_color(color),
        rules.check_description(description),
    )
    await _check_projects(context, project_ids)
    wanted = await _wanted(context, members, {})
    if not await queries.insert_group(context.database, context.organization_id, group, context.user_id):
        raise errors.Conflict(f'There already is a user group "{name}".')
    projects = list(dict.fromkeys(project_ids))
    await queries.put_projects(context.database, context.organization_id, group.id, projects, [])
    members_change = rules.replaced(group.id, {}, wanted)
    await _put_members(context, group, members_change)
    changes = [*rules.project_changes(group.id, [], projects), *members_change.changes]
    await _note(context, group, "create user group", changes)
    return group.id


async def update_group(
    context: Context,
    group_id: str,
    *,
    name: str,
    color: str,
    description: str | None,
    project_ids: Sequence[str],
    members: Sequence[str] | Sequence[tuple[str, str]] | None,
) -> str:
    """Makes the group what is given; without members those it has stay. Raises NotFound, Conflict, Malformed."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    before = await _group(context, group_id)
    group = replace(before, name=rules.check_name(name), color=rules.check_color(color))
    if description is not None:
        group = replace(group, description=rules.check_description(description))
    current = await queries.select_roles(context.database, context.organization_id, group_id)
    opened = await queries.select_project_ids(context.database, context.organization_id, group_id)
    await _check_projects(context, project_ids)
    wanted = current if members is None else await _wanted(context, members, current)
    if await queries.is_taken(context.database, context.organization_id, group_id, group.name):
        raise errors.Conflict(f'There already is a user group "{name}".')
    await queries.update_group(context.database, context.organization_id, group)
    projects = list(dict.fromkeys(project_ids))
    await queries.put_projects(
        context.database,
        context.organization_id,
        group_id,
        [key for key in projects if key not in opened],
        [key for key in opened if key not in projects],
    )
    members_change = rules.replaced(group.id, current, wanted)
    await _put_members(context, group, members_change)
    changes = [*rules.project_changes(group_id, opened, projects), *members_change.changes]
    await _note(context, group, "update user group", changes)
    return group_id


async def delete_group(context: Context, group_id: str) -> None:
    """Deletes a group; what it gave its members ends at once. Raises NotFound."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    group = await _group(context, group_id)
    await _note(context, group, "delete user group", [GroupChange(group_id, GroupEvent.DELETED)])
    await queries.delete_group(context.database, context.organization_id, group_id)


async def add_users(
    context: Context, group_id: str, user_roles: Sequence[tuple[str, str]]
) -> AddUsersToGroupResult:
    """Adds users with roles; who is in the group gets the role. Nothing is added when one of them cannot be."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    try:
        group = await _group(context, group_id)
        current = await queries.select_roles(context.database, context.organization_id, group_id)
        given = await _wanted(context, user_roles, current)
    except (errors.NotFound, errors.Malformed) as refused:
        return AddUsersToGroupResult(False, [], refused.message, None)
    change = rules.replaced(group.id, current, {**current, **given})
    await _put_members(context, group, change)
    await _note(context, group, "add users to group", change.changes)
    added = [user_id for user_id in change.put if user_id not in current]
    return AddUsersToGroupResult(True, added, None, None)


async def remove_users(context: Context, group_id: str, user_ids: Sequence[str]) -> None:
    """Takes users out. Raises NotFound for the group, Malformed for somebody who is not in it."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    group = await _group(context, group_id)
    current = await queries.select_roles(context.database, context.organization_id, group_id)
    for user_id in user_ids:
        if user_id not in current:
            raise errors.Malformed(f"The user {user_id} is not in the user group {group.name}.")
    change = rules.replaced(
        group.id, current, {key: role for key, role in current.items() if key not in set(user_ids)}
    )
    await _put_members(context, group, change)
    await _note(context, group, "remove users from group", change.changes)


async def import_csv(context: Context, group_id: str, role_id: str, file: Upload) -> ImportGroupCsvResult:
    """Adds the users of a file with a column `email`; the report says what became of each line.

    Raises NotFound for the group or the role, Malformed for a file that cannot be read.
    """
    access.require(context, Permission.MANAGE_ORGANIZATION)
    group = await _group(context, group_id)
    ((_, role),) = people_rules.grants("user group", [(group_id, role_id)])
    if file.size > _LARGEST_FILE:
        raise errors.Malformed(f"The file has {file.size} bytes; {_LARGEST_FILE} are the most.")
    try:
        emails = rules.emails_of_csv(file.path.read_bytes().decode())
    except UnicodeDecodeError:
        raise errors.Malformed("The file is not text in UTF-8.") from None
    known = await queries.select_people_by_email(context.database, context.organization_id, emails)
    current = await queries.select_roles(context.database, context.organization_id, group_id)
    judged = rules.judged_emails(emails, known, current)
    added = {user_id: role for *_, user_id in judged if user_id is not None}
    change = rules.replaced(group.id, current, {**current, **added}, channel="CSV_IMPORT")
    await _put_members(context, group, change)
    await _note(context, group, "import users into group", change.changes)
    report = rules.csv_of([("Email", "Result", "Error"), *(line[:3] for line in judged)])
    return ImportGroupCsvResult(report, len(added), len(judged))


async def existing_group(context: Context, group_id: str) -> str:
    """The id of a group that is there. Raises NotFound."""
    access.require(context, Permission.VIEW)
    if not await queries.has_group(context.database, context.organization_id, group_id):
        raise errors.NotFound(f"There is no user group with id {group_id}.")
    return group_id


async def page_of_groups(context: Context, *, after: str | None, first: int | None) -> UserGroupPage:
    """A page of groups."""
    access.require(context, Permission.VIEW)
    size = _PAGE if first is None else first
    if size < 1:
        raise errors.Malformed(f"first must be at least 1, not {size}.")
    ids = await queries.select_page(context.database, context.organization_id, after or "", size)
    total = await queries.count_groups(context.database, context.organization_id)
    return UserGroupPage(ids, ids[-1] if len(ids) == size else None, total)


async def _group(context: Context, group_id: str) -> GroupRecord:
    group = await queries.select_group(context.database, context.organization_id, group_id)
    if group is None:
        raise errors.NotFound(f"There is no user group with id {group_id}.")
    return group


async def _check_projects(context: Context, project_ids: Sequence[str]) -> None:
    try:
        await access.check_projects(context, list(project_ids))
    except errors.NotFound as missing:
        raise errors.Malformed(missing.message) from None


async def _wanted(
    context: Context, members: Sequence[str] | Sequence[tuple[str, str]], current: Mapping[str, str]
) -> dict[str, str]:
    """Role keys by user; who comes without a role keeps the one they have."""
    plain = [member for member in members if isinstance(member, str)]
    pairs = [member for member in members if not isinstance(member, str)]
    try:
        wanted = dict(people_rules.grants("user group", pairs))
    except errors.NotFound as missing:
        raise errors.Malformed(missing.message) from None
    known = await queries.select_people(context.database, context.organization_id, [*plain, *wanted])
    rules.check_people(plain, known, without_role=False)
    rules.check_people((key for key in wanted if key not in current), known, without_role=True)
    return {**{user_id: current.get(user_id, DEFAULT_ROLE) for user_id in plain}, **wanted}


async def _put_members(context: Context, group: GroupRecord, change: Members) -> None:
    await queries.put_members(context.database, context.organization_id, group.id, change.put, change.gone)


async def _note(context: Context, group: GroupRecord, action: str, changes: Sequence[GroupChange]) -> None:
    await access.note_group_changes(context.database, context.organization_id, context.user_id, changes)
    await access.note(context, action, group.id)
