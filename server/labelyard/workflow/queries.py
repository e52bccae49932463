"""SQL for positions, drafts, history and the project's table of rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from labelyard.plumbing.database import Database
from labelyard.plumbing.scalars import MOMENT_SQL
from labelyard.workflow.records import Beginning, Position, ProjectDataRow, ReviewComment

_POSITION = "data_row_id, state, labels_required, labels_done, priority, enqueued_at"


async def select_position(
    db: Database, organization_id: str, project_id: str, data_row_id: str, *, lock: bool = False
) -> Position | None:
    """Where one row of a project stands."""
    return await db.fetch_record(
        Position,
        f"SELECT {_POSITION} FROM project_data_rows WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND data_row_id = %(data_row_id)s"
        + (" FOR UPDATE" if lock else ""),
        {"organization_id": organization_id, "project_id": project_id, "data_row_id": data_row_id},
    )


async def select_beginnings(
    db: Database, organization_id: str, project_id: str, user_id: str, data_row_ids: list[str]
) -> list[Beginning]:
    """What there is of rows of a project, in the order of their ids.

    OFFSET 0 has each row looked up by itself: the planner would else read every label of the project.
    """
    return await db.fetch_records(
        Beginning,
        "SELECT p.data_row_id, p.state, d.data_row_id IS NOT NULL AS has_draft, d.annotations AS draft,"
        " d.seconds_spent, EXISTS (SELECT 1 FROM labels AS l WHERE l.organization_id = p.organization_id"
        "  AND l.data_row_id = p.data_row_id AND l.project_id = p.project_id AND l.deleted_at IS NULL OFFSET 0)"
        "  AS has_labels,"
        " EXISTS (SELECT 1 FROM reviews AS r WHERE r.organization_id = p.organization_id"
        "  AND r.project_id = p.project_id AND r.data_row_id = p.data_row_id AND r.comment IS NOT NULL"
        "  AND r.deleted_at IS NULL OFFSET 0) AS has_comments,"
        " EXISTS (SELECT 1 FROM pre_labels AS m WHERE m.organization_id = p.organization_id"
        "  AND m.project_id = p.project_id AND m.data_row_id = p.data_row_id OFFSET 0) AS has_pre_labels,"
        " EXISTS (SELECT 1 FROM label_templates AS t WHERE t.organization_id = p.organization_id"
        "  AND t.project_id = p.project_id AND t.data_row_id = p.data_row_id OFFSET 0) AS has_template"
        " FROM project_data_rows AS p LEFT JOIN drafts AS d ON d.organization_id = p.organization_id"
        "  AND d.project_id = p.project_id AND d.data_row_id = p.data_row_id AND d.user_id = %(user_id)s"
        " WHERE p.organization_id = %(organization_id)s AND p.project_id = %(project_id)s"
        " AND p.data_row_id = ANY(%(ids)s) ORDER BY p.data_row_id",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "user_id": user_id,
            "ids": data_row_ids,
        },
    )


async def move_rows(
    db: Database,
    *,
    organization_id: str,
    project_id: str,
    data_row_ids: list[str],
    state: str,
    labels_added: int,
    queue: str | None,
    assigned_to: str | None,
    action: str,
    actor: str,
    history_ids: list[str],
    moment: datetime,
    draft_of: str | None = None,
) -> None:
    """Moves rows into a state, with a slot in the queue that it waits for, and writes it into their history.

    Each row is looked up by itself (OFFSET 0): with the statistics of a fresh table the planner would compare every
    row with every other one.

    What the user `draft_of` had begun on them is finished with this: that user's drafts are deleted.
    """
    await db.execute(
        "WITH before AS (SELECT given.id, p.*"
        "  FROM unnest(%(ids)s::text[], %(history_ids)s::text[]) AS given(row_id, id)"
        "  CROSS JOIN LATERAL (SELECT data_row_id, state, priority, enqueued_at FROM project_data_rows"
        "   WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        "   AND data_row_id = given.row_id OFFSET 0) AS p),"
        " moved AS (UPDATE project_data_rows AS p SET state = %(state)s, last_activity_at = %(moment)s,"
        "  labels_done = greatest(p.labels_done + %(labels_added)s, 0)"
        "  WHERE p.organization_id = %(organization_id)s AND p.project_id = %(project_id)s"
        "  AND p.data_row_id = ANY(%(ids)s)),"
        " queued AS (INSERT INTO queue_slots (organization_id, project_id, queue, priority, enqueued_at,"
        "  data_row_id, slot, assigned_to) SELECT %(organization_id)s, %(project_id)s, %(queue)s, priority,"
        "  %(moment)s, data_row_id, 0, %(assigned_to)s FROM before WHERE %(queue)s::text IS NOT NULL"
        "  ON CONFLICT DO NOTHING),"
        " finished AS (DELETE FROM drafts WHERE organization_id = %(organization_id)s"
        "  AND project_id = %(project_id)s AND data_row_id = ANY(%(ids)s) AND user_id = %(draft_of)s)"
        " INSERT INTO workflow_history (organization_id, project_id, data_row_id, id, action, previous_state,"
        "  next_state, created_by, created_at) SELECT %(organization_id)s, %(project_id)s, data_row_id, id,"
        "  %(action)s, state, %(state)s, %(actor)s, %(moment)s FROM before",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "ids": data_row_ids,
            "state": state,
            "labels_added": labels_added,
            "queue": queue,
            "assigned_to": assigned_to,
            "action": action,
            "actor": actor,
            "history_ids": history_ids,
            "moment": moment,
            "draft_of": draft_of,
        },
    )


async def count_label(db: Database, organization_id: str, project_id: str, data_row_id: str, by: int) -> None:
    """A row has a label more or less, and stays where it is."""
    await db.execute(
        "UPDATE project_data_rows SET labels_done = greatest(labels_done + %(by)s, 0), last_activity_at = now()"
        " WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s AND data_row_id = %(id)s",
        {"organization_id": organization_id, "project_id": project_id, "id": data_row_id, "by": by},
    )


async def count_states(
    db: Database, organization_id: str, project_ids: list[str]
) -> dict[str, dict[str, int]]:
    """Rows by project and state."""
    rows = await db.fetch_all(
        "SELECT project_id, state, count(*) FROM project_data_rows WHERE organization_id = %(organization_id)s"
        " AND project_id = ANY(%(ids)s) GROUP BY project_id, state",
        {"organization_id": organization_id, "ids": project_ids},
    )
    counts: dict[str, dict[str, int]] = {project_id: {} for project_id in project_ids}
    for project_id, state, count in rows:
        counts[project_id][state] = count
    return counts


async def count_states_of_batches(
    db: Database, organization_id: str, project_id: str, batch_ids: list[str] | None
) -> tuple[dict[str, int], int]:
    """Rows of a project (or of some of its batches) by state, and how many of them have a label."""
    rows = await db.fetch_all(
        "SELECT state, count(*), count(*) FILTER (WHERE labels_done > 0 AND state <> 'SKIPPED')"
        " FROM project_data_rows WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        " AND (%(batches)s::text[] IS NULL OR batch_id = ANY(%(batches)s)) GROUP BY state",
        {"organization_id": organization_id, "project_id": project_id, "batches": batch_ids},
    )
    return {row[0]: row[1] for row in rows}, sum(row[2] for row in rows)


async def upsert_draft(
    db: Database,
    organization_id: str,
    project_id: str,
    data_row_id: str,
    user_id: str,
    annotations: str,
    seconds: float,
) -> str:
    """Keeps unfinished work; when it was saved."""
    saved: str = await db.fetch_value(
        "INSERT INTO drafts (organization_id, project_id, data_row_id, user_id, annotations, seconds_spent)"
        " VALUES (%(organization_id)s, %(project_id)s, %(data_row_id)s, %(user_id)s, %(annotations)s::json,"
        " %(seconds)s) ON CONFLICT (organization_id, project_id, data_row_id, user_id) DO UPDATE SET"
        " annotations = excluded.annotations, seconds_spent = excluded.seconds_spent, updated_at = now()"
        f" RETURNING {MOMENT_SQL.format('updated_at')}",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "data_row_id": data_row_id,
            "user_id": user_id,
            "annotations": annotations,
            "seconds": seconds,
        },
    )
    return saved


async def delete_draft(
    db: Database, organization_id: str, project_id: str, data_row_id: str, user_id: str
) -> None:
    """The work is finished."""
    await db.execute(
        "DELETE FROM drafts WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        " AND data_row_id = %(data_row_id)s AND user_id = %(user_id)s",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "data_row_id": data_row_id,
            "user_id": user_id,
        },
    )


async def select_comments(
    db: Database, organization_id: str, project_id: str, data_row_ids: list[str]
) -> dict[str, list[ReviewComment]]:
    """Reviewers' remarks by row, newest first."""
    created, updated = MOMENT_SQL.format("created_at"), MOMENT_SQL.format("updated_at")
    rows = await db.fetch_all(
        f"SELECT data_row_id, id, comment, score, created_by, {created}, {updated} FROM reviews"
        " WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s"
        " AND data_row_id = ANY(%(ids)s) AND comment IS NOT NULL AND deleted_at IS NULL ORDER BY id DESC",
        {"organization_id": organization_id, "project_id": project_id, "ids": data_row_ids},
    )
    found: dict[str, list[ReviewComment]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(ReviewComment(*row[1:]))
    return found


async def select_pre_labels(
    db: Database, organization_id: str, project_id: str, data_row_ids: list[str]
) -> list[tuple[str, str, Any]]:
    """Pre-labels of rows: row, part of the label document, annotation; in the order of the import."""
    rows = await db.fetch_all(
        "SELECT data_row_id, part, annotation FROM pre_labels WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s AND data_row_id = ANY(%(ids)s) ORDER BY data_row_id, created_at, uuid",
        {"organization_id": organization_id, "project_id": project_id, "ids": data_row_ids},
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def select_project_rows(
    db: Database,
    organization_id: str,
    project_id: str,
    *,
    after: str,
    first: int,
    state: str | None,
    search: str | None,
) -> list[ProjectDataRow]:
    """A page of a project's table of rows. Those in a state are read from the primary key alone."""
    standing = (
        "(SELECT s.data_row_id FROM project_data_rows AS s WHERE s.organization_id = %(organization_id)s"
        "  AND s.project_id = %(project_id)s AND s.data_row_id > %(after)s AND s.state = %(state)s"
        "  ORDER BY s.data_row_id OFFSET 0) AS standing JOIN project_data_rows AS p USING (data_row_id)"
    )
    return await db.fetch_records(
        ProjectDataRow,
        "SELECT p.data_row_id AS data_row, p.state, CASE WHEN p.priority < 2147483648 THEN p.priority END AS priority,"
        " b.name AS batch_name, p.labels_done AS label_count,"
        f" {MOMENT_SQL.format('p.last_activity_at')} AS last_activity_at"
        f" FROM {standing if state else 'project_data_rows AS p'}"
        " JOIN data_rows AS d ON d.organization_id = p.organization_id"
        " AND d.id = p.data_row_id AND d.deleted_at IS NULL LEFT JOIN batches AS b"
        " ON b.organization_id = p.organization_id AND b.id = p.batch_id"
        " WHERE p.organization_id = %(organization_id)s AND p.project_id = %(project_id)s"
        " AND p.data_row_id > %(after)s"
        " AND (%(search)s::text IS NULL OR starts_with(d.external_id, %(search)s)"
        " OR starts_with(d.global_key, %(search)s)) ORDER BY p.data_row_id LIMIT %(first)s",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "after": after,
            "first": first,
            "state": state,
            "search": search,
        },
    )
