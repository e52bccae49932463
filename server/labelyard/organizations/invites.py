"""Invite people, and let them in: a link takes the place of a mail (reference/access.md 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access import rules as access_rules
from labelyard.access.records import GroupChange, GroupEvent, Permission
from labelyard.organizations import actions, invite_queries, queries, rules
from labelyard.organizations.passwords import hash_password, password_fits
from labelyard.organizations.records import (
    InviteConnection,
    InviteLink,
    InviteOutcome,
    InvitesLimit,
    NewInvite,
    NewUser,
    OpenInvite,
    UserAccount,
)
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.ids import new_id, new_ids

_LIFE = timedelta(days=14)
MOST_AT_ONCE = 100
Grants = Sequence[tuple[str, str]]


async def invite(
    context: Context, *, emails: Sequence[str], role_id: str, projects: Grants, groups: Grants = ()
) -> list[InviteOutcome]:
    """Invites addresses; one outcome for each, in order (administrators only).

    `projects` and `groups` are pairs of an id and a role id; they go with the organization role None. Who is a member
    without an organization role gets the roles at once; an address with an open invitation keeps that one. Raises
    NotFound for a project, group or role that is not there, Malformed for roles that exclude each other.
    """
    access.require(context, Permission.MANAGE_ORGANIZATION)
    if len(emails) > MOST_AT_ONCE:
        raise errors.Malformed(f"At most {MOST_AT_ONCE} people are invited at once, not {len(emails)}.")
    role = access_rules.role_of_id(role_id)
    opened = rules.grants("project", projects)
    joined = rules.grants("user group", groups)
    if role.key != "NONE" and (opened or joined):
        raise errors.Malformed(
            f"Roles in projects and groups go with the organization role None, not with {role.name}."
        )
    await access.check_projects(context, [project_id for project_id, _ in opened])
    await _check_groups(context, [group_id for group_id, _ in joined])
    await queries.hold_people(context.database, context.organization_id)
    found = await invite_queries.select_known(context.database, context.organization_id, list(emails))
    outcomes = rules.outcomes(emails, found, has_grants=bool(opened or joined))
    await _invite_new(context, outcomes, role.key, opened, joined)
    added = [outcome.user_id for outcome in outcomes if outcome.status == "ADDED" and outcome.user_id]
    if added:
        await access.grant_all(context, user_ids=added, projects=opened)
        await _join(context.database, context.organization_id, added, joined, context.user_id)
    return outcomes


async def _invite_new(
    context: Context, outcomes: list[InviteOutcome], role: str, projects: Grants, groups: Grants
) -> None:
    """Writes an invitation for every address that is INVITED or ADDED; the latter is kept as accepted."""
    new = [
        NewInvite(new_id(), outcome.email, access_rules.new_secret(), outcome.status == "ADDED")
        for outcome in outcomes
        if outcome.status in ("INVITED", "ADDED")
    ]
    if not new:
        return
    await invite_queries.insert_invites(
        context.database, context.organization_id, new, role, context.user_id, context.now + _LIFE
    )
    ids = [one.id for one in new]
    await invite_queries.insert_invite_grants(
        context.database, context.organization_id, ids, new_ids(len(ids) * len(projects)), projects, groups
    )
    by_email = {one.email.lower(): one for one in new}
    for outcome in outcomes:
        made = by_email.get(outcome.email.lower()) if outcome.status in ("INVITED", "ADDED") else None
        if made is not None:
            outcome.invite_id = made.id
            outcome.link = None if made.accepted else _link(context, made.token)
            await access.note(context, f"invite as {role}", made.id)


async def create_link(context: Context, *, invite_id: str) -> InviteLink:
    """A new link for an open invitation; the one before ends (administrators only). Raises NotFound."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    token = access_rules.new_secret()
    if not await invite_queries.update_link(
        context.database,
        context.organization_id,
        invite_id,
        access_rules.hash_secret(token),
        context.now + _LIFE,
    ):
        raise errors.NotFound(f"There is no open invitation with id {invite_id}.")
    await access.note(context, "make a link for an invitation", invite_id)
    return InviteLink(invite_id, _link(context, token))


