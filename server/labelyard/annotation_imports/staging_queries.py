"""SQL for what an import has read but not yet written, and for the pre-labels that it becomes."""

from __future__ import annotations

from collections.abc import Sequence

from labelyard.annotation_imports.records import AnnotationImport, EarlierAnnotation, StagedAnnotation
from labelyard.formats.ndjson_lines import Accepted
from labelyard.plumbing.database import Database

_STAGED = "s.organization_id = %(organization_id)s AND s.import_id = %(import_id)s"
_RANGE = f"{_STAGED} AND s.data_row_id > %(after)s AND (%(upto)s::text IS NULL OR s.data_row_id <= %(upto)s)"
# OFFSET keeps this a look-up for each row, also in a project of which the planner knows nothing yet
_IN_PROJECT = (
    "EXISTS (SELECT 1 FROM project_data_rows AS p WHERE p.organization_id = s.organization_id"
    " AND p.project_id = %(project_id)s AND p.data_row_id = s.data_row_id OFFSET 0)"
)


async def stage(
    db: Database, organization_id: str, import_id: str, annotations: Sequence[StagedAnnotation]
) -> None:
    """Keeps accepted lines until all are read."""
    await db.copy_rows(
        "import_annotations",
        (
            "organization_id",
            "import_id",
            "data_row_id",
            "position",
            "uuid",
            "part",
            "annotation",
            "is_benchmark",
        ),
        ("text", "text", "text", "int8", "text", "text", "text", "bool"),
        [
            (
                organization_id,
                import_id,
                line.data_row_id,
                line.position,
                line.uuid,
                line.part,
                line.annotation,
                line.is_benchmark,
            )
            for line in annotations
        ],
    )


async def select_earlier(db: Database, organization_id: str, import_id: str) -> list[EarlierAnnotation]:
    """What an earlier run has accepted."""
    return await db.fetch_records(
        EarlierAnnotation,
        "SELECT s.data_row_id, s.uuid, s.part, s.annotation->>'feature_id' AS feature_id,"
        " s.annotation->>'feature_schema_id' AS schema_id,"
        " s.annotation->'composite_mask' IS NOT NULL AS is_instance"
        f" FROM import_annotations AS s WHERE {_STAGED} AND s.part <> 'pending'",
        {"organization_id": organization_id, "import_id": import_id},
    )


async def select_pending(db: Database, organization_id: str, import_id: str) -> list[tuple[int, bytes]]:
    """Position and text of the lines that are decided at the end, in their order."""
    rows = await db.fetch_all(
        "SELECT s.position, s.annotation::text FROM import_annotations AS s"
        f" WHERE {_STAGED} AND s.part = 'pending' ORDER BY s.position",
        {"organization_id": organization_id, "import_id": import_id},
    )
    return [(row[0], row[1].encode()) for row in rows]


async def delete_pending(db: Database, organization_id: str, import_id: str) -> None:
    """They are decided."""
    await db.execute(
        f"DELETE FROM import_annotations AS s WHERE {_STAGED} AND s.part = 'pending'",
        {"organization_id": organization_id, "import_id": import_id},
    )


async def select_range_end(
    db: Database, organization_id: str, import_id: str, after: str, count: int
) -> str | None:
    """The data row in which about `count` annotations after a row end; None when there are fewer."""
    found: str | None = await db.fetch_value(
        f"SELECT s.data_row_id FROM import_annotations AS s WHERE {_STAGED} AND s.data_row_id > %(after)s"
        " ORDER BY s.data_row_id, s.position OFFSET %(count)s LIMIT 1",
        {"organization_id": organization_id, "import_id": import_id, "after": after, "count": count},
    )
    return found


