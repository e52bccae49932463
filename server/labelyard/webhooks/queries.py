"""SQL for webhooks and the log of their deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelyard.access import rules as access_rules
from labelyard.access.records import Permission
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows
from labelyard.webhooks.records import DeliveryState, Status, Topic, WebhookRecord

_EDITORS = [role.key for role in access_rules.ROLES.values() if Permission.EDIT_PROJECTS in role.permissions]


def webhooks(context: Context) -> Rows:
    """The webhooks that the caller may manage."""
    rows = Rows(
        "webhooks AS w",
        "w.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "w.id",
    )
    return _managed(rows, context)


def deliveries(context: Context) -> Rows:
    """The log of those webhooks."""
    rows = Rows(
        "webhook_deliveries AS wd JOIN webhooks AS w ON w.organization_id = wd.organization_id"
        " AND w.id = wd.webhook_id",
        "wd.organization_id = %(organization_id)s",
        {"organization_id": context.organization_id},
        "wd.id",
    )
    return _managed(rows, context)


def _managed(rows: Rows, context: Context) -> Rows:
    permissions = context.actor.permissions
    if Permission.MANAGE_ORGANIZATION in permissions:
        return rows
    if context.actor.sees_every_project:
        may = Permission.EDIT_PROJECTS in permissions
        return rows.narrowed("w.project_id IS NOT NULL" if may else "FALSE")
    return rows.narrowed(
        "EXISTS (SELECT 1 FROM project_grants AS mine WHERE mine.organization_id = %(organization_id)s"
        " AND mine.project_id = w.project_id AND mine.user_id = %(_me)s AND mine.role = ANY(%(_editors)s))",
        _me=context.user_id,
        _editors=_EDITORS,
    )


async def insert_webhook(
    db: Database,
    *,
    organization_id: str,
    webhook_id: str,
    project_id: str | None,
    url: str,
    topics: list[str],
    secret: str,
    created_by: str,
) -> None:
    """A new webhook."""
    await db.execute(
        "INSERT INTO webhooks (organization_id, id, project_id, url, topics, secret, created_by)"
        " VALUES (%(organization_id)s, %(id)s, %(project_id)s, %(url)s, %(topics)s, %(secret)s, %(created_by)s)",
        {
            "organization_id": organization_id,
            "id": webhook_id,
            "project_id": project_id,
            "url": url,
            "topics": topics,
            "secret": secret,
            "created_by": created_by,
        },
    )


async def select_webhook(
    db: Database, organization_id: str, webhook_id: str, *, lock: bool = False
) -> WebhookRecord | None:
    """One webhook."""
    return await db.fetch_record(
        WebhookRecord,
        "SELECT id, project_id, status FROM webhooks WHERE organization_id = %(organization_id)s"
        " AND id = %(id)s" + (" FOR UPDATE" if lock else ""),
        {"organization_id": organization_id, "id": webhook_id},
    )


async def update_webhook(db: Database, organization_id: str, webhook_id: str, values: dict[str, Any]) -> None:
    """Changes columns of a webhook."""
    assignments = "".join(f"{name} = %({name})s, " for name in values)
    await db.execute(
        f"UPDATE webhooks SET {assignments}updated_at = now()"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {**values, "organization_id": organization_id, "id": webhook_id},
    )


async def revoke_webhooks_of_project(
    db: Database, organization_id: str, project_id: str, reason: str
) -> list[str]:
    """Switches a project's webhooks off; the ids of those that were on."""
    return await db.fetch_column(
        "UPDATE webhooks SET status = 'REVOKED', revoked_because = %(reason)s, updated_at = now()"
        " WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        " AND status = 'ACTIVE' RETURNING id",
        {"organization_id": organization_id, "project_id": project_id, "reason": reason},
    )


async def select_listeners(db: Database, organization_id: str, project_id: str, topic: Topic) -> list[str]:
    """The active webhooks that are to be told of an event: the project's and the organization's."""
    return await db.fetch_column(
        "SELECT id FROM webhooks WHERE organization_id = %(organization_id)s"
        " AND (project_id = %(project_id)s OR project_id IS NULL)"
        " AND status = %(active)s AND %(topic)s = ANY(topics) ORDER BY id",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "active": Status.ACTIVE,
            "topic": topic,
        },
    )


async def insert_deliveries(
    db: Database,
    organization_id: str,
    webhook_ids: list[str],
    topic: Topic,
    object_ids: Sequence[str],
    ids: list[str],
) -> None:
    """One delivery of each object for each webhook; `ids` are those of the first webhook's, then the second's."""
    await db.execute(
        "INSERT INTO webhook_deliveries (organization_id, webhook_id, id, topic, object_id)"
        " SELECT %(organization_id)s, webhook_id, id, %(topic)s, object_id"
        " FROM unnest(%(webhook_ids)s::text[], %(ids)s::text[], %(object_ids)s::text[])"
        " AS made(webhook_id, id, object_id)",
        {
            "organization_id": organization_id,
            "webhook_ids": [webhook_id for webhook_id in webhook_ids for _ in object_ids],
            "ids": ids,
            "topic": topic,
            "object_ids": list(object_ids) * len(webhook_ids),
        },
    )


async def cancel_waiting(db: Database, organization_id: str, webhook_ids: list[str]) -> None:
    """Nothing more is sent for these webhooks, but for what is on its way at this moment."""
    await db.execute(
        "UPDATE webhook_deliveries SET state = %(canceled)s WHERE (organization_id, webhook_id, id) IN"
        " (SELECT organization_id, webhook_id, id FROM webhook_deliveries"
        " WHERE organization_id = %(organization_id)s AND webhook_id = ANY(%(ids)s) AND state = 'WAITING'"
        " FOR UPDATE SKIP LOCKED)",
        {
            "organization_id": organization_id,
            "ids": webhook_ids,
            "canceled": DeliveryState.CANCELED,
        },
    )


async def select_webhook_of_delivery(db: Database, organization_id: str, delivery_id: str) -> str | None:
    """The webhook to which a delivery belongs."""
    found: str | None = await db.fetch_value(
        "SELECT wd.webhook_id FROM webhooks AS w JOIN webhook_deliveries AS wd"
        " ON wd.organization_id = w.organization_id AND wd.webhook_id = w.id AND wd.id = %(id)s"
        " WHERE w.organization_id = %(organization_id)s",
        {"organization_id": organization_id, "id": delivery_id},
    )
    return found


async def restart_delivery(db: Database, organization_id: str, webhook_id: str, delivery_id: str) -> None:
    """A delivery waits as if it had never been tried."""
    await db.execute(
        "UPDATE webhook_deliveries SET state = 'WAITING', attempts = 0, first_attempt_at = NULL,"
        " next_attempt_at = now() WHERE organization_id = %(organization_id)s AND webhook_id = %(webhook_id)s"
        " AND id = %(id)s",
        {"organization_id": organization_id, "webhook_id": webhook_id, "id": delivery_id},
    )
