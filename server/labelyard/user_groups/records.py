"""Rows and answers about user groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labelyard.access.records import GroupChange
from labelyard.organizations.records import OrgRole


@dataclass(frozen=True)
class GroupRecord:
    """One group, as its own row says."""

    id: str
    name: str
    color: str
    description: str


@dataclass(frozen=True)
class Person:
    """A live user who is to be in a group."""

    id: str
    email: str
    role: str


@dataclass(frozen=True)
class Members:
    """What is to become of a group's members: new ones and new roles by user, and those who go."""

    put: Mapping[str, str]
    gone: list[str]
    changes: list[GroupChange]


@dataclass(frozen=True)
class MemberRow:
    """A member as stored."""

    group_id: str
    user_id: str
    email: str
    org_role: str
    role: str


@dataclass(frozen=True)
class EventFilter:
    """Which events are asked for; None leaves a column open."""

    group_id: str | None
    member_id: str | None
    actor_id: str | None
    types: list[str] | None
    project_id: str | None
    after: object
    before: object


@dataclass(frozen=True)
class EventRow:
    """An event as stored."""

    id: str
    group_id: str
    group_name: str
    type: str
    occurred_at: str
    actor_id: str
    member_id: str | None
    previous_role: str | None
    role: str | None
    project_id: str | None
    project_name: str | None
    channel: str


@dataclass(frozen=True)
class GroupProject:
    """A project that a group opens."""

    id: str
    name: str


@dataclass(frozen=True)
class GroupProjectPage:
    """All projects of a group."""

    nodes: list[GroupProject]
    total_count: int


@dataclass(frozen=True)
class GroupMember:
    """Somebody in a group."""

    id: str
    email: str
    org_role: OrgRole


@dataclass(frozen=True)
class UserGroupRole:
    """The role of a member in the projects of the group."""

    user_id: str
    role_id: str


@dataclass(frozen=True)
class GroupMemberPage:
    """All members of a group."""

    nodes: list[GroupMember]
    total_count: int
    user_group_roles: list[UserGroupRole]


@dataclass(frozen=True)
class UserGroupResult:
    """The group that was made or changed."""

    group: str


@dataclass(frozen=True)
class UserGroupPage:
    """A page of groups."""

    nodes: list[str]
    next_cursor: str | None
    total_count: int


@dataclass(frozen=True)
class GroupBatchJob:
    """What is left to do of a long addition."""

    batch_job_id: str
    is_complete: bool


@dataclass(frozen=True)
class AddUsersToGroupResult:
    """What came of adding users to one group."""

    success: bool
    added: list[str]
    error: str | None
    batch_job: GroupBatchJob | None


@dataclass(frozen=True)
class AddUsersToGroupsResult:
    """What came of adding users, group by group."""

    results: list[AddUsersToGroupResult]


@dataclass(frozen=True)
class ContinueGroupBatchResult:
    """How far a long addition is."""

    batch_job: GroupBatchJob | None


@dataclass(frozen=True)
class ImportGroupCsvResult:
    """What came of a file of members."""

    csv_report: str
    added_count: int
    count: int


@dataclass(frozen=True)
class UserGroupAuditEvent:
    """What somebody did to a group."""

    id: str
    group_id: str
    group_name: str
    type: str
    occurred_at: str
    actor_kind: str
    channel: str
    actor_user_id: str
    automation: None
    member_user_id: str | None
    previous_role_id: str | None
    previous_role_name: str | None
    role_id: str | None
    role_name: str | None
    project_id: str | None
    project_name: str | None


@dataclass(frozen=True)
class UserGroupAuditEventPage:
    """A page of events, newest first."""

    nodes: list[UserGroupAuditEvent]
    next_cursor: str | None
