"""SQL for slots and reservations: who holds what, handed out with SKIP LOCKED (decision 7)."""

from __future__ import annotations

from datetime import datetime

from labelyard.plumbing.database import Database
from labelyard.workflow.records import Reservation

_RESERVATION = "queue, data_row_id, slot, priority, enqueued_at, reserved_until"
_MINE = (
    "organization_id = %(organization_id)s AND project_id = %(project_id)s AND user_id = %(user_id)s"
    " AND reserved_until > now()"
)


async def claim_slots(
    db: Database,
    *,
    organization_id: str,
    project_id: str,
    queue: str,
    user_id: str,
    count: int,
    until: datetime,
) -> int:
    """Takes slots from the head of a queue for a user; how many slots were taken off the queue.

    Of a row with several slots only one is taken, and none by a user who has labeled or holds the row (R-PJ-52).
    Slots of deleted rows are taken off and not held.
    """
    taken: int = await db.fetch_value(
        "WITH taken AS (DELETE FROM queue_slots WHERE ctid = ANY(ARRAY(SELECT s.ctid FROM queue_slots AS s"
        "  WHERE s.organization_id = %(organization_id)s AND s.project_id = %(project_id)s AND s.queue = %(queue)s"
        "  AND (s.assigned_to IS NULL OR s.assigned_to = %(user_id)s)"
        "  AND NOT EXISTS (SELECT 1 FROM queue_slots AS earlier WHERE earlier.organization_id = s.organization_id"
        "   AND earlier.project_id = s.project_id AND earlier.queue = s.queue AND earlier.priority = s.priority"
        "   AND earlier.enqueued_at = s.enqueued_at AND earlier.data_row_id = s.data_row_id"
        "   AND earlier.slot < s.slot)"
        "  AND NOT EXISTS (SELECT 1 FROM reservations AS r WHERE r.organization_id = s.organization_id"
        "   AND r.project_id = s.project_id AND r.queue = s.queue AND r.user_id = %(user_id)s"
        "   AND r.data_row_id = s.data_row_id)"
        "  AND (s.queue <> 'LABEL' OR NOT EXISTS (SELECT 1 FROM labels AS l WHERE l.organization_id ="
        "   s.organization_id AND l.data_row_id = s.data_row_id AND l.project_id = s.project_id"
        "   AND l.created_by = %(user_id)s AND l.deleted_at IS NULL))"
        "  ORDER BY s.priority, s.enqueued_at, s.data_row_id, s.slot LIMIT %(count)s FOR UPDATE SKIP LOCKED))"
        "  RETURNING data_row_id, slot, priority, enqueued_at, assigned_to),"
        " held AS (INSERT INTO reservations (organization_id, project_id, queue, data_row_id, slot, user_id,"
        "  priority, enqueued_at, assigned_to, reserved_until) SELECT %(organization_id)s, %(project_id)s,"
        "  %(queue)s, taken.data_row_id, slot, %(user_id)s, priority, enqueued_at, assigned_to, %(until)s"
        "  FROM taken JOIN data_rows AS d ON d.organization_id = %(organization_id)s"
        "  AND d.id = taken.data_row_id AND d.deleted_at IS NULL)"
        " SELECT count(*) FROM taken",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "queue": queue,
            "user_id": user_id,
            "count": count,
            "until": until,
        },
    )
    return taken


async def select_reservations(
    db: Database, organization_id: str, project_id: str, user_id: str, queues: list[str]
) -> list[Reservation]:
    """What a user holds, in the order of the queues and within each in its order."""
    return await db.fetch_records(
        Reservation,
        f"SELECT {_RESERVATION} FROM reservations WHERE {_MINE} AND queue = ANY(%(queues)s)"
        " ORDER BY array_position(%(queues)s, queue), priority, enqueued_at, data_row_id, slot",
        {"organization_id": organization_id, "project_id": project_id, "user_id": user_id, "queues": queues},
    )


