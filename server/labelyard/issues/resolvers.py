"""Issue, its comments and categories."""

from __future__ import annotations

from typing import Any

from labelyard.issues import actions, issue_exports, queries
from labelyard.issues.records import IssueConnection, IssueFilter
from labelyard.plumbing.context import Context
from labelyard.plumbing.source import Column, Many, Moment, One, computed

_DONE = {"success": True}


class Issue:
    """A remark about a data row of a project that stays open until somebody resolves it."""

    rows = queries.issues
    id = Column("i.id")
    friendly_id = Column("i.number::text")
    label_id = Column("i.label_id")
    data_row_id = Column("i.data_row_id")
    category_id = Column("i.category_id")
    type = Column("i.type")
    content = Column("i.content")
    position = Column("i.position", filterable=False)
    status = Column("i.status")
    created_by = One("User", "i.created_by")
    resolved_by = One("User", "i.resolved_by")
    created_at = Moment("i.created_at")
    updated_at = Moment("i.updated_at")
    resolved_at = Moment("i.resolved_at")
    content_updated_at = Moment("i.content_updated_at")
    latest_reply_at = Moment("i.latest_reply_at")
    comments = Many("Comment", "ic.issue_id")


class Comment:
    """An answer to an issue."""

    rows = queries.comments
    id = Column("ic.id")
    content = Column("ic.content")
    created_by = One("User", "ic.created_by")
    created_at = Moment("ic.created_at")
    updated_at = Moment("ic.updated_at")


class IssueCategory:
    """A kind of issue that a project tells apart."""

    rows = queries.categories
    id = Column("c.id")
    name = Column("c.name")
    description = Column("c.description")


class Project:
    """A project's issues."""

    issue_categories = Many("IssueCategory", "c.project_id")

    @computed("p.id")
    async def issues(
        context: Context,  # noqa: N805
        parents: list[tuple[str]],
        where: dict[str, Any] | None = None,
        after: str | None = None,
        first: int | None = None,
    ) -> list[IssueConnection]:
        """A page of issues."""
        given = where or {}
        wanted = IssueFilter(
            type=given.get("type"),
            status=given.get("status"),
            data_row_id=(given.get("data_row") or {}).get("id"),
            category_id=given.get("category_id"),
            created_by=given.get("created_by_ids"),
            content=given.get("content"),
        )
        return [
            await actions.issues_of_project(context, project_id, wanted, after=after, first=first)
            for (project_id,) in parents
        ]

    @computed("p.id")
    async def issue_export_url(
        context: Context,  # noqa: N805
        parents: list[tuple[str]],
        where: dict[str, Any] | None = None,
    ) -> list[str]:
        """The address of all issues as JSON, or of those with a status."""
        status = (where or {}).get("status")
        return [await issue_exports.export_url(context, project_id, status) for (project_id,) in parents]


class Query:
    """Looking at issues."""

    @staticmethod
    async def issue(context: Context, where: dict[str, Any]) -> str:
        """One issue."""
        return str(where["id"])


class Mutation:
    """Raising, answering and resolving issues."""

    @staticmethod
    async def create_issue(context: Context, data: dict[str, Any]) -> str:
        """A new issue."""
        return await actions.create_issue(
            context,
            project_id=data["project_id"],
            data_row_id=data["data_row_id"],
            content=data["content"],
            type=data.get("type"),
            label_id=data.get("label_id"),
            category_id=data.get("category_id"),
            position=data.get("position"),
        )

    @staticmethod
    async def update_issue(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Changes what is given."""
        return await actions.update_issue(context, issue_id=where["id"], given=data)

    @staticmethod
    async def delete_issue(context: Context, data: dict[str, Any]) -> dict[str, bool]:
        """Deletes issues."""
        await actions.delete_issues(context, data["issue_ids"])
        return _DONE

    @staticmethod
    async def resolve_issue(context: Context, where: dict[str, Any]) -> str:
        """Nothing is left to be done."""
        return await actions.resolve_issue(context, where["id"])

    @staticmethod
    async def open_issue(context: Context, where: dict[str, Any]) -> str:
        """There is something to be done after all."""
        return await actions.open_issue(context, where["id"])

    @staticmethod
    async def create_comment(context: Context, data: dict[str, Any]) -> str:
        """Answers an issue."""
        return await actions.create_comment(context, issue_id=data["issue_id"], content=data["content"])

    @staticmethod
    async def update_comment(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Changes a comment."""
        return await actions.update_comment(context, comment_id=where["id"], content=data["content"])

    @staticmethod
    async def delete_comment(context: Context, where: dict[str, Any]) -> dict[str, bool]:
        """Deletes a comment."""
        await actions.delete_comment(context, where["id"])
        return _DONE

    @staticmethod
    async def create_issue_category(context: Context, data: dict[str, Any]) -> str:
        """A new category."""
        return await actions.create_category(
            context, project_id=data["project_id"], name=data["name"], description=data["description"]
        )

    @staticmethod
    async def edit_issue_category(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Changes a category."""
        return await actions.edit_category(
            context, category_id=where["id"], name=data.get("name"), description=data.get("description")
        )

    @staticmethod
    async def delete_issue_category(context: Context, where: dict[str, Any]) -> dict[str, bool]:
        """Deletes a category."""
        await actions.delete_category(context, where["id"])
        return _DONE
