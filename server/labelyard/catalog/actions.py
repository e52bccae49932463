"""Save searches as slices, and list the data rows in them."""

from __future__ import annotations

from typing import Any

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.catalog import queries, rules, search
from labelyard.catalog.records import DataRowIdentifier, DataRowIdentifierPage, SavedQueryIdPage, Slice
from labelyard.formats.search_filter import search_items
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.plumbing.ids import new_id
from labelyard.plumbing.records import PageInfo


async def create_slice(context: Context, *, name: str, description: str, given: Any) -> str:
    """Saves a search; its id. Raises Malformed for a filter that cannot be read, Conflict for a taken name."""
    access.require(context, Permission.VIEW_CATALOG)
    rules.read_filter(given)
    slice_id = new_id()
    if not await queries.insert_slice(
        context.database,
        organization_id=context.organization_id,
        slice_id=slice_id,
        name=rules.check_name(name),
        description=description,
        filter_text=orjson.dumps(given).decode(),
        created_by=context.user_id,
    ):
        raise errors.Conflict(f'There is a slice "{name}" already.')
    await access.note(context, "create slice", slice_id)
    return slice_id


async def update_slice(
    context: Context, *, slice_id: str, name: str | None, description: str | None, given: Any
) -> str:
    """Changes what is given. Raises NotFound, and as `create_slice`."""
    await get_slice(context, slice_id)
    values: dict[str, Any] = {}
    if name is not None:
        if await queries.is_name_taken(
            context.database, context.organization_id, rules.check_name(name), slice_id
        ):
            raise errors.Conflict(f'There is a slice "{name}" already.')
        values["name"] = name
    if description is not None:
        values["description"] = description
    if given is not None:
        rules.read_filter(given)
        values["filter"] = orjson.dumps(given).decode()
    await queries.update_slice(context.database, context.organization_id, slice_id, values)
    return slice_id


async def delete_slice(context: Context, slice_id: str) -> str:
    """Deletes a slice; the data rows in it stay. Raises NotFound."""
    access.require(context, Permission.VIEW_CATALOG)
    if not await queries.delete_slice(context.database, context.organization_id, slice_id):
        raise errors.NotFound(f"There is no slice with id {slice_id}.")
    await access.note(context, "delete slice", slice_id)
    return slice_id


async def get_slice(context: Context, slice_id: str) -> Slice:
    """One slice. Raises NotFound, NotPermitted."""
    access.require(context, Permission.VIEW_CATALOG)
    found = await queries.select_slice(context.database, context.organization_id, slice_id)
    if found is None:
        raise errors.NotFound(f"There is no slice with id {slice_id}.")
    return found


async def slice_ids(context: Context) -> list[str]:
    """All slices."""
    access.require(context, Permission.VIEW_CATALOG)
    return await queries.select_slice_ids(context.database, context.organization_id)


def items_of(found: Slice) -> list[Any]:
    """The search items of a slice."""
    return search_items(decoded(found.filter))


async def page_of_ids(context: Context, *, slice_id: str, after: str | None, first: int) -> SavedQueryIdPage:
    """Ids of the data rows that are in a slice now. Raises NotFound, Malformed."""
    total, rows, info = await _page(context, slice_id, after, first)
    return SavedQueryIdPage(total, [row.id for row in rows], info)


async def page_of_identifiers(
    context: Context, *, slice_id: str, after: str | None, first: int
) -> DataRowIdentifierPage:
    """Both names of the data rows that are in a slice now. Raises NotFound, Malformed."""
    return DataRowIdentifierPage(*await _page(context, slice_id, after, first))


async def _page(
    context: Context, slice_id: str, after: str | None, first: int
) -> tuple[int, list[DataRowIdentifier], PageInfo]:
    found = await get_slice(context, slice_id)
    filters = rules.read_filter(decoded(found.filter))
    rows = search.found_rows(context.organization_id, None, filters)
    last, total = rules.read_cursor(after)
    if total is None:
        total = await queries.count_rows(context.database, rows)
    size = rules.check_first(first)
    page = await queries.select_page(context.database, rows, last, size)
    more = len(page) == size
    return total, page, PageInfo(rules.cursor(page[-1].id, total) if more else None, more)
