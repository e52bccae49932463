"""Aggregates over labels."""

from __future__ import annotations

from labelyard.performance.records import LabelerPerformance
from labelyard.plumbing.database import Database
from labelyard.plumbing.scalars import MOMENT_SQL


async def select_labeler_performance(
    db: Database, organization_id: str, project_id: str, *, only: str | None, skip: int, first: int
) -> list[LabelerPerformance]:
    """Everybody with a listed label in the project (or one person), in the order of their ids."""
    last = MOMENT_SQL.format("max(l.updated_at)")
    return await db.fetch_records(
        LabelerPerformance,
        "SELECT l.created_by AS user, count(*) AS count, sum(l.seconds_to_label) / count(*) AS seconds_per_label,"
        " sum(l.seconds_to_label) AS total_time_labeling, avg(l.agreement) * 100 AS consensus,"
        f" avg(l.benchmark_agreement) * 100 AS average_benchmark_agreement, {last} AS last_activity_time"
        " FROM labels AS l JOIN data_rows AS d"
        " ON d.organization_id = l.organization_id AND d.id = l.data_row_id AND d.deleted_at IS NULL"
        " WHERE l.organization_id = %(organization_id)s AND l.project_id = %(project_id)s"
        " AND l.deleted_at IS NULL AND (%(only)s::text IS NULL OR l.created_by = %(only)s)"
        " GROUP BY l.created_by ORDER BY l.created_by LIMIT %(first)s OFFSET %(skip)s",
        {
            "organization_id": organization_id,
            "project_id": project_id,
            "only": only,
            "skip": skip,
            "first": first,
        },
    )
