"""SQL for issues, their comments and categories."""

from __future__ import annotations

from typing import Any

from labelyard.access import visibility
from labelyard.issues.records import CategoryRecord, CommentRecord, IssueFilter, IssueRecord, NewIssue
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows

_LIVE = (
    "i.organization_id = %(organization_id)s AND i.deleted_at IS NULL AND EXISTS (SELECT 1 FROM data_rows AS remarked"
    " WHERE remarked.organization_id = i.organization_id AND remarked.id = i.data_row_id"
    " AND remarked.deleted_at IS NULL)"
)
_LABELED_BY = (
    "EXISTS (SELECT 1 FROM labels AS made WHERE made.organization_id = i.organization_id"
    " AND made.project_id = i.project_id AND made.data_row_id = i.data_row_id AND made.created_by = {}"
    " AND made.deleted_at IS NULL)"
)
# what a labeler remarks on a row that is still to be labeled is nobody else's until the row is submitted or skipped
_SHOWN = (
    "(i.created_by = %(_viewer)s OR NOT EXISTS (SELECT 1 FROM project_data_rows AS place"
    " WHERE place.organization_id = i.organization_id AND place.project_id = i.project_id"
    " AND place.data_row_id = i.data_row_id AND place.state = 'TO_LABEL') OR "
    + _LABELED_BY.format("i.created_by")
    + ")"
)


def issues(context: Context) -> Rows:
    """Live issues that the caller may see: for labelers their own, and those on rows that they have labeled."""
    rows = Rows("issues AS i", _LIVE, {"organization_id": context.organization_id}, "i.id")
    mine = f"CASE WHEN {_LABELED_BY.format('%(_me)s')} THEN %(_me)s ELSE i.created_by END"
    return visibility.of_labels(rows, context, "i.project_id", mine).narrowed(_SHOWN, _viewer=context.user_id)


def issues_of_viewer(organization_id: str, project_id: str, viewer: str, *, sees_all: bool) -> Rows:
    """The same for a viewer who is not there: whoever ordered an export."""
    params = {"organization_id": organization_id, "project_id": project_id, "_viewer": viewer}
    rows = Rows("issues AS i", f"{_LIVE} AND i.project_id = %(project_id)s AND {_SHOWN}", params, "i.id")
    if sees_all:
        return rows
    return rows.narrowed(f"(i.created_by = %(_viewer)s OR {_LABELED_BY.format('%(_viewer)s')})")


def comments(context: Context) -> Rows:
    """Live comments on issues that the caller may see."""
    seen = issues(context)
    return Rows(
        f"issue_comments AS ic JOIN {seen.tables} ON i.organization_id = ic.organization_id AND i.id = ic.issue_id",
        f"{seen.where} AND ic.deleted_at IS NULL",
        seen.params,
        "ic.id",
    )


def narrowed(rows: Rows, project_id: str, wanted: IssueFilter) -> Rows:
    """The issues of a project that are asked for."""
    rows = rows.narrowed("i.project_id = %(_project)s", _project=project_id)
    for column, value in (
        ("type", wanted.type),
        ("status", wanted.status),
        ("data_row_id", wanted.data_row_id),
        ("category_id", wanted.category_id),
    ):
        if value is not None:
            rows = rows.narrowed(f"i.{column} = %(_{column})s", **{f"_{column}": value})
    if wanted.created_by is not None:
        rows = rows.narrowed("i.created_by = ANY(%(_authors)s)", _authors=wanted.created_by)
    if wanted.content:
        rows = rows.narrowed("strpos(lower(i.content), lower(%(_content)s)) > 0", _content=wanted.content)
    return rows


async def select_page(db: Database, rows: Rows, after: str | None, first: int) -> list[str]:
    """The ids of a page of issues, oldest first."""
    if after:
        rows = rows.narrowed("i.id > %(_after)s", _after=after)
    return await db.fetch_column(
        f"SELECT i.id FROM {rows.tables} WHERE {rows.where} ORDER BY i.id LIMIT %(_first)s",
        {**rows.params, "_first": first},
    )


