"""SQL for labels and masks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from labelyard.access import visibility
from labelyard.labels.records import LabelRecord, MaskCopy, MaskRow, NewLabel
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows

_LIVE = "l.organization_id = %(organization_id)s AND l.deleted_at IS NULL"
_RECORD = (
    "l.id, l.project_id, l.data_row_id, l.annotations, l.skipped, l.seconds_to_label, l.created_by,"
    " l.created_at, l.label_text, l.is_benchmark_reference"
)
# read by the statement that writes a label: whether its row has another one
_HAS_OTHERS = (
    "EXISTS (SELECT 1 FROM labels AS other WHERE other.organization_id = written.organization_id"
    " AND other.data_row_id = written.data_row_id AND other.project_id = written.project_id"
    " AND other.id <> written.id AND other.deleted_at IS NULL)"
)
# the labels of deleted data rows are not listed, but stay
LIVE_ROW = (
    "EXISTS (SELECT 1 FROM data_rows AS labeled WHERE labeled.organization_id = l.organization_id"
    " AND labeled.id = l.data_row_id AND labeled.deleted_at IS NULL)"
)
IN_DATASETS = (
    "EXISTS (SELECT 1 FROM data_rows AS labeled WHERE labeled.organization_id = l.organization_id"
    " AND labeled.id = l.data_row_id AND labeled.dataset_id = ANY(%(datasets)s))"
)


def labels(context: Context) -> Rows:
    """Live labels that the caller may see: one's own, or everybody's."""
    rows = Rows("labels AS l", _LIVE, {"organization_id": context.organization_id}, "l.id")
    return visibility.of_labels(rows, context, "l.project_id", "l.created_by")


async def insert_label(db: Database, organization_id: str, label: NewLabel) -> bool:
    """One new label; whether its row has others."""
    has_others: bool = await db.fetch_value(
        "INSERT INTO labels AS written (organization_id, id, project_id, data_row_id, annotations, label_text, skipped,"
        " seconds_to_label, created_by, is_benchmark_reference) VALUES (%(organization_id)s, %(id)s, %(project_id)s,"
        " %(data_row_id)s, %(annotations)s::json, %(label_text)s, %(skipped)s, %(seconds_to_label)s, %(created_by)s,"
        f" %(is_benchmark_reference)s) RETURNING {_HAS_OTHERS}",
        {**vars(label), "organization_id": organization_id},
    )
    return has_others


async def insert_labels(db: Database, organization_id: str, labels: Sequence[NewLabel]) -> list[str]:
    """New labels, all at once; those of their rows that have other labels."""
    columns: dict[str, list[Any]] = {}
    for label in labels:
        for name, value in asdict(label).items():
            columns.setdefault(name, []).append(value)
    written = await db.fetch_all(
        "INSERT INTO labels AS written (organization_id, id, project_id, data_row_id, annotations, label_text, skipped,"
        " seconds_to_label, created_by, is_benchmark_reference) SELECT %(organization_id)s, id, project_id,"
        " data_row_id, annotations::json, label_text, skipped, seconds_to_label, created_by, reference"
        " FROM unnest(%(id)s::text[], %(project_id)s::text[], %(data_row_id)s::text[], %(annotations)s::text[],"
        " %(label_text)s::text[], %(skipped)s::boolean[], %(seconds_to_label)s::float[], %(created_by)s::text[],"
        " %(is_benchmark_reference)s::boolean[]) AS given(id, project_id, data_row_id, annotations, label_text,"
        f" skipped, seconds_to_label, created_by, reference) RETURNING data_row_id, {_HAS_OTHERS}",
        {**columns, "organization_id": organization_id},
    )
    return [row_id for row_id, has_others in written if has_others]


async def select_label(db: Database, organization_id: str, label_id: str) -> LabelRecord | None:
    """One live label."""
    return await db.fetch_record(
        LabelRecord,
        f"SELECT {_RECORD} FROM labels AS l WHERE {_LIVE} AND l.id = %(id)s",
        {"organization_id": organization_id, "id": label_id},
    )


async def select_labels_of_rows(
    db: Database, organization_id: str, project_id: str, data_row_ids: list[str]
) -> list[LabelRecord]:
    """Live labels of data rows in a project: a reviewer's choice, then the oldest first, skips last."""
    return await db.fetch_records(
        LabelRecord,
        f"SELECT {_RECORD} FROM labels AS l WHERE {_LIVE} AND l.project_id = %(project_id)s"
        " AND l.data_row_id = ANY(%(ids)s) ORDER BY l.is_consensus_winner DESC, l.skipped, l.id",
        {"organization_id": organization_id, "project_id": project_id, "ids": data_row_ids},
    )


