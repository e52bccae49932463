"""What a slice must be like, where a page begins, and what may be sent where."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from labelyard import errors
from labelyard.catalog.records import Progress
from labelyard.formats import search_filter
from labelyard.formats.search_filter import Condition, Filter, SearchRefused
from labelyard.workflow.records import Queue
from labelyard.workflow.rules import queue_of_id, task_queues

LONGEST_NAME = 500
LONGEST_PAGE = 10_000
MOST_SENT = 100_000
NAMED_FAILURES = 100
_NAMES = (Condition.DATA_ROW, Condition.GLOBAL_KEY)


def check_name(name: str) -> str:
    """The name of a slice. Raises Malformed when it is blank or too long."""
    if not name.strip():
        raise errors.Malformed("A slice needs a name that is not blank.")
    if len(name) > LONGEST_NAME:
        raise errors.Malformed(f"The name of a slice has at most {LONGEST_NAME} characters, not {len(name)}.")
    return name


def read_filter(given: Any, most_values: int = search_filter.MOST_VALUES) -> list[Filter]:
    """The filters of a search. Raises Malformed naming what cannot be read."""
    try:
        return search_filter.read_query(given, most_values)
    except SearchRefused as refused:
        raise errors.Malformed(str(refused)) from None


def check_first(first: int) -> int:
    """How many rows a page has. Raises Malformed for less than one."""
    if first < 1:
        raise errors.Malformed(f"first must be at least 1, not {first}.")
    return min(first, LONGEST_PAGE)


def read_cursor(cursor: str | None) -> tuple[str, int | None]:
    """The last row of the page before, and how many rows there were when the first page was read.

    Raises Malformed.
    """
    if not cursor:
        return "", None
    after, _, total = cursor.partition(":")
    if not total.isdecimal():
        raise errors.Malformed(f"{cursor!r} is not a cursor of this listing.")
    return after, int(total)


def cursor(last_id: str, total: int) -> str:
    """Where the next page begins: counting all rows again for each page would cost more than the page."""
    return f"{last_id}:{total}"


def destination(project_id: str, kind: str | None, value: str | None) -> Queue | None:
    """The queue that rows are sent to, by its id or its type; None is Done. Raises NotFound, Malformed."""
    if kind is None or kind.lower() == "done":
        return None
    if not value:
        raise errors.Malformed(f"The destination queue of type {kind!r} needs a value: its id.")
    by_type = {queue.queue_type: queue.id for queue in task_queues(project_id, {})}
    return queue_of_id(project_id, by_type.get(value, value))


def check_mapping(given: Any) -> dict[str, str]:
    """The mapping of feature schema ids, nothing for none. Raises Malformed."""
    if given is None:
        return {}
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise errors.Malformed("featureSchemaIdsMapping is an object: source id to destination id.")
    return given


def check_limit(limit: int | None) -> int | None:
    """How many rows are sent at most. Raises Malformed for less than one."""
    if limit is not None and limit < 1:
        raise errors.Malformed(f"limit must be at least 1, not {limit}.")
    return limit


def check_count(count: int) -> None:
    """Raises Malformed for more rows than a batch holds."""
    if count > MOST_SENT:
        raise errors.Malformed(f"More than {MOST_SENT} data rows are chosen; send them in several calls.")


def named(filters: Sequence[Filter]) -> Filter | None:
    """The filter that names rows one by one, when there is exactly one that does."""
    found = [given for given in filters if given.kind in _NAMES and not given.negated]
    return found[0] if len(found) == 1 else None


def shuffled(ids: list[str], seed: int | None) -> list[str]:
    """The rows in an order that a seed decides, the same for the same seed; without one as they are."""
    if seed is None:
        return ids
    return sorted(ids, key=lambda row: hashlib.sha256(f"{seed} {row}".encode()).digest())


def with_failures(progress: Progress, failures: Sequence[dict[str, str]]) -> Progress:
    """Counts rows that could not be sent, and names the first ones."""
    room = NAMED_FAILURES - len(progress.failures)
    return replace(
        progress,
        failed=progress.failed + len(failures),
        failures=[*progress.failures, *failures[: max(room, 0)]],
    )
