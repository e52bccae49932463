"""`where` and `orderBy` -> SQL: suffixes, nested AND, ties broken by id (client-expectations 5, X-06 to X-09)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from labelyard import errors
from labelyard.plumbing.binding import BoundType, bound_types
from labelyard.plumbing.source import Column, Moment, Rows

_OPERATORS = {
    "": "=",
    "_not": "<>",
    "_lt": "<",
    "_gt": ">",
    "_lte": "<=",
    "_gte": ">=",
}
# Times are kept by the microsecond and shown by the millisecond, so a caller's time means a whole millisecond:
# what an object showed as its time is that time again.
_SHOWN = timedelta(milliseconds=1)
_MOMENT_OPERATORS = {
    "": "{sql} >= {start} AND {sql} < {end}",
    "_not": "({sql} >= {start} AND {sql} < {end}) IS NOT TRUE",
    "_lt": "{sql} < {start}",
    "_gt": "{sql} >= {end}",
    "_lte": "{sql} < {end}",
    "_gte": "{sql} >= {start}",
}


def filtered(bound: BoundType, rows: Rows, where: Mapping[str, Any] | None) -> Rows:
    """`rows` narrowed by a `where` argument."""
    if not where:
        return rows
    params: dict[str, Any] = {}
    sql = _clause(bound, where, params)
    return rows.narrowed(sql, **params)


def filtered_by_name(name: str, rows: Rows, where: Mapping[str, Any] | None) -> Rows:
    """`rows` narrowed by a `where` argument of the named type."""
    return filtered(bound_types[name], rows, where)


def _clause(bound: BoundType, where: Mapping[str, Any], params: dict[str, Any]) -> str:
    parts = ["TRUE"]
    for key, value in where.items():
        if key == "AND":
            parts.extend(f"({_clause(bound, part, params)})" for part in value or ())
        elif key in bound.filters:
            sql, more = bound.filters[key](value)
            renamed = {name: f"_f{len(params)}_{name}" for name in more}
            parts.append(sql % {name: f"%({renamed[name]})s" for name in more} if more else sql)
            params.update({renamed[name]: entry for name, entry in more.items()})
        elif key == "deleted":
            if value:  # rows that are read here are live; a caller who wants deleted ones gets none
                parts.append("FALSE")
        else:
            parts.append(_comparison(bound, key, value, params))
    return " AND ".join(parts)


def _comparison(bound: BoundType, key: str, value: Any, params: dict[str, Any]) -> str:
    name, suffix = key, ""
    if key not in bound.fields:
        name, _, tail = key.rpartition("_")
        suffix = "_" + tail
    attribute = bound.fields.get(name)
    if not isinstance(attribute, Column | Moment) or suffix not in _OPERATORS:
        raise errors.InvalidDocument(f'Cannot filter {bound.name} by "{key}"')
    sql = attribute.sql
    if value is None:
        return f"({sql}) IS {'NOT ' if suffix == '_not' else ''}NULL"
    param = f"_w{len(params)}"
    if isinstance(attribute, Moment):
        start = _millisecond(value)
        params |= {param: start, f"{param}_end": start + _SHOWN}
        comparison = _MOMENT_OPERATORS[suffix]
        return f"({comparison.format(sql=f'({sql})', start=f'%({param})s', end=f'%({param}_end)s')})"
    params[param] = value
    if suffix == "_not":
        return f"({sql}) IS DISTINCT FROM %({param})s"
    return f"({sql}) {_OPERATORS[suffix]} %({param})s"


def _millisecond(moment: datetime) -> datetime:
    """The millisecond that a time is in. The last one of all has no end, so it counts as the one before it."""
    start = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return min(start, datetime.max.replace(tzinfo=moment.tzinfo) - _SHOWN)


def order_sql(bound: BoundType, rows: Rows, order_by: str | None) -> str:
    """The ORDER BY list of a page."""
    if order_by:
        name, _, direction = order_by.rpartition("_")
        attribute = bound.fields.get(name)
        if not isinstance(attribute, Column | Moment) or direction not in ("ASC", "DESC"):
            raise errors.InvalidDocument(f'Cannot order {bound.name} by "{order_by}"')
        return f"{attribute.sql} {direction}, {rows.key} {direction}"
    return f"{rows.order}, {rows.key}" if rows.order else rows.seek or rows.key
