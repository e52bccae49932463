"""SQL for submissions: noted once, with the row locked and its slot closed."""

from __future__ import annotations

from labelyard.plumbing.database import Database
from labelyard.workflow.records import Position, Submission


async def begin(
    db: Database,
    *,
    organization_id: str,
    project_id: str,
    data_row_id: str,
    user_id: str,
    queues: list[str],
    key: str | None,
    result_id: str,
) -> Submission:
    """Notes a submission under its key, locks where its row stands, closes the slot that the user holds of it.

    Waits for a transaction that is just noting the same key, so that the thing is done once; then for one that moves
    the row. Each step hangs on the one before, so that all transactions take their locks in this order. A
    reservation that has run out still counts as long as nobody else was given the slot.
    """
    row = await db.fetch_one(
        "WITH noted AS (INSERT INTO submissions (organization_id, user_id, idempotency_key, result_id)"
        "  SELECT %(organization_id)s, %(user_id)s, %(key)s, %(result_id)s WHERE %(key)s::text IS NOT NULL"
        "  ON CONFLICT DO NOTHING RETURNING 1),"
        " placed AS (SELECT data_row_id, state, labels_required, labels_done, priority, enqueued_at"
        "  FROM project_data_rows WHERE (%(key)s::text IS NULL OR EXISTS (SELECT 1 FROM noted))"
        "  AND organization_id = %(organization_id)s AND project_id = %(project_id)s"
        "  AND data_row_id = %(data_row_id)s FOR UPDATE),"
        " taken AS (DELETE FROM reservations AS r USING placed WHERE r.organization_id = %(organization_id)s"
        "  AND r.project_id = %(project_id)s AND r.queue = ANY(%(queues)s) AND r.user_id = %(user_id)s"
        "  AND r.data_row_id = placed.data_row_id RETURNING r.queue)"
        " SELECT %(key)s::text IS NULL OR EXISTS (SELECT 1 FROM noted), (SELECT min(queue) FROM taken), placed.*"
        " FROM (SELECT 1) AS one LEFT JOIN placed ON TRUE",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "data_row_id": data_row_id,
            "user_id": user_id,
            "queues": queues,
            "key": key,
            "result_id": result_id,
        },
    )
    assert row is not None
    return Submission(row[0], Position(*row[2:]) if row[2] is not None else None, row[1])


async def select_result(db: Database, organization_id: str, user_id: str, key: str) -> str:
    """What came of the submission that was noted under a key."""
    result: str = await db.fetch_value(
        "SELECT result_id FROM submissions WHERE organization_id = %(organization_id)s AND user_id = %(user_id)s"
        " AND idempotency_key = %(key)s",
        {"organization_id": organization_id, "user_id": user_id, "key": key},
    )
    return result


async def update_result(db: Database, organization_id: str, user_id: str, key: str, result_id: str) -> None:
    """What really came of a submission."""
    await db.execute(
        "UPDATE submissions SET result_id = %(result_id)s WHERE organization_id = %(organization_id)s"
        " AND user_id = %(user_id)s AND idempotency_key = %(key)s",
        {"organization_id": organization_id, "user_id": user_id, "key": key, "result_id": result_id},
    )
