"""skip/first and cursors in SQL.

Clients page with skip and first. OFFSET would make the last page of a big table cost the whole table, so the server
remembers, for each listing it has served a page of, with which key the next page begins; a client that goes on reads
`key > remembered` instead. The memory is a hint: without it the page is read by OFFSET and is the same.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from labelyard import errors
from labelyard.plumbing.source import Rows

MAX_FIRST = 10_000
_HINTS = 20_000
_HINT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing."""

    skip: int = 0
    first: int = 100


def check(name: str, value: int | None) -> None:
    """Raises Malformed for a `skip` or `first` below zero."""
    if value is not None and value < 0:
        raise errors.Malformed(f"{name} must be at least 0, not {value}.")


def page_of(skip: Any, first: Any, default: int) -> Page:
    """The page that checked arguments ask for."""
    return Page(skip or 0, min(default if first is None else first, MAX_FIRST))


class KeyHints:
    """Where pages begin, by listing and number of rows before them."""

    def __init__(self) -> None:
        self._hints: OrderedDict[Hashable, tuple[str, float]] = OrderedDict()

    @staticmethod
    def listing(rows: Rows) -> Hashable | None:
        """The identity of a listing, or None when it has none that can be remembered."""
        try:
            identity = (rows.tables, rows.where, tuple(sorted(rows.params.items())))
            hash(identity)
            return identity
        except TypeError:
            return None

    def before(self, listing: Hashable, skip: int) -> str | None:
        """The key of the row just before position `skip`, when it is remembered and fresh."""
        hint = self._hints.get((listing, skip))
        if hint is None or time.monotonic() - hint[1] > _HINT_SECONDS:
            return None
        return hint[0]

    def remember(self, listing: Hashable, skip: int, key: str) -> None:
        """Notes that the row just before position `skip` has this key."""
        self._hints[(listing, skip)] = (key, time.monotonic())
        self._hints.move_to_end((listing, skip))
        while len(self._hints) > _HINTS:
            self._hints.popitem(last=False)


def select(columns: Sequence[str], rows: Rows, order: str, limit: str = "") -> str:
    """The SELECT over `rows`."""
    return f"SELECT {', '.join(columns)} FROM {rows.tables} WHERE {rows.where} ORDER BY {order}{limit}"
