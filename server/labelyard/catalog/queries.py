"""SQL for slices and for the data rows that a search finds."""

from __future__ import annotations

from typing import Any

from labelyard.access.records import Permission
from labelyard.catalog.records import DataRowIdentifier, Slice
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows


def slices(context: Context) -> Rows:
    """The organization's slices, for those who may look at the catalog."""
    rows = Rows(
        "slices AS sl",
        "sl.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "sl.id",
    )
    return rows if Permission.VIEW_CATALOG in context.actor.permissions else rows.narrowed("FALSE")


async def insert_slice(
    db: Database,
    *,
    organization_id: str,
    slice_id: str,
    name: str,
    description: str,
    filter_text: str,
    created_by: str,
) -> bool:
    """A new slice; False when the name is taken."""
    return (
        await db.execute(
            "INSERT INTO slices (organization_id, id, name, description, filter, created_by) VALUES"
            " (%(organization_id)s, %(id)s, %(name)s, %(description)s, %(filter)s::json, %(created_by)s)"
            " ON CONFLICT DO NOTHING",
            {
                "organization_id": organization_id,
                "id": slice_id,
                "name": name,
                "description": description,
                "filter": filter_text,
                "created_by": created_by,
            },
        )
        == 1
    )


async def select_slice(db: Database, organization_id: str, slice_id: str) -> Slice | None:
    """One slice."""
    return await db.fetch_record(
        Slice,
        "SELECT id, name, filter FROM slices WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": organization_id, "id": slice_id},
    )


async def select_slice_ids(db: Database, organization_id: str) -> list[str]:
    """All slices of the organization, oldest first."""
    return await db.fetch_column(
        "SELECT id FROM slices WHERE organization_id = %(organization_id)s ORDER BY id",
        {"organization_id": organization_id},
    )


async def is_name_taken(db: Database, organization_id: str, name: str, slice_id: str) -> bool:
    """Whether another slice has the name."""
    taken: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM slices WHERE organization_id = %(organization_id)s"
        " AND md5(name) = md5(%(name)s) AND id <> %(id)s)",
        {"organization_id": organization_id, "name": name, "id": slice_id},
    )
    return taken


async def update_slice(db: Database, organization_id: str, slice_id: str, values: dict[str, Any]) -> None:
    """Changes columns of a slice."""
    assignments = "".join(f"{name} = %({name})s{'::json' if name == 'filter' else ''}, " for name in values)
    await db.execute(
        f"UPDATE slices SET {assignments}updated_at = now() WHERE organization_id = %(organization_id)s"
        " AND id = %(id)s",
        {**values, "organization_id": organization_id, "id": slice_id},
    )


async def delete_slice(db: Database, organization_id: str, slice_id: str) -> bool:
    """Deletes a slice; False when there was none."""
    return (
        await db.execute(
            "DELETE FROM slices WHERE organization_id = %(organization_id)s AND id = %(id)s",
            {"organization_id": organization_id, "id": slice_id},
        )
        == 1
    )


async def count_rows(db: Database, rows: Rows) -> int:
    """How many data rows a search finds."""
    count: int = await db.fetch_value(f"SELECT count(*) FROM {rows.tables} WHERE {rows.where}", rows.params)
    return count


async def select_page(db: Database, rows: Rows, after: str, limit: int) -> list[DataRowIdentifier]:
    """Data rows that a search finds after one, by id."""
    return await db.fetch_records(
        DataRowIdentifier,
        f"SELECT d.id, d.global_key FROM {rows.tables} WHERE {rows.where} AND {rows.key} > %(_after)s"
        f" ORDER BY {rows.key} LIMIT %(_limit)s",
        {**rows.params, "_after": after, "_limit": limit},
    )
