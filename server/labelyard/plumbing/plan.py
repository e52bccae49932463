"""Compiles a selection set, once per document, into what the executor runs: columns, relationships, a row builder.

Aliases, fragments, `@skip` and `@include` are resolved here; so are depth and cost (`limits.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)
from graphql.language.ast import FieldNode

from labelyard.plumbing import limits, scalars
from labelyard.plumbing.binding import Binding, BoundType, Method
from labelyard.plumbing.source import Column, Computed, Many, Moment, One, Render


@dataclass(frozen=True, slots=True)
class Call:
    """A field's arguments as the document has them; values may hold variables."""

    field: GraphQLField
    node: FieldNode


@dataclass(slots=True)
class Item:
    """One response key of a selection."""

    key: str
    kind: str  # column, one, many, computed, typename
    index: int = -1
    attribute: Any = None
    needs: tuple[int, ...] = ()
    call: Call | None = None
    child: Node | None = None
    is_list: bool = False
    render: Render | None = None


@dataclass(slots=True)
class Node:
    """A compiled selection on one object type."""

    type_name: str
    bound: BoundType | None = None
    columns: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    build: Callable[..., list[dict[str, Any]]] | None = None
    record_fields: list[tuple[str, str, Call, Node | None]] = field(default_factory=list)
    methods: list[tuple[str, Method, Call, Node | None, str]] = field(default_factory=list)
    members: dict[str, Node] = field(default_factory=dict)


@dataclass(slots=True)
class Compiler:
    """Compiles the selections of one document."""

    binding: Binding
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    meter: limits.Meter

    def methods_node(self, type_name: str, selection: SelectionSetNode, depth: int = 1) -> Node:
        """A selection on Query, Mutation or a namespace."""
        wire = self._object(type_name)
        node = Node(type_name)
        bound = self.binding.methods[type_name]
        for key, nodes in self._collect(wire, selection).items():
            name = nodes[0].name.value
            if name == "__typename":
                node.items.append(Item(key, "typename"))
                continue
            wire_field = wire.fields[name]
            child = self._child(wire_field, nodes, depth)
            node.methods.append((key, bound[name], Call(wire_field, nodes[0]), child, name))
        return node

    def node(self, type_name: str, selections: list[SelectionSetNode], depth: int) -> Node:
        """A selection on an object type."""
        self.meter.enter(depth)
        union = self.binding.schema.type_map[type_name]
        if isinstance(union, GraphQLUnionType):
            members = {member.name: self.node(member.name, selections, depth) for member in union.types}
            return Node(type_name, members=members)
        wire = self._object(type_name)
        merged: dict[str, list[FieldNode]] = {}
        for selection in selections:
            for key, nodes in self._collect(wire, selection).items():
                merged.setdefault(key, []).extend(nodes)
        if type_name in self.binding.types:
            return self._table_node(wire, merged, depth)
        node = Node(type_name)
        for key, nodes in merged.items():
            name = nodes[0].name.value
            if name == "__typename":
                node.items.append(Item(key, "typename"))
                continue
            wire_field = wire.fields[name]
            call = Call(wire_field, nodes[0])
            node.record_fields.append((key, name, call, self._child(wire_field, nodes, depth)))
        return node

    def _table_node(self, wire: GraphQLObjectType, merged: dict[str, list[FieldNode]], depth: int) -> Node:
        bound = self.binding.types[wire.name]
        node = Node(wire.name, bound)
        places: dict[str, int] = {}

        def place(sql: str) -> int:
            if sql not in places:
                places[sql] = len(node.columns)
                node.columns.append(sql)
            return places[sql]

        key_column = bound.fields["id"]
        assert isinstance(key_column, Column)
        place(key_column.sql)
        for key, nodes in merged.items():
            name = nodes[0].name.value
            if name == "__typename":
                node.items.append(Item(key, "typename"))
                continue
            attribute = bound.fields[name]
            wire_field = wire.fields[name]
            self.meter.add(1)
            match attribute:
                case Column():
                    node.items.append(Item(key, "column", place(attribute.sql), render=attribute.render))
                case Moment():
                    node.items.append(Item(key, "column", place(scalars.MOMENT_SQL.format(attribute.sql))))
                case One():
                    child = self._child(wire_field, nodes, depth)
                    node.items.append(Item(key, "one", place(attribute.sql), attribute, child=child))
                case Many():
                    child = self._child(wire_field, nodes, depth)
                    call = Call(wire_field, nodes[0])
                    node.items.append(Item(key, "many", 0, attribute, call=call, child=child))
                case Computed():
                    child = self._child(wire_field, nodes, depth)
                    needs = tuple(place(sql) for sql in attribute.needs)
                    call = Call(wire_field, nodes[0])
                    node.items.append(
                        Item(key, "computed", -1, attribute, needs, call, child, _is_list(wire_field))
                    )
        node.build = _row_builder(node)
        return node

    def _child(self, wire_field: GraphQLField, nodes: list[FieldNode], depth: int) -> Node | None:
        selections = [node.selection_set for node in nodes if node.selection_set is not None]
        if not selections:
            return None
        named = get_named_type(wire_field.type)
        if named.name in self.binding.methods:
            return self.methods_node(named.name, _joined(selections), depth + 1)
        with self.meter.times(_page_size(wire_field, nodes[0], self.variables)):
            return self.node(named.name, selections, depth + 1)

    def _object(self, type_name: str) -> GraphQLObjectType:
        wire = self.binding.schema.type_map[type_name]
        assert isinstance(wire, GraphQLObjectType)
        return wire

    def _collect(self, wire: GraphQLObjectType, selection: SelectionSetNode) -> dict[str, list[FieldNode]]:
        found: dict[str, list[FieldNode]] = {}
        for entry in selection.selections:
            if not self._included(entry):
                continue
            match entry:
                case FieldNode():
                    key = entry.alias.value if entry.alias else entry.name.value
                    found.setdefault(key, []).append(entry)
                case InlineFragmentNode():
                    condition = entry.type_condition
                    if condition is None or condition.name.value == wire.name:
                        for key, nodes in self._collect(wire, entry.selection_set).items():
                            found.setdefault(key, []).extend(nodes)
                case FragmentSpreadNode():
                    fragment = self.fragments[entry.name.value]
                    if fragment.type_condition.name.value == wire.name:
                        for key, nodes in self._collect(wire, fragment.selection_set).items():
                            found.setdefault(key, []).extend(nodes)
        return found

    def _included(self, entry: Any) -> bool:
        for directive in entry.directives or ():
            value = True
            for argument in directive.arguments or ():
                value = bool(scalars.literal(argument.value, dict(self.variables)))
            if directive.name.value == "skip" and value:
                return False
            if directive.name.value == "include" and not value:
                return False
        return True