async def select_staged(
    db: Database, organization_id: str, import_id: str, after: str, upto: str | None
) -> list[tuple[str, str, bytes, bool]]:
    """Data row, part, annotation and benchmark flag of what was read for a range of rows, in order."""
    rows = await db.fetch_all(
        "SELECT s.data_row_id, s.part, s.annotation, s.is_benchmark FROM import_annotations AS s"
        f" WHERE {_RANGE} ORDER BY s.data_row_id, s.position",
        {"organization_id": organization_id, "import_id": import_id, "after": after, "upto": upto},
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def select_rows_gone(
    db: Database, organization_id: str, import_id: str, project_id: str, after: str, upto: str | None
) -> list[str]:
    """Rows of a range that are no longer in the project."""
    return await db.fetch_column(
        f"SELECT DISTINCT s.data_row_id FROM import_annotations AS s WHERE {_RANGE} AND NOT {_IN_PROJECT}",
        {
            "organization_id": organization_id,
            "import_id": import_id,
            "project_id": project_id,
            "after": after,
            "upto": upto,
        },
    )


async def upsert_pre_labels(
    db: Database,
    organization_id: str,
    job: AnnotationImport,
    after: str,
    upto: str | None,
    *,
    has_relationships: bool,
) -> None:
    """Makes pre-labels of a range of rows; the newest import wins a uuid and the answer to a question.

    A relationship whose end was replaced goes with it.
    """
    params = {
        "organization_id": organization_id,
        "import_id": job.id,
        "project_id": job.project_id,
        "created_at": job.created_at,
        "after": after,
        "upto": upto,
    }
    await db.execute(
        "DELETE FROM pre_labels AS o USING import_annotations AS s"
        f" WHERE {_RANGE} AND s.part = 'classifications' AND o.organization_id = s.organization_id"
        " AND o.project_id = %(project_id)s AND o.data_row_id = s.data_row_id AND o.part = 'classifications'"
        " AND o.import_id <> s.import_id AND o.uuid <> s.uuid AND o.created_at <= %(created_at)s"
        " AND o.annotation->>'feature_schema_id' = s.annotation->>'feature_schema_id'",
        params,
    )
    await db.execute(
        "INSERT INTO pre_labels AS o (organization_id, project_id, data_row_id, uuid, import_id, part,"
        " annotation, created_at) SELECT s.organization_id, %(project_id)s, s.data_row_id, s.uuid,"
        " s.import_id, s.part, s.annotation, %(created_at)s + s.position * interval '1 microsecond'"
        " FROM import_annotations AS s"
        f" WHERE {_RANGE} AND {_IN_PROJECT} ORDER BY s.data_row_id, s.uuid"
        " ON CONFLICT (organization_id, project_id, data_row_id, uuid) DO UPDATE"
        " SET import_id = excluded.import_id, part = excluded.part,"
        " annotation = excluded.annotation, created_at = excluded.created_at"
        " WHERE o.created_at <= excluded.created_at",
        params,
    )
    if has_relationships:
        ends = (
            "coalesce(o.annotation->'unidirectional_relationship',"
            " o.annotation->'bidirectional_relationship')"
        )
        await db.execute(
            "DELETE FROM pre_labels AS o WHERE o.organization_id = %(organization_id)s"
            " AND o.project_id = %(project_id)s AND o.part = 'relationships' AND o.data_row_id IN"
            f" (SELECT s.data_row_id FROM import_annotations AS s WHERE {_RANGE})"
            " AND (SELECT count(*) FROM pre_labels AS e WHERE e.organization_id = o.organization_id"
            "  AND e.project_id = o.project_id AND e.data_row_id = o.data_row_id AND e.part = 'objects'"
            f"  AND e.annotation->>'feature_id' IN ({ends}->>'source', {ends}->>'target'))"
            " < (SELECT count(DISTINCT end_id)"
            f" FROM unnest(ARRAY[{ends}->>'source', {ends}->>'target']) AS end_id)",
            params,
        )


async def discard_masks(db: Database, organization_id: str, job: AnnotationImport) -> None:
    """Deletes the masks of an import that has failed before it wrote anything."""
    await db.execute(
        "DELETE FROM label_masks AS m USING import_annotations AS s"
        f" WHERE {_STAGED} AND s.part = 'objects' AND m.organization_id = s.organization_id"
        " AND m.project_id = %(project_id)s AND m.feature_id = s.annotation->>'feature_id'",
        {"organization_id": organization_id, "import_id": job.id, "project_id": job.project_id},
    )


async def discard_staged(db: Database, organization_id: str, import_id: str) -> None:
    """What was read is written, or not wanted any more."""
    await db.execute(
        f"DELETE FROM import_annotations AS s WHERE {_STAGED}",
        {"organization_id": organization_id, "import_id": import_id},
    )


def staged(line: Accepted, part: str, annotation: bytes) -> StagedAnnotation:
    """An accepted line as it is kept."""
    return StagedAnnotation(
        line.data_row_id, line.position, line.uuid, part, annotation.decode(), line.is_benchmark
    )
