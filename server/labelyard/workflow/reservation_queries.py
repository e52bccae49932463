"""SQL for slots and reservations: who holds what, handed out with SKIP LOCKED (decision 7)."""

from __future__ import annotations

from datetime import datetime

from labelyard.plumbing.database import Database
from labelyard.workflow.records import Held, Reservation

_RESERVATION = "queue, data_row_id, slot, priority, enqueued_at, reserved_until"
_MINE = (
    "organization_id = %(organization_id)s AND project_id = %(project_id)s AND user_id = %(user_id)s"
    " AND reserved_until > now()"
)


async def select_held(
    db: Database, organization_id: str, project_id: str, user_id: str, queues: list[str], most: int
) -> Held:
    """What a user holds, in the order of the queues and within each in its order, and what else there is.

    Waiting slots are counted up to `most`. The order has them read from the index, whatever the planner knows.
    """
    rows = await db.fetch_all(
        "WITH mine AS (SELECT queue, data_row_id, slot, priority, enqueued_at, reserved_until FROM reservations"
        f"  WHERE {_MINE} AND queue = ANY(%(queues)s)),"
        " there AS (SELECT array_agg(kind) FILTER (WHERE slots > 0) AS kinds, least(sum(slots), %(most)s) AS waiting"
        "  FROM unnest(%(queues)s::text[]) AS kinds(kind) CROSS JOIN LATERAL (SELECT count(*) AS slots FROM"
        "   (SELECT 1 FROM queue_slots WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        "    AND queue = kind ORDER BY priority, enqueued_at, data_row_id, slot LIMIT %(most)s) AS head) AS counted),"
        " held AS (SELECT"
        "  (SELECT count(*) FROM reservations WHERE organization_id = %(organization_id)s"
        "   AND project_id = %(project_id)s AND queue = ANY(%(queues)s) AND user_id <> %(user_id)s"
        "   AND queue <> 'BENCHMARK' AND reserved_until > now()) AS others,"
        "  (SELECT count(*) FROM reservations WHERE organization_id = %(organization_id)s"
        "   AND project_id = %(project_id)s AND queue = ANY(%(queues)s) AND reserved_until <= now()) AS expired,"
        "  EXISTS (SELECT 1 FROM benchmarks WHERE organization_id = %(organization_id)s"
        "   AND project_id = %(project_id)s) AS has_benchmarks)"
        " SELECT there.*, held.*, mine.* FROM there CROSS JOIN held LEFT JOIN mine ON TRUE"
        " ORDER BY array_position(%(queues)s, queue), priority, enqueued_at, data_row_id, slot",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "user_id": user_id,
            "queues": queues,
            "most": most,
        },
    )
    kinds, waiting, others, expired, has_benchmarks = rows[0][:5]
    mine = [Reservation(*row[5:]) for row in rows if row[5] is not None]
    return Held(mine, kinds or [], int(waiting), others, expired, has_benchmarks)


async def claim_slots(
    db: Database,
    *,
    organization_id: str,
    project_id: str,
    queue: str,
    user_id: str,
    count: int,
    until: datetime,
) -> tuple[int, list[Reservation]]:
    """Takes slots from the head of a queue for a user; how many slots were taken off the queue, and what is held.

    Of a row with several slots only one is taken, and none by a user who has labeled or holds the row (R-PJ-52).
    Slots of deleted rows are taken off and not held. OFFSET 0 has each condition looked up slot by slot, from the
    head of the queue: as a join it would read whole tables while their statistics are not up to date.
    """
    rows = await db.fetch_all(
        "WITH taken AS (DELETE FROM queue_slots WHERE ctid = ANY(ARRAY(SELECT s.ctid FROM queue_slots AS s"
        "  WHERE s.organization_id = %(organization_id)s AND s.project_id = %(project_id)s AND s.queue = %(queue)s"
        "  AND (s.assigned_to IS NULL OR s.assigned_to = %(user_id)s)"
        "  AND NOT EXISTS (SELECT 1 FROM queue_slots AS earlier WHERE earlier.organization_id = s.organization_id"
        "   AND earlier.project_id = s.project_id AND earlier.queue = s.queue AND earlier.priority = s.priority"
        "   AND earlier.enqueued_at = s.enqueued_at AND earlier.data_row_id = s.data_row_id"
        "   AND earlier.slot < s.slot OFFSET 0)"
        "  AND NOT EXISTS (SELECT 1 FROM reservations AS r WHERE r.organization_id = s.organization_id"
        "   AND r.project_id = s.project_id AND r.queue IN (s.queue, 'BENCHMARK')"
        "   AND r.user_id = %(user_id)s AND r.data_row_id = s.data_row_id OFFSET 0)"
        "  AND (s.queue <> 'LABEL' OR NOT EXISTS (SELECT 1 FROM labels AS l WHERE l.organization_id ="
        "   s.organization_id AND l.data_row_id = s.data_row_id AND l.project_id = s.project_id"
        "   AND l.created_by = %(user_id)s AND l.deleted_at IS NULL OFFSET 0))"
        "  ORDER BY s.priority, s.enqueued_at, s.data_row_id, s.slot LIMIT %(count)s FOR UPDATE SKIP LOCKED))"
        "  RETURNING data_row_id, slot, priority, enqueued_at, assigned_to),"
        " held AS (INSERT INTO reservations (organization_id, project_id, queue, data_row_id, slot, user_id,"
        "  priority, enqueued_at, assigned_to, reserved_until) SELECT %(organization_id)s, %(project_id)s,"
        "  %(queue)s, taken.data_row_id, slot, %(user_id)s, priority, enqueued_at, assigned_to, %(until)s"
        "  FROM taken WHERE EXISTS (SELECT 1 FROM data_rows AS d WHERE d.organization_id = %(organization_id)s"
        "   AND d.id = taken.data_row_id AND d.deleted_at IS NULL OFFSET 0)"
        f"  RETURNING {_RESERVATION})"
        " SELECT counted.taken, held.* FROM (SELECT count(*) AS taken FROM taken) AS counted"
        " LEFT JOIN held ON TRUE ORDER BY priority, enqueued_at, data_row_id, slot",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "queue": queue,
            "user_id": user_id,
            "count": count,
            "until": until,
        },
    )
    return rows[0][0], [Reservation(*row[1:]) for row in rows if row[1] is not None]


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
        "  assigned_to FROM freed WHERE queue <> 'BENCHMARK' ON CONFLICT DO NOTHING) SELECT count(*) FROM freed",
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
