"""SQL for uploads and imports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from labelyard.ingestion.records import NewDataRow
from labelyard.plumbing.database import Database

_COLUMNS = ["organization_id", *NewDataRow._fields]
_TYPES = ["text"] * 10 + ["timestamptz", "timestamptz"]


async def insert_upload(
    db: Database,
    *,
    organization_id: str,
    upload_id: str,
    blob_key: str,
    filename: str,
    content_type: str,
    size: int,
    sha256: bytes,
    created_by: str,
) -> None:
    """A file was uploaded."""
    await db.execute(
        "INSERT INTO uploads (organization_id, id, blob_key, filename, content_type, size, sha256, created_by)"
        " VALUES (%(organization_id)s, %(id)s, %(blob_key)s, %(filename)s, %(content_type)s, %(size)s, %(sha256)s,"
        " %(created_by)s)",
        {
            "organization_id": organization_id,
            "id": upload_id,
            "blob_key": blob_key,
            "filename": filename,
            "content_type": content_type,
            "size": size,
            "sha256": sha256,
            "created_by": created_by,
        },
    )


async def copy_data_rows(db: Database, organization_id: str, rows: Iterable[NewDataRow]) -> bool:
    """Writes rows at the speed of COPY; False, with nothing written, when a global key is taken."""
    try:
        async with db.transaction():
            await db.copy_rows("data_rows", _COLUMNS, _TYPES, ((organization_id, *row) for row in rows))
        return True
    except psycopg.errors.UniqueViolation:
        return False


async def copy_lines(db: Database, blocks: Iterable[str]) -> bool:
    """Writes rows from blocks of COPY's lines, organization first; False, with nothing written, when a key is taken."""
    try:
        async with db.transaction():
            await db.copy_text("data_rows", _COLUMNS, blocks)
        return True
    except psycopg.errors.UniqueViolation:
        return False


async def insert_data_rows(db: Database, organization_id: str, rows: Sequence[NewDataRow]) -> set[str]:
    """Writes the rows whose global keys are free, the first of several with the same key; the ids of those."""
    await db.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS arriving (LIKE data_rows INCLUDING DEFAULTS, place integer)"
        " ON COMMIT DELETE ROWS"
    )
    await db.execute("DELETE FROM arriving")
    await db.copy_rows(
        "arriving",
        [*_COLUMNS, "place"],
        [*_TYPES, "int4"],
        [(organization_id, *row, place) for place, row in enumerate(rows)],
    )
    columns = ", ".join(_COLUMNS)
    return set(
        await db.fetch_column(
            f"INSERT INTO data_rows ({columns}) SELECT {columns} FROM arriving ORDER BY place"
            " ON CONFLICT (organization_id, global_key) WHERE global_key IS NOT NULL AND deleted_at IS NULL"
            " DO NOTHING RETURNING id"
        )
    )


async def insert_attachments(db: Database, organization_id: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Attachments: id, data row, type, value, name."""
    await db.copy_rows(
        "attachments",
        ["organization_id", "id", "data_row_id", "type", "value", "name"],
        ["text"] * 6,
        [(organization_id, *row) for row in rows],
    )


async def delete_attachments(db: Database, organization_id: str, data_row_ids: list[str]) -> None:
    """A change of attachments replaces the old ones."""
    await db.execute(
        "DELETE FROM attachments WHERE organization_id = %(organization_id)s AND data_row_id = ANY(%(ids)s)",
        {"organization_id": organization_id, "ids": data_row_ids},
    )
