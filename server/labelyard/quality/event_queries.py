"""SQL for what webhooks are told of reviews."""

from __future__ import annotations

from labelyard.plumbing.database import Database
from labelyard.quality.records import ReviewEvent


async def select_review_events(
    db: Database, organization_id: str, review_ids: list[str]
) -> list[ReviewEvent]:
    """Reviews, whether they are still there or deleted."""
    return await db.fetch_records(
        ReviewEvent,
        "SELECT rv.id, rv.label_id, rv.score, rv.comment, rv.created_at, rv.updated_at,"
        " rv.deleted_at IS NOT NULL AS deleted, rv.created_by, u.email FROM reviews AS rv"
        " JOIN users AS u ON u.organization_id = rv.organization_id AND u.id = rv.created_by"
        " WHERE rv.organization_id = %(organization_id)s AND rv.id = ANY(%(ids)s)",
        {"organization_id": organization_id, "ids": review_ids},
    )
