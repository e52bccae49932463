"""Create, change and delete datasets."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.datasets import queries
from labelyard.datasets.records import Dataset
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id


async def create_dataset(context: Context, *, name: str, description: str = "") -> str:
    """A new dataset; its id. Raises Malformed for a blank name."""
    access.require(context, Permission.IMPORT_DATA)
    dataset_id = new_id()
    await queries.insert_dataset(
        context.database,
        organization_id=context.organization_id,
        dataset_id=dataset_id,
        name=_checked_name(name),
        description=description,
        created_by=context.user_id,
    )
    await access.note(context, "create dataset", dataset_id)
    return dataset_id


async def get_dataset(context: Context, dataset_id: str) -> Dataset:
    """One live dataset. Raises NotFound."""
    dataset = await queries.select_dataset(context.database, context.organization_id, dataset_id)
    if dataset is None:
        raise errors.NotFound(f"There is no dataset with id {dataset_id}.")
    return dataset


async def live_ids(context: Context, ids: list[str]) -> set[str]:
    """Those of the ids that are live datasets of the organization."""
    return await queries.select_live_ids(context.database, context.organization_id, ids)


async def update_dataset(
    context: Context, *, dataset_id: str, name: str | None = None, description: str | None = None
) -> str:
    """Changes what is given. Raises NotFound, or Malformed for a blank name."""
    access.require(context, Permission.IMPORT_DATA)
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = _checked_name(name)
    if description is not None:
        values["description"] = description
    if not await queries.update_dataset(context.database, context.organization_id, dataset_id, **values):
        raise errors.NotFound(f"There is no dataset with id {dataset_id}.")
    await access.note(context, "update dataset", dataset_id)
    return dataset_id


async def delete_dataset(context: Context, *, dataset_id: str) -> None:
    """Deletes a dataset; its rows go with it (see data_rows). Raises NotFound."""
    access.require(context, Permission.IMPORT_DATA)
    if not await queries.update_dataset(
        context.database, context.organization_id, dataset_id, deleted_at=context.now
    ):
        raise errors.NotFound(f"There is no dataset with id {dataset_id}.")
    await access.note(context, "delete dataset", dataset_id)


async def count_rows(context: Context, changes: dict[str, int]) -> None:
    """Moves the row counts of datasets by what was added or deleted."""
    await queries.add_to_row_counts(context.database, context.organization_id, changes)


def _checked_name(name: str) -> str:
    if not name or not name.strip():
        raise errors.Malformed("A dataset needs a name that is not blank.")
    return name
