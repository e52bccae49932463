"""Key lengths and attachment types."""

from __future__ import annotations

from urllib.parse import urlsplit

from labelyard import errors

LONGEST_KEY = 200
MAX_PER_CALL = 100_000


def check_count(count: int) -> None:
    """Raises Malformed for more ids in one call than are allowed."""
    if count > MAX_PER_CALL:
        raise errors.Malformed(f"{count} data rows in one call; at most {MAX_PER_CALL} are allowed.")


def attachment_type(kind: str, value: str) -> str:
    """The type under which an attachment is kept: the old TEXT is a text or the address of one."""
    if kind != "TEXT":
        return kind
    return "TEXT_URL" if urlsplit(value).scheme in ("http", "https") else "RAW_TEXT"


def check_attachment(value: str) -> None:
    """Raises Malformed for an attachment without a value."""
    if not value.strip():
        raise errors.Malformed("An attachment needs a value that is not blank.")
