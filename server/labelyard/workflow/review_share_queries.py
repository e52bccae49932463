"""SQL for rows that a change of the review share sends to the reviewers, or spares them."""

from __future__ import annotations

from labelyard.plumbing.database import Database

# the hash that decides is that of `rules.is_drawn`: the first 8 bytes of SHA-256
_DECIDING = (
    " FROM project_data_rows AS p CROSS JOIN LATERAL (SELECT l.id FROM labels AS l WHERE l.organization_id ="
    "  p.organization_id AND l.data_row_id = p.data_row_id AND l.project_id = p.project_id"
    "  AND l.deleted_at IS NULL ORDER BY l.id DESC LIMIT 1) AS label"
    " WHERE p.organization_id = %(organization_id)s AND p.project_id = %(project_id)s"
    " AND NOT EXISTS (SELECT 1 FROM reviews AS r WHERE r.organization_id = p.organization_id"
    "  AND r.project_id = p.project_id AND r.data_row_id = p.data_row_id AND r.deleted_at IS NULL)"
    # what somebody has moved by hand stays where it was put
    " AND (SELECT h.action FROM workflow_history AS h WHERE h.organization_id = p.organization_id"
    "  AND h.project_id = p.project_id AND h.data_row_id = p.data_row_id ORDER BY h.id DESC LIMIT 1)"
    "  IN ('Submit', 'Import', 'Review share')"
)
_DRAWN = "substr(sha256(label.id::bytea), 1, 8) < %(threshold)s"
_WAITS = (
    "EXISTS (SELECT 1 FROM {0} AS w WHERE w.organization_id = p.organization_id"
    " AND w.project_id = p.project_id AND w.data_row_id = p.data_row_id AND w.queue = 'REVIEW')"
)


async def select_to_review(
    db: Database, organization_id: str, project_id: str, threshold: bytes | None
) -> list[tuple[str, str]]:
    """Rows that nobody was to review and that are drawn now, with their states; no threshold draws all."""
    drawn = f" AND {_DRAWN}" if threshold is not None else ""
    rows = await db.fetch_all(
        f"SELECT p.data_row_id, p.state{_DECIDING}{drawn} AND (p.state = 'DONE' OR p.state = 'SKIPPED'"
        f"  AND NOT {_WAITS.format('queue_slots')} AND NOT {_WAITS.format('reservations')})"
        " ORDER BY p.data_row_id FOR UPDATE OF p",
        {"organization_id": organization_id, "project_id": project_id, "threshold": threshold},
    )
    return [(row[0], row[1]) for row in rows]


async def select_to_spare(
    db: Database, organization_id: str, project_id: str, threshold: bytes
) -> list[tuple[str, str]]:
    """Rows that wait for a review which no reviewer has begun, and that are not drawn any more, with their states."""
    rows = await db.fetch_all(
        f"SELECT p.data_row_id, p.state{_DECIDING} AND NOT {_DRAWN} AND p.state IN ('IN_REVIEW', 'SKIPPED')"
        f" AND {_WAITS.format('queue_slots')} ORDER BY p.data_row_id FOR UPDATE OF p",
        {"organization_id": organization_id, "project_id": project_id, "threshold": threshold},
    )
    return [(row[0], row[1]) for row in rows]
