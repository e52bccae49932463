"""The scalars of the wire: ID, DateTime, Json, UInt64 and their kin."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
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

_LARGEST = 2**62  # PostgreSQL counts in 64 bits with a sign, and what is counted is added to
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
        # OverflowError: in UTC it is before the year 1 or after the year 9999
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise GraphQLError(f"DateTime cannot represent value: {value!r:.100}") from None


def _unsigned(value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        raise GraphQLError(f"Expected a whole number, found {value!r:.100}") from None
    if (
        isinstance(value, bool)
        or not 0 <= number <= _LARGEST
        or (isinstance(value, float) and number != value)
    ):
        raise GraphQLError(f"Expected a whole number from 0 to {_LARGEST}, found {value!r:.100}")
    return number


def _json(value: Any) -> Any:
    try:
        orjson.dumps(
            value
        )  # what cannot be written, such as a file or what is nested too deeply, cannot be kept
    except orjson.JSONEncodeError as error:
        raise GraphQLError(f"The value cannot be kept as JSON: {error}") from None
    return value


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


def _json_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
    return _json(literal(node, variables))


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
            scalar.coerce_input_value = _json
            scalar.coerce_input_literal = _json_literal
