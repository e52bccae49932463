"""SQL of the outbox: what is to be sent, and what came of it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import orjson

from labelyard.plumbing.database import Database
from labelyard.webhooks.records import Attempt, Delivery, DueWebhook, Receiver

_MINE = "organization_id = %(organization_id)s AND webhook_id = %(webhook_id)s"


async def select_due(db: Database) -> list[DueWebhook]:
    """The active webhooks of all organizations for which something is due."""
    return await db.fetch_records(
        DueWebhook,
        "SELECT w.organization_id, w.id FROM webhooks AS w WHERE w.status = 'ACTIVE' AND EXISTS"
        " (SELECT 1 FROM webhook_deliveries AS wd WHERE wd.organization_id = w.organization_id"
        " AND wd.webhook_id = w.id AND wd.state = 'WAITING' AND wd.next_attempt_at <= now())",
    )


async def lock_receiver(db: Database, webhook: DueWebhook, longest_failing: str) -> Receiver | None:
    """Where to send, until the end of the transaction for this worker alone; None when another is at it.

    The lock is one of its own, so that the webhook can be changed meanwhile.
    """
    return await db.fetch_record(
        Receiver,
        "SELECT w.url, w.secret, EXISTS (SELECT 1 FROM users AS u WHERE u.organization_id = w.organization_id"
        "  AND u.id = w.created_by AND u.deleted_at IS NULL) AS has_owner,"
        " coalesce(w.failing_since < now() - %(longest)s::interval, false) AS failed_too_long FROM webhooks AS w"
        " WHERE w.organization_id = %(organization_id)s AND w.id = %(id)s AND w.status = 'ACTIVE'"
        " AND pg_try_advisory_xact_lock(hashtextextended(w.id, 0))",
        {"organization_id": webhook.organization_id, "id": webhook.id, "longest": longest_failing},
    )


async def lock_deliveries(db: Database, webhook: DueWebhook, place_kept: str, limit: int) -> list[Delivery]:
    """What is due next, in the order of the events; nothing while a failed one keeps its place before the others."""
    return await db.fetch_records(
        Delivery,
        "SELECT id, topic, object_id, attempts,"
        " coalesce(first_attempt_at > now() - %(kept)s::interval, true) AS keeps_place FROM webhook_deliveries"
        f" WHERE {_MINE} AND state = 'WAITING' AND next_attempt_at <= now() AND NOT EXISTS"
        f" (SELECT 1 FROM webhook_deliveries WHERE {_MINE} AND state = 'WAITING' AND next_attempt_at > now()"
        "  AND first_attempt_at > now() - %(kept)s::interval) ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        {
            "organization_id": webhook.organization_id,
            "webhook_id": webhook.id,
            "kept": place_kept,
            "limit": limit,
        },
    )


async def update_attempts(db: Database, webhook: DueWebhook, attempts: list[Attempt]) -> None:
    """Writes down what came of attempts."""
    columns: dict[str, list[Any]] = {field.name: [] for field in fields(Attempt)}
    for attempt in attempts:
        for name in columns:
            value = getattr(attempt, name)
            columns[name].append(
                orjson.dumps(value).decode() if name.endswith("headers") and value else value
            )
    await db.execute(
        "UPDATE webhook_deliveries AS wd SET state = done.state, attempts = wd.attempts + 1,"
        " next_attempt_at = clock_timestamp() + make_interval(secs => done.pause),"
        " first_attempt_at = coalesce(wd.first_attempt_at, clock_timestamp()),"
        " last_attempt_at = clock_timestamp(), request_headers = done.request_headers::json,"
        " request_body = done.request_body, response_status = done.response_status,"
        " response_headers = done.response_headers::json, response_body = done.response_body, error = done.error"
        " FROM unnest(%(delivery_id)s::text[], %(state)s::text[], %(pause_seconds)s::float[],"
        " %(request_headers)s::text[], %(request_body)s::text[], %(response_status)s::integer[],"
        " %(response_headers)s::text[], %(response_body)s::text[], %(error)s::text[])"
        " AS done(id, state, pause, request_headers, request_body, response_status, response_headers,"
        " response_body, error) WHERE wd.organization_id = %(organization_id)s"
        " AND wd.webhook_id = %(webhook_id)s AND wd.id = done.id",
        {**columns, "organization_id": webhook.organization_id, "webhook_id": webhook.id},
    )


async def note_success(db: Database, webhook: DueWebhook) -> None:
    """The receiver is well."""
    await db.execute(
        "UPDATE webhooks SET failing_since = NULL WHERE organization_id = %(organization_id)s AND id = %(id)s"
        " AND failing_since IS NOT NULL",
        {"organization_id": webhook.organization_id, "id": webhook.id},
    )


async def note_failure(db: Database, webhook: DueWebhook) -> None:
    """The receiver fails, since now or since before."""
    await db.execute(
        "UPDATE webhooks SET failing_since = now() WHERE organization_id = %(organization_id)s AND id = %(id)s"
        " AND failing_since IS NULL",
        {"organization_id": webhook.organization_id, "id": webhook.id},
    )


async def revoke(db: Database, webhook: DueWebhook, reason: str) -> bool:
    """Switches an active webhook off and cancels what waits; False when it was not active any more."""
    changed = await db.execute(
        "UPDATE webhooks SET status = 'REVOKED', revoked_because = %(reason)s, updated_at = now()"
        " WHERE organization_id = %(organization_id)s AND id = %(webhook_id)s AND status = 'ACTIVE'",
        {"organization_id": webhook.organization_id, "webhook_id": webhook.id, "reason": reason},
    )
    await db.execute(
        f"UPDATE webhook_deliveries SET state = 'CANCELED' WHERE {_MINE} AND state = 'WAITING'",
        {"organization_id": webhook.organization_id, "webhook_id": webhook.id},
    )
    return changed == 1


async def delete_old(db: Database, age: str, limit: int) -> int:
    """Deletes deliveries that are over and older than `age`, so many at most; how many there were."""
    return await db.execute(
        "DELETE FROM webhook_deliveries WHERE ctid = ANY(ARRAY(SELECT ctid FROM webhook_deliveries"
        " WHERE state <> 'WAITING' AND created_at < now() - %(age)s::interval LIMIT %(limit)s))",
        {"age": age, "limit": limit},
    )
