"""Raise, answer and resolve issues; keep a project's categories (reference/projects.md 14, access.md 4)."""

from __future__ import annotations

from typing import Any

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.issues import queries, rules
from labelyard.issues.records import IssueConnection, IssueFilter, IssueRecord, NewIssue, Status
from labelyard.labels import actions as labels
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id
from labelyard.projects import actions as projects

_PAGE = 100
_LONGEST_PAGE = 1_000


async def create_issue(
    context: Context,
    *,
    project_id: str,
    data_row_id: str,
    content: str,
    type: str | None,
    label_id: str | None,
    category_id: str | None,
    position: Any,
) -> str:
    """A new issue about a row of a project; its id. Labelers raise them on rows that they label, reviewers anywhere.

    Raises NotFound for the project, row, label or category, NotPermitted on somebody else's row, Malformed for a
    blank content.
    """
    is_reviewer = await _require(context, project_id)
    content = rules.check_content(content, "an issue")
    await projects.get_project(context, project_id, lock=True)
    db, organization = context.database, context.organization_id
    if not await queries.is_in_project(db, organization, project_id, data_row_id):
        raise errors.NotFound(f"There is no data row {data_row_id} in this project.")
    if not is_reviewer and not await queries.is_own_row(
        db, organization, project_id, data_row_id, context.user_id
    ):
        raise errors.NotPermitted("Your role allows you to raise issues on data rows that you label.")
    if label_id is not None:
        await _check_label(context, project_id, data_row_id, label_id)
    if category_id is not None:
        await _check_category(context, project_id, category_id)
    issue_id = new_id()
    await queries.insert_issue(
        db,
        organization,
        NewIssue(
            issue_id,
            project_id,
            data_row_id,
            label_id,
            category_id,
            type or rules.PLAIN,
            content,
            None if position is None else orjson.dumps(position).decode(),
            context.user_id,
        ),
    )
    await projects.note_activity(context, project_id)
    return issue_id


async def update_issue(context: Context, *, issue_id: str, given: dict[str, Any]) -> str:
    """Changes content, category, position or label of one's own issue; null takes them away.

    Raises NotFound, NotPermitted for somebody else's, Malformed for a blank content.
    """
    issue = await _get(context, issue_id)
    await _require(context, issue.project_id)
    rules.check_own(issue.created_by, context.user_id, "an issue")
    values: dict[str, Any] = {}
    if given.get("content") is not None:
        values["content"] = rules.check_content(given["content"], "an issue")
        values["content_updated_at"] = context.now
    if "category_id" in given:
        if given["category_id"] is not None:
            await _check_category(context, issue.project_id, given["category_id"])
        values["category_id"] = given["category_id"]
    if "label_id" in given:
        if given["label_id"] is not None:
            await _check_label(context, issue.project_id, issue.data_row_id, given["label_id"])
        values["label_id"] = given["label_id"]
    if "position" in given:
        position = given["position"]
        values["position"] = None if position is None else orjson.dumps(position).decode()
    await queries.update_issue(context.database, context.organization_id, issue_id, values)
    return issue_id


async def resolve_issue(context: Context, issue_id: str) -> str:
    """Nothing is left to be done: labelers resolve their own issues, reviewers any. Raises NotFound, NotPermitted."""
    return await _set_status(context, issue_id, Status.RESOLVED)


async def open_issue(context: Context, issue_id: str) -> str:
    """There is something to be done after all; whoever may resolve may do this. Raises NotFound, NotPermitted."""
    return await _set_status(context, issue_id, Status.OPEN)


async def delete_issues(context: Context, ids: list[str]) -> None:
    """Deletes one's own issues with their comments, all or none. Raises NotFound, NotPermitted, Malformed."""
    ids = list(dict.fromkeys(ids))
    rules.check_count(len(ids))
    found = await queries.select_issues(context.database, queries.issues(context), ids)
    present = {issue.id for issue in found}
    for issue_id in ids:
        if issue_id not in present:
            raise errors.NotFound(f"There is no issue with id {issue_id}.")
    for issue in found:
        rules.check_own(issue.created_by, context.user_id, f"issue {issue.id}")
    for project_id in sorted({issue.project_id for issue in found}):
        await _require(context, project_id)
    await queries.delete_issues(context.database, context.organization_id, ids)


async def create_comment(context: Context, *, issue_id: str, content: str) -> str:
    """Answers an issue; the comment's id. Raises NotFound, NotPermitted, Malformed for a blank content."""
    issue = await _get(context, issue_id)
    await _require(context, issue.project_id)
    comment_id = new_id()
    await queries.insert_comment(
        context.database,
        organization_id=context.organization_id,
        comment_id=comment_id,
        issue=issue,
        content=rules.check_content(content, "a comment"),
        created_by=context.user_id,
    )
    return comment_id


