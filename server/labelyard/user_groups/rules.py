"""What a group may be like, and what changes between two states of one."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping

from labelyard import errors
from labelyard.access.records import GroupChange, GroupEvent
from labelyard.user_groups.records import MemberRow, Members, Person

COLORS = ("9EC5FF", "CEB8FF", "FFB35F", "4ED2F9", "FFAEA9", "FFA9D5", "3FDC9A", "E7BF00", "B8C4D3")
_LONGEST_NAME = 200
_LONGEST_DESCRIPTION = 10_000


def check_name(name: str) -> str:
    """The name. Raises Malformed when it is blank or too long."""
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise errors.Malformed(
            f"The name of a user group has 1 to {_LONGEST_NAME} characters that are not all blank."
        )
    return name


def check_color(color: str) -> str:
    """One of the nine colours, as it is kept. Raises Malformed."""
    kept = color.removeprefix("#").upper()
    if kept not in COLORS:
        raise errors.Malformed(f'"{color}" is not a colour of user groups: {", ".join(COLORS)}.')
    return kept


def check_description(text: str) -> str:
    """The description. Raises Malformed when it is too long."""
    if len(text) > _LONGEST_DESCRIPTION:
        raise errors.Malformed(
            f"A description has at most {_LONGEST_DESCRIPTION} characters, not {len(text)}."
        )
    return text


def check_people(ids: Iterable[str], known: Mapping[str, Person], *, without_role: bool) -> None:
    """Raises Malformed for an id of nobody and, when asked to, for somebody with an organization role."""
    for user_id in ids:
        person = known.get(user_id)
        if person is None:
            raise errors.Malformed(f"There is no user with id {user_id}.")
        if without_role and person.role != "NONE":
            raise errors.Malformed(f"{person.email} has a role in the whole organization and needs no group.")


def replaced(
    group_id: str, current: Mapping[str, str], wanted: Mapping[str, str], *, channel: str = "API"
) -> Members:
    """What turns one set of members with roles into another."""
    put = {user_id: role for user_id, role in wanted.items() if current.get(user_id) != role}
    gone = [user_id for user_id in current if user_id not in wanted]
    changes = [
        GroupChange(
            group_id,
            GroupEvent.MEMBER_ROLE_CHANGED if user_id in current else GroupEvent.MEMBER_ADDED,
            user_id,
            current.get(user_id),
            role,
            channel=channel,
        )
        for user_id, role in put.items()
    ]
    changes += [
        GroupChange(group_id, GroupEvent.MEMBER_REMOVED, user_id, current[user_id]) for user_id in gone
    ]
    return Members(put, gone, changes)


def project_changes(group_id: str, current: Collection[str], wanted: Collection[str]) -> list[GroupChange]:
    """The events of another set of projects."""
    added = [key for key in wanted if key not in current]
    gone = [key for key in current if key not in wanted]
    return [GroupChange(group_id, GroupEvent.ATTACHED, project_id=key) for key in added] + [
        GroupChange(group_id, GroupEvent.DETACHED, project_id=key) for key in gone
    ]


def emails_of_csv(text: str) -> list[str]:
    """The column `email` of a file. Raises Malformed when there is none."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    head = [name.strip().lower() for name in rows[0]] if rows else []
    if "email" not in head:
        raise errors.Malformed('The first line of the file must name the column "email".')
    place = head.index("email")
    return [row[place].strip() for row in rows[1:] if len(row) > place and row[place].strip()]


def csv_of(lines: Iterable[tuple[str, ...]]) -> str:
    """Lines as a file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue()


def members_csv(members: Iterable[MemberRow]) -> str:
    """The members as a file that can be imported again."""
    return csv_of([("Email",), *((member.email,) for member in members)])


def judged_emails(
    emails: Iterable[str], known: Mapping[str, Person], current: Collection[str]
) -> list[tuple[str, str, str, str | None]]:
    """E-mail, what becomes of it, why, and the id of the user who is to be added."""
    seen: set[str] = set(current)
    judged: list[tuple[str, str, str, str | None]] = []
    for email in emails:
        person = known.get(email.lower())
        if person is None:
            judged.append((email, "Not added", "There is no user with this e-mail.", None))
        elif person.role != "NONE":
            why = "The user has a role in the whole organization and needs no group."
            judged.append((email, "Not added", why, None))
        elif person.id in seen:
            judged.append((email, "Not added", "The user is in the group already.", None))
        else:
            seen.add(person.id)
            judged.append((email, "Added", "", person.id))
    return judged
