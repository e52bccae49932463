"""What an import needs before it is begun, and small decisions about its lines."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.formats.ndjson_lines import Accepted, Refused

PARTS = {"object": "objects", "classification": "classifications", "relationship": "relationships"}
READING_SHARE = 80
"""Percent of an import's progress that reading its lines counts for."""


def check_name(name: str) -> str:
    """The name. Raises Malformed when it is blank."""
    if not name.strip():
        raise errors.Malformed("An import needs a name that is not blank.")
    return name


def check_source(file: Any, address: str | None) -> None:
    """Raises Malformed unless there is either a file or an address."""
    if (file is None) == (address is None):
        raise errors.Malformed("An import needs either a file or the URL of one.")


def has_nul(value: Any) -> bool:
    """Whether a decoded line holds the character NUL, which a database cannot store in texts."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(has_nul(key) or has_nul(inner) for key, inner in value.items())
    return isinstance(value, list) and any(has_nul(inner) for inner in value)


def refused(line: Accepted, name: str, message: str) -> Refused:
    """An accepted line after all not accepted."""
    return Refused(line.position, line.uuid, line.ref, name, message)


def percentage(done: int, total: int, begins: int, ends: int) -> int:
    """Progress within a phase that goes from one percentage to another."""
    return begins + int((ends - begins) * min(done / max(total, 1), 1))
