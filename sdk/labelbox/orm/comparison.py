"""`Project.name == "x"` -> the `where` of a query (checklist X-06, X-07).

Clauses are joined by AND only: the wire has no OR and no NOT, so those are refused here, without a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import InvalidAttributeError, InvalidQueryError

if TYPE_CHECKING:
    from labelbox.orm.model import Entity, Field


class Operator(Enum):
    """Comparison operators with the suffix that each has on the wire."""

    EQ = ""
    NE = "_not"
    LT = "_lt"
    GT = "_gt"
    LE = "_lte"
    GE = "_gte"


class Clause:
    """A comparison or a combination of comparisons."""

    def __and__(self, other: Clause) -> LogicalExpression:
        return LogicalExpression("AND", (self, other))

    def __or__(self, other: Clause) -> LogicalExpression:
        return LogicalExpression("OR", (self, other))

    def __invert__(self) -> LogicalExpression:
        return LogicalExpression("NOT", (self,))


@dataclass(frozen=True, eq=False)
class Comparison(Clause):
    """One field compared with one value."""

    field: Field[Any]
    operator: Operator
    value: Any


@dataclass(frozen=True, eq=False)
class LogicalExpression(Clause):
    """Clauses joined by AND (OR and NOT can be written but not sent)."""

    operator: str
    clauses: tuple[Clause, ...]


def where_input(where: Clause | None, entity: type[Entity]) -> dict[str, Any] | None:
    """The `where` value of a query, pairs nested as the user wrote them.

    Raises InvalidQueryError for OR, NOT or the same field twice with the same operator, and
    InvalidAttributeError for a field of another class.
    """
    if where is None:
        return None
    _check(where, entity)
    return _nested(where)


def flat_where_input(where: Clause | None, entity: type[Entity]) -> dict[str, Any] | None:
    """The same as one object, for wire types that have no AND."""
    if where is None:
        return None
    _check(where, entity)
    return {_key(comparison): wire_value(comparison.value) for comparison in comparisons(where)}


def wire_value(value: Any) -> Any:
    """A Python value as GraphQL variables carry it: UTC times with a Z, enums by their value."""
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ" if moment.microsecond else "%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Enum):
        return value.value
    return value


def _check(where: Clause, entity: type[Entity]) -> None:
    seen: set[str] = set()
    for comparison in comparisons(where):
        if entity.attribute(comparison.field) is None:
            raise InvalidAttributeError(entity, comparison.field)
        if _key(comparison) in seen:
            raise InvalidQueryError(
                f"The field {comparison.field.name!r} occurs more than once with the same operator"
            )
        seen.add(_key(comparison))


def comparisons(where: Clause) -> Iterator[Comparison]:
    """Every comparison of a clause. Raises InvalidQueryError for OR, for NOT and for what is no clause."""
    if isinstance(where, Comparison):
        yield where
    elif isinstance(where, LogicalExpression):
        if where.operator != "AND":
            raise InvalidQueryError(f"Clauses can only be joined by AND (&), not by {where.operator}")
        for clause in where.clauses:
            yield from comparisons(clause)
    else:
        raise InvalidQueryError(f"A where clause must be built by comparing fields, got {where!r}")


def _nested(where: Clause) -> dict[str, Any]:
    if isinstance(where, LogicalExpression):
        return {"AND": [_nested(clause) for clause in where.clauses]}
    assert isinstance(where, Comparison)
    return {_key(where): wire_value(where.value)}


def _key(comparison: Comparison) -> str:
    return comparison.field.graphql_name + comparison.operator.value
