"""Turns declarations into GraphQL documents.

Values always travel as variables, so nothing a user types can change a document. Paged documents hold two
`%d` placeholders, `skip` and `first`, which PaginatedCollection fills.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labelbox.exceptions import InvalidAttributeError, InvalidQueryError
from labelbox.orm.comparison import Clause, comparisons, where_input, wire_value
from labelbox.orm.model import Field, Relationship
from labelbox.utils import title_case

if TYPE_CHECKING:
    from labelbox.orm.db_object import DbObject

Params = dict[str, Any]
OrderBy = tuple[Field[Any], Field.Order] | None


def selection(entity: type[DbObject]) -> str:
    """The selected fields of a class, with the whole object for each relationship that comes along."""
    parts = [
        f.graphql_name + (f" {{ {f.selection} }}" if f.selection else "")
        for f in entity.fields()
        if f.selected
    ]
    parts += [
        f"{r.graphql_name} {{ {selection(r.destination_type)} }}" for r in entity.relationships() if r.cache
    ]
    return " ".join(parts)


def get_single(entity: type[DbObject], uid: str | None) -> tuple[str, Params]:
    """One object by its id; without an id the one that belongs to the API key (user, organization)."""
    root = entity.root_name()
    operation = entity.type_name()
    if uid is None:
        return f"query {operation} {{ {root} {{ {selection(entity)} }} }}", {}
    document = f"query {operation}($id: ID!) {{ {root}(where: {{id: $id}}) {{ {selection(entity)} }} }}"
    return document, {"id": uid}


def get_all(entity: type[DbObject], where: Clause | None, filter_deleted: bool) -> tuple[str, Params]:
    """A page of all objects of a class that the key may see."""
    root = entity.root_name() + "s"
    document = (
        f"query {entity.type_name()}s($where: {entity.type_name()}WhereInput) "
        f"{{ {root}(where: $where, skip: %d, first: %d) {{ {selection(entity)} }} }}"
    )
    return document, {"where": _where(entity, where, filter_deleted)}


def relationship(
    source: DbObject, relation: Relationship, where: Clause | None, order_by: OrderBy
) -> tuple[str, Params]:
    """The objects at the other end of a relationship: one, or a page of many."""
    source_root = source.root_name()
    destination = relation.destination_type
    field = relation.graphql_name
    # The organization and the user of a key answer without an id, and only so for the organization.
    by_id = source.type_name() != "Organization"
    arguments = ["$id: ID!"] if by_id else []
    params: Params = {"id": source.uid} if by_id else {}
    call = ""
    if relation.to_many:
        clause = _where(destination, where, relation.filter_deleted)
        if clause is not None:
            arguments.append(f"$where: {destination.type_name()}WhereInput")
            params["where"] = clause
        parts = ["where: $where"] if clause is not None else []
        parts += ["skip: %d", "first: %d"]
        if order_by is not None:
            parts.append(f"orderBy: {order_value(destination, order_by)}")
        call = f"({', '.join(parts)})"
    elif where is not None or order_by is not None:
        raise InvalidQueryError(f"{relation.name} leads to one object: it takes neither where nor order_by")
    declared = f"({', '.join(arguments)})" if arguments else ""
    found_by = "(where: {id: $id})" if by_id else ""
    document = (
        f"query {source.type_name()}{title_case(field)}{declared} "
        f"{{ {source_root}{found_by} {{ {field}{call} {{ {selection(destination)} }} }} }}"
    )
    return document, params


def create(entity: type[DbObject], data: Params) -> tuple[str, Params]:
    """A new object; related objects are connected by id."""
    name = entity.type_name()
    document = (
        f"mutation Create{name}($data: Create{name}Input!) "
        f"{{ create{name}(data: $data) {{ {selection(entity)} }} }}"
    )
    return document, {"data": input_values(entity, data)}


def update(source: DbObject, data: Params) -> tuple[str, Params]:
    """New values for fields of an object, which comes back whole."""
    name = source.type_name()
    document = (
        f"mutation Update{name}($id: ID!, $data: Update{name}Input!) "
        f"{{ update{name}(where: {{id: $id}}, data: $data) {{ {selection(type(source))} }} }}"
    )
    return document, {"id": source.uid, "data": input_values(type(source), data)}


def update_relationship(
    source: DbObject, relation: Relationship, other: DbObject | None, connect: bool
) -> tuple[str, Params]:
    """Connects or disconnects an object; a to-one relationship is disconnected without naming the object."""
    name = source.type_name()
    change: Params
    if connect or relation.to_many:
        if other is None:
            raise InvalidQueryError(f"{relation.name} needs the object to connect or disconnect")
        change = {"connect" if connect else "disconnect": {"id": _id_of(relation, other)}}
    else:
        change = {"disconnect": True}
    document = (
        f"mutation Update{name}{title_case(relation.name)}($id: ID!, $data: Update{name}Input!) "
        f"{{ update{name}(where: {{id: $id}}, data: $data) {{ id }} }}"
    )
    return document, {"id": source.uid, "data": {relation.graphql_name: change}}


def delete(source: DbObject) -> tuple[str, Params]:
    """Marks an object as deleted (X-14)."""
    name = source.type_name()
    document = (
        f"mutation Delete{name}($id: ID!, $data: Update{name}Input!) "
        f"{{ update{name}(where: {{id: $id}}, data: $data) {{ id }} }}"
    )
    return document, {"id": source.uid, "data": {"deleted": True}}


def input_values(entity: type[DbObject], data: Params) -> Params:
    """Python names and values as the wire's input has them.

    Raises InvalidAttributeError for a name that the class does not have (R-CLI-10), InvalidQueryError for a
    related object of another class.
    """
    values: Params = {}
    for name, value in data.items():
        attribute = entity.attribute(name)
        if attribute is None or attribute.name in ("uid", "deleted"):
            raise InvalidAttributeError(entity, name)
        if isinstance(attribute, Field):
            values[attribute.graphql_name] = wire_value(value)
        elif value is not None:
            values[attribute.graphql_name] = {"connect": {"id": _id_of(attribute, value)}}
    return values


def _id_of(relation: Relationship, other: Any) -> str:
    kind = relation.destination_type
    if not isinstance(other, kind):
        raise InvalidQueryError(f"{relation.name} needs a {kind.__name__}, got {other!r}")
    return other.uid


def order_value(entity: type[DbObject], order_by: tuple[Field[Any], Field.Order]) -> str:
    """`createdAt_ASC`; raises InvalidQueryError or InvalidAttributeError for anything but (field, order)."""
    if not (isinstance(order_by, tuple) and len(order_by) == 2 and isinstance(order_by[1], Field.Order)):
        raise InvalidQueryError(f"order_by must be a pair of a field and Field.Order, got {order_by!r}")
    field, order = order_by
    if not isinstance(field, Field) or entity.attribute(field) is None:
        raise InvalidAttributeError(entity, field)
    return f"{field.graphql_name}_{order.name.upper()}"


def _where(entity: type[DbObject], where: Clause | None, filter_deleted: bool) -> Params | None:
    """The where value, without deleted objects unless the user's own clause speaks of them (X-08)."""
    if filter_deleted and (where is None or all(c.field.name != "deleted" for c in comparisons(where))):
        alive = entity.deleted == False  # noqa: E712
        where = alive if where is None else where & alive
    return where_input(where, entity)
