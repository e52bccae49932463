"""SQL for slots and reservations: who holds what, handed out with SKIP LOCKED (decision 7)."""

from __future__ import annotations

from datetime import datetime

from labelyard.plumbing.database import Database
from labelyard.workflow.records import Held, Reservation

_RESERVATION = "queue, data_row_id, slot, priority, enqueued_at, reserved_until"
_IN_PROJECT = "r.organization_id = %(organization_id)s AND r.project_id = %(project_id)s"
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
        f"{_IN_PROJECT} AND r.user_id = %(user_id)s AND r.queue = ANY(%(queues)s)",
        {"organization_id": organization_id, "project_id": project_id, "user_id": user_id, "queues": queues},
    )


async def release_expired(db: Database, project: tuple[str, str] | None = None) -> int:
    """Gives back what nobody has kept up, in one project or in all of them; how many rows."""
    condition = "r.reserved_until <= now()"
    params: dict[str, object] = {}
    if project is not None:
        condition += f" AND {_IN_PROJECT}"
        params = {"organization_id": project[0], "project_id": project[1]}
    return await _give_back(db, condition, params)


async def clear(db: Database, organization_id: str, project_id: str, queue: str) -> int:
    """Gives back what anybody holds in a queue; how many rows."""
    return await _give_back(
        db,
        f"{_IN_PROJECT} AND r.queue = %(queue)s",
        {"organization_id": organization_id, "project_id": project_id, "queue": queue},
    )


async def give_back_held_by_others(
    db: Database, organization_id: str, project_id: str, ids: list[str], user_id: str
) -> int:
    """Gives back what other users hold of rows to be labeled; how many slots."""
    return await _give_back(
        db,
        f"{_IN_PROJECT} AND r.queue = 'LABEL' AND r.data_row_id = ANY(%(ids)s) AND r.user_id <> %(user_id)s",
        {"organization_id": organization_id, "project_id": project_id, "ids": ids, "user_id": user_id},
    )


async def _give_back(db: Database, condition: str, params: dict[str, object]) -> int:
    """Slots go back to where the priorities of their rows put them now; `condition` speaks of reservations as r.

    The rows are held still first, as a submission does it, so that a priority which is just being changed is seen.
    """
    given: int = await db.fetch_value(
        "WITH place AS (SELECT p.* FROM (SELECT DISTINCT r.organization_id, r.project_id, r.data_row_id"
        f"   FROM reservations AS r WHERE {condition} ORDER BY 1, 2, 3) AS held"
        "  CROSS JOIN LATERAL (SELECT p.organization_id, p.project_id, p.data_row_id, p.priority"
        "   FROM project_data_rows AS p WHERE p.organization_id = held.organization_id"
        "   AND p.project_id = held.project_id AND p.data_row_id = held.data_row_id FOR SHARE) AS p),"
        " freed AS (DELETE FROM reservations AS r USING place WHERE r.organization_id = place.organization_id"
        "  AND r.project_id = place.project_id AND r.data_row_id = place.data_row_id"
        f"  AND {condition} RETURNING r.organization_id, r.project_id, r.queue, place.priority, r.enqueued_at,"
        "   r.data_row_id, r.slot, r.assigned_to),"
        " back AS (INSERT INTO queue_slots (organization_id, project_id, queue, priority, enqueued_at, data_row_id,"
        "  slot, assigned_to) SELECT * FROM freed WHERE queue <> 'BENCHMARK'"
        "  ON CONFLICT DO NOTHING) SELECT count(*) FROM freed",
        params,
    )
    return given


async def assign(
    db: Database, organization_id: str, project_id: str, ids: list[str], user_id: str, *, to_all: bool
) -> list[str]:
    """Keeps one waiting slot of each row to be labeled for a user, with `to_all` also one kept for another; which.

    Rows that the user holds, was assigned or has labeled are left alone (queue.md 6).
    """
    return await db.fetch_column(
        "UPDATE queue_slots AS s SET assigned_to = %(user_id)s FROM (SELECT DISTINCT ON (f.data_row_id)"
        "  f.data_row_id, f.slot FROM queue_slots AS f WHERE f.organization_id = %(organization_id)s"
        "  AND f.project_id = %(project_id)s AND f.queue = 'LABEL' AND f.data_row_id = ANY(%(ids)s)"
        "  AND (f.assigned_to IS NULL OR %(to_all)s)"
        "  AND NOT EXISTS (SELECT 1 FROM queue_slots AS own WHERE own.organization_id = f.organization_id"
        "   AND own.project_id = f.project_id AND own.queue = 'LABEL' AND own.data_row_id = f.data_row_id"
        "   AND own.assigned_to = %(user_id)s)"
        "  AND NOT EXISTS (SELECT 1 FROM reservations AS r WHERE r.organization_id = f.organization_id"
        "   AND r.project_id = f.project_id AND r.queue = 'LABEL' AND r.data_row_id = f.data_row_id"
        "   AND r.user_id = %(user_id)s)"
        "  AND NOT EXISTS (SELECT 1 FROM labels AS l WHERE l.organization_id = f.organization_id"
        "   AND l.data_row_id = f.data_row_id AND l.project_id = f.project_id AND l.created_by = %(user_id)s"
        "   AND l.deleted_at IS NULL)"
        "  ORDER BY f.data_row_id, f.assigned_to IS NOT NULL, f.slot) AS free"
        " WHERE s.organization_id = %(organization_id)s AND s.project_id = %(project_id)s AND s.queue = 'LABEL'"
        " AND s.data_row_id = free.data_row_id AND s.slot = free.slot RETURNING s.data_row_id",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "ids": ids,
            "user_id": user_id,
            "to_all": to_all,
        },
    )


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
