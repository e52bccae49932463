"""Register webhooks, switch them on and off, and write down what they are to be told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.plumbing.context import Context
from labelyard.plumbing.fetch import FetchFailed, check_url, checked_addresses
from labelyard.plumbing.ids import new_id, new_ids
from labelyard.projects import actions as projects
from labelyard.webhooks import queries, rules
from labelyard.webhooks.records import Status, Topic, WebhookRecord


async def create_webhook(
    context: Context, *, project_id: str | None, topics: list[str], url: str, secret: str
) -> str:
    """A new webhook of a project, or of the whole organization without one; its id (R-WH-01, R-WH-02).

    Raises NotFound for the project, Malformed for an empty value or an address that is never delivered to.
    """
    await _require(context, project_id)
    if project_id is not None:
        await projects.get_project(context, project_id)
    webhook_id = new_id()
    await queries.insert_webhook(
        context.database,
        organization_id=context.organization_id,
        webhook_id=webhook_id,
        project_id=project_id,
        url=await _checked_url(context, url),
        topics=rules.check_topics(topics),
        secret=rules.check_secret(secret),
        created_by=context.user_id,
    )
    await access.note(context, "create webhook", webhook_id)
    return webhook_id


async def update_webhook(
    context: Context, *, webhook_id: str, topics: list[str] | None, url: str | None, status: str | None
) -> str:
    """Changes what is given; what waits when a webhook is switched off is never sent (R-WH-18 to R-WH-21).

    Raises NotFound, Malformed as `create_webhook`, and NotPermitted when somebody else than an administrator
    switches a revoked webhook on.
    """
    webhook = await _managed(context, webhook_id, lock=True)
    values: dict[str, Any] = {}
    if topics is not None:
        values["topics"] = rules.check_topics(topics)
    if url is not None:
        values["url"] = await _checked_url(context, url)
    if status is not None and status != webhook.status:
        if webhook.status == Status.REVOKED:
            access.require(context, Permission.MANAGE_ORGANIZATION)
        await queries.cancel_waiting(context.database, context.organization_id, [webhook_id])
        values |= {"status": status, "failing_since": None, "revoked_because": None}
    await queries.update_webhook(context.database, context.organization_id, webhook_id, values)
    await access.note(context, "update webhook", webhook_id)
    return webhook_id


async def revoke_of_project(context: Context, project_id: str) -> None:
    """The project is deleted, which the caller has permitted: its webhooks are told nothing more."""
    revoked = await queries.revoke_webhooks_of_project(
        context.database, context.organization_id, project_id, "The project was deleted."
    )
    if revoked:
        await queries.cancel_waiting(context.database, context.organization_id, revoked)


async def notify(context: Context, project_id: str, topic: Topic, object_ids: Sequence[str]) -> None:
    """Something happened to these objects of a project: every active webhook that asks for it will be told.

    Written in the caller's transaction, one delivery per object and webhook; what the room of the objects
    says of them is read when they are sent (`payloads.describes`). Without such a webhook it costs one look.
    """
    if not object_ids:
        return
    hooks = await queries.select_listeners(context.database, context.organization_id, project_id, topic)
    if hooks:
        await queries.insert_deliveries(
            context.database,
            context.organization_id,
            hooks,
            topic,
            object_ids,
            new_ids(len(hooks) * len(object_ids)),
        )


async def resend_delivery(context: Context, *, delivery_id: str) -> str:
    """Sends a delivery once more, whatever became of it. Raises NotFound, or NotAllowed for an inactive webhook."""
    webhook_id = await queries.select_webhook_of_delivery(
        context.database, context.organization_id, delivery_id
    )
    if webhook_id is None:
        raise errors.NotFound(f"There is no delivery with id {delivery_id}.")
    webhook = await _managed(context, webhook_id)
    if webhook.status != Status.ACTIVE:
        raise errors.NotAllowed(f"The webhook is {webhook.status}; only an ACTIVE one delivers.")
    await queries.restart_delivery(context.database, context.organization_id, webhook_id, delivery_id)
    await access.note(context, "resend webhook delivery", delivery_id)
    return delivery_id


async def _managed(context: Context, webhook_id: str, *, lock: bool = False) -> WebhookRecord:
    webhook = await queries.select_webhook(context.database, context.organization_id, webhook_id, lock=lock)
    if webhook is None:
        raise errors.NotFound(f"There is no webhook with id {webhook_id}.")
    await _require(context, webhook.project_id)
    return webhook


async def _require(context: Context, project_id: str | None) -> None:
    """For all projects an administrator, for one project whoever may edit it."""
    if project_id is None:
        access.require(context, Permission.MANAGE_ORGANIZATION)
    else:
        await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)


async def _checked_url(context: Context, url: str) -> str:
    """The URL. An address in numbers is refused at once where a delivery would be; a name is looked up later."""
    url = rules.check_length(url)
    try:
        host = str(check_url(url).host).strip("[]")
        try:
            ip_address(host)
        except ValueError:
            return url
        await asyncio.to_thread(checked_addresses, host, 0, context.settings.fetch_allow)
    except FetchFailed as refused:
        raise errors.Malformed(str(refused)) from None
    return url