async def select_reservation_of_row(
    db: Database, organization_id: str, project_id: str, user_id: str, data_row_id: str
) -> Reservation | None:
    """What a user holds of one row."""
    return await db.fetch_record(
        Reservation,
        f"SELECT {_RESERVATION} FROM reservations WHERE {_MINE} AND data_row_id = %(data_row_id)s",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "user_id": user_id,
            "data_row_id": data_row_id,
        },
    )


async def take_row(
    db: Database, organization_id: str, project_id: str, user_id: str, data_row_id: str, queues: list[str]
) -> str | None:
    """Closes the slot that a user holds of a row, else a free one; the queue it was in, or None.

    A reservation that has run out still counts as long as nobody else was given the slot.
    """
    params = {
        "organization_id": organization_id,
        "project_id": project_id,
        "user_id": user_id,
        "data_row_id": data_row_id,
        "queues": queues,
    }
    queue: str | None = await db.fetch_value(
        "DELETE FROM reservations WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        " AND queue = ANY(%(queues)s) AND user_id = %(user_id)s AND data_row_id = %(data_row_id)s RETURNING queue",
        params,
    )
    if queue is None:
        queue = await db.fetch_value(
            "DELETE FROM queue_slots WHERE ctid = ANY(ARRAY(SELECT ctid FROM queue_slots"
            " WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
            " AND data_row_id = %(data_row_id)s AND queue = ANY(%(queues)s)"
            " AND (assigned_to IS NULL OR assigned_to = %(user_id)s OR queue = 'REWORK')"
            " ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED)) RETURNING queue",
            params,
        )
    return queue


async def release(
    db: Database, organization_id: str, project_id: str, user_id: str, queues: list[str]
) -> int:
    """Gives back what a user holds; how many rows."""
    return await _give_back(
        db,
        "organization_id = %(organization_id)s AND project_id = %(project_id)s AND user_id = %(user_id)s"
        " AND queue = ANY(%(queues)s)",
        {"organization_id": organization_id, "project_id": project_id, "user_id": user_id, "queues": queues},
    )


async def release_expired(db: Database, project: tuple[str, str] | None = None) -> int:
    """Gives back what nobody has kept up, in one project or in all of them; how many rows."""
    condition = "reserved_until <= now()"
    params: dict[str, object] = {}
    if project is not None:
        condition += " AND organization_id = %(organization_id)s AND project_id = %(project_id)s"
        params = {"organization_id": project[0], "project_id": project[1]}
    return await _give_back(db, condition, params)


async def _give_back(db: Database, condition: str, params: dict[str, object]) -> int:
    given: int = await db.fetch_value(
        f"WITH freed AS (DELETE FROM reservations WHERE {condition} RETURNING *),"
        " back AS (INSERT INTO queue_slots (organization_id, project_id, queue, priority, enqueued_at, data_row_id,"
        "  slot, assigned_to) SELECT organization_id, project_id, queue, priority, enqueued_at, data_row_id, slot,"
        "  assigned_to FROM freed ON CONFLICT DO NOTHING) SELECT count(*) FROM freed",
        params,
    )
    return given


async def extend(
    db: Database, organization_id: str, project_id: str, user_id: str, queues: list[str], until: datetime
) -> int:
    """Keeps up what a user holds; how many rows."""
    return await db.execute(
        f"UPDATE reservations SET reserved_until = %(until)s WHERE {_MINE} AND queue = ANY(%(queues)s)",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "user_id": user_id,
            "queues": queues,
            "until": until,
        },
    )


async def count_waiting(
    db: Database, organization_id: str, project_id: str, user_id: str, queues: list[str], most: int
) -> tuple[int, int]:
    """Slots that wait (counted up to `most`) and rows that others hold."""
    row = await db.fetch_one(
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM queue_slots WHERE organization_id = %(organization_id)s"
        "  AND project_id = %(project_id)s AND queue = ANY(%(queues)s) LIMIT %(most)s) AS waiting),"
        " (SELECT count(*) FROM reservations WHERE organization_id = %(organization_id)s"
        "  AND project_id = %(project_id)s AND queue = ANY(%(queues)s) AND user_id <> %(user_id)s)",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "user_id": user_id,
            "queues": queues,
            "most": most,
        },
    )
    assert row is not None
    return row[0], row[1]
