"""DataRowMetadataOntology: the types of metadata on data rows, and reading and writing the values.

`client.get_data_row_metadata_ontology()` gives it. Values are checked here against the organization's
schema: an unknown name is a KeyError, an unknown id or a bad value a ValueError.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from labelbox.schema.identifiables import Identifiables, identifiables_of
from labelbox.schema.metadata_values import MetadataValues

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection
    from labelbox.schema.data_row import DataRow
    from labelbox.schema.identifiable import Identifiable

CUSTOM_METADATA_ONTOLOGY = """query CustomMetadataOntology {
    customMetadataOntology { id name kind reserved options { id kind name reserved } }
}"""
UPSERT_CUSTOM_METADATA_SCHEMA = """mutation UpsertCustomMetadataSchema(
    $data: UpsertCustomMetadataSchemaInput!
) {
    upsertCustomMetadataSchema(data: $data) { id name kind reserved options { id kind name reserved } }
}"""
DELETE_CUSTOM_METADATA_SCHEMA = """mutation DeleteCustomMetadataSchema($id: ID!) {
    deleteCustomMetadataSchema(schema: {id: $id}) { success }
}"""
UPSERT_DATA_ROW_CUSTOM_METADATA = """mutation UpsertDataRowCustomMetadata(
    $data: [DataRowCustomMetadataBatchUpsertInput!]!
) {
    upsertDataRowCustomMetadata(data: $data) { dataRowId globalKey error fields { schemaId value } }
}"""
DELETE_DATA_ROW_CUSTOM_METADATA = """mutation DeleteDataRowCustomMetadata(
    $data: [DataRowIdentifierCustomMetadataBatchDeleteInput!]
) {
    deleteDataRowCustomMetadata(dataRowIdentifiers: $data) {
        dataRowId globalKey error fields { schemaId value }
    }
}"""
DATA_ROW_CUSTOM_METADATA = """query DataRowCustomMetadata(
    $identifiers: DataRowCustomMetadataDataRowIdentifiersInput!
) {
    dataRowCustomMetadata(where: {dataRowIdentifiers: $identifiers}) {
        dataRowId globalKey error fields { schemaId value }
    }
}"""

_BATCH = 50


class DataRowMetadataKind(Enum):
    """The types of metadata values."""

    number = "CustomMetadataNumber"
    datetime = "CustomMetadataDateTime"
    enum = "CustomMetadataEnum"
    string = "CustomMetadataString"
    option = "CustomMetadataEnumOption"
    embedding = "CustomMetadataEmbedding"


@dataclass(frozen=True)
class DataRowMetadataSchema:
    """One type of metadata; an enum's `options` are schemas of kind option."""

    uid: str
    name: str
    reserved: bool
    kind: DataRowMetadataKind
    options: list[DataRowMetadataSchema] | None = None
    parent: str | None = None


@dataclass
class DataRowMetadataField:
    """A value for one metadata type, which is named by `schema_id` or by `name`."""

    value: Any
    schema_id: str | None = None
    name: str | None = None


@dataclass
class DataRowMetadata:
    """The metadata of one data row, named by its global key or its id."""

    global_key: str | None = None
    data_row_id: str | None = None
    fields: list[DataRowMetadataField] = field(default_factory=list)


@dataclass
class DeleteDataRowMetadata:
    """The metadata types whose values a data row shall lose."""

    data_row_id: str | Identifiable
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DataRowMetadataBatchResponse:
    """Why the metadata of one data row was not written or deleted."""

    global_key: str | None
    data_row_id: str | None
    error: str | None
    fields: list[DataRowMetadataField]


