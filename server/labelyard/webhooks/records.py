"""Webhooks, their deliveries, and what came of an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Topic(StrEnum):
    """What a webhook can be told about."""

    LABEL_CREATED = "LABEL_CREATED"
    LABEL_UPDATED = "LABEL_UPDATED"
    LABEL_DELETED = "LABEL_DELETED"
    REVIEW_CREATED = "REVIEW_CREATED"
    REVIEW_UPDATED = "REVIEW_UPDATED"
    REVIEW_DELETED = "REVIEW_DELETED"
    WORKFLOW_ACTION = "WORKFLOW_ACTION"


class Status(StrEnum):
    """Only an ACTIVE webhook delivers; a REVOKED one was switched off by the server."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    REVOKED = "REVOKED"


class DeliveryState(StrEnum):
    """What became of a delivery. CANCELED: its webhook was switched off, or its subject is gone."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


@dataclass(frozen=True)
class WebhookRecord:
    """One webhook without its secret."""

    id: str
    project_id: str | None
    status: str


@dataclass(frozen=True)
class DueWebhook:
    """A webhook for which something is to be sent."""

    organization_id: str
    id: str


@dataclass(frozen=True)
class Receiver:
    """Where a webhook's deliveries go and how they are signed."""

    url: str
    secret: str
    has_owner: bool
    failed_too_long: bool


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one webhook."""

    id: str
    topic: str
    object_id: str
    attempts: int
    keeps_place: bool


@dataclass(frozen=True)
class Attempt:
    """What came of trying to deliver: the new state, and what the log says of it."""

    delivery_id: str
    state: DeliveryState
    pause_seconds: float
    request_headers: dict[str, str]
    request_body: str
    response_status: int | None
    response_headers: dict[str, Any] | None
    response_body: str | None
    error: str | None
