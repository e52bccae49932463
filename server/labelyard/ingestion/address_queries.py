"""SQL for the ranges of data rows by address that nobody has looked at yet."""

from __future__ import annotations

from datetime import datetime

from labelyard.ingestion.records import UnprobedRange
from labelyard.plumbing.database import Database


async def insert_range(
    db: Database, organization_id: str, range_id: str, first_id: str, last_id: str, user_id: str
) -> None:
    """Rows from id to id are to be looked at."""
    await db.execute(
        "INSERT INTO unprobed_ranges (organization_id, id, first_id, last_id, user_id) VALUES"
        " (%(organization_id)s, %(id)s, %(first_id)s, %(last_id)s, %(user_id)s)",
        {
            "organization_id": organization_id,
            "id": range_id,
            "first_id": first_id,
            "last_id": last_id,
            "user_id": user_id,
        },
    )


async def insert_single_ranges(
    db: Database, organization_id: str, range_ids: list[str], row_ids: list[str], user_id: str
) -> None:
    """Each of the rows is to be looked at."""
    await db.execute(
        "INSERT INTO unprobed_ranges (organization_id, id, first_id, last_id, user_id)"
        " SELECT %(organization_id)s, given.range_id, given.row_id, given.row_id, %(user_id)s"
        " FROM unnest(%(range_ids)s::text[], %(row_ids)s::text[]) AS given(range_id, row_id)",
        {
            "organization_id": organization_id,
            "range_ids": range_ids,
            "row_ids": row_ids,
            "user_id": user_id,
        },
    )


async def lease_range(db: Database, until: datetime) -> UnprobedRange | None:
    """The range that is due longest, which is nobody else's until then; None when none is due."""
    return await db.fetch_record(
        UnprobedRange,
        "UPDATE unprobed_ranges SET due_at = %(until)s WHERE (organization_id, id) IN ("
        " SELECT organization_id, id FROM unprobed_ranges WHERE due_at <= now() ORDER BY due_at LIMIT 1"
        " FOR UPDATE SKIP LOCKED) RETURNING organization_id, id, first_id, last_id, user_id, attempts",
        {"until": until},
    )


async def advance_range(db: Database, found: UnprobedRange, after_id: str) -> None:
    """Everything up to an id was looked at; the rest is due behind other ranges."""
    await db.execute(
        "UPDATE unprobed_ranges SET first_id = %(after_id)s || '!', due_at = now(), attempts = 0"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": found.organization_id, "id": found.id, "after_id": after_id},
    )


async def postpone_range(db: Database, found: UnprobedRange, most: int) -> None:
    """No host of the page could be reached: later, ever later, and after so many attempts no more."""
    await db.execute(
        "WITH given_up AS (DELETE FROM unprobed_ranges WHERE organization_id = %(organization_id)s AND id = %(id)s"
        "  AND attempts + 1 >= %(most)s)"
        " UPDATE unprobed_ranges SET attempts = attempts + 1, due_at = now() + interval '1 minute' * 4 ^ attempts"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s AND attempts + 1 < %(most)s",
        {"organization_id": found.organization_id, "id": found.id, "most": most},
    )


async def delete_range(db: Database, found: UnprobedRange) -> None:
    """Everything was looked at."""
    await db.execute(
        "DELETE FROM unprobed_ranges WHERE organization_id = %(organization_id)s AND id = %(id)s",
        {"organization_id": found.organization_id, "id": found.id},
    )
