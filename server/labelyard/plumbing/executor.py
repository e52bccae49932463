"""Runs compiled selections: one SELECT per relationship for all parents, rows into JSON by a generated builder.

No function is called per field, so there is no N+1 to avoid (decision 4). A root field's method returns `Rows` (a
listing), an id, `Loaded` ids, a record, or a plain value; what the caller selected of it is read here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    VariableValues,
    coerce_input_literal,
    get_named_type,
    is_list_type,
)
from graphql.pyutils import Undefined

from labelyard import errors
from labelyard.plumbing import filters, limits, paging
from labelyard.plumbing.binding import Binding
from labelyard.plumbing.context import Context
from labelyard.plumbing.naming import snake
from labelyard.plumbing.plan import Call, Item, Node
from labelyard.plumbing.source import Computed, Loaded, Many, Namespace, Rows

_LISTING = ("where", "skip", "first", "orderBy")
_hints = paging.KeyHints()


class Executor:
    """Runs one operation for one caller."""

    def __init__(self, binding: Binding, context: Context, variables: VariableValues) -> None:
        self._binding = binding
        self._context = context
        self._variables = variables

    async def run(self, node: Node, subject: Any = None) -> dict[str, Any]:
        """The answer to a selection of methods, in the order in which the document has them."""
        answer: dict[str, Any] = {item.key: node.type_name for item in node.items}
        for key, method, call, child, name in node.methods:
            arguments = self._arguments(call)
            listing = {
                name: arguments.pop(name)
                for name in _LISTING
                if name in arguments and snake(name) not in method.accepts
            }
            keywords = {snake(name): value for name, value in arguments.items()}
            if subject is None:
                value = await method.function(self._context, **keywords)
            else:
                value = await method.function(self._context, subject, **keywords)
            answer[key] = await self._value(value, child, is_list_type(_nullable(call.field.type)), listing)
        return answer

    def _arguments(self, call: Call) -> dict[str, Any]:
        """The arguments of a field, coerced; inputs become dictionaries with snake_case keys."""
        found: dict[str, Any] = {}
        nodes = {argument.name.value: argument for argument in call.node.arguments or ()}
        for name, declared in call.field.args.items():
            node = nodes.get(name)
            if node is None:
                continue
            value = coerce_input_literal(node.value, declared.type, self._variables)
            if value is Undefined:
                continue
            if name in ("skip", "first"):
                paging.check(name, value)
            if name in ("where", "orderBy") and get_named_type(declared.type).name.endswith(
                ("WhereInput", "OrderBy")
            ):
                found[name] = value
            else:
                found[name] = _pythonic(value, declared.type)
        return found

    async def _value(
        self, value: Any, child: Node | None, is_list: bool, listing: Mapping[str, Any] | None = None
    ) -> Any:
        """What was selected of a value that a method or a computed field gave."""
        if value is None or child is None:
            return value
        if isinstance(value, Namespace):
            return await self.run(child, value.subject)
        if isinstance(value, Rows):
            built = await self._listing(child, value, listing or {}, limits.PAGE)
            return built if is_list else (built[0] if built else None)
        if isinstance(value, Loaded):
            found = await self._load(child, value.ids)
            return [found[key] for key in value.ids if key in found]
        if child.bound is not None:
            ids = list(value) if is_list else [value]
            found = await self._load(child, ids)
            return [found[key] for key in ids if key in found] if is_list else found.get(value)
        if is_list:
            return await self._records(child, list(value))
        return (await self._records(child, [value]))[0]

    async def _records(self, node: Node, records: Sequence[Any]) -> list[Any]:
        """The selected fields of records; children of all records are read together."""
        if node.members:
            return [
                (await self._records(node.members[type(record).__name__], [record]))[0] for record in records
            ]
        answers: list[dict[str, Any]] = [{item.key: node.type_name for item in node.items} for _ in records]
        for key, name, call, child in node.record_fields:
            values = [_attribute(record, name) for record in records]
            if any(callable(value) for value in values):  # a field of a record that takes arguments
                arguments = {snake(name): value for name, value in self._arguments(call).items()}
                values = [await value(**arguments) if callable(value) else value for value in values]
            is_list = is_list_type(_nullable(call.field.type))
            for answer, value in zip(answers, await self._aligned(values, child, is_list), strict=True):
                answer[key] = value
        return answers

    async def _aligned(self, values: Sequence[Any], child: Node | None, is_list: bool) -> list[Any]:
        """One answer per value: ids are loaded in one SELECT, records built together."""
        if child is None:
            return list(values)
        if any(isinstance(value, Rows | Loaded | Namespace) for value in values):
            return [await self._value(value, child, is_list) for value in values]
        flat: list[Any] = []
        for value in values:
            flat.extend(value if is_list and value is not None else [value])
        present = [value for value in flat if value is not None]
        if child.bound is not None:
            found = await self._load(child, present)
            if is_list:
                return [
                    None if value is None else [found[key] for key in value if key in found]
                    for value in values
                ]
            return [None if value is None else found.get(value) for value in values]
        built = iter(await self._records(child, present))
        if is_list:
            return [None if value is None else [next(built) for _ in value] for value in values]
        return [None if value is None else next(built) for value in values]

    async def _load(self, node: Node, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Objects of a table-backed type by id, as far as the caller may see them."""
        wanted = list(dict.fromkeys(key for key in ids if key is not None))
        if not wanted:
            return {}
        assert node.bound is not None
        rows = node.bound.rows(self._context)
        if len(wanted) == 1:
            rows = rows.narrowed(f"{rows.key} = %(_id)s", _id=wanted[0])
        else:
            rows = rows.narrowed(f"{rows.key} = ANY(%(_ids)s)", _ids=wanted)
        fetched = await self._context.database.fetch_all(
            f"SELECT {', '.join(node.columns)} FROM {rows.tables} WHERE {rows.where}", rows.params
        )
        built = await self._build(node, fetched)
        return {row[0]: entry for row, entry in zip(fetched, built, strict=True)}

    async def _listing(
        self, node: Node, rows: Rows, arguments: Mapping[str, Any], default: int
    ) -> list[dict[str, Any]]:
        """One page of a listing."""
        bound = node.bound
        assert bound is not None
        rows = filters.filtered(bound, rows, arguments.get("where"))
        page = paging.page_of(arguments.get("skip"), arguments.get("first"), default)
        order_by = arguments.get("orderBy")
        listing = paging.KeyHints.listing(rows) if not order_by and not rows.order else None
        offset = page.skip
        source = rows
        if listing is not None and page.skip:
            key = _hints.before(listing, page.skip)
            if key is not None:
                source, offset = rows.narrowed(f"{rows.seek or rows.key} > %(_after)s", _after=key), 0
        sql = paging.select(
            [*node.columns, rows.seek] if rows.seek else node.columns,
            source,
            filters.order_sql(bound, rows, order_by),
            " LIMIT %(_first)s OFFSET %(_skip)s",
        )
        fetched = await self._context.database.fetch_all(
            sql, {**source.params, "_first": page.first, "_skip": offset}
        )
        if listing is not None and len(fetched) == page.first and fetched:
            _hints.remember(listing, page.skip + page.first, fetched[-1][-1 if rows.seek else 0])
        return await self._build(node, fetched)

    async def _build(self, node: Node, fetched: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
        """Response objects for fetched rows, with their relationships."""
        extras: list[Any] = []
        for item in node.items:
            if item.kind == "column" and item.render is not None:
                extras.append(functools.partial(item.render, self._context))
            elif item.kind == "one":
                assert item.child is not None
                extras.append(await self._load(item.child, {row[item.index] for row in fetched}))
            elif item.kind == "many":
                extras.append(await self._children(item, [row[0] for row in fetched]))
            elif item.kind == "computed":
                extras.append(await self._computed(item, fetched))
        assert node.build is not None
        return node.build(fetched, *extras)

    async def _computed(self, item: Item, fetched: list[tuple[Any, ...]]) -> list[Any]:
        if not fetched:
            return []
        computed: Computed = item.attribute
        assert item.call is not None
        parents = [tuple(row[place] for place in item.needs) for row in fetched]
        arguments = {snake(name): value for name, value in self._arguments(item.call).items()}
        values = await computed.function(self._context, parents, **arguments)
        return await self._aligned(values, item.child, item.is_list)

    async def _children(self, item: Item, parents: list[str]) -> dict[str, list[dict[str, Any]]]:
        """The children of all parents in one SELECT, each parent with a page of its own."""
        many: Many = item.attribute
        node = item.child
        assert node is not None and node.bound is not None and item.call is not None
        if not parents:
            return {}
        rows = node.bound.rows(self._context).joined(many.join, many.where)
        if many.order:
            rows = rows.ordered(many.order)
        arguments = self._arguments(item.call)
        if len(parents) == 1:
            one = rows.narrowed(f"{many.parent} = %(_parent)s", _parent=parents[0])
            limit = limits.PAGE if "first" in item.call.field.args else paging.MAX_FIRST
            return {parents[0]: await self._listing(node, one, arguments, limit)}
        rows = filters.filtered(node.bound, rows, arguments.get("where"))
        page = paging.page_of(arguments.get("skip"), arguments.get("first"), limits.PAGE)
        inner = paging.select(
            node.columns,
            rows.narrowed(f"{many.parent} = parents.id"),
            filters.order_sql(node.bound, rows, arguments.get("orderBy")),
            " LIMIT %(_first)s OFFSET %(_skip)s",
        )
        sql = (
            "SELECT children.*, parents.id FROM unnest(%(_parents)s::text[]) WITH ORDINALITY AS parents(id, place)"
            f" CROSS JOIN LATERAL ({_aliased(inner, len(node.columns))}) AS children ORDER BY parents.place"
        )
        fetched = await self._context.database.fetch_all(
            sql, {**rows.params, "_parents": parents, "_first": page.first, "_skip": page.skip}
        )
        built = await self._build(node, fetched)
        children: dict[str, list[dict[str, Any]]] = {}
        for row, entry in zip(fetched, built, strict=True):
            children.setdefault(row[-1], []).append(entry)
        return children


def _aliased(select: str, columns: int) -> str:
    names = ", ".join(f"c{number}" for number in range(columns))
    return f"SELECT * FROM ({select}) AS page({names})"


def _attribute(record: Any, wire_name: str) -> Any:
    name = snake(wire_name)
    if isinstance(record, Mapping):
        return record.get(name)
    return getattr(record, name)


def _nullable(kind: Any) -> Any:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _pythonic(value: Any, kind: Any) -> Any:
    """Input objects with snake_case keys; Json values stay as the caller wrote them."""
    kind = _nullable(kind)
    if value is None:
        return None
    if isinstance(kind, GraphQLList):
        if not isinstance(value, list):
            return value
        if isinstance(_nullable(kind.of_type), GraphQLScalarType):
            return value
        return [_pythonic(entry, kind.of_type) for entry in value]
    if isinstance(kind, GraphQLEnumType):
        if value not in kind.values:  # clients declare some enum variables as String
            raise errors.InvalidDocument(f'Value "{value}" does not exist in "{kind.name}" enum.')
        return value
    if isinstance(kind, GraphQLInputObjectType):
        if not isinstance(value, Mapping):
            raise errors.InvalidDocument(f"Expected an object for {kind.name}")
        return {snake(name): _pythonic(entry, kind.fields[name].type) for name, entry in value.items()}
    return value