class DataRowMetadataOntology:
    """The organization's metadata types, as read when it was made; `refresh_ontology` reads them again."""

    def __init__(self, client: Connection) -> None:
        self._client = client
        self.refresh_ontology()

    def refresh_ontology(self) -> None:
        """Reads the metadata types from the server."""
        self._nodes: list[dict[str, Any]] = self._client.execute(CUSTOM_METADATA_ONTOLOGY)[
            "customMetadataOntology"
        ]
        self.fields = [_schema(node) for node in self._nodes]
        self.fields_by_id = {schema.uid: schema for schema in _flat(self.fields)}
        self.fields_by_name = {schema.name: schema for schema in self.fields}
        self.reserved_fields = [schema for schema in self.fields if schema.reserved]
        self.reserved_by_id = {schema.uid: schema for schema in _flat(self.reserved_fields)}
        self.reserved_by_name = _by_name(self.reserved_fields)
        self.custom_fields = [schema for schema in self.fields if not schema.reserved]
        self.custom_by_id = {schema.uid: schema for schema in _flat(self.custom_fields)}
        self.custom_by_name = _by_name(self.custom_fields)
        self._values = MetadataValues(self.fields_by_name, self.fields_by_id)

    def get_by_name(self, name: str) -> DataRowMetadataSchema | dict[str, DataRowMetadataSchema]:
        """A metadata type by its name; for an enum its options by name. Raises KeyError."""
        if name in self.custom_by_name:
            return self.custom_by_name[name]
        if name in self.reserved_by_name:
            return self.reserved_by_name[name]
        raise KeyError(f"There is no metadata with name {name}")

    def create_schema(
        self, name: str, kind: DataRowMetadataKind, options: Iterable[str] | None = None
    ) -> DataRowMetadataSchema:
        """Creates a metadata type; an enum needs the names of its options, another kind must have none.

        Raises ValueError for a name that is empty or longer than 100 characters.
        """
        _check_name(name)
        names = list(options or [])
        if (kind is DataRowMetadataKind.enum) != bool(names):
            raise ValueError("options are needed for an enum, and only for an enum")
        option_kind = DataRowMetadataKind.option.value
        data: dict[str, Any] = {"name": name.strip(), "kind": kind.value}
        if names:
            data["options"] = [{"name": option, "kind": option_kind} for option in names]
        return self._upsert_schema(data)

    def update_schema(self, name: str, new_name: str) -> DataRowMetadataSchema:
        """Renames a custom metadata type. Raises KeyError when there is none of that name."""
        _check_name(new_name)
        schema = self._custom(name)
        data: dict[str, Any] = {"id": schema.uid, "name": new_name.strip(), "kind": schema.kind.value}
        if schema.options:
            data["options"] = [{"id": o.uid, "name": o.name, "kind": o.kind.value} for o in schema.options]
        return self._upsert_schema(data)

    def update_enum_option(self, name: str, option: str, new_option: str) -> DataRowMetadataSchema:
        """Renames an option of a custom enum. Raises KeyError for an unknown name or option."""
        schema = self._custom(name)
        options = schema.options or []
        if option not in (each.name for each in options):
            raise KeyError(f"The metadata {name!r} has no option {option!r}")
        renamed = [
            {"id": o.uid, "name": new_option if o.name == option else o.name, "kind": o.kind.value}
            for o in options
        ]
        data = {"id": schema.uid, "name": schema.name, "kind": schema.kind.value, "options": renamed}
        return self._upsert_schema(data)

    def delete_schema(self, name: str) -> bool:
        """Deletes a custom metadata type with all its values. Raises KeyError for an unknown name."""
        schema = self._custom(name)
        reply = self._client.execute(
            DELETE_CUSTOM_METADATA_SCHEMA, {"id": schema.uid}, raise_return_resource_not_found=True
        )
        self.refresh_ontology()
        return bool(reply["deleteCustomMetadataSchema"]["success"])

    def parse_metadata(self, unparsed: Iterable[dict[str, Any]]) -> list[DataRowMetadata]:
        """Data rows with their metadata out of dicts as the wire has them (dataRowId, globalKey, fields)."""
        return [
            DataRowMetadata(
                global_key=row.get("globalKey"),
                data_row_id=row.get("dataRowId"),
                fields=self.parse_metadata_fields(row.get("fields") or []),
            )
            for row in unparsed
        ]

    def parse_metadata_fields(self, unparsed: Iterable[dict[str, Any]]) -> list[DataRowMetadataField]:
        """Fields out of the wire's pairs; an enum's two entries become one field with the option's id."""
        return [
            DataRowMetadataField(value, schema_id, name)
            for schema_id, name, value in self._values.read(unparsed)
        ]

    def parse_upsert_metadata(self, metadata_fields: Iterable[Any]) -> list[dict[str, Any]]:
        """The wire's form of a data row's metadata; reads the types again once when an id is unknown."""
        given = [_as_dict(each) for each in metadata_fields]
        if any(g.get("schema_id") and g["schema_id"] not in self.fields_by_id for g in given):
            self.refresh_ontology()
        return [entry for each in given for entry in self._values.write(each)]

    def bulk_upsert(self, metadata: Iterable[DataRowMetadata]) -> list[DataRowMetadataBatchResponse]:
        """Writes the metadata of many data rows; returns the rows that failed, with the reason.

        Raises ValueError for an empty list or a row without a name.
        """
        rows = []
        for item in metadata:
            if not item.data_row_id and not item.global_key:
                raise ValueError("each metadata row needs a data_row_id or a global_key")
            row: dict[str, Any] = {"fields": self.parse_upsert_metadata(item.fields)}
            row.update(
                {"dataRowId": item.data_row_id} if item.data_row_id else {"globalKey": item.global_key}
            )
            rows.append(row)
        if not rows:
            raise ValueError("bulk_upsert needs at least one row")
        return self._in_batches(UPSERT_DATA_ROW_CUSTOM_METADATA, "upsertDataRowCustomMetadata", rows)

    def bulk_delete(self, deletes: Iterable[DeleteDataRowMetadata]) -> list[DataRowMetadataBatchResponse]:
        """Deletes metadata values of many data rows; returns the rows that failed, with the reason."""
        rows = [
            {
                "dataRowIdentifier": next(iter(identifiables_of([each.data_row_id]))).as_input(),
                "schemaIds": list(each.fields),
            }
            for each in deletes
        ]
        if not rows:
            raise ValueError("bulk_delete needs at least one row")
        return self._in_batches(DELETE_DATA_ROW_CUSTOM_METADATA, "deleteDataRowCustomMetadata", rows)

    def bulk_export(
        self, data_row_ids: Identifiables | Iterable[str | Identifiable | DataRow]
    ) -> list[DataRowMetadata]:
        """The metadata of many data rows. Raises ValueError for an empty list."""
        names = identifiables_of(data_row_ids)
        if not names.keys:
            raise ValueError("bulk_export needs at least one data row")
        found: list[DataRowMetadata] = []
        for start in range(0, len(names), _BATCH):
            identifiers = {"ids": names.keys[start : start + _BATCH], "idType": names.id_type.value}
            reply = self._client.execute(DATA_ROW_CUSTOM_METADATA, {"identifiers": identifiers})
            found.extend(self.parse_metadata(reply["dataRowCustomMetadata"]))
        return found

    def _in_batches(
        self, document: str, root: str, rows: list[dict[str, Any]]
    ) -> list[DataRowMetadataBatchResponse]:
        failed: list[DataRowMetadataBatchResponse] = []
        for start in range(0, len(rows), _BATCH):
            reply = self._client.execute(document, {"data": rows[start : start + _BATCH]})
            failed.extend(
                DataRowMetadataBatchResponse(
                    global_key=row.get("globalKey"),
                    data_row_id=row.get("dataRowId"),
                    error=row["error"],
                    fields=self.parse_metadata_fields(row.get("fields") or []),
                )
                for row in reply[root]
                if row.get("error")
            )
        return failed

    def _custom(self, name: str) -> DataRowMetadataSchema:
        found = next((schema for schema in self.custom_fields if schema.name == name), None)
        if found is None:
            raise KeyError(f"There is no custom metadata with name {name!r}")
        return found

    def _upsert_schema(self, data: dict[str, Any]) -> DataRowMetadataSchema:
        node = self._client.execute(UPSERT_CUSTOM_METADATA_SCHEMA, {"data": data})[
            "upsertCustomMetadataSchema"
        ]
        self.refresh_ontology()
        return _schema(node)


