"""PaginatedCollection: skip/first and cursor paging (API reference 2.4, "Pagination"; R-PG-01 to R-PG-06)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection

T = TypeVar("T")

_PAGE_SIZE = 100


class PaginatedCollection(Generic[T]):
    """An iterable of objects that fetches page after page while it is iterated.

    `query` holds two `%d` placeholders, `skip` and `first`, and pages have 100 items. With `cursor_path` the
    query takes the variables `from` and `first` instead; paging ends when the value at that path is empty.
    Items read once are kept: a second `for` starts again at the first item without asking the server.
    """

    def __init__(
        self,
        client: Connection,
        query: str,
        params: dict[str, Any],
        dereferencing: Iterable[str],
        obj_class: Any,
        cursor_path: Iterable[str] | None = None,
        experimental: bool = False,
        page_size: int = _PAGE_SIZE,
    ) -> None:
        """`dereferencing` is the key path to the objects; `obj_class(client, values)` makes one of them."""
        self.client = client
        self.query = query
        self.params = params
        self.dereferencing = list(dereferencing)
        self.obj_class = obj_class
        self.cursor_path = None if cursor_path is None else list(cursor_path)
        self.experimental = experimental
        self.page_size = page_size
        self._items: list[T] = []
        self._cursor: Any = None
        self._skip = 0
        self._fetched_all = False
        self._position = 0

    def __iter__(self) -> Iterator[T]:
        position = 0
        while self._has(position):
            yield self._items[position]
            position += 1

    def __next__(self) -> T:
        if not self._has(self._position):
            raise StopIteration
        self._position += 1
        return self._items[self._position - 1]

    def get_one(self) -> T | None:
        """The first item, or None when there is none (P-GT-02)."""
        return next(iter(self), None)

    def get_many(self, n: int) -> list[T]:
        """The first `n` items, fewer when there are fewer."""
        return list(islice(self, n))

    def start_from(self, cursor: str | None) -> None:
        """Begins after the item that `cursor` names; only for cursor paging, before the first read."""
        self._cursor = cursor

    def _has(self, position: int) -> bool:
        """Whether there is an item at that position, fetching pages up to it."""
        while position >= len(self._items) and not self._fetched_all:
            self._items.extend(self._next_page())
        return position < len(self._items)

    def _next_page(self) -> list[T]:
        document, params = self.query, dict(self.params)
        if self.cursor_path is None:
            document = self.query % (self._skip, self.page_size)
        else:
            params.update({"from": self._cursor, "first": self.page_size})
        data = self.client.execute(document, params, experimental=self.experimental)
        found = _at(data, self.dereferencing) or []
        self._skip += self.page_size
        if self.cursor_path is None:
            self._fetched_all = len(found) < self.page_size
        else:
            self._cursor = _at(data, self.cursor_path)
            self._fetched_all = not self._cursor
        return [self.obj_class(self.client, values) for values in found]


def _at(data: Any, path: list[str]) -> Any:
    for key in path:
        if data is None:
            return None
        data = data[key]
    return data
