"""SQL for data rows and attachments."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import Any

from labelyard.access import visibility
from labelyard.data_rows.records import DataRow, DataRowChange, ExternalIdPair, Probed
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database, copy_lines
from labelyard.plumbing.source import Rows

_COLUMNS = (
    "d.id, d.dataset_id, d.global_key, d.external_id, d.row_data, d.media_type, d.media_attributes,"
    " d.processing, d.processing_error"
)
_CHANGED = tuple(field.name for field in fields(DataRowChange))
_BLOCK = 10_000
_LIVE = "d.organization_id = %(organization_id)s AND d.deleted_at IS NULL"


def data_rows(context: Context) -> Rows:
    """Live data rows that the caller may see."""
    rows = Rows("data_rows AS d", _LIVE, {"organization_id": context.organization_id}, "d.id")
    return visibility.in_catalog(rows, context, "d.id")


def attachments(context: Context) -> Rows:
    """Attachments of data rows that the caller may see."""
    rows = Rows(
        "attachments AS a",
        "a.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "a.id",
    )
    return visibility.in_catalog(rows, context, "a.data_row_id")


async def select_data_rows(db: Database, organization_id: str, ids: list[str]) -> list[DataRow]:
    """Live data rows by id."""
    return await db.fetch_records(
        DataRow,
        f"SELECT {_COLUMNS} FROM data_rows AS d WHERE {_LIVE} AND d.id = ANY(%(ids)s)",
        {"organization_id": organization_id, "ids": ids},
    )


async def select_page_of_dataset(rows: Rows, db: Database, first: int) -> list[str]:
    """Ids of a page, newest first, without rows that failed."""
    return await db.fetch_column(
        f"SELECT d.id FROM {rows.tables} WHERE {rows.where} ORDER BY d.id DESC LIMIT %(first)s",
        {**rows.params, "first": first},
    )


async def select_ids_of_keys(db: Database, organization_id: str, keys: list[str]) -> dict[str, str]:
    """Live data rows by global key: key -> id."""
    rows = await db.fetch_all(
        f"SELECT d.global_key, d.id FROM data_rows AS d WHERE {_LIVE} AND d.global_key = ANY(%(keys)s)",
        {"organization_id": organization_id, "keys": keys},
    )
    return {row[0]: row[1] for row in rows}


@asynccontextmanager
async def stream_named(
    db: Database, organization_id: str, names: list[str], are_keys: bool
) -> AsyncIterator[AsyncIterator[tuple[Any, ...]]]:
    """For each of very many names, in their order, the id of the live row that has it, or NULL.

    As a table the names can be joined in whichever way suits their number. Needs a transaction.
    """
    blocks = (copy_lines(names[start : start + _BLOCK]) for start in range(0, len(names), _BLOCK))
    await db.execute('CREATE TEMPORARY TABLE named (place serial, name text NOT NULL COLLATE pg_catalog."C")')
    await db.copy_text("named", ("name",), blocks)
    await db.analyze("named")
    column = "d.global_key" if are_keys else "d.id"
    async with db.stream(
        f"SELECT d.id FROM named LEFT JOIN data_rows AS d ON {_LIVE} AND {column} = named.name ORDER BY named.place",
        {"organization_id": organization_id},
        size=_BLOCK,
    ) as rows:
        yield rows
    await db.execute("DROP TABLE named")


async def select_live_ids(db: Database, organization_id: str, ids: list[str]) -> set[str]:
    """Those of the ids that are live data rows."""
    return set(
        await db.fetch_column(
            f"SELECT d.id FROM data_rows AS d WHERE {_LIVE} AND d.id = ANY(%(ids)s)",
            {"organization_id": organization_id, "ids": ids},
        )
    )


async def select_external_ids(
    db: Database, organization_id: str, external_ids: list[str]
) -> list[ExternalIdPair]:
    """Live data rows by external id."""
    return await db.fetch_records(
        ExternalIdPair,
        f"SELECT d.id AS data_row_id, d.external_id FROM data_rows AS d"
        f" WHERE {_LIVE} AND d.external_id = ANY(%(external_ids)s) ORDER BY d.id",
        {"organization_id": organization_id, "external_ids": external_ids},
    )


async def is_any_unprocessed(
    db: Database, organization_id: str, names: list[str] | None = None, column: str = "id"
) -> bool:
    """Whether any row, or any of the rows of these names, has not been looked into yet."""
    found: bool = await db.fetch_value(
        f"SELECT EXISTS (SELECT 1 FROM data_rows AS d WHERE {_LIVE} AND d.processing = 'PROCESSING'"
        + (f" AND d.{column} = ANY(%(names)s))" if names is not None else ")"),
        {"organization_id": organization_id, "names": names},
    )
    return found


async def update_data_rows(db: Database, organization_id: str, changes: Sequence[DataRowChange]) -> None:
    """Changes live data rows, each at most once in a call; locked in the order of their ids, so never crosswise."""
    ordered = sorted(changes, key=lambda change: change.id)
    await db.execute(
        "WITH change AS (SELECT * FROM unnest(%(id)s::text[], %(external_id)s::text[], %(global_key)s::text[],"
        "  %(row_data)s::text[], %(media_type)s::text[], %(media_attributes)s::text[], %(processing)s::text[])"
        "  AS given(id, external_id, global_key, row_data, media_type, media_attributes, processing)),"
        " held AS (SELECT d.id FROM data_rows AS d JOIN change ON change.id = d.id"
        "  WHERE d.organization_id = %(organization_id)s AND d.deleted_at IS NULL ORDER BY d.id FOR UPDATE OF d)"
        " UPDATE data_rows AS d SET updated_at = now(),"
        " external_id = coalesce(change.external_id, d.external_id),"
        " global_key = coalesce(change.global_key, d.global_key),"
        " row_data = coalesce(change.row_data, d.row_data),"
        " media_type = coalesce(change.media_type, d.media_type),"
        " media_attributes = coalesce(change.media_attributes::json, d.media_attributes),"
        " processing = coalesce(change.processing, d.processing),"
        " processing_error = CASE WHEN change.row_data IS NULL THEN d.processing_error END"
        " FROM change JOIN held ON held.id = change.id"
        " WHERE d.organization_id = %(organization_id)s AND d.id = change.id",
        {
            "organization_id": organization_id,
            **{name: [getattr(change, name) for change in ordered] for name in _CHANGED},
        },
    )


async def update_probed(
    db: Database, organization_id: str, found: Sequence[Probed], *, spare_used: bool
) -> None:
    """What was found inside assets; with `spare_used` a row of a project keeps its state."""
    ordered = sorted(found, key=lambda probed: probed.id)
    await db.execute(
        "UPDATE data_rows AS d SET media_type = probe.media_type, media_attributes = probe.attributes::json,"
        " processing = CASE WHEN %(spare_used)s AND probe.state = 'FAILED' AND EXISTS (SELECT 1"
        "  FROM project_data_rows AS used WHERE used.organization_id = d.organization_id"
        "  AND used.data_row_id = d.id) THEN d.processing ELSE probe.state END,"
        " processing_error = probe.error"
        " FROM unnest(%(ids)s::text[], %(types)s::text[], %(attributes)s::text[], %(states)s::text[],"
        " %(errors)s::text[]) AS probe(id, media_type, attributes, state, error)"
        " WHERE d.organization_id = %(organization_id)s AND d.id = probe.id",
        {
            "organization_id": organization_id,
            "spare_used": spare_used,
            "ids": [probed.id for probed in ordered],
            "types": [probed.media_type for probed in ordered],
            "attributes": [probed.attributes for probed in ordered],
            "states": [probed.state for probed in ordered],
            "errors": [probed.error for probed in ordered],
        },
    )


async def select_addresses(
    db: Database, organization_id: str, first_id: str, last_id: str, limit: int
) -> list[DataRow]:
    """Live rows by address from id to id; tile layers and texts have none."""
    return await db.fetch_records(
        DataRow,
        f"SELECT {_COLUMNS} FROM data_rows AS d WHERE {_LIVE} AND d.id BETWEEN %(first_id)s AND %(last_id)s"
        " AND d.row_data ~* '^https?://' ORDER BY d.id LIMIT %(limit)s",
        {
            "organization_id": organization_id,
            "first_id": first_id,
            "last_id": last_id,
            "limit": limit,
        },
    )


async def delete_data_rows(db: Database, organization_id: str, ids: list[str]) -> list[tuple[str, str]]:
    """Deletes rows, freeing their keys; id and dataset of each."""
    rows = await db.fetch_all(
        "UPDATE data_rows SET deleted_at = now() WHERE organization_id = %(organization_id)s"
        " AND id = ANY(%(ids)s) AND deleted_at IS NULL RETURNING id, dataset_id",
        {"organization_id": organization_id, "ids": ids},
    )
    return [(row[0], row[1]) for row in rows]


async def select_ids_of_dataset(
    db: Database, organization_id: str, dataset_id: str, after: str, limit: int
) -> list[str]:
    """A page of the live rows of a dataset."""
    return await db.fetch_column(
        f"SELECT d.id FROM data_rows AS d WHERE {_LIVE} AND d.dataset_id = %(dataset_id)s AND d.id > %(after)s"
        " ORDER BY d.id LIMIT %(limit)s",
        {"organization_id": organization_id, "dataset_id": dataset_id, "after": after, "limit": limit},
    )


async def insert_attachment(
    db: Database,
    organization_id: str,
    attachment_id: str,
    data_row_id: str,
    kind: str,
    value: str,
    name: str | None,
) -> None:
    """A new attachment."""
    await db.execute(
        "INSERT INTO attachments (organization_id, id, data_row_id, type, value, name) VALUES"
        " (%(organization_id)s, %(id)s, %(data_row_id)s, %(type)s, %(value)s, %(name)s)",
        {
            "organization_id": organization_id,
            "id": attachment_id,
            "data_row_id": data_row_id,
            "type": kind,
            "value": value,
            "name": name,
        },
    )


async def update_attachment(
    db: Database, organization_id: str, attachment_id: str, values: dict[str, Any]
) -> bool:
    """Changes name, type or value; False when there is no such attachment."""
    assignments = ", ".join(f"{name} = %({name})s" for name in values)
    return (
        await db.execute(
            f"UPDATE attachments SET {assignments} WHERE organization_id = %(organization_id)s AND id = %(id)s",
            {**values, "organization_id": organization_id, "id": attachment_id},
        )
        == 1
    )


async def delete_attachment(db: Database, organization_id: str, attachment_id: str) -> bool:
    """Deletes an attachment; False when there is none."""
    return (
        await db.execute(
            "DELETE FROM attachments WHERE organization_id = %(organization_id)s AND id = %(id)s",
            {"organization_id": organization_id, "id": attachment_id},
        )
        == 1
    )


async def assign_keys(db: Database, organization_id: str, ids: list[str], keys: list[str]) -> list[str]:
    """Gives rows their keys unless the key is taken; ids of the rows that got one."""
    return await db.fetch_column(
        "UPDATE data_rows SET global_key = wanted.key, updated_at = now()"
        " FROM unnest(%(ids)s::text[], %(keys)s::text[]) AS wanted(id, key)"
        " WHERE organization_id = %(organization_id)s AND data_rows.id = wanted.id AND deleted_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM data_rows AS holder WHERE holder.organization_id = %(organization_id)s"
        " AND holder.global_key = wanted.key AND holder.deleted_at IS NULL) RETURNING data_rows.id",
        {"organization_id": organization_id, "ids": ids, "keys": keys},
    )


async def clear_keys(db: Database, organization_id: str, keys: list[str]) -> list[str]:
    """Takes keys away; those that a row had."""
    return await db.fetch_column(
        "UPDATE data_rows AS d SET global_key = NULL, updated_at = now() FROM data_rows AS before"
        f" WHERE {_LIVE} AND d.global_key = ANY(%(keys)s) AND before.organization_id = d.organization_id"
        " AND before.id = d.id RETURNING before.global_key",
        {"organization_id": organization_id, "keys": keys},
    )


async def select_row_data(rows: Rows, db: Database) -> str | None:
    """Where the asset of the one row in `rows` is."""
    address: str | None = await db.fetch_value(
        f"SELECT d.row_data FROM {rows.tables} WHERE {rows.where}", rows.params
    )
    return address


async def touch_data_rows(db: Database, organization_id: str, ids: list[str]) -> None:
    """Live data rows have changed just now; locked in the order of their ids."""
    await db.execute(
        "UPDATE data_rows AS d SET updated_at = now() FROM (SELECT id FROM data_rows"
        "  WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s) AND deleted_at IS NULL"
        "  ORDER BY id FOR UPDATE) AS changed"
        " WHERE d.organization_id = %(organization_id)s AND d.id = changed.id",
        {"organization_id": organization_id, "ids": ids},
    )
