"""SQL for the label export of 2.4."""

from __future__ import annotations

from labelyard.exports.records import LabelExport, LegacyLabelRow
from labelyard.formats.search_filter import Span
from labelyard.plumbing.database import Database

_ONE = "organization_id = %(organization_id)s AND id = %(id)s"


async def select_version(db: Database, organization_id: str, project_id: str) -> str:
    """What changes whenever a label, a review or an issue of the project does."""
    version: str = await db.fetch_value(
        "SELECT concat_ws(' ', (SELECT concat_ws(' ', count(*), max(l.updated_at)) FROM labels AS l"
        "  WHERE l.organization_id = %(organization_id)s AND l.project_id = %(project_id)s"
        "  AND l.deleted_at IS NULL),"
        " (SELECT concat_ws(' ', count(*), max(r.updated_at)) FROM reviews AS r"
        "  WHERE r.organization_id = %(organization_id)s AND r.project_id = %(project_id)s"
        "  AND r.deleted_at IS NULL),"
        " (SELECT concat_ws(' ', count(*), max(i.updated_at)) FROM issues AS i"
        "  WHERE i.organization_id = %(organization_id)s AND i.project_id = %(project_id)s"
        "  AND i.deleted_at IS NULL))",
        {"organization_id": organization_id, "project_id": project_id},
    )
    return version


async def select_latest(
    db: Database, organization_id: str, project_id: str, user_id: str, filters: str
) -> LabelExport | None:
    """The newest export that a user has ordered with these filters; waits for one who is just asking for it."""
    return await db.fetch_record(
        LabelExport,
        "SELECT id, state, version, delivered, blob_key, created_at, asked_at FROM label_exports"
        " WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        " AND created_by = %(user_id)s AND filters::text = %(filters)s ORDER BY id DESC LIMIT 1 FOR UPDATE",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "user_id": user_id,
            "filters": filters,
        },
    )


async def insert_export(
    db: Database,
    *,
    organization_id: str,
    export_id: str,
    project_id: str,
    filters: str,
    version: str,
    created_by: str,
) -> None:
    """A new export, not yet written."""
    await db.execute(
        "INSERT INTO label_exports (organization_id, id, project_id, filters, version, created_by) VALUES"
        " (%(organization_id)s, %(id)s, %(project_id)s, %(filters)s::json, %(version)s, %(created_by)s)",
        {
            "organization_id": organization_id,
            "id": export_id,
            "project_id": project_id,
            "filters": filters,
            "version": version,
            "created_by": created_by,
        },
    )


async def note_asked(db: Database, organization_id: str, export_id: str, *, delivered: bool) -> None:
    """The client has asked again, and perhaps was given it."""
    await db.execute(
        f"UPDATE label_exports SET asked_at = now(), delivered = %(delivered)s WHERE {_ONE}",
        {"organization_id": organization_id, "id": export_id, "delivered": delivered},
    )


async def finish_export(
    db: Database, organization_id: str, export_id: str, state: str, blob_key: str | None
) -> None:
    """It is written, or it has failed."""
    await db.execute(
        f"UPDATE label_exports SET state = %(state)s, blob_key = %(key)s WHERE {_ONE}",
        {"organization_id": organization_id, "id": export_id, "state": state, "key": blob_key},
    )


async def select_labels(
    db: Database, organization_id: str, project_id: str, created: Span, active: Span, after: str, limit: int
) -> list[LegacyLabelRow]:
    """A page of the labels of a project with their data rows."""
    return await db.fetch_records(
        LegacyLabelRow,
        "SELECT l.id, l.data_row_id, d.row_data, l.annotations, u.email AS created_by, l.created_at, l.updated_at,"
        " s.name AS dataset_name, l.seconds_to_label, d.external_id, d.global_key, l.agreement,"
        " l.benchmark_agreement, l.is_benchmark_reference, l.skipped, d.media_type, d.media_attributes,"
        " l.label_text, (SELECT count(*) FROM issues AS i WHERE i.organization_id = l.organization_id"
        "  AND i.data_row_id = l.data_row_id AND i.project_id = l.project_id AND i.status = 'Open'"
        "  AND (i.label_id = l.id OR i.label_id IS NULL) AND i.deleted_at IS NULL) AS open_issues"
        " FROM labels AS l JOIN data_rows AS d ON d.organization_id = l.organization_id"
        " AND d.id = l.data_row_id AND d.deleted_at IS NULL"
        " LEFT JOIN datasets AS s ON s.organization_id = d.organization_id AND s.id = d.dataset_id"
        " LEFT JOIN users AS u ON u.organization_id = l.organization_id AND u.id = l.created_by"
        " WHERE l.organization_id = %(organization_id)s AND l.project_id = %(project_id)s"
        " AND l.deleted_at IS NULL AND l.id > %(after)s"
        " AND (%(created_from)s::timestamptz IS NULL OR l.created_at >= %(created_from)s)"
        " AND (%(created_to)s::timestamptz IS NULL OR l.created_at <= %(created_to)s)"
        " AND (%(active_from)s::timestamptz IS NULL OR l.updated_at >= %(active_from)s)"
        " AND (%(active_to)s::timestamptz IS NULL OR l.updated_at <= %(active_to)s)"
        " ORDER BY l.id LIMIT %(limit)s",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "after": after,
            "limit": limit,
            "created_from": created.start,
            "created_to": created.end,
            "active_from": active.start,
            "active_to": active.end,
        },
    )


async def select_references(
    db: Database, organization_id: str, project_id: str, data_row_ids: list[str]
) -> dict[str, str]:
    """The benchmark reference of data rows: data row -> label."""
    rows = await db.fetch_all(
        "SELECT data_row_id, id FROM labels WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND data_row_id = ANY(%(ids)s) AND is_benchmark_reference"
        " AND deleted_at IS NULL ORDER BY id",
        {"organization_id": organization_id, "project_id": project_id, "ids": data_row_ids},
    )
    return {row[0]: row[1] for row in rows}
