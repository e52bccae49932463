"""One chunk of an import: at most 50,000 items, in one transaction, done once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import orjson

from labelyard import errors
from labelyard.data_rows import actions as data_rows
from labelyard.data_rows.records import BLOB, DataRowChange
from labelyard.formats.descriptor import DataRowSpec, ItemRefused
from labelyard.ingestion import addresses, queries, rules
from labelyard.ingestion.records import Asset, NewDataRow, Outcome
from labelyard.metadata import actions as metadata
from labelyard.metadata.records import NewValue
from labelyard.metadata.rules import Fitter
from labelyard.plumbing import blob_links
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_ids

_MISSING_DATASET = "There is no dataset with id {}."


class Chunk:
    """Sorts the items of a chunk and writes them set by set."""

    def __init__(self, context: Context, fitter: Fitter, datasets: set[str]) -> None:
        self._context = context
        self._fit = fitter.fit
        self._datasets = datasets
        self._outcome = Outcome([], [], {}, [])

    async def write(self, items: Iterable[DataRowSpec | ItemRefused]) -> Outcome:
        """Makes and changes data rows; what came of it."""
        new: list[tuple[DataRowSpec, list[NewValue]]] = []
        changed: list[tuple[DataRowSpec, list[NewValue]]] = []
        items = list(items)
        holders = await data_rows.ids_of_keys(
            self._context,
            [item.key for item in items if isinstance(item, DataRowSpec) and item.mode == "GKEY"],
        )
        for item in items:
            if isinstance(item, ItemRefused):
                self._fail(item, item.message)
                continue
            try:
                values = self._fit([_field(value) for value in item.metadata or []]) if item.metadata else []
            except errors.Malformed as error:
                self._fail(item, error.message)
                continue
            if item.mode == "ID" or (item.mode == "GKEY" and item.key in holders):
                item.key = holders.get(item.key, item.key) if item.mode == "GKEY" else item.key
                changed.append((item, values))
            elif item.row_data is None:
                self._fail(
                    item,
                    f"There is no data row with the global key '{item.key}', and no row_data to make one.",
                )
            elif item.dataset_id not in self._datasets:
                self._fail(item, _MISSING_DATASET.format(item.dataset_id))
            else:
                if item.mode == "GKEY" and item.global_key is None:
                    item.global_key = item.key
                new.append((item, values))
        await self._create(new)
        await self._change(changed)
        return self._outcome

    async def _create(self, wanted: list[tuple[DataRowSpec, list[NewValue]]]) -> None:
        if not wanted:
            return
        db, organization = self._context.database, self._context.organization_id
        rows: list[NewDataRow] = []
        arriving = self._rows(wanted, rows)  # made while PostgreSQL writes those before
        if await queries.copy_data_rows(db, organization, arriving):
            made = {row.id for row in rows}
        else:
            deque(arriving, maxlen=0)
            made = await queries.insert_data_rows(db, organization, rows)
        asked = [row.id for row in rows if row.id in made and row.row_data[:4].lower() == "http"]
        if asked:
            await addresses.note_addresses(self._context, asked[0], asked[-1])
        values: list[tuple[str, NewValue]] = []
        attached: list[tuple[str, DataRowSpec]] = []
        for row, (item, fitted) in zip(rows, wanted, strict=True):
            if row.id not in made:
                self._fail(item, f"Duplicate global key: '{item.global_key}'")
                continue
            self._outcome.created.append(rules.created_line(row.id, item))
            self._outcome.changes[row.dataset_id] = self._outcome.changes.get(row.dataset_id, 0) + 1
            if row.processing == "PROCESSING":
                self._outcome.probed.append(row.id)
            values.extend((row.id, value) for value in fitted)
            if item.attachments:
                attached.append((row.id, item))
        await metadata.set_values(self._context, values)
        await self._attach(attached)

    async def _change(self, wanted: list[tuple[DataRowSpec, list[NewValue]]]) -> None:
        if not wanted:
            return
        refused = await data_rows.update_data_rows(
            self._context, [self._changed_row(item) for item, _ in wanted]
        )
        values: list[tuple[str, NewValue]] = []
        replaced: dict[str, DataRowSpec] = {}
        for place, (item, fitted) in enumerate(wanted):
            if place in refused:
                self._fail(item, refused[place])
                continue
            values.extend((item.key, value) for value in fitted)
            if item.attachments is not None:
                replaced[item.key] = item
            if item.row_data is not None and self._key_of(item.row_data):
                self._outcome.probed.append(item.key)
            self._outcome.created.append(rules.created_line(item.key, item))
        moved = {item.key for place, (item, _) in enumerate(wanted) if place not in refused and item.row_data}
        await addresses.note_changed_addresses(self._context, sorted(moved - set(self._outcome.probed)))
        await metadata.set_values(self._context, values)
        if replaced:
            await queries.delete_attachments(
                self._context.database, self._context.organization_id, list(replaced)
            )
        await self._attach(list(replaced.items()))

    async def _attach(self, wanted: list[tuple[str, DataRowSpec]]) -> None:
        found = [(row, attachment) for row, item in wanted for attachment in item.attachments or []]
        if found:
            rows = [
                (attachment_id, row, attachment.type, attachment.value, attachment.name)
                for attachment_id, (row, attachment) in zip(new_ids(len(found)), found, strict=True)
            ]
            await queries.insert_attachments(self._context.database, self._context.organization_id, rows)

    def _rows(
        self, wanted: list[tuple[DataRowSpec, list[NewValue]]], made: list[NewDataRow]
    ) -> Iterator[NewDataRow]:
        for row_id, (item, _) in zip(new_ids(len(wanted)), wanted, strict=True):
            row = self._row(row_id, item)
            made.append(row)
            yield row

    def _key_of(self, address: str) -> str | None:
        return blob_links.key_of(self._context, address) if "/api/v1/blobs/" in address else None

    def _asset(self, item: DataRowSpec) -> Asset:
        address = item.row_data or ""
        key = self._key_of(address)
        media_type, attributes = rules.looks_of(key or address, item.media_type, item.text_layer_url)
        if item.media_attributes:
            attributes = orjson.dumps(item.media_attributes).decode()
        return Asset(
            BLOB + key if key else address, media_type, attributes, "PROCESSING" if key else "SUCCESS"
        )

    def _changed_row(self, item: DataRowSpec) -> DataRowChange:
        asset = self._asset(item)._asdict() if item.row_data is not None else {}
        return DataRowChange(item.key, external_id=item.external_id, global_key=item.global_key, **asset)

    def _row(self, row_id: str, item: DataRowSpec) -> NewDataRow:
        now = self._context.now
        return NewDataRow(
            id=row_id,
            dataset_id=item.dataset_id or "",
            global_key=item.global_key,
            external_id=item.external_id,
            **self._asset(item)._asdict(),
            created_by=self._context.user_id,
            created_at=now,
            updated_at=now,
        )

    def _fail(self, item: DataRowSpec | ItemRefused, message: str) -> None:
        self._outcome.failed.append(rules.failed_line(item, message))


def _field(value: object) -> dict[str, object]:
    return {
        "schemaId": getattr(value, "schema_id", None),
        "name": getattr(value, "name", None),
        "value": getattr(value, "value", None),
    }
