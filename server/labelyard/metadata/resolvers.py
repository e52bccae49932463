"""The metadata ontology and its values."""

from __future__ import annotations

from typing import Any

from labelyard.metadata import actions
from labelyard.metadata.records import (
    CustomMetadataEntry,
    DataRowCustomMetadataResult,
    MetadataFieldEntry,
    MetadataSchema,
)
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import SuccessResult
from labelyard.plumbing.source import computed


class DataRow:
    """What a data row's metadata says."""

    @computed("d.id")
    async def custom_metadata(context: Context, parents: list[tuple[str]]) -> list[list[CustomMetadataEntry]]:  # noqa: N805
        """Raw values."""
        found = await actions.entries_of(context, [row for (row,) in parents])
        return [found.get(row, []) for (row,) in parents]

    @computed("d.id")
    async def metadata_fields(context: Context, parents: list[tuple[str]]) -> list[list[MetadataFieldEntry]]:  # noqa: N805
        """Values with names."""
        found = await actions.named_fields_of(context, [row for (row,) in parents])
        return [found.get(row, []) for (row,) in parents]


class Query:
    """Looking at metadata."""

    @staticmethod
    async def custom_metadata_ontology(context: Context) -> list[MetadataSchema]:
        """Every field."""
        return await actions.metadata_ontology(context)

    @staticmethod
    async def data_row_custom_metadata(
        context: Context, where: dict[str, Any]
    ) -> list[DataRowCustomMetadataResult]:
        """The values of some data rows."""
        identifiers = where.get("data_row_identifiers")
        if identifiers:
            return await actions.values_of(
                context, identifiers["ids"], are_keys=identifiers["id_type"] == "GKEY"
            )
        return await actions.values_of(context, where.get("data_row_ids") or [], are_keys=False)


class Mutation:
    """Changing metadata."""

    @staticmethod
    async def upsert_data_row_custom_metadata(
        context: Context, data: list[dict[str, Any]]
    ) -> list[DataRowCustomMetadataResult]:
        """Sets values."""
        return await actions.upsert_values(context, data)

    @staticmethod
    async def delete_data_row_custom_metadata(
        context: Context,
        data: list[dict[str, Any]] | None = None,
        data_row_identifiers: list[dict[str, Any]] | None = None,
    ) -> list[DataRowCustomMetadataResult]:
        """Takes values away."""
        entries = [(entry["data_row_id"], False, entry["schema_ids"]) for entry in data or []]
        for entry in data_row_identifiers or []:
            identifier = entry["data_row_identifier"]
            entries.append((identifier["id"], identifier["id_type"] == "GKEY", entry["schema_ids"]))
        return await actions.delete_values(context, entries)

    @staticmethod
    async def upsert_custom_metadata_schema(context: Context, data: dict[str, Any]) -> MetadataSchema:
        """A new or changed field."""
        return await actions.upsert_field(
            context,
            field_id=data.get("id"),
            name=data["name"],
            kind=data["kind"],
            options=data.get("options") or [],
        )

    @staticmethod
    async def delete_custom_metadata_schema(context: Context, schema: dict[str, Any]) -> SuccessResult:
        """Deletes a field."""
        await actions.delete_field(context, field_id=schema["id"])
        return SuccessResult()