async def count_issues(db: Database, rows: Rows) -> int:
    """How many issues there are."""
    found: int = await db.fetch_value(f"SELECT count(*) FROM {rows.tables} WHERE {rows.where}", rows.params)
    return found


async def select_issues(db: Database, rows: Rows, ids: list[str]) -> list[IssueRecord]:
    """Those of the issues that are among the rows."""
    return await db.fetch_records(
        IssueRecord,
        f"SELECT i.id, i.project_id, i.data_row_id, i.status, i.created_by FROM {rows.tables}"
        f" WHERE {rows.where} AND i.id = ANY(%(_ids)s)",
        {**rows.params, "_ids": ids},
    )


async def is_in_project(db: Database, organization_id: str, project_id: str, data_row_id: str) -> bool:
    """Whether a live data row is in a project."""
    found: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM project_data_rows AS p JOIN data_rows AS d"
        " ON d.organization_id = p.organization_id AND d.id = p.data_row_id AND d.deleted_at IS NULL"
        " WHERE p.organization_id = %(organization_id)s AND p.project_id = %(project_id)s"
        " AND p.data_row_id = %(data_row_id)s)",
        {"organization_id": organization_id, "project_id": project_id, "data_row_id": data_row_id},
    )
    return found


async def is_own_row(
    db: Database, organization_id: str, project_id: str, data_row_id: str, user_id: str
) -> bool:
    """Whether a user labels a row: holds it, has begun it, or has labeled it."""
    row = (
        "WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        " AND data_row_id = %(data_row_id)s"
    )
    found: bool = await db.fetch_value(
        f"SELECT EXISTS (SELECT 1 FROM reservations {row} AND user_id = %(user_id)s)"
        f" OR EXISTS (SELECT 1 FROM drafts {row} AND user_id = %(user_id)s)"
        f" OR EXISTS (SELECT 1 FROM labels {row} AND created_by = %(user_id)s AND deleted_at IS NULL)",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "data_row_id": data_row_id,
            "user_id": user_id,
        },
    )
    return found


async def insert_issue(db: Database, organization_id: str, issue: NewIssue) -> None:
    """A new issue with the project's next number; the caller has locked the project."""
    await db.execute(
        "WITH seen AS (UPDATE project_data_rows SET last_activity_at = now()"
        "  WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        "  AND data_row_id = %(data_row_id)s)"
        " INSERT INTO issues (organization_id, id, project_id, number, data_row_id, label_id, category_id, type,"
        " content, position, created_by) SELECT %(organization_id)s, %(id)s, %(project_id)s,"
        " coalesce(max(number), 0) + 1, %(data_row_id)s, %(label_id)s, %(category_id)s, %(type)s, %(content)s,"
        " %(position)s::json, %(created_by)s FROM issues WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s",
        {**vars(issue), "organization_id": organization_id},
    )


async def update_issue(db: Database, organization_id: str, issue_id: str, values: dict[str, Any]) -> None:
    """Changes columns of an issue."""
    assignments = "".join(f"{name} = %({name})s{'::json' if name == 'position' else ''}, " for name in values)
    await db.execute(
        f"UPDATE issues SET {assignments}updated_at = now()"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {**values, "organization_id": organization_id, "id": issue_id},
    )


async def delete_issues(db: Database, organization_id: str, ids: list[str]) -> None:
    """Deletes issues; their comments go with them."""
    await db.execute(
        "UPDATE issues SET deleted_at = now(), updated_at = now()"
        " WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s)",
        {"organization_id": organization_id, "ids": ids},
    )


async def insert_comment(
    db: Database, *, organization_id: str, comment_id: str, issue: IssueRecord, content: str, created_by: str
) -> None:
    """A new comment; the issue and its row have seen activity."""
    await db.execute(
        "WITH replied AS (UPDATE issues SET latest_reply_at = now(), updated_at = now()"
        "  WHERE organization_id = %(organization_id)s AND id = %(issue_id)s),"
        " seen AS (UPDATE project_data_rows SET last_activity_at = now()"
        "  WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        "  AND data_row_id = %(data_row_id)s)"
        " INSERT INTO issue_comments (organization_id, id, issue_id, content, created_by)"
        " VALUES (%(organization_id)s, %(id)s, %(issue_id)s, %(content)s, %(created_by)s)",
        {
            "organization_id": organization_id,
            "id": comment_id,
            "issue_id": issue.id,
            "project_id": issue.project_id,
            "data_row_id": issue.data_row_id,
            "content": content,
            "created_by": created_by,
        },
    )


