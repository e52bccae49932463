"""SQL for labels that come with data rows from another project."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import orjson

from labelyard.plumbing.database import Database

_SAME = (
    "o.organization_id = %(organization_id)s AND o.project_id = %(project_id)s AND o.data_row_id = given.data_row_id"
    " AND o.part = 'classifications' AND o.annotation->>'feature_schema_id' = given.annotation->>'feature_schema_id'"
)


async def insert_pre_labels(
    db: Database,
    organization_id: str,
    project_id: str,
    source_id: str,
    annotations: Sequence[tuple[str, str, dict[str, Any]]],
    *,
    overrides: bool,
) -> None:
    """Pre-labels: data row, part of the document, annotation. An answered question keeps its answer, or loses it."""
    if not annotations:
        return
    params = {
        "organization_id": organization_id,
        "project_id": project_id,
        "source_id": source_id,
        "rows": [row for row, _, _ in annotations],
        "parts": [part for _, part, _ in annotations],
        "annotations": [orjson.dumps(annotation).decode() for _, _, annotation in annotations],
        "uuids": [str(uuid.uuid4()) for _ in annotations],
    }
    given = (
        "(SELECT data_row_id, part, annotation::json AS annotation, uuid, place FROM unnest(%(rows)s::text[],"
        " %(parts)s::text[], %(annotations)s::text[], %(uuids)s::text[]) WITH ORDINALITY"
        " AS g(data_row_id, part, annotation, uuid, place)) AS given"
    )
    if overrides:
        await db.execute(
            f"DELETE FROM pre_labels AS o USING {given} WHERE given.part = 'classifications' AND {_SAME}",
            params,
        )
    await db.execute(
        "INSERT INTO pre_labels (organization_id, project_id, data_row_id, uuid, import_id, part, annotation,"
        " created_at) SELECT %(organization_id)s, %(project_id)s, given.data_row_id, given.uuid, %(source_id)s,"
        " given.part, given.annotation, now() + given.place * interval '1 microsecond'"
        f" FROM {given} WHERE NOT (given.part = 'classifications' AND EXISTS (SELECT 1 FROM pre_labels AS o"
        f" WHERE {_SAME}))",
        params,
    )


async def touch_rows(db: Database, organization_id: str, project_id: str, ids: list[str]) -> None:
    """Something has happened to rows of a project that stay where they are."""
    await db.execute(
        "UPDATE project_data_rows SET last_activity_at = now() WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND data_row_id = ANY(%(ids)s)",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids},
    )
