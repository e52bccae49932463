"""SQL for the exports of data rows for older clients."""

from __future__ import annotations

from labelyard.exports.records import DataRowExport, PlainDataRow
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows

_ONE = "organization_id = %(organization_id)s AND id = %(id)s"


async def select_project_of_batch(db: Database, organization_id: str, batch_id: str) -> str | None:
    """The project that a live batch is in."""
    found: str | None = await db.fetch_value(
        f"SELECT project_id FROM batches WHERE {_ONE} AND deleted_at IS NULL",
        {"organization_id": organization_id, "id": batch_id},
    )
    return found


async def select_latest(
    db: Database, organization_id: str, user_id: str, kind: str, object_id: str, *, includes_metadata: bool
) -> DataRowExport | None:
    """The newest such export that a user has ordered; waits for one who is just asking for it."""
    return await db.fetch_record(
        DataRowExport,
        "SELECT id, state, delivered, blob_key, created_at, asked_at FROM data_row_exports"
        " WHERE organization_id = %(organization_id)s AND created_by = %(user_id)s AND kind = %(kind)s"
        " AND object_id = %(object_id)s AND includes_metadata = %(metadata)s ORDER BY id DESC LIMIT 1 FOR UPDATE",
        {
            "organization_id": organization_id,
            "user_id": user_id,
            "kind": kind,
            "object_id": object_id,
            "metadata": includes_metadata,
        },
    )


async def insert_export(
    db: Database,
    *,
    organization_id: str,
    export_id: str,
    kind: str,
    object_id: str,
    includes_metadata: bool,
    created_by: str,
) -> None:
    """A new export, not yet written."""
    await db.execute(
        "INSERT INTO data_row_exports (organization_id, id, kind, object_id, includes_metadata, created_by) VALUES"
        " (%(organization_id)s, %(id)s, %(kind)s, %(object_id)s, %(metadata)s, %(created_by)s)",
        {
            "organization_id": organization_id,
            "id": export_id,
            "kind": kind,
            "object_id": object_id,
            "metadata": includes_metadata,
            "created_by": created_by,
        },
    )


async def note_asked(db: Database, organization_id: str, export_id: str, *, delivered: bool) -> None:
    """The client has asked again, and perhaps was given it."""
    await db.execute(
        f"UPDATE data_row_exports SET asked_at = now(), delivered = %(delivered)s WHERE {_ONE}",
        {"organization_id": organization_id, "id": export_id, "delivered": delivered},
    )


async def finish_export(
    db: Database, organization_id: str, export_id: str, state: str, blob_key: str | None
) -> None:
    """It is written, or it has failed."""
    await db.execute(
        f"UPDATE data_row_exports SET state = %(state)s, blob_key = %(key)s WHERE {_ONE}",
        {"organization_id": organization_id, "id": export_id, "state": state, "key": blob_key},
    )


async def select_page(db: Database, rows: Rows, after: str, limit: int) -> list[PlainDataRow]:
    """The data rows that come after one, by id."""
    return await db.fetch_records(
        PlainDataRow,
        "SELECT d.id, d.created_at, d.updated_at, d.external_id, d.global_key, d.row_data, d.media_attributes,"
        f" d.processing, d.processing_error FROM {rows.tables} WHERE {rows.where} AND {rows.key} > %(_after)s"
        f" ORDER BY {rows.key} LIMIT %(_limit)s",
        {**rows.params, "_after": after, "_limit": limit},
    )
