"""What webhooks are told of labels: the payload of the label topics (reference/webhooks.md, v1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from labelyard import errors
from labelyard.data_rows.records import BLOB
from labelyard.labels import actions, event_queries
from labelyard.labels.records import LabelEvent
from labelyard.ontologies import actions as ontologies
from labelyard.plumbing import blob_links
from labelyard.plumbing.context import Context
from labelyard.plumbing.scalars import moment


async def label_payloads(context: Context, label_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Labels with their project, data row, dataset and author, by id; deleted ones too."""
    found = await event_queries.select_label_events(
        context.database, context.organization_id, list(label_ids)
    )
    colors = {
        ontology_id: await _colors(context, ontology_id)
        for ontology_id in {event.ontology_id for event in found}
    }
    return {event.id: _payload(context, event, colors[event.ontology_id]) for event in found}


async def _colors(context: Context, ontology_id: str | None) -> dict[str, str]:
    if ontology_id is None:
        return {}
    try:
        return await ontologies.tool_colors(context, ontology_id)
    except errors.NotFound:
        return {}


def _payload(context: Context, event: LabelEvent, colors: dict[str, str]) -> dict[str, Any]:
    return {
        "id": event.id,
        "createdAt": _seconds(event.created_at),
        "updatedAt": _seconds(event.updated_at),
        "secondsToLabel": event.seconds_to_label,
        "label": actions.legacy_text(
            context, event.project_id, event.label_text, event.skipped, event.annotations, colors
        ),
        "agreement": event.agreement,
        "benchmarkAgreement": event.benchmark_agreement,
        "deleted": event.deleted,
        "project": {
            "id": event.project_id,
            "createdAt": moment(event.project_created_at),
            "updatedAt": moment(event.project_updated_at),
            "name": event.project_name,
            "description": event.project_description,
            "deleted": event.project_deleted,
        },
        "dataRow": {
            "id": event.data_row_id,
            "createdAt": moment(event.row_created_at),
            "updatedAt": moment(event.row_updated_at),
            "deletedAt": moment(event.row_deleted_at),
            "externalId": event.external_id,
            "globalKey": event.global_key,
            "rowData": _asset_url(context, event.row_data),
        },
        "dataset": {
            "id": event.dataset_id,
            "createdAt": moment(event.dataset_created_at),
            "updatedAt": moment(event.dataset_updated_at),
            "name": event.dataset_name,
            "description": event.dataset_description,
            "deleted": event.dataset_deleted,
        },
        "user": {"id": event.created_by, "email": event.email},
    }


def _seconds(value: datetime) -> str:
    """`2021-06-14T08:05:00Z`."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _asset_url(context: Context, value: str) -> str:
    return blob_links.url(context, value.removeprefix(BLOB)) if value.startswith(BLOB) else value
