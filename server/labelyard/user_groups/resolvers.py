"""UserGroup."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.plumbing.context import Context
from labelyard.plumbing.multipart import Upload
from labelyard.plumbing.records import SuccessResult
from labelyard.plumbing.source import Column, Moment, computed
from labelyard.user_groups import actions, listing, queries
from labelyard.user_groups.records import (
    AddUsersToGroupsResult,
    ContinueGroupBatchResult,
    GroupMemberPage,
    GroupProjectPage,
    ImportGroupCsvResult,
    UserGroupAuditEventPage,
    UserGroupPage,
    UserGroupResult,
)


class UserGroup:
    """People with a role in several projects."""

    rows = queries.groups
    id = Column("ug.id")
    name = Column("ug.name")
    color = Column("ug.color")
    description = Column("ug.description")
    created_at = Moment("ug.created_at")
    updated_at = Moment("ug.updated_at")
    created_by_user_name = Column(queries.CREATOR)

    @computed("ug.id")
    async def projects(context: Context, parents: list[tuple[str]]) -> list[GroupProjectPage]:  # noqa: N805
        """The projects that it opens."""
        return await listing.projects_of(context, [key for (key,) in parents])

    @computed("ug.id")
    async def members(context: Context, parents: list[tuple[str]]) -> list[GroupMemberPage]:  # noqa: N805
        """Who is in it, as what."""
        return await listing.members_of(context, [key for (key,) in parents])

    @computed("ug.id")
    async def members_as_csv(context: Context, parents: list[tuple[str]]) -> list[str]:  # noqa: N805
        """Who is in it, as a file."""
        return await listing.csv_of(context, [key for (key,) in parents])


class Query:
    """Looking at groups."""

    @staticmethod
    async def user_group(context: Context, where: dict[str, Any]) -> str:
        """One group; a missing one is an error, since the clients that ask so look into null."""
        return await actions.existing_group(context, where["id"])

    @staticmethod
    async def user_group_v2(context: Context, where: dict[str, Any]) -> str:
        """One group."""
        access.require(context, Permission.VIEW)
        return str(where["id"])

    @staticmethod
    async def user_groups(context: Context, after: str | None = None) -> UserGroupPage:
        """A page of groups."""
        return await actions.page_of_groups(context, after=after, first=None)

    @staticmethod
    async def user_groups_v2(
        context: Context, first: int | None = None, after: str | None = None
    ) -> UserGroupPage:
        """A page of groups."""
        return await actions.page_of_groups(context, after=after, first=first)

    @staticmethod
    async def user_group_audit_events(
        context: Context,
        where: dict[str, Any] | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> UserGroupAuditEventPage:
        """What was done to groups."""
        return await listing.page_of_events(context, where or {}, first=first, after=after)


class Mutation:
    """Changing groups. Nobody is notified: this server sends no mail."""

    @staticmethod
    async def create_user_group(context: Context, data: dict[str, Any]) -> UserGroupResult:
        """A new group, in the form of clients that know no roles in groups."""
        return UserGroupResult(
            await actions.create_group(
                context,
                name=data["name"],
                color=data["color"],
                description="",
                project_ids=data["project_ids"],
                members=data["user_ids"],
            )
        )

    @staticmethod
    async def update_user_group(
        context: Context, where: dict[str, Any], data: dict[str, Any]
    ) -> UserGroupResult:
        """Another state, in the form of clients that know no roles in groups."""
        return UserGroupResult(
            await actions.update_group(
                context,
                where["id"],
                name=data["name"],
                color=data["color"],
                description=None,
                project_ids=data["project_ids"],
                members=data["user_ids"],
            )
        )

    @staticmethod
    async def create_user_group_v3(context: Context, data: dict[str, Any]) -> UserGroupResult:
        """A new group."""
        if data.get("search_query") is not None:
            raise errors.Malformed(
                "This server has no search that could fill a group; name the users instead."
            )
        return UserGroupResult(
            await actions.create_group(
                context,
                name=data["name"],
                color=data["color"],
                description=data.get("description") or "",
                project_ids=data["project_ids"],
                members=_pairs(data["user_roles"]),
            )
        )

    @staticmethod
    async def update_user_group_v3(
        context: Context, where: dict[str, Any], data: dict[str, Any]
    ) -> UserGroupResult:
        """Another state."""
        given = data.get("user_roles")
        return UserGroupResult(
            await actions.update_group(
                context,
                where["id"],
                name=data["name"],
                color=data["color"],
                description=data.get("description"),
                project_ids=data["project_ids"],
                members=None if given is None else _pairs(given),
            )
        )

    @staticmethod
    async def delete_user_group(context: Context, where: dict[str, Any]) -> SuccessResult:
        """No group any more."""
        await actions.delete_group(context, where["id"])
        return SuccessResult()

    @staticmethod
    async def add_users_to_groups_v2(
        context: Context, where: dict[str, Any], data: dict[str, Any]
    ) -> AddUsersToGroupsResult:
        """More members."""
        pairs = _pairs(data.get("user_roles") or [])
        return AddUsersToGroupsResult(
            [await actions.add_users(context, group_id, pairs) for group_id in where["ids"]]
        )

    @staticmethod
    async def continue_add_users_to_group_batch(
        context: Context, batch_job_id: str
    ) -> ContinueGroupBatchResult:
        """Users are added at once, however many: no addition is ever left to go on with."""
        access.require(context, Permission.MANAGE_ORGANIZATION)
        raise errors.NotFound(f"There is no unfinished addition of members with id {batch_job_id}.")

    @staticmethod
    async def remove_users_from_group_v2(
        context: Context, where: dict[str, Any], data: dict[str, Any]
    ) -> SuccessResult:
        """Fewer members."""
        await actions.remove_users(context, where["id"], data["user_ids"])
        return SuccessResult()

    @staticmethod
    async def import_users_as_csv_to_group(
        context: Context, role_id: str, file: Upload, where: dict[str, Any]
    ) -> ImportGroupCsvResult:
        """Members from a file."""
        if not isinstance(file, Upload):
            raise errors.Malformed("importUsersAsCsvToGroup needs a multipart request with the file in it.")
        return await actions.import_csv(context, where["id"], role_id, file)


def _pairs(user_roles: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(given["user_id"], given["role_id"]) for given in user_roles]