def _schema(node: dict[str, Any], parent: str | None = None) -> DataRowMetadataSchema:
    options = [_schema(option, node["id"]) for option in node.get("options") or []]
    return DataRowMetadataSchema(
        uid=node["id"],
        name=node["name"],
        reserved=bool(node.get("reserved")),
        kind=DataRowMetadataKind(node["kind"]),
        options=options or None,
        parent=parent,
    )


def _flat(schemas: Iterable[DataRowMetadataSchema]) -> Iterator[DataRowMetadataSchema]:
    for schema in schemas:
        yield schema
        yield from schema.options or []


def _by_name(
    schemas: list[DataRowMetadataSchema],
) -> dict[str, DataRowMetadataSchema | dict[str, DataRowMetadataSchema]]:
    return {s.name: {o.name: o for o in s.options} if s.options else s for s in schemas}


def _check_name(name: str) -> None:
    if not 1 <= len(name.strip()) <= 100:
        raise ValueError("the name of a metadata type has 1 to 100 characters")


def _as_dict(given: Any) -> dict[str, Any]:
    if isinstance(given, DataRowMetadataField):
        return {"value": given.value, "schema_id": given.schema_id, "name": given.name}
    if isinstance(given, dict):
        return given
    raise ValueError(f"metadata must be a dict or a DataRowMetadataField, got {given!r}")
