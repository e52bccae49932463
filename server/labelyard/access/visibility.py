"""Which rows a caller may see: conditions that every room's base rows carry."""

from __future__ import annotations

from labelyard.access import rules
from labelyard.access.records import Permission
from labelyard.plumbing.context import Context
from labelyard.plumbing.source import Rows

_SEES_ALL_LABELS = [
    role.key for role in rules.ROLES.values() if Permission.SEE_ALL_LABELS in role.permissions
]


def in_projects(rows: Rows, context: Context, project: str) -> Rows:
    """`rows` whose `project` expression is a live project the caller may open."""
    rows = _of_live_projects(rows, project)
    if context.actor.sees_every_project:
        return rows
    return rows.narrowed(
        "EXISTS (SELECT 1 FROM project_grants AS mine WHERE mine.organization_id = %(organization_id)s"
        f" AND mine.project_id = {project} AND mine.user_id = %(_me)s)",
        _me=context.user_id,
    )


def of_labels(rows: Rows, context: Context, project: str, author: str) -> Rows:
    """`rows` about labels of live projects: one's own, or everybody's where the role allows it."""
    rows = _of_live_projects(rows, project)
    if context.actor.sees_every_project:
        if Permission.SEE_ALL_LABELS in context.actor.permissions:
            return rows
        return rows.narrowed(f"{author} = %(_me)s", _me=context.user_id)
    return rows.narrowed(
        "EXISTS (SELECT 1 FROM project_grants AS mine WHERE mine.organization_id = %(organization_id)s"
        f" AND mine.project_id = {project} AND mine.user_id = %(_me)s"
        f" AND ({author} = %(_me)s OR mine.role = ANY(%(_seers)s)))",
        _me=context.user_id,
        _seers=_SEES_ALL_LABELS if _reads_all(context) else [],
    )


def in_catalog(rows: Rows, context: Context, data_row: str) -> Rows:
    """`rows` about data rows: all of them where the role opens the catalog, else those in one's projects."""
    if context.actor.sees_every_project and context.actor.permissions & {
        Permission.VIEW_CATALOG,
        Permission.LABEL,
    }:
        return rows
    return rows.narrowed(
        "EXISTS (SELECT 1 FROM project_data_rows AS held JOIN project_grants AS mine"
        " ON mine.organization_id = held.organization_id AND mine.project_id = held.project_id"
        " WHERE held.organization_id = %(organization_id)s"
        f" AND held.data_row_id = {data_row} AND mine.user_id = %(_me)s)",
        _me=context.user_id,
    )


def holding_own_rows(rows: Rows, context: Context, dataset: str) -> Rows:
    """`rows` about datasets that hold a data row of one of the caller's projects."""
    return rows.narrowed(
        "EXISTS (SELECT 1 FROM project_data_rows AS held JOIN project_grants AS mine"
        " ON mine.organization_id = held.organization_id AND mine.project_id = held.project_id"
        " JOIN data_rows AS inside ON inside.organization_id = held.organization_id"
        " AND inside.id = held.data_row_id"
        " WHERE held.organization_id = %(organization_id)s"
        f" AND inside.dataset_id = {dataset} AND mine.user_id = %(_me)s)",
        _me=context.user_id,
    )


def _reads_all(context: Context) -> bool:
    """Whether the caller's key lets them see what others did."""
    return context.actor.ceiling is None or Permission.SEE_ALL_LABELS in context.actor.ceiling


def _of_live_projects(rows: Rows, project: str) -> Rows:
    """What belongs to a deleted project is gone with it, and there again when the project is brought back."""
    return rows.narrowed(
        "EXISTS (SELECT 1 FROM projects AS living WHERE living.organization_id = %(organization_id)s"
        f" AND living.id = {project} AND living.deleted_at IS NULL)"
    )
