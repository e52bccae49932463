"""SQL for what belongs to a page of data rows: everything of all rows at once."""

from __future__ import annotations

from labelyard.exports.queries import awaits_review
from labelyard.exports.records import HistoryRow, LabelRow, PlaceRow, ReviewRow
from labelyard.plumbing.database import Database

_OF_ROWS = (
    "{0}.organization_id = %(organization_id)s AND {0}.project_id = ANY(%(projects)s)"
    " AND {0}.data_row_id = ANY(%(ids)s)"
)


async def select_places(
    db: Database, organization_id: str, projects: list[str], ids: list[str]
) -> list[PlaceRow]:
    """Where rows stand in projects."""
    return await db.fetch_records(
        PlaceRow,
        "SELECT p.project_id, p.data_row_id, p.state, p.batch_id, b.name AS batch_name, p.priority,"
        f" p.labels_required, p.state = 'SKIPPED' AND {awaits_review('p')} AS awaits_review"
        " FROM project_data_rows AS p LEFT JOIN batches AS b ON b.organization_id = p.organization_id"
        f" AND b.id = p.batch_id WHERE {_OF_ROWS.format('p')} ORDER BY p.project_id",
        {"organization_id": organization_id, "projects": projects, "ids": ids},
    )


async def select_labels(
    db: Database, organization_id: str, projects: list[str], ids: list[str]
) -> list[LabelRow]:
    """Live labels of rows in projects, oldest first."""
    return await db.fetch_records(
        LabelRow,
        "SELECT l.id, l.project_id, l.data_row_id, l.annotations, l.created_at, l.updated_at,"
        " l.content_updated_at, u.email AS created_by, l.seconds_to_label, l.seconds_to_review, l.skipped,"
        " l.is_benchmark_reference, l.benchmark_agreement, l.agreement FROM labels AS l"
        " LEFT JOIN users AS u ON u.organization_id = l.organization_id AND u.id = l.created_by"
        f" WHERE {_OF_ROWS.format('l')} AND l.deleted_at IS NULL ORDER BY l.id",
        {"organization_id": organization_id, "projects": projects, "ids": ids},
    )


async def select_reviews(db: Database, organization_id: str, label_ids: list[str]) -> list[ReviewRow]:
    """Live reviews of labels, oldest first."""
    return await db.fetch_records(
        ReviewRow,
        "SELECT r.id, r.label_id, r.score, r.created_at, u.email AS created_by FROM reviews AS r"
        " LEFT JOIN users AS u ON u.organization_id = r.organization_id AND u.id = r.created_by"
        " WHERE r.organization_id = %(organization_id)s AND r.label_id = ANY(%(ids)s)"
        " AND r.deleted_at IS NULL ORDER BY r.id",
        {"organization_id": organization_id, "ids": label_ids},
    )


async def select_history(
    db: Database, organization_id: str, projects: list[str], ids: list[str]
) -> list[HistoryRow]:
    """The steps of rows through workflows, newest first."""
    return await db.fetch_records(
        HistoryRow,
        "SELECT w.project_id, w.data_row_id, w.action, w.previous_state, w.next_state, u.email AS created_by,"
        " w.created_at FROM workflow_history AS w"
        " LEFT JOIN users AS u ON u.organization_id = w.organization_id AND u.id = w.created_by"
        f" WHERE {_OF_ROWS.format('w')} ORDER BY w.id DESC",
        {"organization_id": organization_id, "projects": projects, "ids": ids},
    )


async def select_attachments(
    db: Database, organization_id: str, ids: list[str]
) -> list[tuple[str, str, str, str | None]]:
    """Data row, type, value and name of attachments, oldest first."""
    rows = await db.fetch_all(
        "SELECT a.data_row_id, a.type, a.value, a.name FROM attachments AS a"
        " WHERE a.organization_id = %(organization_id)s AND a.data_row_id = ANY(%(ids)s) ORDER BY a.id",
        {"organization_id": organization_id, "ids": ids},
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
