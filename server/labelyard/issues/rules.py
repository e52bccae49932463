"""What an issue may say, and who may change it."""

from __future__ import annotations

from labelyard import errors

PLAIN = "Issue"  # the type of an issue of which nobody says it
LONGEST_CONTENT = 20_000
LONGEST_NAME = 200
MOST_AT_ONCE = 10_000


def check_content(content: str, noun: str) -> str:
    """The text. Raises Malformed when it is blank or too long."""
    if not content.strip():
        raise errors.Malformed(f"The content of {noun} must not be blank.")
    if len(content) > LONGEST_CONTENT:
        raise errors.Malformed(
            f"The content of {noun} has at most {LONGEST_CONTENT} characters, not {len(content)}."
        )
    return content


def check_category_name(name: str) -> str:
    """The name of a category. Raises Malformed when it is blank or too long."""
    if not name.strip():
        raise errors.Malformed("The name of an issue category must not be blank.")
    if len(name) > LONGEST_NAME:
        raise errors.Malformed(
            f"The name of an issue category has at most {LONGEST_NAME} characters, not {len(name)}."
        )
    return name


def check_own(created_by: str, user_id: str, what: str) -> None:
    """Raises NotPermitted for somebody else's: only the author changes or deletes it."""
    if created_by != user_id:
        raise errors.NotPermitted(f"Only the author of {what} may do this.")


def check_count(count: int) -> None:
    """Raises Malformed for no issue or too many."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise errors.Malformed(f"1 to {MOST_AT_ONCE} issues can be deleted at once, not {count}.")
