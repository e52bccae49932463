"""Field, Relationship, Entity: one declaration per wire field.

A class attribute declared as a Field is the Field on the class (`Project.name == "x"`) and the value on an
object (`project.name`); a Relationship is itself on the class and callable on an object (`project.labels()`).
"""

from __future__ import annotations

import enum
from enum import auto
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from labelbox.orm.comparison import Comparison, Operator
from labelbox.utils import camel_case, snake_case

if TYPE_CHECKING:
    from labelbox.orm.db_object import BoundToMany, BoundToOne, DbObject

V = TypeVar("V")
D = TypeVar("D", bound="DbObject")


class Field(Generic[V]):
    """A scalar of a class: its Python name, its wire name and its type.

    Comparing a Field builds the clause of a `where`; it never answers True or False.
    """

    class Type(enum.Enum):
        """The wire's scalar types."""

        Int = auto()
        Float = auto()
        String = auto()
        Boolean = auto()
        ID = auto()
        DateTime = auto()
        Json = auto()
        Enum = auto()
        List = auto()

    class Order(enum.Enum):
        """Direction of an `order_by`."""

        Asc = auto()
        Desc = auto()

    def __init__(
        self,
        field_type: Field.Type,
        graphql_name: str | None = None,
        enum_class: type[enum.Enum] | None = None,
        selection: str = "",
        selected: bool = True,
    ) -> None:
        """`selection` is that of an object field; `selected` False keeps it out of reads."""
        self.field_type = field_type
        self.graphql_name = graphql_name or ""
        self.enum_class = enum_class
        self.selection = selection
        self.selected = selected
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.graphql_name = self.graphql_name or camel_case(name)

    @overload
    def __get__(self, obj: None, owner: type) -> Field[V]: ...
    @overload
    def __get__(self, obj: object, owner: type) -> V: ...
    def __get__(self, obj: object | None, owner: type) -> Any:
        if obj is None:
            return self
        raise AttributeError(f"{owner.__name__}.{self.name} has not been read from the server")

    @staticmethod
    def Int(graphql_name: str | None = None) -> Field[Any]:  # noqa: N802
        return Field(Field.Type.Int, graphql_name)

    @staticmethod
    def Float(graphql_name: str | None = None) -> Field[Any]:  # noqa: N802
        return Field(Field.Type.Float, graphql_name)

    @staticmethod
    def String(graphql_name: str | None = None) -> Field[Any]:  # noqa: N802
        return Field(Field.Type.String, graphql_name)

    @staticmethod
    def Boolean(graphql_name: str | None = None, selected: bool = True) -> Field[Any]:  # noqa: N802
        return Field(Field.Type.Boolean, graphql_name, selected=selected)

    @staticmethod
    def ID(graphql_name: str | None = None) -> Field[Any]:  # noqa: N802
        return Field(Field.Type.ID, graphql_name)

    @staticmethod
    def DateTime(graphql_name: str | None = None) -> Field[Any]:  # noqa: N802
        return Field(Field.Type.DateTime, graphql_name)

    @staticmethod
    def Json(graphql_name: str | None = None) -> Field[Any]:  # noqa: N802
        return Field(Field.Type.Json, graphql_name)

    @staticmethod
    def Enum(enum_class: type[enum.Enum], graphql_name: str | None = None) -> Field[Any]:  # noqa: N802
        return Field(Field.Type.Enum, graphql_name, enum_class=enum_class)

    @staticmethod
    def List(graphql_name: str | None = None, selection: str = "") -> Field[Any]:  # noqa: N802
        return Field(Field.Type.List, graphql_name, selection=selection)

    @property
    def asc(self) -> tuple[Field[V], Field.Order]:
        """Ascending order on this field, for `order_by`."""
        return self, Field.Order.Asc

    @property
    def desc(self) -> tuple[Field[V], Field.Order]:
        """Descending order on this field, for `order_by`."""
        return self, Field.Order.Desc

    def __eq__(self, value: object) -> Comparison:  # type: ignore[override]
        return Comparison(self, Operator.EQ, value)

    def __ne__(self, value: object) -> Comparison:  # type: ignore[override]
        return Comparison(self, Operator.NE, value)

    def __lt__(self, value: object) -> Comparison:
        return Comparison(self, Operator.LT, value)

    def __gt__(self, value: object) -> Comparison:
        return Comparison(self, Operator.GT, value)

    def __le__(self, value: object) -> Comparison:
        return Comparison(self, Operator.LE, value)

    def __ge__(self, value: object) -> Comparison:
        return Comparison(self, Operator.GE, value)

    def __hash__(self) -> int:
        return id(self)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Field {self.name!r}>"


