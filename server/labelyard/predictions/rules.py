"""What a prediction model must be like."""

from __future__ import annotations

import re

from labelyard import errors

LONGEST_NAME = 200


def check_name(name: str | None) -> str:
    """The name of a model. Raises Malformed when it is blank or too long."""
    if name is None or not name.strip():
        raise errors.Malformed("A prediction model needs a name that is not blank.")
    if len(name) > LONGEST_NAME:
        raise errors.Malformed(
            f"The name of a prediction model has at most {LONGEST_NAME} characters, not {len(name)}."
        )
    return name


def check_version(version: int | None) -> int:
    """The version of a model. Raises Malformed when it is missing."""
    if version is None:
        raise errors.Malformed("A prediction model needs a version: a whole number.")
    return version


def slug(name: str) -> str:
    """`Night Vision 2` -> `night-vision-2` (R-PM-05)."""
    return re.sub(r"[^\w]+", "-", name.lower()).strip("-") or "model"
