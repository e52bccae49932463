"""Fields of the metadata ontology, and values on data rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.data_rows import actions as data_rows
from labelyard.metadata import queries, rules
from labelyard.metadata.records import (
    CustomMetadataEntry,
    DataRowCustomMetadataResult,
    MetadataFieldEntry,
    MetadataSchema,
    NewValue,
    StoredValue,
)
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.ids import new_id


async def add_reserved_fields(database: Database, organization_id: str) -> None:
    """What every organization's metadata ontology begins with."""
    for position, field in enumerate(rules.RESERVED):
        await queries.upsert_field(
            database, organization_id, field.id, None, field.name, field.kind, True, position
        )
        for place, option in enumerate(field.options):
            await queries.upsert_field(
                database, organization_id, option.id, field.id, option.name, rules.OPTION, True, place
            )


async def metadata_ontology(context: Context) -> list[MetadataSchema]:
    """Every field with its options."""
    access.require(context, Permission.VIEW)
    return await queries.select_fields(context.database, context.organization_id)


async def fitter(context: Context) -> rules.Fitter:
    """What turns sent values into fitting ones, for the caller's organization."""
    return rules.Fitter(await queries.select_fields(context.database, context.organization_id))


async def upsert_field(
    context: Context, *, field_id: str | None, name: str, kind: str, options: list[dict[str, Any]]
) -> MetadataSchema:
    """A new field, or a new name and new options for one. Raises Malformed, Conflict, NotFound, NotAllowed."""
    access.require(context, Permission.IMPORT_DATA)
    rules.check_field(name, kind, [option["name"] for option in options])
    await queries.hold_fields(context.database, context.organization_id)
    known = {field.id: field for field in await metadata_ontology(context)}
    if any(field.name == name and field.id != field_id for field in known.values()):
        raise errors.Conflict(f'There is a metadata field "{name}" already.')
    before = known.get(field_id or "")
    if field_id and before is None:
        raise errors.NotFound(f"There is no metadata field with id {field_id}.")
    if before is not None and before.reserved:
        raise errors.NotAllowed(f'"{before.name}" is a reserved field and cannot be changed.')
    if before is not None and before.kind != kind:
        raise errors.NotAllowed(f'"{before.name}" is a {before.kind} and cannot become a {kind}.')
    options_before = {option.id for option in (before.options if before else None) or ()}
    for option in options:
        if option.get("id") and option["id"] not in options_before:
            raise errors.NotFound(f'The metadata field "{name}" has no option with id {option["id"]}.')
    chosen = field_id or new_id()
    await queries.upsert_field(
        context.database, context.organization_id, chosen, None, name, kind, False, len(known)
    )
    kept = set()
    for place, option in enumerate(options):
        option_id = option.get("id") or new_id()
        kept.add(option_id)
        await queries.upsert_field(
            context.database,
            context.organization_id,
            option_id,
            chosen,
            option["name"],
            rules.OPTION,
            False,
            place,
        )
    gone = options_before - kept
    if gone:
        await queries.delete_fields(context.database, context.organization_id, sorted(gone))
    return next(field for field in await metadata_ontology(context) if field.id == chosen)


async def delete_field(context: Context, *, field_id: str) -> None:
    """Deletes a field and its values. Raises NotFound, or NotAllowed for a reserved one."""
    access.require(context, Permission.IMPORT_DATA)
    found = next((field for field in await metadata_ontology(context) if field.id == field_id), None)
    if found is None:
        raise errors.NotFound(f"There is no metadata field with id {field_id}.")
    if found.reserved:
        raise errors.NotAllowed(f'"{found.name}" is a reserved field and cannot be deleted.')
    await queries.delete_fields(context.database, context.organization_id, [field_id])


async def set_values(context: Context, values: Sequence[tuple[str, NewValue]]) -> None:
    """Writes fitting values of many data rows at once; the caller has permitted it."""
    if values:
        await queries.replace_values(context.database, context.organization_id, values)