async def update_label(db: Database, organization_id: str, label_id: str, values: dict[str, Any]) -> bool:
    """Changes columns of a live label; whether its row has others."""
    assignments = "".join(
        f"{name} = %({name})s{'::json' if name == 'annotations' else ''}, " for name in values
    )
    has_others: bool | None = await db.fetch_value(
        f"UPDATE labels AS written SET {assignments}updated_at = now() WHERE organization_id = %(organization_id)s"
        f" AND id = %(id)s AND deleted_at IS NULL RETURNING {_HAS_OTHERS}",
        {**values, "organization_id": organization_id, "id": label_id},
    )
    return bool(has_others)


async def update_annotations(db: Database, organization_id: str, documents: Mapping[str, str]) -> list[str]:
    """Other annotations for live labels, all at once; those of their rows that have other labels."""
    written = await db.fetch_all(
        "UPDATE labels AS written SET annotations = given.document::json, label_text = NULL, updated_at = now(),"
        " content_updated_at = now() FROM unnest(%(ids)s::text[], %(documents)s::text[]) AS given(id, document)"
        " WHERE written.organization_id = %(organization_id)s AND written.id = given.id"
        f" AND written.deleted_at IS NULL RETURNING written.data_row_id, {_HAS_OTHERS}",
        {"organization_id": organization_id, "ids": list(documents), "documents": list(documents.values())},
    )
    return [row_id for row_id, has_others in written if has_others]


async def copy_masks(
    db: Database, organization_id: str, source_id: str, project_id: str, copies: Sequence[MaskCopy]
) -> None:
    """The masks of objects of one project once more, for objects of another."""
    await db.execute(
        "INSERT INTO label_masks (organization_id, project_id, data_row_id, feature_id, height, width, counts,"
        " color_rgb, composite_id) SELECT m.organization_id, %(project_id)s, given.data_row_id, given.after,"
        " m.height, m.width, m.counts, m.color_rgb, given.composite_id"
        " FROM unnest(%(rows)s::text[], %(before)s::text[], %(after)s::text[], %(composites)s::text[])"
        "  AS given(data_row_id, before, after, composite_id)"
        " JOIN label_masks AS m ON m.organization_id = %(organization_id)s AND m.project_id = %(source_id)s"
        "  AND m.feature_id = given.before",
        {
            "organization_id": organization_id,
            "source_id": source_id,
            "project_id": project_id,
            "rows": [copy.data_row_id for copy in copies],
            "before": [copy.before for copy in copies],
            "after": [copy.after for copy in copies],
            "composites": [copy.composite_id for copy in copies],
        },
    )


async def add_review_time(db: Database, organization_id: str, label_ids: list[str], seconds: float) -> None:
    """Somebody has looked at the labels for so long."""
    await db.execute(
        "UPDATE labels SET seconds_to_review = seconds_to_review + %(seconds)s"
        " WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s)",
        {"organization_id": organization_id, "ids": label_ids, "seconds": seconds},
    )


async def select_projects_of_labels(db: Database, organization_id: str, label_ids: list[str]) -> list[str]:
    """The projects to which live labels belong."""
    return await db.fetch_column(
        f"SELECT DISTINCT l.project_id FROM labels AS l WHERE {_LIVE} AND l.id = ANY(%(ids)s) ORDER BY 1",
        {"organization_id": organization_id, "ids": label_ids},
    )


async def select_used_feature(
    db: Database, organization_id: str, project_id: str, feature_ids: list[str]
) -> str | None:
    """One of these features that a live label of the project has an annotation of, or None.

    Each document is read as text, once for all of them, until one is found.
    """
    found: str | None = await db.fetch_value(
        "SELECT used.id FROM labels AS l"
        " CROSS JOIN LATERAL (SELECT substring(l.annotations::text FROM %(pattern)s) AS id) AS used"
        f" WHERE {_LIVE} AND l.project_id = %(project_id)s AND used.id IS NOT NULL LIMIT 1",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "pattern": f'"({"|".join(re.escape(feature_id) for feature_id in feature_ids)})"',
        },
    )
    return found


