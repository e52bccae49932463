"""Data rows for older clients: a file of newline JSON, ordered and asked for again with the same call (rest.md 8)."""

from __future__ import annotations

import logging
from dataclasses import replace

import psycopg

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.catalog import search
from labelyard.datasets import actions as datasets
from labelyard.exports import data_row_export_queries as queries
from labelyard.exports import rules
from labelyard.exports.lines import asset_url
from labelyard.exports.records import ExportJobResult, PlainDataRow, WriteDataRows
from labelyard.formats.search_filter import Condition, Filter
from labelyard.metadata import actions as metadata
from labelyard.metadata.records import CustomMetadataEntry, MetadataFieldEntry
from labelyard.plumbing import blob_links
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import json_of
from labelyard.plumbing.ids import new_id
from labelyard.plumbing.scalars import moment
from labelyard.projects import actions as projects

log = logging.getLogger("labelyard.exports")

_PAGE = 2_000
_QUEUE, _DATASET, _BATCH = "QUEUE", "DATASET", "BATCH"


async def export_queued(context: Context, project_id: str, *, includes_metadata: bool) -> ExportJobResult:
    """The rows of a project that wait for labels. Raises NotFound."""
    await access.require_in_project(context, Permission.EXPORT, project_id)
    await projects.get_project(context, project_id)
    return await _export(context, _QUEUE, project_id, project_id, includes_metadata)


async def export_dataset(context: Context, dataset_id: str, *, includes_metadata: bool) -> ExportJobResult:
    """The rows of a dataset. Raises NotFound."""
    access.require(context, Permission.EXPORT)
    await datasets.get_dataset(context, dataset_id)
    return await _export(context, _DATASET, dataset_id, None, includes_metadata)


async def export_batch(context: Context, batch_id: str, *, includes_metadata: bool) -> ExportJobResult:
    """The rows of a batch that are still in its project. Raises NotFound."""
    access.require(context, Permission.VIEW)
    project_id = await queries.select_project_of_batch(context.database, context.organization_id, batch_id)
    if project_id is None:
        raise errors.NotFound(f"There is no batch with id {batch_id}.")
    await access.require_in_project(context, Permission.EXPORT, project_id)
    await projects.get_project(context, project_id)
    return await _export(context, _BATCH, batch_id, project_id, includes_metadata)


async def _export(
    context: Context, kind: str, object_id: str, project_id: str | None, includes_metadata: bool
) -> ExportJobResult:
    """Orders an export, or answers a client that asks again for what it has ordered.

    Whoever has got an export, or has stopped asking, gets a new one: it holds the rows of that moment.
    """
    db, organization = context.database, context.organization_id
    latest = await queries.select_latest(
        db, organization, context.user_id, kind, object_id, includes_metadata=includes_metadata
    )
    if latest is not None and rules.may_join(
        delivered=latest.delivered, asked_seconds_ago=(context.now - latest.asked_at).total_seconds()
    ):
        await queries.note_asked(db, organization, latest.id, delivered=latest.state != "IN_PROGRESS")
        address = blob_links.url(context, latest.blob_key) if latest.blob_key else None
        return ExportJobResult(address, moment(latest.created_at) or "", latest.state)
    export_id = new_id()
    await queries.insert_export(
        db,
        organization_id=organization,
        export_id=export_id,
        kind=kind,
        object_id=object_id,
        includes_metadata=includes_metadata,
        created_by=context.user_id,
    )
    await context.jobs.defer(
        WriteDataRows(
            organization_id=organization,
            user_id=context.user_id,
            export_id=export_id,
            kind=kind,
            object_id=object_id,
            project_id=project_id,
            includes_metadata=includes_metadata,
            base_url=context.base_url,
        )
    )
    return ExportJobResult(None, moment(context.now) or "", "IN_PROGRESS")


async def write_data_rows(context: Context, message: WriteDataRows) -> None:
    """The work of such an export. A second run writes the same file again."""
    lent = replace(context, base_url=message.base_url)
    key = f"exports/{context.organization_id}/{message.export_id}/data-rows.ndjson"
    state: tuple[str, str | None] = ("COMPLETE", key)
    try:
        await _write(lent, message, key)
    except (psycopg.OperationalError, OSError):
        raise  # the next attempt writes it
    except Exception:
        log.exception("export of data rows %s failed", message.export_id)
        state = ("FAILED", None)
    await queries.finish_export(context.database, context.organization_id, message.export_id, *state)


async def _write(context: Context, message: WriteDataRows, key: str) -> None:
    chosen = {
        _QUEUE: Filter(Condition.TO_LABEL, []),
        _DATASET: Filter(Condition.DATASET, [message.object_id]),
        _BATCH: Filter(Condition.BATCH, [message.object_id]),
    }[message.kind]
    rows = search.found_rows(context.organization_id, message.project_id, [chosen])
    after = ""
    async with context.blobs.writer(key) as file:
        while page := await queries.select_page(context.database, rows, after, _PAGE):
            ids = [row.id for row in page]
            named = await metadata.named_fields_of(context, ids) if message.includes_metadata else {}
            raw = await metadata.entries_of(context, ids) if message.includes_metadata else {}
            await file.write(
                b"".join(_line(context, row, named.get(row.id, []), raw.get(row.id, [])) for row in page)
            )
            after = ids[-1]


def _line(
    context: Context, row: PlainDataRow, named: list[MetadataFieldEntry], raw: list[CustomMetadataEntry]
) -> bytes:
    document = {
        "id": row.id,
        "createdAt": moment(row.created_at),
        "updatedAt": moment(row.updated_at),
        "externalId": row.external_id,
        "globalKey": row.global_key,
        "rowData": asset_url(context, row.row_data),
        "mediaAttributes": row.media_attributes,
        "metadataFields": [
            {"schemaId": entry.schema_id, "name": entry.name, "value": entry.value, "kind": entry.kind}
            for entry in named
        ],
        "customMetadata": [{"schemaId": entry.schema_id, "value": entry.value} for entry in raw],
        "processingStatus": row.processing,
        "processingError": row.processing_error,
    }
    return json_of(document) + b"\n"
