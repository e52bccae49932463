"""DbObject and what objects can do: be updated, deleted, deleted in bulk, connected."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from labelbox.exceptions import InvalidQueryError, ResourceNotFoundError
from labelbox.orm import query
from labelbox.orm.model import Entity, Field, Relationship
from labelbox.pagination import PaginatedCollection

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection
    from labelbox.orm.comparison import Clause

logger = logging.getLogger(__name__)

D = TypeVar("D", bound="DbObject")


class DbObject(Entity):
    """An object of the server: its client, and one attribute for each declared field."""

    def __init__(self, client: Connection, field_values: dict[str, Any]) -> None:
        """`field_values` are the values as the wire gave them, under their wire names."""
        self.client = client
        self._related: dict[str, DbObject | None] = {}
        self._set_field_values(field_values)

    def _set_field_values(self, field_values: dict[str, Any]) -> None:
        for relation in self.relationships():
            if relation.cache:
                found = field_values.get(relation.graphql_name)
                kind = relation.destination_type
                self._related[relation.name] = None if found is None else kind(self.client, found)
        for field in self.fields():
            if field.selected:
                self.__dict__[field.name] = _read(field, field_values.get(field.graphql_name))

    def _reload(self, document: str, params: dict[str, Any], *path: str) -> None:
        """Reads all fields again with a document whose answer is at `path`."""
        found: Any = self.client.execute(document, params)
        for step in path:
            found = found and found.get(step)
        if not found:
            raise ResourceNotFoundError(type(self), {"id": self.uid})
        self._set_field_values(found)

    def refresh(self) -> None:
        """Reads all fields again from the server."""
        document, params = query.get_single(type(self), self.uid)
        self._reload(document, params, self.root_name())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DbObject) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[str, str]:
        # One object of the server may be read as two classes: a task of data rows is a Task, too (R-DS-19).
        return self.type_name(), self.uid

    def __str__(self) -> str:
        values = {f.name: self.__dict__.get(f.name) for f in self.fields() if f.selected}
        return f"<{type(self).__name__} {values}>"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} ID: {self.uid}>"


class BoundToOne(Generic[D]):
    """A to-one relationship of one object."""

    def __init__(self, source: DbObject, relation: Relationship) -> None:
        self._source = source
        self._relation = relation

    def __call__(self) -> D | None:
        """The related object, or None when there is none."""
        source, relation = self._source, self._relation
        found: Any
        if relation.name in source._related:
            found = source._related[relation.name]
            return found  # type: ignore[no-any-return]
        document, params = query.relationship(source, relation, None, None)
        data = source.client.execute(document, params)
        owner = data and data.get(source.root_name())
        if not owner:
            raise ResourceNotFoundError(type(source), {"id": source.uid})
        values = owner[relation.graphql_name]
        if values is None:
            return None
        found = relation.destination_type(source.client, values)
        return found  # type: ignore[no-any-return]

    def connect(self, other: DbObject) -> None:
        """Makes `other` the related object. Raises ResourceNotFoundError when one of the two is gone."""
        _change(self._source, self._relation, other, connect=True)

    def disconnect(self, other: DbObject | None = None) -> None:
        """Leaves the object without a related one; 2.x names it here, which makes no difference."""
        _change(self._source, self._relation, None, connect=False)


class BoundToMany(Generic[D]):
    """A to-many relationship of one object."""

    def __init__(self, source: DbObject, relation: Relationship) -> None:
        self._source = source
        self._relation = relation

    def __call__(self, where: Clause | None = None, order_by: query.OrderBy = None) -> PaginatedCollection[D]:
        """The related objects, page by page; `order_by` is a pair of a field and Field.Order."""
        source, relation = self._source, self._relation
        document, params = query.relationship(source, relation, where, order_by)
        path = [source.root_name(), relation.graphql_name]
        return PaginatedCollection(source.client, document, params, path, relation.destination_type)

    def connect(self, other: DbObject) -> None:
        """Adds `other` to the related objects.

        Raises InvalidQueryError where only the other side may and for an object of another class,
        ResourceNotFoundError when one of the two is gone.
        """
        _change(self._source, self._relation, other, connect=True)

    def disconnect(self, other: DbObject) -> None:
        """Removes `other` from the related objects."""
        _change(self._source, self._relation, other, connect=False)


def _change(source: DbObject, relation: Relationship, other: DbObject | None, connect: bool) -> None:
    if not relation.connectable:
        raise InvalidQueryError(
            f"{type(source).__name__}.{relation.name} can only be changed from {relation.destination_name}"
        )
    document, params = query.update_relationship(source, relation, other, connect)
    source.client.execute(document, params, raise_return_resource_not_found=True)
    source._related.pop(relation.name, None)


class Updateable(DbObject):
    """Objects whose fields can be changed."""

    def update(self, **kwargs: Any) -> Self:
        """Sets fields by keyword and reads the object again; returns it.

        Raises InvalidAttributeError for a field that the class does not have.
        """
        document, params = query.update(self, kwargs)
        self._reload(document, params, "update" + self.type_name())
        return self


class Deletable(DbObject):
    """Objects that can be deleted one by one."""

    def delete(self) -> None:
        """Deletes the object on the server; this cannot be undone by the caller."""
        document, params = query.delete(self)
        self.client.execute(document, params, raise_return_resource_not_found=True)


class BulkDeletable(DbObject):
    """Objects that are deleted many at a time."""

    _DELETE_DOCUMENT: ClassVar[str]

    @classmethod
    def _bulk_delete(cls, objects: Iterable[DbObject]) -> None:
        """Deletes all objects. Raises InvalidQueryError when they are of different classes (R-DR-20)."""
        found = list(objects)
        kinds = {type(each) for each in found}
        if kinds - {cls}:
            names = ", ".join(sorted(kind.__name__ for kind in kinds))
            raise InvalidQueryError(f"bulk_delete takes objects of class {cls.__name__}, got {names}")
        for start in range(0, len(found), _DELETE_CHUNK):
            chunk = found[start : start + _DELETE_CHUNK]
            chunk[0].client.execute(cls._DELETE_DOCUMENT, {"ids": [each.uid for each in chunk]})

    def delete(self) -> None:
        """Deletes the object on the server."""
        self._bulk_delete([self])


_DELETE_CHUNK = 500


def _read(field: Field[Any], value: Any) -> Any:
    if value is None:
        return field.enum_class(None) if _knows_null(field) and field.enum_class else None
    if field.field_type is Field.Type.DateTime:
        return _moment(value)
    if field.enum_class is not None:
        return field.enum_class(value)
    return value


def _knows_null(field: Field[Any]) -> bool:
    return field.enum_class is not None and "_missing_" in vars(field.enum_class)


def _moment(value: Any) -> Any:
    """An aware UTC datetime; the raw string, with a warning, when it is in no known form (X-04)."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        logger.warning("Could not read %r as a date", value)
        return value
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