async def delete_labels(
    db: Database, organization_id: str, label_ids: list[str]
) -> list[tuple[str, str, str, bool]]:
    """Deletes labels; id, project, data row and whether it was skipped, of those that were there."""
    rows = await db.fetch_all(
        "UPDATE labels SET deleted_at = now(), updated_at = now() WHERE organization_id = %(organization_id)s"
        " AND id = ANY(%(ids)s) AND deleted_at IS NULL RETURNING id, project_id, data_row_id, skipped",
        {"organization_id": organization_id, "ids": label_ids},
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def count_labels(db: Database, organization_id: str, project_ids: list[str]) -> dict[str, int]:
    """Live labels of live data rows, by project."""
    rows = await db.fetch_all(
        f"SELECT l.project_id, count(*) FROM labels AS l WHERE {_LIVE} AND l.project_id = ANY(%(ids)s)"
        f" AND {LIVE_ROW} GROUP BY l.project_id",
        {"organization_id": organization_id, "ids": project_ids},
    )
    return {row[0]: row[1] for row in rows}


async def upsert_masks(
    db: Database, organization_id: str, project_id: str, masks: Sequence[tuple[str, MaskRow]]
) -> None:
    """Masks by data row, new or drawn anew."""
    if not masks:
        return
    await db.execute(
        "INSERT INTO label_masks (organization_id, project_id, data_row_id, feature_id, height, width, counts,"
        " color_rgb, composite_id) SELECT %(organization_id)s, %(project_id)s, m.data_row_id, m.feature_id,"
        " m.height, m.width, m.counts, m.color_rgb::integer[], m.composite_id"
        " FROM unnest(%(rows)s::text[], %(feature_ids)s::text[],"
        " %(heights)s::integer[], %(widths)s::integer[], %(counts)s::text[], %(colors)s::text[],"
        " %(composite_ids)s::text[]) AS m(data_row_id, feature_id, height, width, counts, color_rgb, composite_id)"
        " ON CONFLICT (organization_id, project_id, feature_id) DO UPDATE SET height = excluded.height,"
        " width = excluded.width, counts = excluded.counts, color_rgb = excluded.color_rgb,"
        " composite_id = excluded.composite_id",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "rows": [row for row, _ in masks],
            "feature_ids": [mask.feature_id for _, mask in masks],
            "heights": [mask.height for _, mask in masks],
            "widths": [mask.width for _, mask in masks],
            "counts": [mask.counts for _, mask in masks],
            "colors": ["{" + ",".join(map(str, mask.color_rgb)) + "}" for _, mask in masks],
            "composite_ids": [mask.composite_id for _, mask in masks],
        },
    )


async def select_taken_masks(
    db: Database, organization_id: str, project_id: str, feature_ids: list[str]
) -> set[str]:
    """Those of the ids under which a project already has a mask, on whatever row."""
    found = await db.fetch_all(
        "SELECT feature_id FROM label_masks WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND feature_id = ANY(%(ids)s)",
        {"organization_id": organization_id, "project_id": project_id, "ids": feature_ids},
    )
    return {row[0] for row in found}


async def select_masks(
    db: Database, organization_id: str, project_id: str, feature_ids: list[str]
) -> list[MaskRow]:
    """The masks of objects, on whatever rows."""
    return await db.fetch_records(
        MaskRow,
        "SELECT feature_id, height, width, counts, color_rgb, composite_id FROM label_masks"
        " WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s AND feature_id = ANY(%(ids)s)",
        {"organization_id": organization_id, "project_id": project_id, "ids": feature_ids},
    )


async def select_mask(db: Database, organization_id: str, project_id: str, feature_id: str) -> MaskRow | None:
    """The mask of one object."""
    return await db.fetch_record(
        MaskRow,
        "SELECT feature_id, height, width, counts, color_rgb, composite_id FROM label_masks"
        " WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s AND feature_id = %(feature_id)s",
        {"organization_id": organization_id, "project_id": project_id, "feature_id": feature_id},
    )


async def select_known_masks(
    db: Database, organization_id: str, project_id: str, data_row_id: str, feature_ids: list[str]
) -> dict[str, MaskRow]:
    """The masks that a data row has in a project, of these objects."""
    found = await db.fetch_records(
        MaskRow,
        "SELECT feature_id, height, width, counts, color_rgb, composite_id FROM label_masks"
        " WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        " AND data_row_id = %(data_row_id)s AND feature_id = ANY(%(ids)s)",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "data_row_id": data_row_id,
            "ids": feature_ids,
        },
    )
    return {mask.feature_id: mask for mask in found}


async def select_composite(db: Database, organization_id: str, composite_id: str) -> list[MaskRow]:
    """The masks that share one picture, in the order in which they were drawn."""
    return await db.fetch_records(
        MaskRow,
        "SELECT feature_id, height, width, counts, color_rgb, composite_id FROM label_masks"
        " WHERE organization_id = %(organization_id)s AND composite_id = %(id)s ORDER BY feature_id",
        {"organization_id": organization_id, "id": composite_id},
    )


async def select_project_of_composite(db: Database, organization_id: str, composite_id: str) -> str | None:
    """The project to which a composite picture belongs."""
    project: str | None = await db.fetch_value(
        "SELECT project_id FROM label_masks WHERE organization_id = %(organization_id)s AND composite_id = %(id)s"
        " LIMIT 1",
        {"organization_id": organization_id, "id": composite_id},
    )
    return project
