"""How deep and how costly a query may be.

Cost counts the fields that an answer could hold if every page were full. The four-level listing of everything
(`projects{datasets{dataRows{labels{id}}}}`, X-24) must be refused with the exact message below; clients look for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from labelyard import errors

PAGE = 100
SHORT_LIST = 10
MAX_DEPTH = 12
MAX_COST = 500_000
MESSAGE = "Query complexity limit exceeded"


@dataclass
class Meter:
    """Adds up what one document may cost."""

    cost: int = 0
    factor: int = 1

    def enter(self, depth: int) -> None:
        """Goes one level down. Raises InvalidDocument below the deepest level."""
        if depth > MAX_DEPTH:
            raise errors.InvalidDocument(MESSAGE)

    def add(self, fields: int) -> None:
        """Counts `fields` more on this level. Raises InvalidDocument when the whole costs too much."""
        self.cost += fields * self.factor
        if self.cost > MAX_COST:
            raise errors.InvalidDocument(MESSAGE)

    @contextmanager
    def times(self, children: int) -> Iterator[None]:
        """What is counted inside happens `children` times."""
        before = self.factor
        self.factor *= children
        try:
            yield
        finally:
            self.factor = before
