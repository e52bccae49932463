"""Which fields every organization has, and whether a value fits its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from labelyard import errors
from labelyard.metadata.records import MetadataOption, MetadataSchema, NewValue

STRING, NUMBER, DATETIME = "CustomMetadataString", "CustomMetadataNumber", "CustomMetadataDateTime"
ENUM, OPTION, EMBEDDING = "CustomMetadataEnum", "CustomMetadataEnumOption", "CustomMetadataEmbedding"
KINDS = (STRING, NUMBER, DATETIME, ENUM, EMBEDDING)
LONGEST_STRING = 4096
LONGEST_NAME = 100
MOST_OPTIONS = 128

# the same ids in every organization: old scripts hard-code them (datarow.md 5)
RESERVED: tuple[MetadataSchema, ...] = (
    MetadataSchema("cko8s9r5v0001h2dk9elqdidh", "tag", STRING, True),
    MetadataSchema(
        "cko8sbczn0002h2dkdaxb5kal",
        "split",
        ENUM,
        True,
        [
            MetadataOption("cko8sbscr0003h2dk04w86hof", OPTION, "train", True),
            MetadataOption("cko8sc2yr0004h2dk69aj5x63", OPTION, "valid", True),
            MetadataOption("cko8scbz70005h2dkastwhgqt", OPTION, "test", True),
        ],
    ),
    MetadataSchema("cko8sdzv70006h2dk8jg64zvb", "captureDateTime", DATETIME, True),
    MetadataSchema("clabelyardskipnframes0001", "skipNFrames", NUMBER, True),
    MetadataSchema("clabelyardturninstruct001", "turnInstructions", STRING, True),
)


def check_field(name: str, kind: str, options: Iterable[str]) -> None:
    """Raises Malformed for a name, kind or list of options that a field cannot have."""
    check_name(name)
    if kind not in KINDS:
        raise errors.Malformed(f'"{kind}" is not a kind of metadata; it is one of {", ".join(KINDS)}.')
    names = list(options)
    if kind == ENUM and not names:
        raise errors.Malformed(f'The enum "{name}" needs at least one option.')
    if len(names) > MOST_OPTIONS:
        raise errors.Malformed(f'The enum "{name}" has {len(names)} options; {MOST_OPTIONS} are allowed.')
    for option in names:
        check_name(option)
    if len(set(names)) != len(names):
        raise errors.Malformed(f'The enum "{name}" has the same option twice.')


def check_name(name: str) -> None:
    """Raises Malformed unless the name has 1 to 100 characters after trimming."""
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise errors.Malformed(f'A metadata name has 1 to {LONGEST_NAME} characters, not "{name[:120]}".')


class Fitter:
    """Turns what users send into values that fit the organization's fields."""

    def __init__(self, fields: Iterable[MetadataSchema]) -> None:
        self._by_id: dict[str, MetadataSchema] = {}
        self._by_name: dict[str, MetadataSchema] = {}
        self._options: dict[str, tuple[MetadataSchema, MetadataOption]] = {}
        for entry in fields:
            self._by_id[entry.id] = entry
            self._by_name[entry.name] = entry
            for option in entry.options:
                self._options[option.id] = (entry, option)

    def fit(self, given: Iterable[Mapping[str, Any]]) -> list[NewValue]:
        """The values for one data row. Raises Malformed with the sentence that clients show."""
        values: list[NewValue] = []
        seen: set[str] = set()
        for entry in given:
            schema_id = entry.get("schemaId") or entry.get("schema_id")
            value = entry.get("value")
            if schema_id in self._options:
                schema, option = self._options[schema_id]
                values.append(_chosen(schema, option))
                continue
            found = (
                self._by_id.get(str(schema_id)) if schema_id else self._by_name.get(str(entry.get("name")))
            )
            if found is None:
                raise errors.Malformed(
                    f"There is no metadata field {schema_id or entry.get('name')!r} in this organization."
                )
            if found.kind == ENUM:
                if value in ({}, None):
                    continue  # the option's own entry says which one
                values.append(_chosen(found, self._option(found, value)))
                continue
            if found.id in seen:
                raise errors.Malformed(
                    f"Failed to validate the metadata '{found.name}': A schemaId can only be specified once per"
                    f" DataRow for {found.kind}"
                )
            seen.add(found.id)
            values.append(NewValue(found.id, "", orjson.dumps(_fitted(found, value)).decode()))
        return values

    def _option(self, schema: MetadataSchema, value: Any) -> MetadataOption:
        for option in schema.options:
            if value in (option.name, option.id):
                return option
        raise errors.Malformed(
            f"Failed to validate the metadata '{schema.name}': there is no option {value!r}."
        )


def _chosen(schema: MetadataSchema, option: MetadataOption) -> NewValue:
    return NewValue(schema.id, option.id, "{}")


def _fitted(schema: MetadataSchema, value: Any) -> Any:
    refused = errors.Malformed(
        f"Failed to validate the metadata '{schema.name}': {value!r} is not a {schema.kind}."
    )
    match schema.kind:
        case "CustomMetadataString":
            if not isinstance(value, str):
                raise refused
            if len(value) > LONGEST_STRING:
                raise errors.Malformed(
                    f"Failed to validate the metadata '{schema.name}': the text has {len(value)} characters;"
                    f" {LONGEST_STRING} are allowed."
                )
            return value
        case "CustomMetadataNumber":
            try:
                return float(value)
            except (TypeError, ValueError):
                raise refused from None
        case "CustomMetadataDateTime":
            try:
                moment = datetime.fromisoformat(str(value))
            except ValueError:
                raise refused from None
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case _:
            if not isinstance(value, list) or not all(isinstance(number, int | float) for number in value):
                raise refused
            return value
