"""The label export of 2.4: a JSON array, ordered and asked for again with the same call (reference/export.md 4)."""

from __future__ import annotations

import functools
import logging
from dataclasses import replace
from typing import Any

import orjson
import psycopg

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.exports import label_export_queries, rules, side_queries
from labelyard.exports.lines import asset_url, metadata_of
from labelyard.exports.records import LabelExport, LabelExportResult, LegacyLabelRow, WriteLabelExport
from labelyard.formats.export_labels_v1 import LegacyLabelPart, ReviewPart, export_label_v1
from labelyard.formats.search_filter import Span
from labelyard.labels import actions as labels
from labelyard.plumbing import blob_links
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id
from labelyard.plumbing.scalars import moment
from labelyard.projects import actions as projects

log = logging.getLogger("labelyard.exports")

_PAGE = 2_000


async def export_labels(context: Context, *, project_id: str, filters: dict[str, Any]) -> LabelExportResult:
    """Orders the labels of a project, or answers a client that asks again for what it has ordered (R-PJ-44).

    Whoever has got an export, or has stopped asking, gets a new one, so that it holds all labels of that moment.
    When labels have changed while a client waited it is written once more, but not a third time.
    """
    await access.require_in_project(context, Permission.EXPORT, project_id)
    await projects.get_project(context, project_id)
    _spans(filters)
    key = orjson.dumps(filters, option=orjson.OPT_SORT_KEYS).decode()
    db, organization = context.database, context.organization_id
    latest = await label_export_queries.select_latest(db, organization, project_id, context.user_id, key)
    version = await label_export_queries.select_version(db, organization, project_id)
    if latest is not None and rules.may_join(
        delivered=latest.delivered, asked_seconds_ago=(context.now - latest.asked_at).total_seconds()
    ):
        if latest.state == "FAILED":
            await label_export_queries.note_asked(db, organization, latest.id, delivered=True)
            raise errors.NotAllowed("The labels could not be exported.")
        is_fresh = latest.version in ("", version)
        if latest.state == "RUNNING" or is_fresh:
            delivered = latest.state != "RUNNING"
            await label_export_queries.note_asked(db, organization, latest.id, delivered=delivered)
            return _result(context, latest)
        version = ""
    export_id = new_id()
    await label_export_queries.insert_export(
        db,
        organization_id=organization,
        export_id=export_id,
        project_id=project_id,
        filters=key,
        version=version,
        created_by=context.user_id,
    )
    await context.jobs.defer(
        WriteLabelExport(
            organization_id=organization,
            user_id=context.user_id,
            export_id=export_id,
            project_id=project_id,
            filters=filters,
            base_url=context.base_url,
        )
    )
    return LabelExportResult(None, moment(context.now) or "", True)


def _result(context: Context, export: LabelExport) -> LabelExportResult:
    address = blob_links.url(context, export.blob_key) if export.blob_key else None
    return LabelExportResult(address, moment(export.created_at) or "", address is None)


async def write_label_export(context: Context, message: WriteLabelExport) -> None:
    """The work of a label export. A second run writes the same file again."""
    lent = replace(context, base_url=message.base_url)
    key = f"exports/{context.organization_id}/{message.export_id}/labels.json"
    state: tuple[str, str | None] = ("COMPLETE", key)
    try:
        await _write(lent, message, key)
    except (psycopg.OperationalError, OSError):
        raise
    except Exception:
        log.exception("label export %s failed", message.export_id)
        state = ("FAILED", None)
    await label_export_queries.finish_export(
        context.database, context.organization_id, message.export_id, *state
    )


async def _write(context: Context, message: WriteLabelExport, key: str) -> None:
    db, organization, project_id = context.database, context.organization_id, message.project_id
    created, active = _spans(message.filters)
    project = await projects.get_project(context, project_id)
    colors = await labels.tool_colors(context, project_id)
    mask_url = functools.partial(labels.mask_address, context, project_id)
    after, opening = "", b"["
    async with context.blobs.writer(key) as file:
        while page := await label_export_queries.select_labels(
            db, organization, project_id, created, active, after, _PAGE
        ):
            for part in await _parts(context, project_id, project.name, page):
                line = export_label_v1(part, app_url=context.base_url, colors=colors, mask_url=mask_url)
                await file.write(opening + line)
                opening = b",\n"
            after = page[-1].id
        await file.write(b"[]" if opening == b"[" else b"]")


async def _parts(
    context: Context, project_id: str, project_name: str, page: list[LegacyLabelRow]
) -> list[LegacyLabelPart]:
    db, organization = context.database, context.organization_id
    row_ids = list({label.data_row_id for label in page})
    reviews: dict[str, list[ReviewPart]] = {}
    for review in await side_queries.select_reviews(db, organization, [label.id for label in page]):
        reviews.setdefault(review.label_id, []).append(
            ReviewPart(review.id, review.score, review.created_at, review.created_by, review.label_id)
        )
    references = await label_export_queries.select_references(db, organization, project_id, row_ids)
    metadata = await metadata_of(context, row_ids)
    return [
        LegacyLabelPart(
            id=label.id,
            data_row_id=label.data_row_id,
            row_data=asset_url(context, label.row_data),
            annotations=label.annotations,
            created_by=label.created_by,
            project_id=project_id,
            project_name=project_name,
            created_at=label.created_at,
            updated_at=label.updated_at,
            dataset_name=label.dataset_name,
            seconds_to_label=label.seconds_to_label,
            external_id=label.external_id,
            global_key=label.global_key,
            agreement=_percent(label.agreement),
            benchmark_agreement=_percent(label.benchmark_agreement),
            benchmark_id=_reference(label, references),
            reviews=reviews.get(label.id, ()),
            open_issues=label.open_issues,
            skipped=label.skipped,
            media_type=label.media_type,
            media_attributes=label.media_attributes,
            metadata=orjson.dumps(metadata.get(label.data_row_id, [])),
            text=label.label_text,
        )
        for label in page
    ]


def _reference(label: LegacyLabelRow, references: dict[str, str]) -> str | None:
    return None if label.is_benchmark_reference else references.get(label.data_row_id)


def _percent(score: float | None) -> float | None:
    return None if score is None else score * 100


def _spans(filters: dict[str, Any]) -> tuple[Span, Span]:
    created, active = filters.get("label_created_at") or {}, filters.get("last_activity_at") or {}
    return (
        rules.read_span(created.get("start"), created.get("end")),
        rules.read_span(active.get("start"), active.get("end")),
    )