async def cancel_invite(context: Context, *, invite_id: str) -> str:
    """Withdraws an open invitation (administrators only). Raises NotFound."""
    access.require(context, Permission.MANAGE_ORGANIZATION)
    if not await invite_queries.cancel_invite(context.database, context.organization_id, invite_id):
        raise errors.NotFound(f"There is no open invitation with id {invite_id}.")
    await access.note(context, "cancel invitation", invite_id)
    return invite_id


async def limit(context: Context) -> InvitesLimit:
    """How many seats are taken: every user and every open invitation takes one."""
    access.require(context, Permission.VIEW)
    used = await invite_queries.count_seats(context.database, context.organization_id)
    return InvitesLimit(used, rules.SEATS, rules.SEATS - used)


async def page_of_open(
    context: Context, *, after: str | None, first: int | None, project_id: str | None = None
) -> InviteConnection:
    """Open invitations, of a project when one is given.

    Administrators see all; who looks after the members of a project sees that project's.
    """
    if project_id is None:
        access.require(context, Permission.MANAGE_ORGANIZATION)
    else:
        await access.require_in_project(context, Permission.MANAGE_PROJECT_MEMBERS, project_id)
    size = first or 100
    if size < 1:
        raise errors.Malformed(f"first must be at least 1, not {size}.")
    ids = await invite_queries.select_open_ids(
        context.database, context.organization_id, project_id, after or "", size
    )
    return InviteConnection(ids, ids[-1] if len(ids) == size else None)


async def of_token(database: Database, token: str) -> OpenInvite:
    """The invitation behind a link. Raises NotFound, with the same words whatever is wrong with the link."""
    found = await invite_queries.select_of_token(database, access_rules.hash_secret(token))
    if found is None:
        raise errors.NotFound("This invitation was used, withdrawn or has expired. Ask for a new one.")
    return found


async def accept(database: Database, *, token: str, name: str | None, password: str) -> UserAccount:
    """Makes the invited person a user with what the invitation gives, and uses the link up.

    Who was here before and was removed comes back as the same user. Who belongs to another organization of this
    server proves it with the password and leaves that one. Raises NotFound for a link that does not count,
    NotAuthenticated for a wrong password, Malformed for one that is too short.
    """
    found = await of_token(database, token)
    await queries.hold_people(database, found.organization_id)
    for account in await queries.select_accounts_of_email(database, found.email):
        if account.organization_id == found.organization_id:
            raise errors.Conflict(f"{found.email} is a member already.")
        if not (account.password_hash and password_fits(account.password_hash, password)):
            raise errors.NotAuthenticated(
                f"{found.email} has an account on this server already: accept with its password."
            )
        await actions.leave(database, account)
    rules.check_password(password)
    if not await invite_queries.take_invite(database, found.organization_id, found.id):
        raise errors.NotFound("This invitation was used, withdrawn or has expired. Ask for a new one.")
    user = NewUser(
        found.organization_id,
        new_id(),
        found.email,
        (name or "").strip() or found.email.partition("@")[0],
        found.role,
        hash_password(password),
    )
    user_id = await invite_queries.revive_user(database, user)
    if user_id is None:
        await queries.insert_user(database, user)
        user_id = user.id
    await invite_queries.insert_promised_memberships(database, found.organization_id, found.id, user_id)
    groups = await invite_queries.select_invite_groups(database, found.organization_id, found.id)
    await _join(database, found.organization_id, [user_id], groups, user_id)
    await access.note_for(database, found.organization_id, user_id, "accept invitation", found.id)
    return await actions.account_of(database, organization_id=found.organization_id, user_id=user_id)


async def _join(
    database: Database, organization_id: str, user_ids: list[str], groups: Grants, actor_id: str
) -> None:
    """Puts users into groups that are still there (pairs of group and role key)."""
    if not groups:
        return
    came = await invite_queries.insert_group_members(database, organization_id, user_ids, groups)
    changes = [
        GroupChange(group_id, GroupEvent.MEMBER_ADDED, user_id, role=role) for group_id, user_id, role in came
    ]
    await access.note_group_changes(database, organization_id, actor_id, changes)


async def _check_groups(context: Context, group_ids: list[str]) -> None:
    known = await invite_queries.select_known_groups(context.database, context.organization_id, group_ids)
    for group_id in group_ids:
        if group_id not in known:
            raise errors.NotFound(f"There is no user group with id {group_id}.")


def _link(context: Context, token: str) -> str:
    return f"{context.base_url}/invite/{token}"
