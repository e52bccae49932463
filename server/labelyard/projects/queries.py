"""SQL for projects, their datasets and members."""

from __future__ import annotations

from typing import Any

from labelyard.access import visibility
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows
from labelyard.projects.records import MemberRow, ProjectRecord

_RECORD = (
    "id, name, media_type, ontology_id, labeling_frontend_id, setup_complete, auto_audit_number_of_labels,"
    " auto_audit_percentage, is_benchmark_enabled, is_consensus_enabled, show_pre_labels, review_share,"
    " data_row_count, last_activity_time, active_prediction_model_id"
)
# what a clone has in common with its original
_SETTINGS = (
    "description",
    "media_type",
    "editor_task_type",
    "queue_mode",
    "upload_type",
    "auto_audit_number_of_labels",
    "auto_audit_percentage",
    "is_benchmark_enabled",
    "is_consensus_enabled",
    "model_setup_complete",
    "setup_complete",
    "ontology_id",
    "labeling_frontend_id",
    "show_pre_labels",
    "review_share",
)
DATASETS_JOIN = (
    "JOIN project_datasets AS pd ON pd.organization_id = ds.organization_id AND pd.dataset_id = ds.id"
)
PROJECTS_OF_DATASET_JOIN = (
    "JOIN project_datasets AS pd ON pd.organization_id = p.organization_id AND pd.project_id = p.id"
)
# null is not a mode to 3.x; without a word of a client's, connected datasets (2.x) make the difference;
# and DATASET, which the published schema has, is DATA_SET to 3.x, the only client that asks
QUEUE_MODE = (
    "replace(COALESCE(p.queue_mode, CASE WHEN EXISTS (SELECT 1 FROM project_datasets AS connected"
    " WHERE connected.organization_id = p.organization_id AND connected.project_id = p.id)"
    " THEN 'DATASET' ELSE 'BATCH' END), 'DATASET', 'DATA_SET')"
)
# who can open a project: everybody with an organization role, and its members
PROJECTS_OF_USER_JOIN = (
    "JOIN users AS opener ON opener.organization_id = p.organization_id AND (opener.role <> 'NONE' OR EXISTS"
    " (SELECT 1 FROM project_grants AS pm WHERE pm.organization_id = p.organization_id"
    " AND pm.project_id = p.id AND pm.user_id = opener.id))"
)


def projects(context: Context) -> Rows:
    """Live projects that the caller may open."""
    rows = Rows(
        "projects AS p",
        "p.organization_id = %(organization_id)s AND p.deleted_at IS NULL",
        {"organization_id": context.organization_id},
        "p.id",
    )
    return visibility.in_projects(rows, context, "p.id")


def named_like(rows: Rows, text: str) -> Rows:
    """Projects whose name has a text in it, in capitals or not."""
    return rows.narrowed("strpos(lower(p.name), lower(%(_text)s)) > 0", _text=text)


async def insert_project(
    db: Database, organization_id: str, project_id: str, columns: dict[str, Any]
) -> None:
    """A new project."""
    names = list(columns)
    await db.execute(
        f"INSERT INTO projects (organization_id, id, {', '.join(names)})"
        f" VALUES (%(organization_id)s, %(id)s, {', '.join(f'%({name})s' for name in names)})",
        {**columns, "organization_id": organization_id, "id": project_id},
    )


async def copy_project(
    db: Database, organization_id: str, source_id: str, project_id: str, *, name: str, created_by: str
) -> None:
    """A new project with the settings of another; what has happened there stays there."""
    columns = ", ".join(_SETTINGS)
    await db.execute(
        f"INSERT INTO projects (organization_id, id, name, created_by, {columns}) SELECT organization_id,"
        f" %(id)s, %(name)s, %(created_by)s, {columns} FROM projects"
        " WHERE organization_id = %(organization_id)s AND id = %(source_id)s",
        {
            "organization_id": organization_id,
            "source_id": source_id,
            "id": project_id,
            "name": name,
            "created_by": created_by,
        },
    )


async def select_project(
    db: Database, organization_id: str, project_id: str, *, lock: bool = False
) -> ProjectRecord | None:
    """One live project."""
    return await db.fetch_record(
        ProjectRecord,
        f"SELECT {_RECORD} FROM projects WHERE organization_id = %(organization_id)s AND id = %(id)s"
        " AND deleted_at IS NULL" + (" FOR UPDATE" if lock else ""),
        {"organization_id": organization_id, "id": project_id},
    )


