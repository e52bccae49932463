"""Change and delete data rows; attachments."""

from __future__ import annotations

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.data_rows import queries, rules
from labelyard.data_rows.records import (
    DataRow,
    DataRowChange,
    DataRowPage,
    DataRowsProcessedResult,
    ExternalIdPair,
    Probed,
)
from labelyard.datasets import actions as datasets
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id
from labelyard.plumbing.records import PageInfo
from labelyard.plumbing.source import Rows

_DELETED_AT_ONCE = 20_000
_ASKED_AT_ONCE = 20_000


async def get_data_rows(context: Context, ids: list[str]) -> dict[str, DataRow]:
    """Live data rows of the organization by id; missing ones are left out."""
    rows = await queries.select_data_rows(context.database, context.organization_id, ids)
    return {row.id: row for row in rows}


async def get_data_row(context: Context, data_row_id: str) -> DataRow:
    """One live data row. Raises NotFound."""
    rows = await get_data_rows(context, [data_row_id])
    if data_row_id not in rows:
        raise errors.NotFound(f"There is no data row with id {data_row_id}.")
    return rows[data_row_id]


async def ids_of_keys(context: Context, keys: list[str]) -> dict[str, str]:
    """Global key -> id of the live data rows that have one of the keys."""
    return await queries.select_ids_of_keys(context.database, context.organization_id, keys)


async def live_ids(context: Context, ids: list[str]) -> set[str]:
    """Those of the ids that are live data rows of the organization."""
    return await queries.select_live_ids(context.database, context.organization_id, ids)


async def ids_in_order(context: Context, names: list[str], *, are_keys: bool) -> list[str | None]:
    """For each name, an id or a global key, the id of the live row that has it, or None.

    A million names hold nobody up: they are read step by step.
    """
    db, organization = context.database, context.organization_id
    if len(names) > _ASKED_AT_ONCE:
        found: list[str | None] = []
        async with queries.stream_named(db, organization, names, are_keys) as rows:
            async for (row_id,) in rows:
                found.append(row_id)
        return found
    if are_keys:
        return list(map((await ids_of_keys(context, names)).get, names))
    live = await live_ids(context, names)
    return [name if name in live else None for name in names]


async def ids_of_dataset(context: Context, dataset_id: str, *, after: str, limit: int) -> list[str]:
    """A page of the live rows of a dataset, by id."""
    return await queries.select_ids_of_dataset(
        context.database, context.organization_id, dataset_id, after, limit
    )


async def page_of_dataset(
    context: Context, rows: Rows, *, dataset_id: str, before: str | None, first: int
) -> DataRowPage:
    """Rows of a dataset from newest to oldest; the cursor is the last id of the page before.

    A deleted dataset has none from that moment on, although its rows are deleted in the background.
    """
    if not await datasets.live_ids(context, [dataset_id]):
        return DataRowPage([], PageInfo(None, False, None))
    narrowed = rows.narrowed("d.dataset_id = %(_dataset)s AND d.processing <> 'FAILED'", _dataset=dataset_id)
    if before:
        narrowed = narrowed.narrowed("d.id < %(_before)s", _before=before)
    ids = await queries.select_page_of_dataset(narrowed, context.database, first)
    more = len(ids) == first
    cursor = ids[-1] if more else None
    return DataRowPage(ids, PageInfo(cursor, more, cursor))


async def external_id_pairs(context: Context, external_ids: list[str]) -> list[ExternalIdPair]:
    """Which data rows have these external ids."""
    access.require(context, Permission.VIEW_CATALOG)
    rules.check_count(len(external_ids))
    return await queries.select_external_ids(context.database, context.organization_id, external_ids)


async def have_been_processed(context: Context, ids: list[str], keys: list[str]) -> DataRowsProcessedResult:
    """Whether all of the rows have been looked into; without any named, all of the organization."""
    access.require(context, Permission.VIEW)
    db, organization = context.database, context.organization_id
    if not await queries.is_any_unprocessed(db, organization):
        return DataRowsProcessedResult(True)
    if not ids and not keys:
        return DataRowsProcessedResult(False)
    for names, column in ((ids, "id"), (keys, "global_key")):
        for start in range(0, len(names), _ASKED_AT_ONCE):
            part = names[start : start + _ASKED_AT_ONCE]
            if await queries.is_any_unprocessed(db, organization, part, column):
                return DataRowsProcessedResult(False)
    return DataRowsProcessedResult(True)


