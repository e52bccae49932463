"""SQL for benchmarks among a labeler's rows. They have no slots: every labeler may get every one."""

from __future__ import annotations

from datetime import datetime

from labelyard.plumbing.database import Database
from labelyard.workflow.records import Reservation


async def count_labels_of(
    db: Database, organization_id: str, project_id: str, user_id: str, most: int
) -> int:
    """How many labels a user has made in a project, counted up to `most`."""
    count: int = await db.fetch_value(
        "SELECT count(*) FROM (SELECT 1 FROM labels WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND created_by = %(user_id)s AND deleted_at IS NULL LIMIT %(most)s) AS made",
        {"organization_id": organization_id, "project_id": project_id, "user_id": user_id, "most": most},
    )
    return count


async def reserve_benchmarks(
    db: Database,
    *,
    organization_id: str,
    project_id: str,
    user_id: str,
    count: int,
    priority: int,
    enqueued_at: datetime,
    until: datetime,
) -> list[Reservation]:
    """Holds benchmark rows for a user, in the order in which they became ones.

    None that the user holds or has labeled, the reference's author among them. OFFSET 0 has each condition looked up
    benchmark by benchmark.
    """
    return await db.fetch_records(
        Reservation,
        "INSERT INTO reservations (organization_id, project_id, queue, data_row_id, slot, user_id, priority,"
        " enqueued_at, reserved_until) SELECT %(organization_id)s, %(project_id)s, 'BENCHMARK', b.data_row_id,"
        " hashtext(%(user_id)s), %(user_id)s, %(priority)s, %(enqueued_at)s, %(until)s FROM benchmarks AS b"
        " WHERE b.organization_id = %(organization_id)s AND b.project_id = %(project_id)s"
        " AND EXISTS (SELECT 1 FROM labels AS l WHERE l.organization_id = b.organization_id AND l.id = b.label_id"
        "  AND l.deleted_at IS NULL OFFSET 0)"
        " AND EXISTS (SELECT 1 FROM project_data_rows AS p JOIN data_rows AS d ON d.organization_id ="
        "  p.organization_id AND d.id = p.data_row_id AND d.deleted_at IS NULL WHERE p.organization_id ="
        "  b.organization_id AND p.project_id = b.project_id AND p.data_row_id = b.data_row_id OFFSET 0)"
        " AND NOT EXISTS (SELECT 1 FROM labels AS l WHERE l.organization_id = b.organization_id"
        "  AND l.data_row_id = b.data_row_id AND l.project_id = b.project_id AND l.created_by = %(user_id)s"
        "  AND l.deleted_at IS NULL OFFSET 0)"
        " AND NOT EXISTS (SELECT 1 FROM reservations AS r WHERE r.organization_id = b.organization_id"
        "  AND r.project_id = b.project_id AND r.data_row_id = b.data_row_id AND r.user_id = %(user_id)s OFFSET 0)"
        " ORDER BY b.id LIMIT %(count)s ON CONFLICT DO NOTHING"
        " RETURNING queue, data_row_id, slot, priority, enqueued_at, reserved_until",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "user_id": user_id,
            "count": count,
            "priority": priority,
            "enqueued_at": enqueued_at,
            "until": until,
        },
    )
