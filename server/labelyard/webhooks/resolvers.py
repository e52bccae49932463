"""Webhook and its deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelyard import errors
from labelyard.plumbing.context import Context
from labelyard.plumbing.source import Column, Many, Moment, One
from labelyard.webhooks import actions, queries


def _about(topic: str) -> tuple[str, Mapping[str, Any]]:
    return "%(topic)s = ANY(w.topics)", {"topic": topic}


def _topics(_: Context, stored: str) -> list[str]:
    return stored.split(" ")


class Webhook:
    """A rule: when something happens in a project or in the organization, POST it to a URL."""

    rows = queries.webhooks
    filters = {"topics": _about}  # noqa: RUF012
    id = Column("w.id")
    status = Column("w.status")
    topics = Column("array_to_string(w.topics, ' ')", render=_topics)
    url = Column("w.url")
    revoked_because = Column("w.revoked_because", filterable=False)
    created_at = Moment("w.created_at")
    updated_at = Moment("w.updated_at")
    created_by = One("User", "w.created_by")
    organization = One("Organization", "w.organization_id")
    project = One("Project", "w.project_id")
    deliveries = Many("WebhookDelivery", "wd.webhook_id", order="wd.id DESC")


class WebhookDelivery:
    """One event on its way to a webhook, with what was sent and answered last."""

    rows = queries.deliveries
    id = Column("wd.id")
    topic = Column("wd.topic")
    object_id = Column("wd.object_id")
    state = Column("wd.state")
    attempts = Column("wd.attempts")
    created_at = Moment("wd.created_at")
    last_attempt_at = Moment("wd.last_attempt_at")
    next_attempt_at = Moment("(CASE WHEN wd.state = 'WAITING' THEN wd.next_attempt_at END)")
    request_headers = Column("wd.request_headers", filterable=False)
    request_body = Column("wd.request_body", filterable=False)
    response_status = Column("wd.response_status")
    response_headers = Column("wd.response_headers", filterable=False)
    response_body = Column("wd.response_body", filterable=False)
    error = Column("wd.error", filterable=False)
    webhook = One("Webhook", "wd.webhook_id")


class Project:
    """A project's own webhooks."""

    webhooks = Many("Webhook", "w.project_id")


class Organization:
    """All webhooks, of single projects too."""

    webhooks = Many("Webhook", "w.organization_id")


class Query:
    """Looking at webhooks."""

    @staticmethod
    async def webhook(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One webhook."""
        return where["id"] if where else None


class Mutation:
    """Making and changing webhooks."""

    @staticmethod
    async def create_webhook(context: Context, data: dict[str, Any]) -> str:
        """A new webhook."""
        return await actions.create_webhook(
            context,
            project_id=(data.get("project") or {}).get("id"),
            topics=data["topics"]["set"],
            url=data["url"],
            secret=data["secret"],
        )

    @staticmethod
    async def update_webhook(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Changes what is given."""
        for relation in ("created_by", "organization", "project"):
            if data.get(relation):
                raise errors.NotAllowed(f"The {relation} of a webhook cannot be changed.")
        return await actions.update_webhook(
            context,
            webhook_id=where["id"],
            topics=(data.get("topics") or {}).get("set"),
            url=data.get("url"),
            status=data.get("status"),
        )

    @staticmethod
    async def resend_webhook_delivery(context: Context, where: dict[str, Any]) -> str:
        """Sends a delivery once more."""
        return await actions.resend_delivery(context, delivery_id=where["id"])
