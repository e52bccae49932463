"""SQL for batches and for rows entering a project."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import psycopg

from labelyard.access import visibility
from labelyard.batches.records import BatchRecord, Wanted
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows

_LIVE = "b.organization_id = %(organization_id)s AND b.deleted_at IS NULL"
_RECORD = "b.id, b.project_id, b.name, b.size, b.priority, b.number_of_labels, b.coverage_percentage"


def batches(context: Context) -> Rows:
    """Live batches of projects that the caller may open."""
    rows = Rows("batches AS b", _LIVE, {"organization_id": context.organization_id}, "b.id")
    return visibility.in_projects(rows, context, "b.project_id")


async def insert_batches(
    db: Database,
    *,
    organization_id: str,
    project_id: str,
    ids: list[str],
    names: list[str],
    priority: int,
    labels: int | None,
    share: float | None,
    created_by: str,
) -> list[str]:
    """New, empty batches; the ids of those whose name was free."""
    return await db.fetch_column(
        "INSERT INTO batches (organization_id, id, project_id, name, priority, number_of_labels,"
        " coverage_percentage, created_by) SELECT %(organization_id)s, id, %(project_id)s, name, %(priority)s,"
        " %(labels)s, %(share)s, %(created_by)s FROM unnest(%(ids)s::text[], %(names)s::text[]) AS given(id, name)"
        " ON CONFLICT DO NOTHING RETURNING id",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "ids": ids,
            "names": names,
            "priority": priority,
            "labels": labels,
            "share": share,
            "created_by": created_by,
        },
    )


async def select_taken_names(
    db: Database, organization_id: str, project_id: str, names: list[str]
) -> list[str]:
    """Those of the names that a live batch of the project has."""
    return await db.fetch_column(
        f"SELECT b.name FROM batches AS b WHERE {_LIVE} AND b.project_id = %(project_id)s"
        " AND b.name = ANY(%(names)s) ORDER BY b.name",
        {"organization_id": organization_id, "project_id": project_id, "names": names},
    )


async def select_batch(
    db: Database, organization_id: str, batch_id: str, *, lock: bool = False
) -> BatchRecord | None:
    """One live batch."""
    return await db.fetch_record(
        BatchRecord,
        f"SELECT {_RECORD} FROM batches AS b WHERE {_LIVE} AND b.id = %(id)s"
        + (" FOR UPDATE" if lock else ""),
        {"organization_id": organization_id, "id": batch_id},
    )


async def select_page(rows: Rows, db: Database, project_id: str, after: str, first: int) -> list[str]:
    """Ids of a page of a project's batches."""
    narrowed = rows.narrowed(
        "b.project_id = %(_project)s AND b.id > %(_after)s", _project=project_id, _after=after
    )
    return await db.fetch_column(
        f"SELECT b.id FROM {narrowed.tables} WHERE {narrowed.where} ORDER BY b.id LIMIT %(first)s",
        {**narrowed.params, "first": first},
    )


async def add_to_size(db: Database, organization_id: str, batch_id: str, by: int) -> None:
    """A batch has grown or shrunk."""
    await db.execute(
        "UPDATE batches SET size = size + %(by)s, updated_at = now()"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": organization_id, "id": batch_id, "by": by},
    )


async def delete_batch(db: Database, organization_id: str, batch_id: str) -> None:
    """The batch is no more."""
    await db.execute(
        "UPDATE batches SET deleted_at = now() WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": organization_id, "id": batch_id},
    )


ROW_COLUMNS = (
    "organization_id",
    "project_id",
    "data_row_id",
    "batch_id",
    "source",
    "priority",
    "enqueued_at",
    "labels_required",
    "last_activity_at",
)
SLOT_COLUMNS = ("organization_id", "project_id", "queue", "priority", "enqueued_at", "data_row_id", "slot")
# which rows are drawn for several labels: by a hash, so that it comes out the same again
_IS_DRAWN = (
    "row_number() OVER (ORDER BY hashtextextended(d.id || coalesce(%(batch_id)s, ''), 0), d.id)"
    " <= round(count(*) OVER () * %(share)s::float)"
)
# each row is looked up by itself (OFFSET 0): the planner would else read the whole table for a step of it
_LIVE_ROW = (
    "(SELECT d.id, d.created_at, d.media_type, d.processing FROM data_rows AS d"
    " WHERE d.organization_id = %(organization_id)s AND d.id = wanted.id AND d.deleted_at IS NULL OFFSET 0)"
)
_ONE_OF = (  # ids have no commas, and one long text is read sooner than an array
    "d.organization_id = %(organization_id)s AND d.id = ANY(string_to_array(%(ids)s, ',')) AND d.deleted_at IS NULL"
)
_MAY_ENTER = (
    "(%(source)s = 'DATASET' OR d.processing <> 'FAILED')"
    " AND (%(media_type)s::text IS NULL OR d.media_type = %(media_type)s OR d.processing = 'FAILED')"
)


