"""The first half of an import: every line is checked, and what is accepted is kept for the second half.

Nothing can be seen of it until all lines are read: a file that turns out not to be NDJSON changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import orjson

from labelyard.annotation_imports import input_file, queries, results, rules, staging_queries
from labelyard.annotation_imports.input_file import Piece
from labelyard.annotation_imports.mask_files import MaskFiles
from labelyard.annotation_imports.records import AnnotationImport, Checkpoint, Phase, StagedAnnotation
from labelyard.formats.feature_index import FeatureIndex
from labelyard.formats.masks import Mask
from labelyard.formats.ndjson import AnnotationReader
from labelyard.formats.ndjson_lines import (
    Accepted,
    ImportRow,
    Line,
    Refused,
    RowLookup,
    data_row_refs,
    decode_line,
    status_line,
)
from labelyard.labels import actions as labels
from labelyard.labels.records import MaskRow
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import derived_id, new_ids

_IDS_AT_ONCE = 1_000


class Superseded(Exception):
    """The import was deleted, or another worker is doing it: there is nothing to do here."""


@dataclass
class Reading:
    """The state of reading one import: what earlier lines mean for later ones."""

    context: Context
    job: AnnotationImport
    index: FeatureIndex
    reader: AnnotationReader
    checkpoint: Checkpoint
    files: MaskFiles
    answered: set[tuple[str, str]] = field(default_factory=set)
    instances: dict[str, int] = field(default_factory=dict)
    unmade: set[str] = field(default_factory=set)

    async def read(self, key: str, size: int) -> None:
        """Reads what is left of the input. Raises NotNdjson, Malformed, Superseded."""
        if self.checkpoint.chunk:
            await self._restore()
        async for piece in input_file.read_pieces(self.context, key, size, self.checkpoint.offset):
            await self._read_piece(piece, size)
        await self._decide_relationships()

    async def _restore(self) -> None:
        """Takes over what an earlier run has done."""
        db, organization = self.context.database, self.context.organization_id
        for earlier in await staging_queries.select_earlier(db, organization, self.job.id):
            row_id, schema_id = earlier.data_row_id, earlier.schema_id
            object_id = earlier.feature_id if earlier.part == "objects" else None
            self.reader.remember(earlier.uuid, row_id, schema_id, object_id)
            if earlier.part == "classifications":
                self.answered.add((row_id, schema_id))
            if earlier.is_instance:
                self.instances[row_id] = self.instances.get(row_id, 0) + 1
        for chunk in range(self.checkpoint.chunk):
            self.reader.seen |= await results.refused_uuids(self.context, self.job.id, chunk)
        pending = await staging_queries.select_pending(db, organization, self.job.id)
        lines = [(position, decode_line(text, position)) for position, text in pending]
        rows = await self._rows([line for _, line in lines])
        for position, line in lines:
            self.reader.check(line, position, rows)

    async def _read_piece(self, piece: Piece, size: int) -> None:
        first = self.checkpoint.line
        decoded = await asyncio.to_thread(_decode, piece.lines, first)
        rows = await self._rows(decoded)
        outcomes: list[Accepted | Refused | None] = await asyncio.to_thread(self._check, decoded, first, rows)
        checked, outcomes = outcomes, await self.files.resolve(outcomes, _known(rows))
        for before, after in zip(checked, outcomes, strict=True):
            if isinstance(before, Accepted) and isinstance(after, Refused):
                self.unmade.add(before.uuid)
        staged, masks, statuses = await asyncio.to_thread(self._settle, outcomes, piece.lines)
        has_pending = self.checkpoint.has_pending or any(outcome is None for outcome in outcomes)
        step = replace(
            self.checkpoint,
            step=self.checkpoint.step + 1,
            offset=piece.end,
            line=first + len(piece.lines),
            chunk=self.checkpoint.chunk + 1,
            has_pending=has_pending,
        )
        await results.keep_statuses(self.context, self.job.id, self.checkpoint.chunk, statuses)
        progress = rules.percentage(piece.end, size, 0, rules.READING_SHARE)
        await self._commit(step, progress, staged, masks)

    async def _commit(
        self,
        step: Checkpoint,
        progress: int,
        staged: list[StagedAnnotation],
        masks: dict[str, list[MaskRow]],
        *,
        forget_pending: bool = False,
    ) -> None:
        db, organization = self.context.database, self.context.organization_id
        async with db.transaction():
            if not await queries.update_checkpoint(db, organization, self.job.id, step, progress):
                raise Superseded
            if forget_pending:
                await staging_queries.delete_pending(db, organization, self.job.id)
            if staged:
                await staging_queries.stage(db, organization, self.job.id, staged)
            drawn = [(row_id, mask) for row_id, of_row in masks.items() for mask in of_row]
            await labels.store_masks(self.context, project_id=self.job.project_id, masks=drawn)
        self.checkpoint = step

    async def _rows(self, lines: list[Line | Refused]) -> RowLookup:
        ids, keys = data_row_refs(lines)
        return await queries.select_rows(
            self.context.database,
            self.context.organization_id,
            self.job.project_id,
            [name for name in ids if "\0" not in name],
            [name for name in keys if "\0" not in name],
        )

    def _check(
        self, lines: list[Line | Refused], first: int, rows: RowLookup
    ) -> list[Accepted | Refused | None]:
        return [self._once(self.reader.check(line, first + n, rows)) for n, line in enumerate(lines)]

    def _once(self, outcome: Accepted | Refused | None) -> Accepted | Refused | None:
        """A label holds one answer to a question: a second line that answers it is refused."""
        if not isinstance(outcome, Accepted) or outcome.kind != "classification":
            return outcome
        key = (outcome.data_row_id, outcome.annotation["feature_schema_id"])
        if key in self.answered:
            name = outcome.annotation["name"]
            return rules.refused(
                outcome,
                "DuplicateAnswer",
                f"The question {name!r} is answered by an earlier line for this data row.",
            )
        self.answered.add(key)
        return outcome

    def _settle(
        self, outcomes: list[Accepted | Refused | None], lines: list[bytes]
    ) -> tuple[list[StagedAnnotation], dict[str, list[MaskRow]], list[bytes]]:
        """What is kept of a piece: annotations, masks by data row, and the lines of the status file.

        An empty line stands for a status that is not decided yet.
        """
        staged: list[StagedAnnotation] = []
        masks: dict[str, list[MaskRow]] = {}
        statuses: list[bytes] = []
        for n, outcome in enumerate(outcomes):
            if outcome is None:
                position = self.checkpoint.line + n
                staged.append(
                    StagedAnnotation("", position, "", "pending", lines[n].decode(errors="replace"), False)
                )
                statuses.append(b"\n")
                continue
            if isinstance(outcome, Accepted):
                if isinstance(outcome.mask, Mask):
                    masks.setdefault(outcome.data_row_id, []).append(self._place(outcome, outcome.mask))
                staged.append(
                    staging_queries.staged(
                        outcome, rules.PARTS[outcome.kind], orjson.dumps(outcome.annotation)
                    )
                )
            statuses.append(status_line(outcome))
        return staged, masks, statuses

    def _place(self, line: Accepted, mask: Mask) -> MaskRow:
        tool = self.index.tools[line.annotation["feature_schema_id"]]
        composite = None
        number = self.instances.get(line.data_row_id, 0)
        if tool.tool == "raster-segmentation":
            composite = derived_id("composite", self.job.id, line.data_row_id)
            self.instances[line.data_row_id] = number + 1
        feature_id = line.annotation["feature_id"]
        return labels.place_mask(self.job.project_id, line.annotation, feature_id, mask, composite, number)

    async def _decide_relationships(self) -> None:
        outcomes = self.reader.finish(lambda uuid: uuid not in self.unmade)
        staged = [
            staging_queries.staged(outcome, "relationships", orjson.dumps(outcome.annotation))
            for outcome in outcomes
            if isinstance(outcome, Accepted)
        ]
        await results.keep_decided(self.context, self.job.id, [status_line(outcome) for outcome in outcomes])
        step = replace(self.checkpoint, step=self.checkpoint.step + 1, phase=Phase.WRITE)
        await self._commit(step, rules.READING_SHARE, staged, {}, forget_pending=True)


def fresh_ids() -> Iterator[str]:
    """New ids without end, made in batches because an import needs many."""
    while True:
        yield from new_ids(_IDS_AT_ONCE)


def _decode(lines: list[bytes], first: int) -> list[Line | Refused]:
    decoded: list[Line | Refused] = []
    for n, text in enumerate(lines):
        line = decode_line(text, first + n)
        if b"\\u0000" in text and isinstance(line, Line) and rules.has_nul(orjson.loads(text)):
            line = Refused(
                first + n, line.uuid, line.dataRow, "WrongType", "The line holds the character NUL."
            )
        decoded.append(line)
    return decoded


def _known(rows: RowLookup) -> Mapping[str, ImportRow]:
    """The rows by id, also those that were named by key."""
    return {row.id: row for row in (*rows.by_id.values(), *rows.by_global_key.values())}