async def restore_project(db: Database, project_id: str, days: int) -> str | None:
    """Takes back a deletion that is not older than so many days; the project's name, None when there is none.

    An ontology that was deleted in the meantime, since nobody used it, comes back with the project.
    """
    name: str | None = await db.fetch_value(
        "WITH restored AS (UPDATE projects SET deleted_at = NULL, updated_at = now() WHERE id = %(id)s"
        " AND deleted_at > now() - make_interval(days => %(days)s) RETURNING organization_id, ontology_id, name),"
        " needed AS (UPDATE ontologies AS y SET deleted_at = NULL FROM restored"
        " WHERE y.organization_id = restored.organization_id AND y.id = restored.ontology_id)"
        " SELECT name FROM restored",
        {"id": project_id, "days": days},
    )
    return name


async def update_project(
    db: Database, organization_id: str, project_id: str, columns: dict[str, Any]
) -> bool:
    """Changes columns; False when there is no such live project."""
    assignments = "".join(f"{name} = %({name})s, " for name in columns)
    return (
        await db.execute(
            f"UPDATE projects SET {assignments}updated_at = now()"
            " WHERE organization_id = %(organization_id)s AND id = %(id)s AND deleted_at IS NULL",
            {**columns, "organization_id": organization_id, "id": project_id},
        )
        == 1
    )


async def touch_project(db: Database, organization_id: str, project_id: str, rows_added: int) -> None:
    """Something happened in the project just now; at most one write a second, unless rows were added."""
    await db.execute(
        "UPDATE projects SET last_activity_time = now(), data_row_count = data_row_count + %(added)s"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s"
        " AND (%(added)s <> 0 OR last_activity_time < now() - interval '1 second')",
        {"organization_id": organization_id, "id": project_id, "added": rows_added},
    )


async def insert_project_dataset(
    db: Database, organization_id: str, project_id: str, dataset_id: str
) -> bool:
    """Connects a dataset; False when it was connected already."""
    return (
        await db.execute(
            "INSERT INTO project_datasets (organization_id, project_id, dataset_id)"
            " VALUES (%(organization_id)s, %(project_id)s, %(dataset_id)s) ON CONFLICT DO NOTHING",
            {"organization_id": organization_id, "project_id": project_id, "dataset_id": dataset_id},
        )
        == 1
    )


async def delete_project_dataset(
    db: Database, organization_id: str, project_id: str, dataset_id: str
) -> bool:
    """Disconnects a dataset; False when it was not connected."""
    return (
        await db.execute(
            "DELETE FROM project_datasets WHERE organization_id = %(organization_id)s"
            " AND project_id = %(project_id)s AND dataset_id = %(dataset_id)s",
            {"organization_id": organization_id, "project_id": project_id, "dataset_id": dataset_id},
        )
        == 1
    )


async def select_projects_of_dataset(db: Database, organization_id: str, dataset_id: str) -> list[str]:
    """The live projects to which a dataset is connected."""
    return await db.fetch_column(
        "SELECT p.id FROM project_datasets AS pd JOIN projects AS p ON p.organization_id = pd.organization_id"
        " AND p.id = pd.project_id AND p.deleted_at IS NULL"
        " WHERE pd.organization_id = %(organization_id)s AND pd.dataset_id = %(dataset_id)s ORDER BY p.id",
        {"organization_id": organization_id, "dataset_id": dataset_id},
    )


async def select_members(
    db: Database, organization_id: str, project_id: str, ranked: list[str], skip: int, first: int
) -> list[MemberRow]:
    """Who can open a project; one row a person, with the strongest source of access.

    An organization role is stronger than a membership, a membership than a user group; of several groups the one that
    gives the highest role counts (`ranked`, weaker ones first).
    """
    return await db.fetch_records(
        MemberRow,
        "SELECT coalesce(pm.id, u.id) AS id, u.id AS user_id,"
        " CASE WHEN u.role <> 'NONE' THEN 'ORGANIZATION' ELSE pm.source END AS access_from,"
        " CASE WHEN u.role <> 'NONE' THEN u.role ELSE pm.role END AS role"
        " FROM users AS u LEFT JOIN (SELECT DISTINCT ON (user_id) user_id, source, role,"
        " CASE source WHEN 'USER_GROUP' THEN user_id ELSE id END AS id FROM project_grants"
        " WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        " ORDER BY user_id, source, array_position(%(ranked)s::text[], role) DESC) AS pm ON pm.user_id = u.id"
        " WHERE u.organization_id = %(organization_id)s AND u.deleted_at IS NULL"
        " AND (u.role <> 'NONE' OR pm.id IS NOT NULL) ORDER BY u.id LIMIT %(first)s OFFSET %(skip)s",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "ranked": ranked,
            "skip": skip,
            "first": first,
        },
    )
