"""Webhook: the server tells a URL of the user's what happened (API reference 2.4; R-WH-01 to R-WH-21)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from labelbox.orm import query
from labelbox.orm.db_object import Updateable
from labelbox.orm.model import Field, ToOne
from labelbox.orm.model import Relationship as Rel

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox._calls.connection import Connection
    from labelbox.schema.organization import Organization
    from labelbox.schema.project import Project
    from labelbox.schema.user import User

CREATE_WEBHOOK = """mutation CreateWebhook($data: CreateWebhookInput!) {
    createWebhook(data: $data) { %s }
}"""
UPDATE_WEBHOOK = """mutation UpdateWebhook($id: ID!, $data: UpdateWebhookInput!) {
    updateWebhook(where: {id: $id}, data: $data) { %s }
}"""


class Webhook(Updateable):
    """A rule: when something happens in a project or in the organization, POST it to a URL."""

    class Status(Enum):
        """Only an ACTIVE webhook delivers."""

        ACTIVE = "ACTIVE"
        INACTIVE = "INACTIVE"
        REVOKED = "REVOKED"

    class Topic(Enum):
        """What a webhook can be told about."""

        LABEL_CREATED = "LABEL_CREATED"
        LABEL_UPDATED = "LABEL_UPDATED"
        LABEL_DELETED = "LABEL_DELETED"
        REVIEW_CREATED = "REVIEW_CREATED"
        REVIEW_UPDATED = "REVIEW_UPDATED"
        REVIEW_DELETED = "REVIEW_DELETED"
        WORKFLOW_ACTION = "WORKFLOW_ACTION"

    ACTIVE: ClassVar[str] = "ACTIVE"
    INACTIVE: ClassVar[str] = "INACTIVE"
    REVOKED: ClassVar[str] = "REVOKED"
    LABEL_CREATED: ClassVar[str] = "LABEL_CREATED"
    LABEL_UPDATED: ClassVar[str] = "LABEL_UPDATED"
    LABEL_DELETED: ClassVar[str] = "LABEL_DELETED"
    REVIEW_CREATED: ClassVar[str] = "REVIEW_CREATED"
    REVIEW_UPDATED: ClassVar[str] = "REVIEW_UPDATED"
    REVIEW_DELETED: ClassVar[str] = "REVIEW_DELETED"
    WORKFLOW_ACTION: ClassVar[str] = "WORKFLOW_ACTION"

    updated_at: Field[datetime] = Field.DateTime()
    created_at: Field[datetime] = Field.DateTime()
    url: Field[str] = Field.String()
    topics: Field[list[str]] = Field.String()
    status: Field[str] = Field.String()

    created_by: ToOne[User] = Rel.ToOne("User")
    organization: ToOne[Organization] = Rel.ToOne("Organization")
    project: ToOne[Project] = Rel.ToOne("Project")

    @staticmethod
    def create(
        client: Connection,
        topics: Iterable[str | Webhook.Topic],
        url: str,
        secret: str,
        project: Project | None,
    ) -> Webhook:
        """Registers a webhook; without a project it hears of every project of the organization (R-WH-16).

        `secret` signs each delivery and is never shown again. Raises TypeError when `topics` is not a list,
        ValueError for an unknown topic or an empty value.
        """
        for name, value in (("url", url), ("secret", secret)):
            if not value:
                raise ValueError(f"a webhook needs a {name}")
        data: dict[str, Any] = {"topics": {"set": _topics(topics)}, "url": url, "secret": secret}
        if project is not None:
            data["project"] = {"id": project.uid}
        reply = client.execute(
            CREATE_WEBHOOK % query.selection(Webhook), {"data": data}, raise_return_resource_not_found=True
        )
        return Webhook(client, reply["createWebhook"])

    def update(  # type: ignore[override]
        self,
        topics: Iterable[str | Webhook.Topic] | None = None,
        url: str | None = None,
        status: str | Webhook.Status | None = None,
    ) -> Webhook:
        """Changes what is given; None leaves a value as it is (R-WH-20).

        Raises ValueError for an unknown topic or status.
        """
        data: dict[str, Any] = {}
        if topics is not None:
            data["topics"] = {"set": _topics(topics)}
        if url is not None:
            data["url"] = url
        if status is not None:
            data["status"] = _member(Webhook.Status, status)
        document = UPDATE_WEBHOOK % query.selection(Webhook)
        self._reload(document, {"id": self.uid, "data": data}, "updateWebhook")
        return self

    def delete(self) -> None:
        """Stops deliveries by setting the status to INACTIVE (R-WH-18)."""
        self.update(status=Webhook.Status.INACTIVE)


def _topics(topics: Iterable[str | Webhook.Topic]) -> list[str]:
    if isinstance(topics, (str, Webhook.Topic)) or not isinstance(topics, Iterable):
        raise TypeError(f"topics must be a list of Webhook.Topic, got {topics!r}")
    found = [_member(Webhook.Topic, topic) for topic in topics]
    if not found:
        raise ValueError("a webhook needs at least one topic")
    return found


def _member(kind: type[Enum], value: str | Enum) -> str:
    text = value.value if isinstance(value, Enum) else value
    supported = [member.value for member in kind]
    if text not in supported:
        raise ValueError(f"{text!r} is not one of the supported {kind.__name__.lower()} values {supported}")
    return str(text)
