"""SDL field <-> resolver, by name; the server refuses to start when one has no partner.

A room's `resolvers.py` holds classes named as SDL types. A class with `rows` is table-backed: its attributes are
`Column`, `Moment`, `One`, `Many` or `Computed`. `Query`, `Mutation` and the types that a mutation opens
(`namespace = True`) have async methods instead. Every other object type is a record: a dataclass of the same name in
the room's `records.py`. An upper room adds fields to a lower room's type with a class of the same name.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    get_named_type,
)

from labelyard.plumbing import scalars
from labelyard.plumbing.naming import snake
from labelyard.plumbing.source import Column, Computed, Filter, Many, Moment, One, RowsOf

Attribute = Column | Moment | One | Many | Computed
_SUFFIXES = ("", "_not", "_lt", "_gt", "_lte", "_gte")


class BindingError(Exception):
    """SDL and resolvers do not fit together."""


@dataclass
class BoundType:
    """A table-backed type: where its rows are and what its fields are."""

    name: str
    rows: RowsOf
    fields: dict[str, Attribute] = field(default_factory=dict)
    filters: dict[str, Filter] = field(default_factory=dict)


# the table-backed types of this process's schema, for doors that filter by hand
bound_types: dict[str, BoundType] = {}


@dataclass(frozen=True)
class Method:
    """A root field or a field of a namespace."""

    function: Callable[..., Any]
    accepts: frozenset[str]


@dataclass
class Binding:
    """The whole schema with everything that answers it."""

    schema: GraphQLSchema
    sdl: str
    types: dict[str, BoundType]
    methods: dict[str, dict[str, Method]]
    records: dict[str, type]


@dataclass(frozen=True)
class Room:
    """One room's doors to GraphQL."""

    name: str
    sdl: str
    resolvers: ModuleType | None
    records: ModuleType | None


def bind(wire_sdl: str, rooms: Iterable[Room]) -> Binding:
    """Assembles the schema. Raises BindingError naming every orphan."""
    rooms = list(rooms)
    types: dict[str, BoundType] = {}
    methods: dict[str, dict[str, Method]] = {}
    attributes: dict[str, dict[str, Attribute]] = {}
    filters: dict[str, dict[str, Filter]] = {}
    records: dict[str, type] = {}
    for room in rooms:
        for name, cls in _classes(room.resolvers):
            if name in ("Query", "Mutation") or getattr(cls, "namespace", False):
                bound = methods.setdefault(name, {})
                for method_name, function in _functions(cls):
                    bound[method_name] = Method(function, frozenset(inspect.signature(function).parameters))
                continue
            rows = vars(cls).get("rows")
            if rows is not None:
                types[name] = BoundType(name, rows)
            attributes.setdefault(name, {}).update(
                {key: value for key, value in vars(cls).items() if isinstance(value, Attribute)}
            )
            filters.setdefault(name, {}).update(vars(cls).get("filters", {}))
        for name, cls in _classes(room.records):
            if dataclasses.is_dataclass(cls):
                records[name] = cls
    for name, found in attributes.items():
        if name not in types:
            raise BindingError(f"{name} has fields but no room gives it `rows`")
        types[name].fields = found
        types[name].filters = filters.get(name, {})

    base = "\n".join([wire_sdl, *(room.sdl for room in rooms)])
    sdl = base + "\n" + _generated_inputs(base, types)
    schema = build_schema(sdl)
    scalars.install(schema)
    binding = Binding(schema, sdl, types, methods, records)
    bound_types.update(types)
    _by_wire_name(binding)
    problems = list(_orphans(binding))
    if problems:
        raise BindingError("; ".join(problems))
    return binding


def _classes(module: ModuleType | None) -> Iterable[tuple[str, type]]:
    if module is None:
        return []
    return [
        (name, value)
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__
    ]


def _functions(cls: type) -> Iterable[tuple[str, Callable[..., Any]]]:
    for name, value in vars(cls).items():
        function = value.__func__ if isinstance(value, staticmethod) else value
        if inspect.iscoroutinefunction(function):
            yield name, function


