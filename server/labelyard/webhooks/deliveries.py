"""Empty the outbox: send what is due, webhook by webhook, and keep the log short."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from labelyard.access import actions as access
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.fetch import FetchFailed, send
from labelyard.webhooks import delivery_queries, rules
from labelyard.webhooks.payloads import payloads
from labelyard.webhooks.records import Attempt, Delivery, DeliveryState, DueWebhook, Receiver

log = logging.getLogger("labelyard.webhooks")
TIMEOUT_SECONDS = 10.0
_AT_ONCE = 4  # webhooks that are served side by side
_TURN_SECONDS = 5.0  # a slow receiver does not hold up the others for longer
_BATCH = 50
_PLACE_KEPT = "1 minute"
_LONGEST_FAILING = "3 days"
_LOG_KEPT = "30 days"
_CLEANED_AT_ONCE = 5_000


async def deliver_due(context: Context) -> None:
    """Sends what is due for every webhook, each one's events in their order (webhooks.md, delivery behaviour).

    A delivery is done when the receiver's answer is written down; whoever dies before has it sent again.
    """
    places = asyncio.Semaphore(_AT_ONCE)

    async def serve(webhook: DueWebhook) -> None:
        async with places, context.pool.borrow() as database:
            await _serve(_on_behalf(context, database, webhook), webhook)

    due = await delivery_queries.select_due(context.database)
    outcomes = await asyncio.gather(*(serve(webhook) for webhook in due), return_exceptions=True)
    for webhook, outcome in zip(due, outcomes, strict=True):
        if isinstance(outcome, Exception):
            log.error("webhook %s could not be served", webhook.id, exc_info=outcome)


async def clean_log(context: Context) -> None:
    """Deletes what was delivered, or given up, a month ago."""
    while (
        await delivery_queries.delete_old(context.database, _LOG_KEPT, _CLEANED_AT_ONCE) == _CLEANED_AT_ONCE
    ):
        pass


def _on_behalf(context: Context, database: Database, webhook: DueWebhook) -> Context:
    """The organization itself acts: what a webhook may be told was permitted when it was made."""
    actor = replace(context.actor, organization_id=webhook.organization_id)
    return replace(context, actor=actor, database=database)


async def _serve(context: Context, webhook: DueWebhook) -> None:
    until = time.monotonic() + _TURN_SECONDS
    while time.monotonic() < until:
        async with context.database.transaction():
            if not await _serve_batch(context, webhook, until):
                return


async def _serve_batch(context: Context, webhook: DueWebhook, until: float) -> bool:
    """Sends a batch; whether there may be more to send now."""
    db = context.database
    receiver = await delivery_queries.lock_receiver(db, webhook, _LONGEST_FAILING)
    if receiver is None:
        return False
    if not receiver.has_owner:
        await _revoke(context, webhook, "The member who made it was removed.")
        return False
    due = await delivery_queries.lock_deliveries(db, webhook, _PLACE_KEPT, _BATCH)
    bodies = await payloads(context, [(delivery.topic, delivery.object_id) for delivery in due])
    attempts: list[Attempt] = []
    for delivery in due:
        body = bodies.get((delivery.topic, delivery.object_id))
        attempt = _gone(delivery) if body is None else await _attempt(context, receiver, delivery, body)
        attempts.append(attempt)
        if (attempt.state is DeliveryState.WAITING and delivery.keeps_place) or time.monotonic() > until:
            break
    if attempts:
        await delivery_queries.update_attempts(db, webhook, attempts)
        await _note_health(context, webhook, receiver, attempts)
    return len(attempts) == len(due) == _BATCH


async def _attempt(
    context: Context, receiver: Receiver, delivery: Delivery, payload: Mapping[str, Any]
) -> Attempt:
    body = orjson.dumps(payload)
    number = delivery.attempts + 1
    headers = rules.headers(
        secret=receiver.secret,
        topic=delivery.topic,
        delivery_id=delivery.id,
        attempt=number,
        moment=int(time.time()),
        body=body,
    )
    pause = rules.pause_after(number, random.random())
    later = DeliveryState.FAILED if pause is None else DeliveryState.WAITING
    request = (pause or 0.0, headers, rules.logged(body))
    try:
        answer = await asyncio.to_thread(
            send,
            receiver.url,
            body,
            headers=headers,
            allow=context.settings.fetch_allow,
            timeout=TIMEOUT_SECONDS,
        )
    except FetchFailed as failure:
        return Attempt(delivery.id, later, *request, None, None, None, str(failure))
    taken = rules.is_success(answer.status)
    return Attempt(
        delivery.id,
        DeliveryState.DELIVERED if taken else later,
        *request,
        answer.status,
        answer.headers,
        rules.logged(answer.body),
        None if taken else f"The receiver answered with HTTP status {answer.status}.",
    )


def _gone(delivery: Delivery) -> Attempt:
    return Attempt(
        delivery.id,
        DeliveryState.CANCELED,
        0.0,
        {},
        "",
        None,
        None,
        None,
        "What it tells of is no longer there.",
    )


async def _note_health(
    context: Context, webhook: DueWebhook, receiver: Receiver, attempts: list[Attempt]
) -> None:
    """Remembers since when a receiver fails; after three days of nothing but failures its webhook is revoked."""
    if any(attempt.state is DeliveryState.DELIVERED for attempt in attempts):
        await delivery_queries.note_success(context.database, webhook)
    elif any(attempt.state is not DeliveryState.CANCELED for attempt in attempts):
        await delivery_queries.note_failure(context.database, webhook)
        if receiver.failed_too_long:
            await _revoke(context, webhook, "Its receiver has answered nothing but failures for 3 days.")


async def _revoke(context: Context, webhook: DueWebhook, reason: str) -> None:
    if await delivery_queries.revoke(context.database, webhook, reason):
        await access.note(context, f"revoke webhook: {reason}", webhook.id)
        log.warning("webhook %s was revoked: %s", webhook.id, reason)
