"""The scalars of the wire: ID, DateTime, Json, UInt64 and their kin."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema
from graphql.language.ast import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

MOMENT_SQL = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"


def moment(value: datetime | None) -> str | None:
    """A time as clients parse it: always with a fraction and Z (X-04)."""
    if value is None:
        return None
    utc = value.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def parse_moment(value: Any) -> datetime:
    """ISO 8601 with or without fraction; without an offset it is UTC (X-05). Raises GraphQLError."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise GraphQLError(f"DateTime cannot represent value: {value!r}")
    try:
        parsed = datetime.fromisoformat(value.strip())
    except ValueError:
        raise GraphQLError(f"DateTime cannot represent value: {value!r}") from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _unsigned(value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise GraphQLError(f"Expected a whole number, found {value!r}") from None
    if isinstance(value, bool) or number < 0:
        raise GraphQLError(f"Expected a whole number of at least 0, found {value!r}")
    return number


def literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
    """A literal of the document as a Python value; enum names become strings."""
    match node:
        case VariableNode():
            return (variables or {}).get(node.name.value)
        case NullValueNode():
            return None
        case IntValueNode():
            return int(node.value)
        case FloatValueNode():
            return float(node.value)
        case StringValueNode() | EnumValueNode() | BooleanValueNode():
            return node.value
        case ListValueNode():
            return [literal(item, variables) for item in node.values]
        case ObjectValueNode():
            return {entry.name.value: literal(entry.value, variables) for entry in node.fields}
    raise GraphQLError("Unsupported literal")


def _moment_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> datetime:
    return parse_moment(literal(node, variables))


def _unsigned_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> int:
    return _unsigned(literal(node, variables))


def install(schema: GraphQLSchema) -> None:
    """Gives the schema's custom scalars their parsers."""
    for name, scalar in schema.type_map.items():
        if not isinstance(scalar, GraphQLScalarType):
            continue
        if name == "DateTime":
            scalar.coerce_input_value = parse_moment
            scalar.coerce_input_literal = _moment_literal
        elif name in ("UInt64", "PageSize"):
            scalar.coerce_input_value = _unsigned
            scalar.coerce_input_literal = _unsigned_literal
        elif name in ("Json", "JSON"):
            scalar.coerce_input_value = lambda value: value
            scalar.coerce_input_literal = literal