async def has_overrides(db: Database, organization_id: str, project_id: str) -> bool:
    """Whether overrides of the project may have a say in how rows enter."""
    found: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM labeling_parameter_overrides WHERE organization_id = %(organization_id)s"
        " AND project_id = %(project_id)s)",
        {"organization_id": organization_id, "project_id": project_id},
    )
    return found


async def count_entering(
    db: Database, organization_id: str, media_type: str | None, source: str, ids: list[str]
) -> int:
    """How many of the rows may enter: to know that it is all of them takes less than to read which they are."""
    count: int = await db.fetch_value(
        f"SELECT count(*) FROM data_rows AS d WHERE {_ONE_OF} AND {_MAY_ENTER}",
        {
            "organization_id": organization_id,
            "media_type": media_type,
            "source": source,
            "ids": ",".join(ids),
        },
    )
    return count


async def select_entering(
    db: Database, organization_id: str, media_type: str | None, wanted: Wanted, ids: list[str]
) -> list[tuple[str, bool]]:
    """Those of the rows that may enter, and whether each was drawn for several labels."""
    is_drawn = _IS_DRAWN if wanted.draws else "FALSE"
    rows = await db.fetch_all(
        f"SELECT d.id, {is_drawn} FROM data_rows AS d WHERE {_ONE_OF} AND {_MAY_ENTER} ORDER BY d.id",
        {
            "organization_id": organization_id,
            "media_type": media_type,
            "batch_id": wanted.batch_id,
            "source": wanted.source,
            "share": wanted.share,
            "ids": ",".join(ids),
        },
    )
    return [(row[0], row[1]) for row in rows]


async def copy_entering(db: Database, rows: Iterable[str], slots: Iterable[str]) -> bool:
    """Writes rows of a project and their slots; False, with nothing written, when one of them is there already."""
    try:
        async with db.transaction():
            await db.copy_text("project_data_rows", ROW_COLUMNS, rows)
            await db.copy_text("queue_slots", SLOT_COLUMNS, slots)
        return True
    except psycopg.errors.UniqueViolation:
        return False


async def enter_project(
    db: Database,
    organization_id: str,
    project_id: str,
    media_type: str | None,
    wanted: Wanted,
    moment: datetime,
) -> list[str]:
    """Puts rows into a project and their slots into its queue, in their order; the ids of those that entered.

    Rows that are there already stay as they are. Which rows of a batch need several labels is drawn by a hash of
    batch and row, so that it comes out the same again: of 1,000 rows and a share of 10 % exactly 100. An override of a
    row's priority or number of labels that was set before it entered counts from now on. Rows are taken in the order
    of their ids, so that transactions which take the same ones wait for each other.
    """
    return await db.fetch_column(
        "WITH wanted AS (SELECT id, place FROM unnest(%(ids)s::text[]) WITH ORDINALITY AS given(id, place)),"
        " entering AS (SELECT d.id, d.created_at, wanted.place, o.priority, o.number_of_labels,"
        f"   {_IS_DRAWN} AS is_drawn"
        f"  FROM wanted CROSS JOIN LATERAL {_LIVE_ROW} AS d"
        "  LEFT JOIN labeling_parameter_overrides AS o ON o.organization_id = %(organization_id)s"
        f"   AND o.project_id = %(project_id)s AND o.data_row_id = d.id WHERE {_MAY_ENTER}),"
        " placed AS (INSERT INTO project_data_rows (organization_id, project_id, data_row_id, batch_id, source,"
        "   priority, plain_priority, enqueued_at, labels_required, plain_labels_required, last_activity_at)"
        "  SELECT %(organization_id)s, %(project_id)s, id, %(batch_id)s, %(source)s,"
        "   coalesce(priority, %(priority)s), CASE WHEN priority IS NOT NULL THEN %(priority)s END,"
        "   CASE WHEN %(source)s = 'DATASET' THEN created_at"
        "    ELSE %(moment)s + place * interval '1 microsecond' END,"
        "   CASE WHEN %(counts_overrides)s THEN coalesce(number_of_labels, drawn) ELSE drawn END,"
        "   CASE WHEN priority IS NOT NULL THEN drawn END, %(moment)s FROM entering CROSS JOIN LATERAL (SELECT"
        "   CASE WHEN is_drawn THEN %(labels)s ELSE 1 END AS drawn) AS lot ORDER BY id ON CONFLICT DO NOTHING"
        "  RETURNING data_row_id, priority, enqueued_at, labels_required),"
        " queued AS (INSERT INTO queue_slots (organization_id, project_id, queue, priority, enqueued_at,"
        "   data_row_id, slot) SELECT %(organization_id)s, %(project_id)s, 'LABEL', priority, enqueued_at,"
        "   data_row_id, slot FROM placed CROSS JOIN LATERAL generate_series(1, labels_required) AS slots(slot))"
        " SELECT data_row_id FROM placed",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "media_type": media_type,
            "ids": wanted.ids,
            "batch_id": wanted.batch_id,
            "source": wanted.source,
            "priority": wanted.priority,
            "labels": wanted.labels,
            "share": wanted.share,
            "counts_overrides": wanted.counts_overrides,
            "moment": moment,
        },
    )


