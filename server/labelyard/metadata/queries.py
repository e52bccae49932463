"""SQL for metadata fields and values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelyard.metadata.records import MetadataOption, MetadataSchema, NewValue, StoredValue
from labelyard.plumbing.database import Database


async def select_fields(db: Database, organization_id: str) -> list[MetadataSchema]:
    """The live fields of an organization with their options."""
    rows = await db.fetch_all(
        "SELECT id, parent_id, name, kind, reserved FROM metadata_schemas"
        " WHERE organization_id = %(organization_id)s AND deleted_at IS NULL ORDER BY position, created_at, id",
        {"organization_id": organization_id},
    )
    options: dict[str, list[MetadataOption]] = {}
    for row in rows:
        if row[1] is not None:
            options.setdefault(row[1], []).append(MetadataOption(row[0], row[3], row[2], row[4]))
    return [
        MetadataSchema(row[0], row[2], row[3], row[4], options.get(row[0], []))
        for row in rows
        if row[1] is None
    ]


async def hold_fields(db: Database, organization_id: str) -> None:
    """Nobody else changes the fields until the transaction ends."""
    await db.hold(f"metadata fields {organization_id}")


async def upsert_field(
    db: Database,
    organization_id: str,
    field_id: str,
    parent_id: str | None,
    name: str,
    kind: str,
    reserved: bool,
    position: int,
) -> None:
    """A field or an option; an existing one gets the new name."""
    await db.execute(
        "INSERT INTO metadata_schemas (organization_id, id, parent_id, name, kind, reserved, position) VALUES"
        " (%(organization_id)s, %(id)s, %(parent_id)s, %(name)s, %(kind)s, %(reserved)s, %(position)s)"
        " ON CONFLICT (organization_id, id) DO UPDATE SET name = excluded.name, deleted_at = NULL",
        {
            "organization_id": organization_id,
            "id": field_id,
            "parent_id": parent_id,
            "name": name,
            "kind": kind,
            "reserved": reserved,
            "position": position,
        },
    )


async def delete_fields(db: Database, organization_id: str, field_ids: list[str]) -> None:
    """Fields and options that are wanted no longer; the values go too."""
    await db.execute(
        "UPDATE metadata_schemas SET deleted_at = now() WHERE organization_id = %(organization_id)s"
        " AND (id = ANY(%(ids)s) OR parent_id = ANY(%(ids)s))",
        {"organization_id": organization_id, "ids": field_ids},
    )
    await db.execute(
        "DELETE FROM metadata_values WHERE organization_id = %(organization_id)s"
        " AND (schema_id = ANY(%(ids)s) OR option_id = ANY(%(ids)s))",
        {"organization_id": organization_id, "ids": field_ids},
    )


async def select_values(db: Database, organization_id: str, data_row_ids: list[str]) -> list[StoredValue]:
    """The values of data rows, in the order of the fields."""
    return await db.fetch_records(
        StoredValue,
        "SELECT v.data_row_id, v.schema_id, v.option_id, v.value, f.name, f.kind, o.name AS option_name"
        " FROM metadata_values AS v JOIN metadata_schemas AS f"
        " ON f.organization_id = v.organization_id AND f.id = v.schema_id AND f.deleted_at IS NULL"
        " LEFT JOIN metadata_schemas AS o ON o.organization_id = v.organization_id AND o.id = v.option_id"
        " WHERE v.organization_id = %(organization_id)s AND v.data_row_id = ANY(%(ids)s)"
        " ORDER BY v.data_row_id, f.position, f.created_at, f.id, o.position",
        {"organization_id": organization_id, "ids": data_row_ids},
    )


async def replace_values(db: Database, organization_id: str, values: Sequence[tuple[str, NewValue]]) -> None:
    """Sets values; what a row had in the same fields is replaced, its other fields stay."""
    params: dict[str, Any] = {
        "organization_id": organization_id,
        "rows": [row for row, _ in values],
        "fields": [value.schema_id for _, value in values],
        "options": [value.option_id for _, value in values],
        "values": [value.value for _, value in values],
    }
    await db.execute(
        "DELETE FROM metadata_values AS v USING (SELECT DISTINCT * FROM unnest(%(rows)s::text[], %(fields)s::text[])"
        " AS g(data_row_id, schema_id)) AS given WHERE v.organization_id = %(organization_id)s"
        " AND v.data_row_id = given.data_row_id AND v.schema_id = given.schema_id",
        params,
    )
    await db.execute(
        "INSERT INTO metadata_values (organization_id, data_row_id, schema_id, option_id, value)"
        " SELECT DISTINCT ON (data_row_id, schema_id, option_id) %(organization_id)s, data_row_id, schema_id,"
        " option_id, value::json FROM unnest(%(rows)s::text[], %(fields)s::text[], %(options)s::text[],"
        " %(values)s::text[]) AS given(data_row_id, schema_id, option_id, value)",
        params,
    )


async def delete_values(db: Database, organization_id: str, wanted: list[tuple[str, str]]) -> None:
    """Takes values away: pairs of a data row and a field or option."""
    await db.execute(
        "DELETE FROM metadata_values AS v USING unnest(%(rows)s::text[], %(ids)s::text[]) AS gone(data_row_id, id)"
        " WHERE v.organization_id = %(organization_id)s AND v.data_row_id = gone.data_row_id"
        " AND gone.id IN (v.schema_id, v.option_id)",
        {
            "organization_id": organization_id,
            "rows": [row for row, _ in wanted],
            "ids": [schema_id for _, schema_id in wanted],
        },
    )
