"""SQL for reviews."""

from __future__ import annotations

from typing import Any

from labelyard.access import visibility
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows
from labelyard.quality.records import ReviewRecord

_LIVE = "rv.organization_id = %(organization_id)s AND rv.deleted_at IS NULL"
# a review is listed as long as its label is, whatever has taken that away
_OF_LIVE_LABEL = (
    "EXISTS (SELECT 1 FROM labels AS reviewed JOIN data_rows AS labeled"
    " ON labeled.organization_id = reviewed.organization_id AND labeled.id = reviewed.data_row_id"
    " WHERE reviewed.organization_id = rv.organization_id AND reviewed.id = rv.label_id"
    " AND reviewed.deleted_at IS NULL AND labeled.deleted_at IS NULL)"
)


def reviews(context: Context) -> Rows:
    """Live reviews of live labels in projects that the caller may open."""
    rows = Rows(
        "reviews AS rv",
        f"{_LIVE} AND {_OF_LIVE_LABEL}",
        {"organization_id": context.organization_id},
        "rv.id",
    )
    return visibility.in_projects(rows, context, "rv.project_id")


async def insert_review(
    db: Database,
    *,
    organization_id: str,
    review_id: str,
    project_id: str,
    label_id: str,
    data_row_id: str,
    score: float,
    comment: str | None,
    created_by: str,
) -> None:
    """A new review."""
    await db.execute(
        "INSERT INTO reviews (organization_id, id, project_id, label_id, data_row_id, score, comment, created_by)"
        " VALUES (%(organization_id)s, %(id)s, %(project_id)s, %(label_id)s, %(data_row_id)s, %(score)s,"
        " %(comment)s, %(created_by)s)",
        {
            "organization_id": organization_id,
            "id": review_id,
            "project_id": project_id,
            "label_id": label_id,
            "data_row_id": data_row_id,
            "score": score,
            "comment": comment,
            "created_by": created_by,
        },
    )


async def select_review(db: Database, organization_id: str, review_id: str) -> ReviewRecord | None:
    """One live review of a live label."""
    return await db.fetch_record(
        ReviewRecord,
        f"SELECT rv.id, rv.project_id, rv.label_id, rv.score FROM reviews AS rv WHERE {_LIVE} AND rv.id = %(id)s"
        f" AND {_OF_LIVE_LABEL}",
        {"organization_id": organization_id, "id": review_id},
    )


async def update_review(db: Database, organization_id: str, review_id: str, values: dict[str, Any]) -> None:
    """Changes score or deleted_at."""
    assignments = "".join(f"{name} = %({name})s, " for name in values)
    await db.execute(
        f"UPDATE reviews SET {assignments}updated_at = now()"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {**values, "organization_id": organization_id, "id": review_id},
    )


async def count_labels_by_net_score(db: Database, organization_id: str, project_id: str) -> dict[str, int]:
    """Listed labels by the sign of the sum of their reviews' scores; `None` are those without a review."""
    rows = await db.fetch_all(
        "SELECT CASE WHEN total IS NULL THEN 'None' WHEN total < 0 THEN 'Negative' WHEN total > 0 THEN 'Positive'"
        " ELSE 'Zero' END AS net, count(*) FROM labels AS l JOIN data_rows AS d"
        " ON d.organization_id = l.organization_id AND d.id = l.data_row_id AND d.deleted_at IS NULL"
        " LEFT JOIN (SELECT rv.label_id, sum(rv.score) AS total FROM reviews AS rv"
        f"  WHERE {_LIVE} AND rv.project_id = %(project_id)s GROUP BY rv.label_id) AS sums ON sums.label_id = l.id"
        " WHERE l.organization_id = %(organization_id)s AND l.project_id = %(project_id)s"
        " AND l.deleted_at IS NULL GROUP BY 1",
        {"organization_id": organization_id, "project_id": project_id},
    )
    return {row[0]: row[1] for row in rows}
