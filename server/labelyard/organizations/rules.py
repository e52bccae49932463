"""Who can be invited as what, seats, passwords, tags."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from labelyard import errors
from labelyard.access import rules as access_rules
from labelyard.organizations.records import InviteOutcome, KnownAddress

SEATS = 2**31 - 1  # a server of one's own has as many seats as the wire can count
_SHORTEST_PASSWORD = 8
_LONGEST_PASSWORD = 1_000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_COLOR = re.compile(r"#?([0-9a-fA-F]{6})")
_LONGEST_TAG = 200


def is_email(text: str) -> bool:
    """Whether the text can be an e-mail address."""
    return len(text) <= 320 and _EMAIL.fullmatch(text) is not None


def check_email(text: str) -> str:
    """The address. Raises Malformed when it is none."""
    if not is_email(text):
        raise errors.Malformed(f'"{text}" is not an e-mail address.')
    return text


def check_password(password: str) -> None:
    """Raises Malformed for a password that is too short to protect anything, or absurdly long."""
    if not _SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise errors.Malformed(f"A password has at least {_SHORTEST_PASSWORD} characters.")


def grants(noun: str, given: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of id and role key out of pairs of id and role id; of one id the last counts.

    Raises NotFound for an unknown role, Malformed for one that gives nothing or more than a project holds.
    """
    found = {}
    for key, role_id in given:
        role = access_rules.role_of_id(role_id)
        if role.key in ("NONE", "TENANT_ADMIN"):
            raise errors.Malformed(f"{role.name} is not a role that can be given in a {noun}.")
        found[key] = role.key
    return list(found.items())


def outcomes(
    emails: Sequence[str], known: Mapping[str, KnownAddress], *, has_grants: bool
) -> list[InviteOutcome]:
    """What becomes of each address, given what is known of some (by address in lower case)."""
    seen: set[str] = set()
    found = []
    for email in emails:
        lower = email.lower()
        outcome = InviteOutcome(email, "INVITED")
        who = known.get(lower)
        if not is_email(email):
            outcome.status, outcome.reason = "INVALID_EMAIL", f'"{email}" is not an e-mail address.'
        elif lower in seen:
            outcome.status, outcome.reason = "DUPLICATE", f"{email} is in the list more than once."
        elif who is not None and who.user_id is not None:
            outcome.user_id = who.user_id
            if who.role == "NONE" and has_grants:
                outcome.status = "ADDED"
            else:
                outcome.status, outcome.reason = "ALREADY_MEMBER", f"{email} is a member already."
        elif who is not None:
            outcome.status, outcome.invite_id = "ALREADY_INVITED", who.invite_id
            outcome.reason = f"{email} has an open invitation."
        seen.add(lower)
        found.append(outcome)
    return found


def check_color(color: str) -> str:
    """The colour of a tag as it is kept, without `#`. Raises Malformed."""
    found = _COLOR.fullmatch(color)
    if found is None:
        raise errors.Malformed(f'"{color}" is not a colour: six hexadecimal digits, such as 008856.')
    return found[1]


def check_tag_text(text: str) -> str:
    """The text of a tag. Raises Malformed when it is blank or too long."""
    if not text.strip() or len(text) > _LONGEST_TAG:
        raise errors.Malformed(
            f"The text of a tag has 1 to {_LONGEST_TAG} characters, not {len(text.strip())}."
        )
    return text