async def select_ids_in_project(
    db: Database, organization_id: str, project_id: str, ids: list[str]
) -> set[str]:
    """Those of the ids that are in the project."""
    return set(
        await db.fetch_column(
            "SELECT data_row_id FROM project_data_rows WHERE organization_id = %(organization_id)s"
            " AND project_id = %(project_id)s AND data_row_id = ANY(%(ids)s)",
            {"organization_id": organization_id, "project_id": project_id, "ids": ids},
        )
    )


async def leave_project(
    db: Database,
    organization_id: str,
    project_id: str,
    *,
    batch_id: str | None = None,
    ids: list[str] | None = None,
) -> int:
    """Takes unlabeled rows of a batch, or these rows whatever their state, out of the project; how many."""
    condition = (
        "p.batch_id = %(batch_id)s AND p.labels_done = 0" if batch_id else "p.data_row_id = ANY(%(ids)s)"
    )
    params: dict[str, object] = {"batch_id": batch_id, "ids": ids or []}
    return len(await _leave(db, organization_id, project_id, condition, params))


async def leave_unlabeled(db: Database, organization_id: str, project_id: str, ids: list[str]) -> set[str]:
    """Takes those of the rows that have no labels out of the project; which."""
    condition = "p.data_row_id = ANY(%(ids)s) AND p.labels_done = 0"
    return set(await _leave(db, organization_id, project_id, condition, {"ids": ids}))


async def _leave(
    db: Database, organization_id: str, project_id: str, condition: str, params: dict[str, object]
) -> list[str]:
    return await db.fetch_column(
        "WITH gone AS (DELETE FROM project_data_rows AS p WHERE p.organization_id = %(organization_id)s"
        f" AND p.project_id = %(project_id)s AND {condition} RETURNING p.data_row_id, p.batch_id),"
        " slots AS (DELETE FROM queue_slots AS s USING gone WHERE s.organization_id = %(organization_id)s"
        "  AND s.project_id = %(project_id)s AND s.data_row_id = gone.data_row_id),"
        " held AS (DELETE FROM reservations AS r USING gone WHERE r.organization_id = %(organization_id)s"
        "  AND r.project_id = %(project_id)s AND r.data_row_id = gone.data_row_id),"
        " smaller AS (UPDATE batches AS b SET size = b.size - fewer.count, updated_at = now() FROM (SELECT batch_id,"
        "   count(*) AS count FROM gone WHERE batch_id IS NOT NULL GROUP BY batch_id) AS fewer"
        "  WHERE b.organization_id = %(organization_id)s AND b.id = fewer.batch_id)"
        " SELECT data_row_id FROM gone",
        {**params, "organization_id": organization_id, "project_id": project_id},
    )


async def count_labeled_rows(db: Database, organization_id: str, batch_id: str) -> int:
    """How many rows of a batch have labels."""
    count: int = await db.fetch_value(
        "SELECT count(*) FROM project_data_rows WHERE organization_id = %(organization_id)s"
        " AND batch_id = %(batch_id)s AND labels_done > 0",
        {"organization_id": organization_id, "batch_id": batch_id},
    )
    return count


async def select_projects_holding(
    db: Database, organization_id: str, ids: list[str]
) -> list[tuple[str, list[str]]]:
    """The projects that hold any of the rows, and which."""
    rows = await db.fetch_all(
        "SELECT project_id, array_agg(data_row_id) FROM project_data_rows"
        " WHERE organization_id = %(organization_id)s AND data_row_id = ANY(%(ids)s) GROUP BY project_id ORDER BY 1",
        {"organization_id": organization_id, "ids": ids},
    )
    return [(row[0], row[1]) for row in rows]


async def leave_with_dataset(db: Database, organization_id: str, project_id: str, dataset_id: str) -> int:
    """Takes the unlabeled rows that came with a dataset out of the project; how many."""
    ids = await db.fetch_column(
        "SELECT p.data_row_id FROM project_data_rows AS p JOIN data_rows AS d ON d.organization_id ="
        " p.organization_id AND d.id = p.data_row_id WHERE p.organization_id = %(organization_id)s"
        " AND p.project_id = %(project_id)s AND p.source = 'DATASET' AND p.labels_done = 0"
        " AND d.dataset_id = %(dataset_id)s",
        {"organization_id": organization_id, "project_id": project_id, "dataset_id": dataset_id},
    )
    return await leave_project(db, organization_id, project_id, ids=ids) if ids else 0