def _joined(selections: list[SelectionSetNode]) -> SelectionSetNode:
    if len(selections) == 1:
        return selections[0]
    return SelectionSetNode(selections=tuple(entry for one in selections for entry in one.selections))


def _is_list(wire_field: GraphQLField) -> bool:
    kind = wire_field.type
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    return isinstance(kind, GraphQLList)


def _page_size(wire_field: GraphQLField, node: FieldNode, variables: Mapping[str, Any]) -> int:
    """How many children a field may bring: what `first` says, else a page, and 1 for a single object."""
    if not _is_list(wire_field):
        return 1
    for argument in node.arguments or ():
        if argument.name.value == "first":
            value = scalars.literal(argument.value, dict(variables))
            if isinstance(value, int):
                return max(value, 1)
    return limits.PAGE if "first" in wire_field.args else limits.SHORT_LIST


def _row_builder(node: Node) -> Callable[..., list[dict[str, Any]]]:
    """Generates the function that turns fetched tuples into response objects.

    It is `[{"id": r[0], "labels": many0.get(r[0], []), ...} for r in rows]`, written out for this selection.
    """
    parts, arguments = [], []
    for number, item in enumerate(node.items):
        match item.kind:
            case "typename":
                parts.append(f"{item.key!r}: {node.type_name!r}")
            case "column" if item.render is None:
                parts.append(f"{item.key!r}: r[{item.index}]")
            case "column":
                arguments.append(f"x{number}")
                parts.append(f"{item.key!r}: x{number}(r[{item.index}])")
            case "one":
                arguments.append(f"x{number}")
                parts.append(f"{item.key!r}: x{number}.get(r[{item.index}])")
            case "many":
                arguments.append(f"x{number}")
                parts.append(f"{item.key!r}: x{number}.get(r[0], [])")
            case "computed":
                arguments.append(f"x{number}")
                parts.append(f"{item.key!r}: x{number}[i]")
    source = (
        f"def build(rows{''.join(', ' + name for name in arguments)}):\n"
        f"    return [{{{', '.join(parts)}}} for i, r in enumerate(rows)]\n"
    )
    scope: dict[str, Any] = {}
    exec(compile(source, "<row builder>", "exec"), scope)
    build: Callable[..., list[dict[str, Any]]] = scope["build"]
    return build