async def update_comment(context: Context, *, comment_id: str, content: str) -> str:
    """Changes one's own comment. Raises NotFound, NotPermitted, Malformed."""
    await _own_comment(context, comment_id)
    values = {"content": rules.check_content(content, "a comment")}
    await queries.update_comment(context.database, context.organization_id, comment_id, values)
    return comment_id


async def delete_comment(context: Context, comment_id: str) -> None:
    """Deletes one's own comment. Raises NotFound, NotPermitted."""
    await _own_comment(context, comment_id)
    values = {"deleted_at": context.now}
    await queries.update_comment(context.database, context.organization_id, comment_id, values)


async def issues_of_project(
    context: Context, project_id: str, wanted: IssueFilter, *, after: str | None, first: int | None
) -> IssueConnection:
    """A page of a project's issues, oldest first, and how many there are (get_overview counts with it)."""
    rows = queries.narrowed(queries.issues(context), project_id, wanted)
    count = min(_PAGE if first is None else first, _LONGEST_PAGE)
    ids = await queries.select_page(context.database, rows, after, count + 1)
    page = ids[:count]
    cursor = page[-1] if page and len(ids) > count else None
    return IssueConnection(page, cursor, await queries.count_issues(context.database, rows))


async def create_category(context: Context, *, project_id: str, name: str, description: str) -> str:
    """A new category for a project's issues; its id. Raises Conflict for a taken name."""
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    await projects.get_project(context, project_id)
    category_id = new_id()
    if not await queries.insert_category(
        context.database,
        organization_id=context.organization_id,
        category_id=category_id,
        project_id=project_id,
        name=rules.check_category_name(name),
        description=description,
        created_by=context.user_id,
    ):
        raise errors.Conflict(f'The project already has an issue category "{name}".')
    return category_id


async def edit_category(
    context: Context, *, category_id: str, name: str | None, description: str | None
) -> str:
    """Changes what is given. Raises NotFound, Conflict for a taken name."""
    category = await queries.select_category(context.database, context.organization_id, category_id)
    if category is None:
        raise errors.NotFound(f"There is no issue category with id {category_id}.")
    await access.require_in_project(context, Permission.EDIT_PROJECTS, category.project_id)
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = rules.check_category_name(name)
        if await queries.is_category_name_taken(context.database, context.organization_id, category, name):
            raise errors.Conflict(f'The project already has an issue category "{name}".')
    if description is not None:
        values["description"] = description
    await queries.update_category(context.database, context.organization_id, category_id, values)
    return category_id


async def delete_category(context: Context, category_id: str) -> None:
    """Deletes a category; its issues stay, without one. Raises NotFound."""
    category = await queries.select_category(context.database, context.organization_id, category_id)
    if category is None:
        raise errors.NotFound(f"There is no issue category with id {category_id}.")
    await access.require_in_project(context, Permission.EDIT_PROJECTS, category.project_id)
    await queries.delete_category(context.database, context.organization_id, category)


async def _require(context: Context, project_id: str) -> bool:
    """Whoever labels or reviews takes part; True for reviewers, who do so on every row. Raises NotPermitted."""
    if await access.may_in_project(context, Permission.REVIEW, project_id):
        return True
    await access.require_in_project(context, Permission.LABEL, project_id)
    return False


async def _get(context: Context, issue_id: str) -> IssueRecord:
    found = await queries.select_issues(context.database, queries.issues(context), [issue_id])
    if not found:
        raise errors.NotFound(f"There is no issue with id {issue_id}.")
    return found[0]


async def _set_status(context: Context, issue_id: str, status: Status) -> str:
    issue = await _get(context, issue_id)
    if not await _require(context, issue.project_id):
        rules.check_own(issue.created_by, context.user_id, "an issue")
    if issue.status != status:
        resolved = status is Status.RESOLVED
        values = {
            "status": status,
            "resolved_by": context.user_id if resolved else None,
            "resolved_at": context.now if resolved else None,
        }
        await queries.update_issue(context.database, context.organization_id, issue_id, values)
    return issue_id


async def _own_comment(context: Context, comment_id: str) -> None:
    comment = await queries.select_comment(context.database, queries.comments(context), comment_id)
    if comment is None:
        raise errors.NotFound(f"There is no comment with id {comment_id}.")
    issue = await _get(context, comment.issue_id)
    await _require(context, issue.project_id)
    rules.check_own(comment.created_by, context.user_id, "a comment")


async def _check_label(context: Context, project_id: str, data_row_id: str, label_id: str) -> None:
    label = await labels.get_label(context, label_id)
    if (label.project_id, label.data_row_id) != (project_id, data_row_id):
        raise errors.NotFound(f"There is no label with id {label_id} on data row {data_row_id}.")


async def _check_category(context: Context, project_id: str, category_id: str) -> None:
    category = await queries.select_category(context.database, context.organization_id, category_id)
    if category is None or category.project_id != project_id:
        raise errors.NotFound(f"There is no issue category with id {category_id} in this project.")
