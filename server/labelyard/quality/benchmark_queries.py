"""SQL for benchmarks: one reference label for a data row of a project, and how the other labels compare with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from labelyard.access import visibility
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.ids import new_ids
from labelyard.plumbing.source import Rows
from labelyard.quality.records import BenchmarkRecord

_OF_ROWS = (
    "organization_id = %(organization_id)s AND project_id = %(project_id)s AND data_row_id = ANY(%(rows)s)"
)
# a benchmark is listed as long as its reference label is, whatever has taken that away
_LIVE = (
    "b.organization_id = %(organization_id)s AND EXISTS (SELECT 1 FROM labels AS reference JOIN data_rows AS labeled"
    " ON labeled.organization_id = reference.organization_id AND labeled.id = reference.data_row_id"
    " WHERE reference.organization_id = b.organization_id AND reference.id = b.label_id"
    " AND reference.deleted_at IS NULL AND labeled.deleted_at IS NULL)"
)


def benchmarks(context: Context) -> Rows:
    """Benchmarks of live labels in projects that the caller may open."""
    rows = Rows("benchmarks AS b", _LIVE, {"organization_id": context.organization_id}, "b.id")
    return visibility.in_projects(rows, context, "b.project_id")


async def upsert_references(
    db: Database,
    organization_id: str,
    project_id: str,
    references: Mapping[str, str],
    created_by: str,
    moment: datetime,
) -> None:
    """Makes labels the references of their data rows (data row -> label); a row's earlier reference is none any more.

    The labels of the rows are locked first, in the order of their ids, so that two callers come one after the other.
    """
    params = {
        "organization_id": organization_id,
        "project_id": project_id,
        "rows": list(references),
        "labels": list(references.values()),
        "ids": new_ids(len(references)),
        "created_by": created_by,
        "moment": moment,
    }
    await db.execute(
        f"SELECT FROM labels WHERE {_OF_ROWS} AND deleted_at IS NULL ORDER BY id FOR UPDATE", params
    )
    await db.execute(f"DELETE FROM benchmarks WHERE {_OF_ROWS} AND NOT label_id = ANY(%(labels)s)", params)
    await db.execute(
        "UPDATE labels SET is_benchmark_reference = id = ANY(%(labels)s),"
        " benchmark_agreement = CASE WHEN id = ANY(%(labels)s) THEN NULL ELSE benchmark_agreement END"
        f" WHERE {_OF_ROWS} AND deleted_at IS NULL AND (is_benchmark_reference OR id = ANY(%(labels)s))",
        params,
    )
    await db.execute(
        "INSERT INTO benchmarks (organization_id, id, project_id, data_row_id, label_id, created_by, created_at,"
        " last_activity) SELECT %(organization_id)s, id, %(project_id)s, data_row_id, label_id, %(created_by)s,"
        " %(moment)s, %(moment)s FROM unnest(%(ids)s::text[], %(rows)s::text[], %(labels)s::text[])"
        " AS given(id, data_row_id, label_id) ON CONFLICT DO NOTHING",
        params,
    )


async def select_benchmark(
    db: Database, organization_id: str, *, benchmark_id: str | None = None, label_id: str | None = None
) -> BenchmarkRecord | None:
    """One benchmark, by its id or by its reference label."""
    column = "id" if benchmark_id else "label_id"
    return await db.fetch_record(
        BenchmarkRecord,
        "SELECT b.id, b.project_id, b.data_row_id, b.label_id FROM benchmarks AS b"
        f" WHERE {_LIVE} AND b.{column} = %(id)s",
        {"organization_id": organization_id, "id": benchmark_id or label_id},
    )


async def delete_benchmarks(
    db: Database, organization_id: str, project_id: str, label_ids: list[str]
) -> list[str]:
    """Labels are references no more, and nothing of their rows is compared with them; the rows."""
    return await db.fetch_column(
        "WITH gone AS (DELETE FROM benchmarks WHERE organization_id = %(organization_id)s"
        "  AND project_id = %(project_id)s AND label_id = ANY(%(labels)s) RETURNING data_row_id),"
        " freed AS (UPDATE labels AS l SET is_benchmark_reference = false, benchmark_agreement = NULL FROM gone"
        "  WHERE l.organization_id = %(organization_id)s AND l.project_id = %(project_id)s"
        "  AND l.data_row_id = gone.data_row_id)"
        " SELECT data_row_id FROM gone",
        {"organization_id": organization_id, "project_id": project_id, "labels": label_ids},
    )


async def note_activity(
    db: Database, organization_id: str, project_id: str, data_row_ids: list[str], moment: datetime
) -> None:
    """A label that was compared with the references of these rows is gone."""
    await db.execute(
        f"UPDATE benchmarks SET last_activity = greatest(last_activity, %(moment)s) WHERE {_OF_ROWS}",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "rows": data_row_ids,
            "moment": moment,
        },
    )


async def update_agreements(
    db: Database,
    organization_id: str,
    project_id: str,
    data_row_ids: list[str],
    agreements: Mapping[str, tuple[float | None, float | None]],
) -> None:
    """Writes by label what it has in common with the others and with the reference, and sums up the rows' benchmarks.

    Skips do not count among the labels that were compared with a reference.
    """
    params = {
        "organization_id": organization_id,
        "project_id": project_id,
        "rows": data_row_ids,
        "ids": list(agreements),
        "agreements": [agreement for agreement, _ in agreements.values()],
        "benchmarks": [agreement for _, agreement in agreements.values()],
    }
    await db.execute(
        "UPDATE labels AS l SET agreement = given.agreement, benchmark_agreement = given.benchmark"
        " FROM unnest(%(ids)s::text[], %(agreements)s::float[], %(benchmarks)s::float[])"
        "  AS given(id, agreement, benchmark)"
        " WHERE l.organization_id = %(organization_id)s AND l.id = given.id AND l.deleted_at IS NULL"
        " AND (l.agreement, l.benchmark_agreement) IS DISTINCT FROM (given.agreement, given.benchmark)",
        params,
    )
    await db.execute(
        "UPDATE benchmarks AS b SET average_agreement = compared.average, completed_count = compared.count,"
        " last_activity = greatest(b.last_activity, compared.last) FROM unnest(%(rows)s::text[]) AS given(id)"
        " CROSS JOIN LATERAL (SELECT avg(l.benchmark_agreement) AS average, count(*) AS count,"
        "  max(l.updated_at) AS last FROM labels AS l WHERE l.organization_id = %(organization_id)s"
        "  AND l.data_row_id = given.id AND l.project_id = %(project_id)s AND l.deleted_at IS NULL"
        "  AND NOT l.is_benchmark_reference AND NOT l.skipped) AS compared"
        " WHERE b.organization_id = %(organization_id)s AND b.project_id = %(project_id)s"
        " AND b.data_row_id = given.id",
        params,
    )


async def update_winner(
    db: Database, organization_id: str, project_id: str, data_row_id: str, label_id: str
) -> None:
    """One label of a row stands for all of them."""
    await db.execute(
        "UPDATE labels SET is_consensus_winner = id = %(label_id)s WHERE organization_id = %(organization_id)s"
        " AND data_row_id = %(data_row_id)s AND project_id = %(project_id)s"
        " AND is_consensus_winner <> (id = %(label_id)s)",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "data_row_id": data_row_id,
            "label_id": label_id,
        },
    )