class Relationship:
    """A named way from objects of one class to objects of another.

    `filter_deleted` leaves soft-deleted objects out; `cache` means that the related object comes with its
    owner in one query; `connectable` says whether connect and disconnect are allowed from this side.
    """

    def __init__(
        self,
        to_many: bool,
        destination: str,
        graphql_name: str | None,
        filter_deleted: bool,
        cache: bool,
        connectable: bool,
        bound: type[BoundToMany[Any]] | None = None,
    ) -> None:
        self.bound = bound
        self.to_many = to_many
        self.destination_name = destination
        self.graphql_name = graphql_name or ""
        self.filter_deleted = filter_deleted
        self.cache = cache
        self.connectable = connectable
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.graphql_name = self.graphql_name or camel_case(name)

    @property
    def destination_type(self) -> type[DbObject]:
        """The class at the other end."""
        return Entity.named(self.destination_name)

    @staticmethod
    def ToOne(  # noqa: N802
        destination: str, graphql_name: str | None = None, cache: bool = False
    ) -> ToOne[Any]:
        return ToOne(False, destination, graphql_name, False, cache, True)

    @staticmethod
    def ToMany(  # noqa: N802
        destination: str,
        filter_deleted: bool = False,
        graphql_name: str | None = None,
        connectable: bool = True,
        bound: type[BoundToMany[Any]] | None = None,
    ) -> ToMany[Any]:
        """`bound` is what an object gives in place of BoundToMany, for lists with rules of their own."""
        return ToMany(True, destination, graphql_name, filter_deleted, False, connectable, bound)

    def __repr__(self) -> str:
        return f"<Relationship {self.name!r} to {self.destination_name}>"


class ToOne(Relationship, Generic[D]):
    """A relationship to at most one object."""

    @overload
    def __get__(self, obj: None, owner: type) -> ToOne[D]: ...
    @overload
    def __get__(self, obj: DbObject, owner: type) -> BoundToOne[D]: ...
    def __get__(self, obj: DbObject | None, owner: type) -> Any:
        if obj is None:
            return self
        from labelbox.orm.db_object import BoundToOne

        return BoundToOne(obj, self)


class ToMany(Relationship, Generic[D]):
    """A relationship to any number of objects."""

    @overload
    def __get__(self, obj: None, owner: type) -> ToMany[D]: ...
    @overload
    def __get__(self, obj: DbObject, owner: type) -> BoundToMany[D]: ...
    def __get__(self, obj: DbObject | None, owner: type) -> Any:
        if obj is None:
            return self
        from labelbox.orm.db_object import BoundToMany

        return (self.bound or BoundToMany)(obj, self)


class Entity:
    """What every class of the wire can tell about itself: its names, fields and relationships."""

    uid: Field[str] = Field.ID("id")
    # Known to every list of the wire, so it can be filtered on; never selected.
    deleted: Field[bool] = Field.Boolean("deleted", selected=False)

    @classmethod
    def type_name(cls) -> str:
        """The class's name on the wire."""
        return cls.__name__

    @classmethod
    def root_name(cls) -> str:
        """The query field that returns one object: `dataRow`, `mALPredictionImport`."""
        name = cls.type_name()
        return name[0].lower() + name[1:]

    @classmethod
    def fields(cls) -> list[Field[Any]]:
        """Every field, `uid` first, those of base classes before a class's own."""
        found: dict[str, Field[Any]] = {}
        for base in reversed(cls.__mro__):
            found.update({n: a for n, a in vars(base).items() if isinstance(a, Field)})
        return list(found.values())

    @classmethod
    def relationships(cls) -> list[Relationship]:
        """Every relationship."""
        found: dict[str, Relationship] = {}
        for base in reversed(cls.__mro__):
            found.update({n: a for n, a in vars(base).items() if isinstance(a, Relationship)})
        return list(found.values())

    @classmethod
    def attribute(cls, name: str | Field[Any] | Relationship) -> Field[Any] | Relationship | None:
        """The field or relationship with that Python or wire name, or itself when it belongs to the class."""
        candidates: list[Field[Any] | Relationship] = [*cls.fields(), *cls.relationships()]
        if isinstance(name, (Field, Relationship)):
            return next((a for a in candidates if a is name), None)
        snake = snake_case(name)
        exact = next((a for a in candidates if a.name == name), None)
        return exact or next((a for a in candidates if a.graphql_name == name or a.name == snake), None)

    @staticmethod
    def named(name: str) -> type[DbObject]:
        """The class with that name; its module is read only now."""
        found: type[DbObject] = getattr(import_module(_MODULES[name]), name)
        return found


_MODULES = {
    name: f"labelbox.schema.{module}"
    for module, names in {
        "annotation_import": ("LabelImport", "MALPredictionImport"),
        "asset_attachment": ("AssetAttachment",),
        "asset_metadata": ("AssetMetadata",),
        "batch": ("Batch",),
        "benchmark": ("Benchmark",),
        "bulk_import_request": ("BulkImportRequest",),
        "data_row": ("DataRow",),
        "dataset": ("Dataset",),
        "invite": ("Invite",),
        "label": ("Label",),
        "labeling_frontend": ("LabelingFrontend", "LabelingFrontendOptions"),
        "ontology": ("Ontology",),
        "organization": ("Organization",),
        "prediction": ("Prediction", "PredictionModel"),
        "project": ("Project", "LabelingParameterOverride"),
        "project_member": ("ProjectMember",),
        "resource_tag": ("ResourceTag",),
        "review": ("Review",),
        "role": ("Role", "OrgRole", "ProjectRole"),
        "task": ("Task",),
        "task_queue": ("TaskQueue",),
        "user": ("User",),
        "webhook": ("Webhook",),
    }.items()
    for name in names
}
