"""UserGroupAuditEvent: who changed which user group, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from labelbox.pagination import PaginatedCollection

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection
    from labelbox.schema.project import Project
    from labelbox.schema.user import User

USER_GROUP_AUDIT_EVENTS = """query UserGroupAuditEvents(
    $where: UserGroupAuditEventsWhereInput, $first: Int, $from: String
) {
    userGroupAuditEvents(where: $where, first: $first, after: $from) {
        nodes {
            id groupId groupName type occurredAt actorKind channel actorUserId automation memberUserId
            previousRoleId previousRoleName roleId roleName projectId projectName
        }
        nextCursor
    }
}"""


class UserGroupAuditEventType(StrEnum):
    """What became of a group."""

    MEMBER_ADDED = "MEMBER_ADDED"
    MEMBER_REMOVED = "MEMBER_REMOVED"
    MEMBER_ROLE_CHANGED = "MEMBER_ROLE_CHANGED"
    GROUP_ATTACHED_TO_PROJECT = "GROUP_ATTACHED_TO_PROJECT"
    GROUP_DETACHED_FROM_PROJECT = "GROUP_DETACHED_FROM_PROJECT"
    GROUP_DELETED = "GROUP_DELETED"


class UserGroupAuditActorKind(StrEnum):
    """Who did it."""

    PERSON = "PERSON"
    AUTOMATION = "AUTOMATION"


@dataclass(frozen=True)
class UserGroupAuditEvent:
    """One change of a group; ids and names that do not belong to its type are None."""

    id: str
    group_id: str
    group_name: str | None
    type: UserGroupAuditEventType | str
    occurred_at: datetime
    actor_kind: UserGroupAuditActorKind | str
    channel: str
    actor_user_id: str | None
    automation: str | None
    member_user_id: str | None
    previous_role_id: str | None
    previous_role_name: str | None
    role_id: str | None
    role_name: str | None
    project_id: str | None
    project_name: str | None


def events_of(
    client: Connection,
    *,
    group: str | None = None,
    member: User | str | None = None,
    actor: User | str | None = None,
    actor_kind: UserGroupAuditActorKind | str | None = None,
    types: Iterable[UserGroupAuditEventType | str] | None = None,
    project: Project | str | None = None,
    occurred_after: datetime | str | None = None,
    occurred_before: datetime | str | None = None,
) -> PaginatedCollection[UserGroupAuditEvent]:
    """Events that fit every filter that is given, newest first."""
    where = {
        "groupId": group,
        "memberUserId": _id(member),
        "actorUserId": _id(actor),
        "actorKind": None if actor_kind is None else str(getattr(actor_kind, "value", actor_kind)),
        "types": None if types is None else [str(getattr(kind, "value", kind)) for kind in types],
        "projectId": _id(project),
        "occurredAfter": _moment(occurred_after),
        "occurredBefore": _moment(occurred_before),
    }
    return PaginatedCollection(
        client,
        USER_GROUP_AUDIT_EVENTS,
        {"where": {name: value for name, value in where.items() if value is not None}},
        ["userGroupAuditEvents", "nodes"],
        lambda _, values: _event(values),
        cursor_path=["userGroupAuditEvents", "nextCursor"],
    )


def _id(given: User | Project | str | None) -> str | None:
    return given if given is None or isinstance(given, str) else given.uid


def _moment(given: datetime | str | None) -> str | None:
    if not isinstance(given, datetime):
        return given
    aware = given if given.tzinfo else given.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _event(values: dict[str, Any]) -> UserGroupAuditEvent:
    kind, actor = values["type"], values["actorKind"]
    return UserGroupAuditEvent(
        values["id"],
        values["groupId"],
        values["groupName"],
        UserGroupAuditEventType(kind) if kind in UserGroupAuditEventType.__members__ else kind,
        datetime.fromisoformat(values["occurredAt"]),
        UserGroupAuditActorKind(actor) if actor in UserGroupAuditActorKind.__members__ else actor,
        values["channel"],
        values["actorUserId"],
        values["automation"],
        values["memberUserId"],
        values["previousRoleId"],
        values["previousRoleName"],
        values["roleId"],
        values["roleName"],
        values["projectId"],
        values["projectName"],
    )
