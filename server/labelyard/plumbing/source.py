"""Rows that are described but not yet read: what a room's queries hand to the executor.

The executor adds the selected columns, the caller's filters, the order and the page, and reads it all in one SELECT.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labelyard.plumbing.context import Context


@dataclass(frozen=True, slots=True)
class Rows:
    """A FROM and a WHERE with named parameters; `key` is unique among the rows and breaks ties in every order.

    `seek` is what a listing is paged by when `key` is an expression that no index has: a column that is unique
    within every listing.
    """

    tables: str
    where: str
    params: Mapping[str, Any]
    key: str
    order: str = ""
    seek: str = ""

    def narrowed(self, where: str, **params: Any) -> Rows:
        """The rows that also fulfil `where`."""
        return replace(self, where=f"{self.where} AND {where}", params={**self.params, **params})

    def joined(self, join: str, where: str = "TRUE", **params: Any) -> Rows:
        """The rows joined to another table."""
        return replace(
            self,
            tables=f"{self.tables} {join}",
            where=f"{self.where} AND {where}",
            params={**self.params, **params},
        )

    def ordered(self, order: str) -> Rows:
        """The rows in another order than that of their keys."""
        return replace(self, order=order)


RowsOf = Callable[["Context"], Rows]
Render = Callable[["Context", Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A scalar field that is one SQL expression. `render` turns the stored value into the answer's."""

    sql: str
    render: Render | None = None
    filterable: bool = True
    sort: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: on the wire `2024-01-31T12:00:00.000Z` (X-04)."""

    sql: str


@dataclass(frozen=True, slots=True)
class One:
    """A to-one relationship: `sql` is the expression that holds the other object's id."""

    type: str
    sql: str


@dataclass(frozen=True, slots=True)
class Many:
    """A to-many relationship: children of `type` whose `parent` expression equals the parent's id.

    `join` brings in a table that `parent` or `where` need; `order` is the order without an orderBy.
    """

    type: str
    parent: str
    join: str = ""
    where: str = "TRUE"
    order: str = ""


@dataclass(frozen=True, slots=True)
class Computed:
    """A field answered by a function over all parents at once.

    `function(context, parents, **arguments)` gets one tuple per parent, holding the values of `needs` (SQL
    expressions), and returns one value per parent: scalars, ids of table-backed objects, records, or lists of these.
    """

    function: Callable[..., Any]
    needs: tuple[str, ...]


def computed(*needs: str) -> Callable[[Callable[..., Any]], Computed]:
    """Makes a `Computed` field out of the decorated function."""

    def wrap(function: Callable[..., Any]) -> Computed:
        return Computed(function, needs)

    return wrap


Filter = Callable[[Any], tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Namespace:
    """What a root mutation such as `project(where:)` opens: the methods of `type`, about one object."""

    type: str
    subject: Any


@dataclass(frozen=True, slots=True)
class Loaded:
    """Objects of a table-backed type by their ids, in this order; missing ones are left out."""

    ids: list[str] = field(default_factory=list)