async def select_comment(db: Database, rows: Rows, comment_id: str) -> CommentRecord | None:
    """One of the comments."""
    return await db.fetch_record(
        CommentRecord,
        f"SELECT ic.id, ic.issue_id, ic.created_by FROM {rows.tables} WHERE {rows.where} AND ic.id = %(_id)s",
        {**rows.params, "_id": comment_id},
    )


async def update_comment(db: Database, organization_id: str, comment_id: str, values: dict[str, Any]) -> None:
    """Changes content or deleted_at."""
    assignments = "".join(f"{name} = %({name})s, " for name in values)
    await db.execute(
        f"UPDATE issue_comments SET {assignments}updated_at = now()"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {**values, "organization_id": organization_id, "id": comment_id},
    )


def categories(context: Context) -> Rows:
    """Live categories of projects that the caller may open."""
    rows = Rows(
        "issue_categories AS c",
        "c.organization_id = %(organization_id)s AND c.deleted_at IS NULL",
        {"organization_id": context.organization_id},
        "c.id",
    )
    return visibility.in_projects(rows, context, "c.project_id")


async def select_category(db: Database, organization_id: str, category_id: str) -> CategoryRecord | None:
    """One live category."""
    return await db.fetch_record(
        CategoryRecord,
        "SELECT id, project_id FROM issue_categories WHERE organization_id = %(organization_id)s"
        " AND id = %(id)s AND deleted_at IS NULL",
        {"organization_id": organization_id, "id": category_id},
    )


async def insert_category(
    db: Database,
    *,
    organization_id: str,
    category_id: str,
    project_id: str,
    name: str,
    description: str,
    created_by: str,
) -> bool:
    """A new category; False when the project has one of this name."""
    return (
        await db.execute(
            "INSERT INTO issue_categories (organization_id, id, project_id, name, description, created_by)"
            " VALUES (%(organization_id)s, %(id)s, %(project_id)s, %(name)s, %(description)s, %(created_by)s)"
            " ON CONFLICT (organization_id, project_id, name) WHERE deleted_at IS NULL DO NOTHING",
            {
                "organization_id": organization_id,
                "id": category_id,
                "project_id": project_id,
                "name": name,
                "description": description,
                "created_by": created_by,
            },
        )
        == 1
    )


async def is_category_name_taken(
    db: Database, organization_id: str, category: CategoryRecord, name: str
) -> bool:
    """Whether another category of the project has this name."""
    found: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM issue_categories WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND name = %(name)s AND id <> %(id)s AND deleted_at IS NULL)",
        {
            "organization_id": organization_id,
            "project_id": category.project_id,
            "name": name,
            "id": category.id,
        },
    )
    return found


async def update_category(
    db: Database, organization_id: str, category_id: str, values: dict[str, Any]
) -> None:
    """Changes name or description."""
    assignments = "".join(f"{name} = %({name})s, " for name in values)
    await db.execute(
        f"UPDATE issue_categories SET {assignments}updated_at = now()"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {**values, "organization_id": organization_id, "id": category_id},
    )


async def delete_category(db: Database, organization_id: str, category: CategoryRecord) -> None:
    """Deletes a category; its issues stay without one."""
    await db.execute(
        "WITH gone AS (UPDATE issue_categories SET deleted_at = now(), updated_at = now()"
        "  WHERE organization_id = %(organization_id)s AND id = %(id)s)"
        " UPDATE issues SET category_id = NULL WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND category_id = %(id)s",
        {"organization_id": organization_id, "id": category.id, "project_id": category.project_id},
    )
