"""Compare the labels of data rows with each other and with the benchmark, in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from labelyard.formats.legacy_labels import read_legacy_label
from labelyard.formats.masks import Mask
from labelyard.labels import actions as labels
from labelyard.labels.records import LabelRecord
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.quality import agreement, benchmark_queries
from labelyard.quality.records import CompareLabels

_AT_ONCE = 100

_Agreements = dict[str, tuple[float | None, float | None]]


async def compare_later(context: Context, project_id: str, data_row_ids: Sequence[str]) -> None:
    """Orders the comparison of rows whose labels have changed; the projects' rows are done one message at a time."""
    if data_row_ids:
        message = CompareLabels(
            organization_id=context.organization_id,
            user_id=context.user_id,
            project_id=project_id,
            data_row_ids=sorted(set(data_row_ids)),
        )
        await context.jobs.defer(message, lock=f"compare labels {project_id}")


async def compare_labels(context: Context, message: CompareLabels) -> None:
    """The work of `compare_later`: what is there now is compared, so that a second run writes the same."""
    for start in range(0, len(message.data_row_ids), _AT_ONCE):
        rows = message.data_row_ids[start : start + _AT_ONCE]
        found = await labels.labels_of_rows(context, project_id=message.project_id, data_row_ids=rows)
        documents = {
            label.id: _document(label) for of_row in found.values() for label in of_row if not label.skipped
        }
        drawn = [
            entry["feature_id"]
            for document in documents.values()
            for entry in document.get("objects", ())
            if "mask" in entry or "composite_mask" in entry
        ]
        masks = (
            await labels.masks_of(context, project_id=message.project_id, feature_ids=drawn) if drawn else {}
        )
        agreements = await asyncio.to_thread(_compare, list(found.values()), documents, masks)
        async with context.database.transaction():
            await benchmark_queries.update_agreements(
                context.database, context.organization_id, message.project_id, rows, agreements
            )


def _compare(
    rows: list[list[LabelRecord]], documents: Mapping[str, agreement.Document], masks: Mapping[str, Mask]
) -> _Agreements:
    agreements: _Agreements = {}
    for made in rows:
        agreements.update((label.id, (None, None)) for label in made)  # skips, and labels without another one
        reference = next((label.id for label in made if label.is_benchmark_reference), None)
        compared = {label.id: documents[label.id] for label in made if label.id in documents}
        agreements.update(agreement.row_agreements(compared, reference, masks))
    return agreements


def _document(label: LabelRecord) -> dict[str, Any]:
    """What a label says: the text that a 2.x client has given, else the annotations."""
    if label.label_text is not None:
        return read_legacy_label(label.label_text)
    document: dict[str, Any] = decoded(label.annotations)
    return document
