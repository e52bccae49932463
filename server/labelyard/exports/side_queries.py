"""SQL for what belongs to a page of data rows: everything of all rows at once."""

from __future__ import annotations

from labelyard.catalog.search import awaits_review
from labelyard.exports.records import HistoryRow, LabelRow, PlaceRow, ReviewRow
from labelyard.plumbing.database import Database


def _of_rows(table: str, name: str, condition: str = "TRUE") -> str:
    """The rows of a table that belong to data rows in projects.

    One look-up for each data row, whatever the planner believes of a project that was filled a moment ago: OFFSET
    keeps it from beginning with all that the project has.
    """
    return (
        f"unnest(%(ids)s::text[]) AS g(id) CROSS JOIN LATERAL (SELECT * FROM {table} AS {name}"
        f" WHERE {name}.organization_id = %(organization_id)s AND {name}.data_row_id = g.id"
        f" AND {name}.project_id = ANY(%(projects)s) AND {condition} OFFSET 0) AS {name}"
    )


async def select_places(
    db: Database, organization_id: str, projects: list[str], ids: list[str]
) -> list[PlaceRow]:
    """Where rows stand in projects."""
    return await db.fetch_records(
        PlaceRow,
        "SELECT p.project_id, p.data_row_id, p.state, p.batch_id, b.name AS batch_name, p.priority,"
        f" p.labels_required, p.state = 'SKIPPED' AND {awaits_review('p')} AS awaits_review"
        f" FROM {_of_rows('project_data_rows', 'p')} LEFT JOIN batches AS b"
        " ON b.organization_id = p.organization_id AND b.id = p.batch_id ORDER BY p.project_id",
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
        " l.is_benchmark_reference, l.is_consensus_winner, l.benchmark_agreement, l.agreement"
        f" FROM {_of_rows('labels', 'l', 'l.deleted_at IS NULL')}"
        " LEFT JOIN users AS u ON u.organization_id = l.organization_id AND u.id = l.created_by"
        " ORDER BY l.id",
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
        f" w.created_at FROM {_of_rows('workflow_history', 'w')}"
        " LEFT JOIN users AS u ON u.organization_id = w.organization_id AND u.id = w.created_by"
        " ORDER BY w.id DESC",
        {"organization_id": organization_id, "projects": projects, "ids": ids},
    )


async def select_attachments(
    db: Database, organization_id: str, ids: list[str]
) -> list[tuple[str, str, str, str | None]]:
    """Data row, type, value and name of attachments, oldest first; the old TEXT is a text or the address of one."""
    rows = await db.fetch_all(
        "SELECT a.data_row_id, CASE WHEN a.type <> 'TEXT' THEN a.type WHEN a.value ~* '^https?://' THEN 'TEXT_URL'"
        " ELSE 'RAW_TEXT' END, a.value, a.name FROM attachments AS a"
        " WHERE a.organization_id = %(organization_id)s AND a.data_row_id = ANY(%(ids)s) ORDER BY a.id",
        {"organization_id": organization_id, "ids": ids},
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