def _generated_inputs(sdl: str, types: Mapping[str, BoundType]) -> str:
    """`XWhereInput` and `XOrderBy` for every table-backed type whose SDL mentions them.

    They follow from the columns by rule (suffixes of client-expectations 5), so nobody writes them by hand.
    """
    from graphql import parse
    from graphql.language.ast import NamedTypeNode, ObjectTypeDefinitionNode, ObjectTypeExtensionNode

    document = parse(sdl, no_location=True)
    wire_types: dict[str, dict[str, str]] = {}
    for definition in document.definitions:
        if isinstance(definition, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
            for wire_field in definition.fields or ():
                node = wire_field.type
                while not isinstance(node, NamedTypeNode):
                    node = node.type  # type: ignore[attr-defined]
                wire_types.setdefault(definition.name.value, {})[wire_field.name.value] = node.name.value
    out = []
    for name, bound in types.items():
        columns = [
            (wire, wire_types[name][wire])
            for wire in wire_types.get(name, {})
            if wire != "deleted"
            and isinstance(attribute := bound.fields.get(snake(wire)), Column | Moment)
            and getattr(attribute, "filterable", True)
        ]
        # a listing may call the same filter by a name of its own, such as DatasetDataRowWhereInput
        for where in sorted(set(re.findall(rf"\b(?:Dataset)?{name}WhereInput\b", sdl))):
            lines = [f"{wire}{suffix}: {kind}" for wire, kind in columns for suffix in _SUFFIXES]
            out.append(f"input {where} {{ deleted: Boolean AND: [{where}!] {' '.join(lines)} }}")
        if f"{name}OrderBy" in sdl:
            values = [f"{wire}_{direction}" for wire, _ in columns for direction in ("ASC", "DESC")]
            out.append(f"enum {name}OrderBy {{ {' '.join(values)} }}")
    return "\n".join(out)


def _by_wire_name(binding: Binding) -> None:
    """Re-keys fields and methods by their wire names, once, so that nothing is converted per request."""
    for name, bound in binding.types.items():
        wire = binding.schema.type_map.get(name)
        if isinstance(wire, GraphQLObjectType):
            known = {snake(field_name): field_name for field_name in wire.fields}
            bound.fields = {known.get(key, key): value for key, value in bound.fields.items()}
    for name, bound_methods in binding.methods.items():
        wire = binding.schema.type_map.get(name)
        if isinstance(wire, GraphQLObjectType):
            known = {snake(field_name): field_name for field_name in wire.fields}
            binding.methods[name] = {known.get(key, key): value for key, value in bound_methods.items()}


def _orphans(binding: Binding) -> Iterable[str]:
    for name, wire in binding.schema.type_map.items():
        if name.startswith("__") or isinstance(
            wire, GraphQLScalarType | GraphQLEnumType | GraphQLInputObjectType
        ):
            continue
        if not isinstance(wire, GraphQLObjectType):
            continue
        if name in binding.methods:
            bound: set[str] = set(binding.methods[name])
            declared = set(wire.fields)
        elif name in binding.types:
            bound = set(binding.types[name].fields)
            declared = set(wire.fields)
        elif name in binding.records:
            bound = {f.name for f in dataclasses.fields(binding.records[name])}
            declared = {snake(field_name) for field_name in wire.fields}
            bound &= declared  # a record may know more than it tells
        else:
            yield f"type {name} has neither resolvers nor a record"
            continue
        for missing in sorted(declared - bound):
            yield f"{name}.{missing} is in the SDL but has no resolver"
        for surplus in sorted(bound - declared):
            yield f"{name}.{surplus} has a resolver but is not in the SDL"
    for name in [*binding.methods, *binding.types]:
        if name not in binding.schema.type_map:
            yield f"{name} has resolvers but is not in the SDL"


def target(binding: Binding, wire_type: Any) -> tuple[str, bool]:
    """The named type behind `wire_type` and whether it is a table-backed one."""
    named = get_named_type(wire_type)
    return named.name, named.name in binding.types
