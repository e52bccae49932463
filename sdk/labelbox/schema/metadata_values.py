"""Metadata values between the user's form and the wire's (data row format, section 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labelbox.schema.data_row_metadata import DataRowMetadataSchema

_LONGEST_STRING = 4096
_EMBEDDING_LENGTH = 128


class MetadataValues:
    """Reads and writes values by the metadata types of an organization."""

    def __init__(
        self, by_name: Mapping[str, DataRowMetadataSchema], by_id: Mapping[str, DataRowMetadataSchema]
    ) -> None:
        self._by_name = by_name
        self._by_id = by_id

    def write(self, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The wire's entries for `{"name" or "schema_id", "value"}`: two for an enum, else one.

        Raises ValueError for a missing or bad value or an unknown id, KeyError for an unknown name or option.
        """
        if "value" not in given:
            raise ValueError(f"metadata needs a value: {dict(given)!r}")
        name, schema_id, value = given.get("name"), given.get("schema_id"), given["value"]
        if schema_id:
            if schema_id not in self._by_id:
                raise ValueError(f"there is no metadata with id {schema_id!r}")
            schema = self._by_id[schema_id]
        elif name:
            if name not in self._by_name:
                raise KeyError(f"there is no metadata with name {name!r}")
            schema = self._by_name[name]
        else:
            raise ValueError(f"metadata needs a name or a schema_id: {dict(given)!r}")
        kind = schema.kind.name
        if kind == "enum":
            return [
                {"schemaId": schema.uid, "value": {}},
                {"schemaId": _option_id(schema, value), "value": {}},
            ]
        if kind == "option":
            return [{"schemaId": schema.parent, "value": {}}, {"schemaId": schema.uid, "value": {}}]
        return [{"schemaId": schema.uid, "value": _WRITERS[kind](schema.name, value)}]

    def read(self, entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, Any]]:
        """(schema id, name, value) of each type that has a value; an enum's value is the option's id.

        Raises ValueError for an id that the organization does not have.
        """
        for entry in entries:
            schema = self._by_id.get(entry["schemaId"])
            if schema is None:
                raise ValueError(f"there is no metadata with id {entry['schemaId']!r}")
            kind = schema.kind.name
            if kind == "enum":
                continue
            if kind == "option":
                parent = self._by_id[schema.parent or ""]
                yield parent.uid, parent.name, schema.uid
            elif kind == "datetime" and isinstance(entry["value"], str):
                yield schema.uid, schema.name, datetime.fromisoformat(entry["value"])
            else:
                yield schema.uid, schema.name, entry["value"]


def _option_id(schema: DataRowMetadataSchema, value: Any) -> str:
    for option in schema.options or []:
        if value in (option.name, option.uid):
            return option.uid
    raise KeyError(f"{value!r} is no option of the metadata {schema.name!r}")


def _string(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"the metadata {name!r} must be a string, got {value!r}")
    if len(value) > _LONGEST_STRING:
        raise ValueError(f"the metadata {name!r} is longer than {_LONGEST_STRING} characters")
    return value


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(f"the metadata {name!r} must be a number, got {value!r}") from None


def _datetime(name: str, value: Any) -> str:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"the metadata {name!r} must be a date in ISO form, got {value!r}") from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _embedding(name: str, value: Any) -> list[float]:
    if not isinstance(value, (list, tuple)) or len(value) != _EMBEDDING_LENGTH:
        raise ValueError(f"the metadata {name!r} must be a list of {_EMBEDDING_LENGTH} numbers")
    return [_number(name, each) for each in value]


_WRITERS = {"string": _string, "number": _number, "datetime": _datetime, "embedding": _embedding}
