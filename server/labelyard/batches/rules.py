"""Sizes, names and consensus settings of batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelyard import errors
from labelyard.batches.records import ConsensusSettings
from labelyard.projects import rules as projects

MAX_BATCH = 100_000
MAX_CALL = 1_000_000
DEFAULT_PRIORITY = 5
PRIORITIES = range(1, 6)
LONGEST_NAME = 20_000


def check_name(name: str) -> str:
    """The name. Raises Malformed when it is blank."""
    if not name.strip():
        raise errors.Malformed("A batch needs a name that is not blank.")
    if len(name) > LONGEST_NAME:
        raise errors.Malformed(f"A batch name has at most {LONGEST_NAME} characters, not {len(name)}.")
    return name


def priority(given: dict[str, Any]) -> int:
    """The priority of a call, the lowest when it names none (P-BA-05).

    Raises InvalidDocument when it is null, which clients read as a wrong type; Malformed outside 1 to 5.
    """
    wanted = given.get("priority", DEFAULT_PRIORITY)
    if wanted is None:
        raise errors.InvalidDocument("priority must be a whole number, not null.")
    if wanted not in PRIORITIES:
        raise errors.Malformed(f"priority must be between 1 and 5, not {wanted}.")
    return int(wanted)


def identifiers(given: dict[str, Any], limit: int) -> tuple[list[str], bool]:
    """The rows of a call and whether they are global keys. Raises Malformed for none, both kinds or too many."""
    ids, keys = given.get("data_row_ids"), given.get("global_keys")
    if ids and keys:
        raise errors.Malformed("Give data row ids or global keys, not both.")
    wanted: Sequence[str] = keys or ids or ()
    if not wanted:
        raise errors.Malformed("You need to supply at least one data row.")
    if len(wanted) > limit:
        raise errors.Malformed(f"{len(wanted)} data rows in one call; at most {limit} are allowed.")
    return list(dict.fromkeys(wanted)), bool(keys)


def consensus(given: dict[str, Any] | None) -> ConsensusSettings | None:
    """The settings of a call. Raises Malformed out of range."""
    if not given:
        return None
    settings = ConsensusSettings(given["number_of_labels"], given["coverage_percentage"])
    projects.check_number_of_labels("number_of_labels", settings.number_of_labels)
    if not 0 <= settings.coverage_percentage <= 1:
        raise errors.Malformed(
            f"coverage_percentage is a share between 0 and 1, not {settings.coverage_percentage}."
        )
    return settings


def batch_names(prefix: str, rows: int) -> list[str]:
    """`prefix0000`, `prefix0001` …: one name for each 100,000 rows (P-BM-04)."""
    return [f"{prefix}{number:04d}" for number in range(-(-rows // MAX_BATCH))]
