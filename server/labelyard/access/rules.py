"""Which role may do what: one table (reference/access.md 4), and what a key must be like."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from labelyard import errors
from labelyard.access.records import Permission, Role

_P = Permission
_LABELER = {_P.VIEW, _P.LABEL, _P.EXPORT}
_REVIEWER = _LABELER | {_P.SEE_ALL_LABELS, _P.REVIEW}
_TEAM_MANAGER = _REVIEWER | {
    _P.DELETE_LABELS,
    _P.SEE_PERFORMANCE,
    _P.MANAGE_PROJECT_MEMBERS,
    _P.CLEAR_RESERVATIONS,
}
_PROJECT_LEAD = (_TEAM_MANAGER - {_P.CLEAR_RESERVATIONS}) | {
    _P.EDIT_PROJECTS,
    _P.MANAGE_BATCHES,
    _P.VIEW_CATALOG,
}
_DATA_ADMIN = {_P.VIEW, _P.IMPORT_DATA, _P.MANAGE_BATCHES, _P.VIEW_CATALOG, _P.EXPORT}
_READ_ONLY = {_P.VIEW, _P.SEE_ALL_LABELS, _P.SEE_PERFORMANCE, _P.VIEW_CATALOG, _P.EXPORT}
_PERMISSIONS: dict[str, set[Permission]] = {
    "None": set(),
    "Labeler": _LABELER,
    "Reviewer": _REVIEWER,
    "Team Manager": _TEAM_MANAGER,
    "Project Lead": _PROJECT_LEAD,
    "Admin": set(Permission),
    "Data Admin": _DATA_ADMIN,
    "Read-only Admin": _READ_ONLY,
    "Tenant Admin": set(Permission),
}


def _role_id(name: str) -> str:
    # the same in every installation, 25 characters like any other id
    return "crole" + hashlib.sha256(name.encode()).hexdigest()[:20]


def role_key(name: str) -> str:
    """`Team Manager` -> `TEAM_MANAGER`: how roles are stored and how clients spell them."""
    return name.upper().replace(" ", "_").replace("-", "_")


ROLES: dict[str, Role] = {
    role_key(name): Role(role_key(name), name, _role_id(name), frozenset(permissions))
    for name, permissions in _PERMISSIONS.items()
}
ROLES_BY_ID: dict[str, Role] = {role.id: role for role in ROLES.values()}
# weaker roles first: who has several in a project is shown with the last
RANKED: list[str] = sorted(ROLES, key=lambda key: (len(ROLES[key].permissions), key))
LONGEST_KEY_LIFE = timedelta(weeks=25)
SHORTEST_KEY_LIFE = timedelta(minutes=1)


def role_of_id(role_id: str) -> Role:
    """The role with this id. Raises NotFound."""
    role = ROLES_BY_ID.get(role_id)
    if role is None:
        raise errors.NotFound(f"There is no role with id {role_id}.")
    return role


def role_named(name: str) -> Role:
    """The role with this name, in any spelling of case and spaces. Raises Malformed."""
    role = ROLES.get(role_key(name))
    if role is None:
        raise errors.Malformed(f'There is no role "{name}".')
    return role


def permissions_of(user_role: str, key_role: str | None) -> frozenset[str]:
    """What a bearer may do: the smaller of the user's and the key's rights."""
    granted = ROLES[user_role].permissions
    if key_role is not None:
        granted = granted & ROLES[key_role].permissions
    return frozenset(granted)


def check_key_life(seconds: int | None) -> timedelta | None:
    """How long a new key lives; None is for ever. Raises Malformed outside 1 minute to 25 weeks."""
    if seconds is None:
        return None
    life = timedelta(seconds=seconds)
    if not SHORTEST_KEY_LIFE <= life <= LONGEST_KEY_LIFE:
        raise errors.Malformed(f"An API key lives from 1 minute to 25 weeks, not {seconds} seconds.")
    return life


def new_secret() -> str:
    """A new API key or session token: 256 bits of chance."""
    return "ly_" + secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """What is stored of a key or token. The secrets are long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()