async def upsert_values(context: Context, entries: list[dict[str, Any]]) -> list[DataRowCustomMetadataResult]:
    """Sets values on data rows by id or global key; each row that cannot be changed says why, and is not."""
    access.require(context, Permission.IMPORT_DATA)
    keys = [entry["global_key"] for entry in entries if entry.get("global_key")]
    found = await data_rows.ids_of_keys(context, keys)
    live = await data_rows.live_ids(
        context, [entry["data_row_id"] for entry in entries if entry.get("data_row_id")]
    )
    fit = (await fitter(context)).fit
    results: list[tuple[str | None, str | None, str | None]] = []
    values: list[tuple[str, NewValue]] = []
    for entry in entries:
        key, row = entry.get("global_key"), entry.get("data_row_id")
        row = row if row in live else found.get(key or "")
        if row is None:
            results.append(
                (entry.get("data_row_id"), key, f"There is no data row {entry.get('data_row_id') or key}.")
            )
            continue
        try:
            values.extend(
                (row, value) for value in fit([{"schemaId": f["schema_id"], **f} for f in entry["fields"]])
            )
            results.append((row, key, None))
        except errors.Malformed as error:
            results.append((row, key, error.message))
    await set_values(context, values)
    await data_rows.note_changed(context, [row for row, _ in values])
    stored = await _entries(context, [row for row, _, error in results if row and error is None])
    return [
        DataRowCustomMetadataResult(row, key, error, stored.get(row or "", []) if error is None else [])
        for row, key, error in results
    ]


async def delete_values(
    context: Context, entries: list[tuple[str, bool, list[str]]]
) -> list[DataRowCustomMetadataResult]:
    """Takes values away; an entry is an id, whether it is a global key, and the fields."""
    access.require(context, Permission.IMPORT_DATA)
    found = await data_rows.ids_of_keys(context, [name for name, is_key, _ in entries if is_key])
    live = await data_rows.live_ids(context, [name for name, is_key, _ in entries if not is_key])
    rows = [found.get(name) if is_key else (name if name in live else None) for name, is_key, _ in entries]
    wanted = [
        (row, schema_id)
        for row, (_, _, schema_ids) in zip(rows, entries, strict=True)
        if row is not None
        for schema_id in schema_ids
    ]
    await queries.delete_values(context.database, context.organization_id, wanted)
    await data_rows.note_changed(context, [row for row, _ in wanted])
    left = await _entries(context, [row for row in rows if row is not None])
    return [
        DataRowCustomMetadataResult(
            row if is_key or row is not None else name,
            name if is_key else None,
            None if row is not None else f"There is no data row {name}.",
            left.get(row, []) if row is not None else [],
        )
        for row, (name, is_key, _) in zip(rows, entries, strict=True)
    ]


async def values_of(
    context: Context, names: list[str], *, are_keys: bool
) -> list[DataRowCustomMetadataResult]:
    """The values of data rows by id or global key, in their order."""
    access.require(context, Permission.VIEW)
    found = await data_rows.ids_of_keys(context, names) if are_keys else {name: name for name in names}
    stored = await _entries(context, list(found.values()))
    return [
        DataRowCustomMetadataResult(
            found.get(name), name if are_keys else None, None, stored.get(found.get(name, ""), [])
        )
        for name in names
    ]


async def entries_of(context: Context, data_row_ids: list[str]) -> dict[str, list[CustomMetadataEntry]]:
    """Raw values by data row."""
    return await _entries(context, data_row_ids)


async def named_fields_of(context: Context, data_row_ids: list[str]) -> dict[str, list[MetadataFieldEntry]]:
    """Values with their fields' names by data row; an enum's value is the option's name."""
    fields: dict[str, list[MetadataFieldEntry]] = {}
    for value in await queries.select_values(context.database, context.organization_id, data_row_ids):
        shown: Any = value.option_name if value.kind == rules.ENUM else value.value
        fields.setdefault(value.data_row_id, []).append(
            MetadataFieldEntry(value.schema_id, value.name, shown, value.kind)
        )
    return fields


async def stored_values(context: Context, data_row_ids: list[str]) -> list[StoredValue]:
    """Values as they are kept, for exports."""
    return await queries.select_values(context.database, context.organization_id, data_row_ids)


async def _entries(context: Context, data_row_ids: Iterable[str]) -> dict[str, list[CustomMetadataEntry]]:
    entries: dict[str, list[CustomMetadataEntry]] = {}
    for value in await queries.select_values(context.database, context.organization_id, list(data_row_ids)):
        row: list[CustomMetadataEntry] = entries.setdefault(value.data_row_id, [])
        if value.kind == rules.ENUM:
            row.append(CustomMetadataEntry(value.schema_id, {}))
            row.append(CustomMetadataEntry(value.option_id, {}))
        else:
            row.append(CustomMetadataEntry(value.schema_id, value.value))
    return entries
