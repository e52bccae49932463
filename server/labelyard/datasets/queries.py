"""SQL for datasets."""

from __future__ import annotations

from typing import Any

from labelyard.access import visibility
from labelyard.datasets.records import Dataset
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.source import Rows


def datasets(context: Context) -> Rows:
    """Live datasets that the caller may see: all, or those of one's projects."""
    rows = Rows(
        "datasets AS ds",
        "ds.organization_id = %(organization_id)s AND ds.deleted_at IS NULL",
        {"organization_id": context.organization_id},
        "ds.id",
    )
    if context.actor.sees_every_project:
        return rows
    return visibility.holding_own_rows(rows, context, "ds.id")


async def insert_dataset(
    db: Database, *, organization_id: str, dataset_id: str, name: str, description: str, created_by: str
) -> None:
    """A new dataset."""
    await db.execute(
        "INSERT INTO datasets (organization_id, id, name, description, created_by) VALUES"
        " (%(organization_id)s, %(id)s, %(name)s, %(description)s, %(created_by)s)",
        {
            "organization_id": organization_id,
            "id": dataset_id,
            "name": name,
            "description": description,
            "created_by": created_by,
        },
    )


async def select_dataset(db: Database, organization_id: str, dataset_id: str) -> Dataset | None:
    """One live dataset."""
    return await db.fetch_record(
        Dataset,
        "SELECT id, name, row_count FROM datasets"
        " WHERE organization_id = %(organization_id)s AND id = %(id)s AND deleted_at IS NULL",
        {"organization_id": organization_id, "id": dataset_id},
    )


async def select_live_ids(db: Database, organization_id: str, ids: list[str]) -> set[str]:
    """Those of the ids that are live datasets."""
    return set(
        await db.fetch_column(
            "SELECT id FROM datasets WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s)"
            " AND deleted_at IS NULL",
            {"organization_id": organization_id, "ids": ids},
        )
    )


async def update_dataset(db: Database, organization_id: str, dataset_id: str, **values: Any) -> bool:
    """Changes name, description or deleted_at; False when there is no such live dataset."""
    assignments = "".join(f"{name} = %({name})s, " for name in values)
    return (
        await db.execute(
            f"UPDATE datasets SET {assignments}updated_at = now()"
            " WHERE organization_id = %(organization_id)s AND id = %(id)s AND deleted_at IS NULL",
            {**values, "organization_id": organization_id, "id": dataset_id},
        )
        == 1
    )


async def add_to_row_counts(db: Database, organization_id: str, changes: dict[str, int]) -> None:
    """Moves the row counts of datasets; in the order of their ids, so that two imports never wait for each other."""
    ids = sorted(changes)
    await db.execute(
        "UPDATE datasets SET row_count = row_count + change.by, updated_at = now()"
        " FROM unnest(%(ids)s::text[], %(by)s::int[]) AS change(id, by)"
        " WHERE organization_id = %(organization_id)s AND datasets.id = change.id",
        {"organization_id": organization_id, "ids": ids, "by": [changes[key] for key in ids]},
    )