async def update_data_rows(context: Context, changes: list[DataRowChange]) -> dict[int, str]:
    """Makes many changes in the order given, in a few statements; why each one that cannot be made is not, by place.

    A row may be changed several times. A key that another row has, or that an earlier change gave away, is refused.
    """
    access.require(context, Permission.IMPORT_DATA)
    refused: dict[int, str] = {}
    live = await live_ids(context, [change.id for change in changes])
    taken = await ids_of_keys(context, [change.global_key for change in changes if change.global_key])
    rounds: list[dict[str, DataRowChange]] = []
    times: dict[str, int] = {}
    for place, change in enumerate(changes):
        key = change.global_key
        if change.id not in live:
            refused[place] = f"There is no data row with id {change.id}."
        elif key is not None and taken.setdefault(key, change.id) != change.id:
            refused[place] = f"Duplicate global key: '{key}'"
        else:
            times[change.id] = times.get(change.id, 0) + 1
            if times[change.id] > len(rounds):
                rounds.append({})
            rounds[times[change.id] - 1][change.id] = change
    for changed in rounds:
        await queries.update_data_rows(context.database, context.organization_id, list(changed.values()))
    return refused


async def delete_data_rows(context: Context, ids: list[str]) -> list[str]:
    """Deletes data rows and frees their global keys; the ids of those that were there."""
    access.require(context, Permission.IMPORT_DATA)
    rules.check_count(len(ids))
    deleted: list[str] = []
    for start in range(0, len(ids), _DELETED_AT_ONCE):
        gone = await queries.delete_data_rows(
            context.database, context.organization_id, ids[start : start + _DELETED_AT_ONCE]
        )
        changes: dict[str, int] = {}
        for _, dataset_id in gone:
            changes[dataset_id] = changes.get(dataset_id, 0) - 1
        if changes:
            await datasets.count_rows(context, changes)
        deleted.extend(row_id for row_id, _ in gone)
    return deleted


async def note_changed(context: Context, ids: list[str]) -> None:
    """Something that belongs to the rows was changed, which counts as their activity (P-EX-05)."""
    if ids:
        await queries.touch_data_rows(context.database, context.organization_id, sorted(set(ids)))


async def note_probed(context: Context, found: list[Probed]) -> None:
    """Writes down what was found inside uploaded assets."""
    await queries.update_probed(context.database, context.organization_id, found, spare_used=False)


async def note_probed_addresses(context: Context, found: list[Probed]) -> None:
    """Writes down what was found at addresses; a row of a project does not fail any more, its error is only noted."""
    await queries.update_probed(context.database, context.organization_id, found, spare_used=True)


async def page_of_addresses(context: Context, first_id: str, last_id: str, limit: int) -> list[DataRow]:
    """Live rows by address from id to id, in their order, at most so many."""
    return await queries.select_addresses(context.database, context.organization_id, first_id, last_id, limit)


async def add_attachment(
    context: Context, *, data_row_id: str, kind: str, value: str, name: str | None = None
) -> str:
    """A new attachment; its id. Raises NotFound, or Malformed for an empty value."""
    access.require(context, Permission.IMPORT_DATA)
    rules.check_attachment(value)
    await get_data_row(context, data_row_id)
    attachment_id = new_id()
    await queries.insert_attachment(
        context.database,
        context.organization_id,
        attachment_id,
        data_row_id,
        kind,
        value,
        name,
    )
    return attachment_id


async def add_asset_metadata(context: Context, *, data_row_id: str, kind: str, value: str) -> str:
    """A new attachment as the 2.4 reference calls it; its id. Raises as `add_attachment` does."""
    kind = rules.attachment_type(kind, value)
    return await add_attachment(context, data_row_id=data_row_id, kind=kind, value=value)


async def update_attachment(
    context: Context, *, attachment_id: str, name: str | None, kind: str | None, value: str | None
) -> str:
    """Changes what is given. Raises NotFound."""
    access.require(context, Permission.IMPORT_DATA)
    values = {
        key: given for key, given in (("name", name), ("type", kind), ("value", value)) if given is not None
    }
    if not values:
        raise errors.Malformed("Nothing to change: give a name, a type or a value.")
    if not await queries.update_attachment(context.database, context.organization_id, attachment_id, values):
        raise errors.NotFound(f"There is no attachment with id {attachment_id}.")
    return attachment_id


async def delete_attachment(context: Context, *, attachment_id: str) -> str:
    """Deletes an attachment. Raises NotFound."""
    access.require(context, Permission.IMPORT_DATA)
    if not await queries.delete_attachment(context.database, context.organization_id, attachment_id):
        raise errors.NotFound(f"There is no attachment with id {attachment_id}.")
    return attachment_id
