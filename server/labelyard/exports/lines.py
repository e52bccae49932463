"""Pages of data rows become lines of the export document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from labelyard.batches.records import NO_PRIORITY
from labelyard.data_rows.records import BLOB
from labelyard.exports import rules, side_queries
from labelyard.exports.queries import Selection
from labelyard.exports.records import HistoryRow, LabelRow, PlaceRow, ProjectInfo, ReviewRow
from labelyard.formats.export_json import (
    DataRowPart,
    ExportParams,
    HistoryPart,
    LabelPart,
    ProjectPart,
    export_row,
)
from labelyard.metadata import actions as metadata
from labelyard.plumbing import blob_links
from labelyard.plumbing.context import Context
from labelyard.workflow import rules as workflow_rules

_PAGE = 2_000
_Place = tuple[str, str]


@dataclass
class Side:
    """Everything that belongs to one page of rows, by project and data row."""

    places: dict[str, list[PlaceRow]]
    labels: dict[_Place, list[LabelRow]]
    reviews: dict[str, list[ReviewRow]]
    history: dict[_Place, list[HistoryRow]]
    attachments: dict[str, list[dict[str, str]]]
    metadata: dict[str, list[dict[str, Any]]]


class LineWriter:
    """Writes the lines of one export. `projects` None leaves labels out, as the catalog does when not asked."""

    def __init__(
        self,
        context: Context,
        selection: Selection,
        params: ExportParams,
        projects: list[ProjectInfo] | None,
    ) -> None:
        self._context = context
        self._selection = selection
        self._params = params
        self._projects = None if projects is None else {project.id: project for project in projects}
        self._address = f'"url":"{context.base_url}/api/v1/'.encode()

    async def page(self, after: str) -> list[tuple[str, bytes]]:
        """Id and line of the rows after a data row, read in one snapshot; nothing at the end."""
        db = self._context.database
        async with db.transaction():
            await db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            rows = await self._selection.page(db, after, _PAGE, details=self._params.data_row_details)
            side = await self._side([row[0] for row in rows]) if rows else None
        return [(row[0], self._line(row, side)) for row in rows if side is not None]

    async def _side(self, ids: list[str]) -> Side:
        db, organization, params = self._context.database, self._context.organization_id, self._params
        side = Side({}, {}, {}, {}, {}, {})
        if self._projects:
            project_ids = list(self._projects)
            for place in await side_queries.select_places(db, organization, project_ids, ids):
                side.places.setdefault(place.data_row_id, []).append(place)
            for label in await side_queries.select_labels(db, organization, project_ids, ids):
                side.labels.setdefault((label.project_id, label.data_row_id), []).append(label)
            if params.label_details and side.labels:
                label_ids = [label.id for found in side.labels.values() for label in found]
                for review in await side_queries.select_reviews(db, organization, label_ids):
                    side.reviews.setdefault(review.label_id, []).append(review)
            if params.project_details:
                for step in await side_queries.select_history(db, organization, project_ids, ids):
                    side.history.setdefault((step.project_id, step.data_row_id), []).append(step)
        if params.attachments:
            for row_id, kind, value, name in await side_queries.select_attachments(db, organization, ids):
                entry = {"type": kind, "value": asset_url(self._context, value)}
                side.attachments.setdefault(row_id, []).append(
                    entry if name is None else {**entry, "name": name}
                )
        if params.metadata_fields:
            side.metadata = await metadata_of(self._context, ids)
        return side

    def _line(self, row: tuple[Any, ...], side: Side) -> bytes:
        row_id = row[0]
        attachments, fields = side.attachments.get(row_id), side.metadata.get(row_id)
        part = DataRowPart(
            id=row_id,
            row_data=asset_url(self._context, row[1]),
            global_key=row[2],
            external_id=row[3],
            media_attributes=row[4],
            dataset_id=row[5],
            dataset_name=row[6],
            created_at=row[7],
            updated_at=row[8],
            last_activity_at=row[9],
            created_by=row[10],
            attachments=orjson.dumps(attachments) if attachments else None,
            metadata_fields=orjson.dumps(fields) if fields else None,
        )
        projects = None
        if self._projects is not None:
            projects = [
                self._project(self._projects[place.project_id], place, side)
                for place in side.places.get(row_id, ())
            ]
        return export_row(part, self._params, projects=projects)

    def _project(self, project: ProjectInfo, place: PlaceRow, side: Side) -> ProjectPart:
        key = (project.id, place.data_row_id)
        labels = side.labels.get(key, [])
        part = ProjectPart(
            project.id, project.name, [self._label(label, labels, place, side) for label in labels]
        )
        if self._params.project_details:
            queue = workflow_rules.task_queue_of(project.id, place.state, {})
            status = rules.workflow_status(place.state, awaits_review=place.awaits_review)
            part.ontology_id = project.ontology_id
            if queue is not None and status != "DONE":
                part.task_id, part.task_name = queue.id, queue.name
            part.batch_id, part.batch_name = place.batch_id, place.batch_name
            part.workflow_status = status
            part.priority = None if place.priority == NO_PRIORITY else place.priority
            part.consensus_expected_label_count = place.labels_required
            part.selected_label_id = _selected(labels)
            part.workflow_history = [_history(project.id, step) for step in side.history.get(key, ())]
        return part

    def _label(self, label: LabelRow, others: list[LabelRow], place: PlaceRow, side: Side) -> LabelPart:
        part = LabelPart(label.id, label.annotations.replace(b'"url":"/api/v1/', self._address))
        if self._params.label_details:
            part.created_at, part.updated_at = label.created_at, label.updated_at
            part.content_last_updated_at = label.content_updated_at
            part.created_by = label.created_by
            part.reviews = [
                (review.created_at, review.created_by) for review in side.reviews.get(label.id, ())
            ]
        if self._params.performance_details:
            part.seconds_to_create = label.seconds_to_label
            part.seconds_to_review = label.seconds_to_review
            part.skipped = label.skipped
            part.consensus_score = label.agreement
            part.benchmark_score = label.benchmark_agreement
            if place.labels_required > 1:
                part.consensus_label_count = len(others)
            if not label.is_benchmark_reference:
                part.benchmark_reference_label = next(
                    (other.id for other in others if other.is_benchmark_reference), None
                )
        return part


def _selected(labels: list[LabelRow]) -> str | None:
    """The label that stands for its row: a reviewer's choice, else the first one (reference/quality.md 2)."""
    made = [label for label in labels if not label.skipped]
    chosen = next((label.id for label in made if label.is_consensus_winner), None)
    return chosen or (made[0].id if made else None)


def asset_url(context: Context, value: str) -> str:
    """What was uploaded to us is exported under a signed address; everything else as it came."""
    return blob_links.url(context, value.removeprefix(BLOB)) if value.startswith(BLOB) else value


async def metadata_of(context: Context, ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The metadata of data rows as exports have it; the options of an enum are one list."""
    found: dict[str, list[dict[str, Any]]] = {}
    for value in await metadata.stored_values(context, ids):
        fields = found.setdefault(value.data_row_id, [])
        if value.option_name is None:
            shown: Any = orjson.Fragment(value.value)
        else:
            option = {"schema_id": value.option_id, "schema_name": value.option_name}
            if fields and fields[-1]["schema_id"] == value.schema_id:
                fields[-1]["value"].append(option)
                continue
            shown = [option]
        fields.append(
            {
                "schema_id": value.schema_id,
                "schema_name": value.name,
                "schema_kind": value.kind,
                "value": shown,
            }
        )
    return found


def _history(project_id: str, step: HistoryRow) -> HistoryPart:
    before = workflow_rules.task_queue_of(project_id, step.previous_state or "", {})
    after = workflow_rules.task_queue_of(project_id, step.next_state or "", {})
    return HistoryPart(
        action=step.action.capitalize(),  # moves and sendings are kept in capitals
        created_at=step.created_at,
        created_by=step.created_by,
        previous_task_id=before.id if before else None,
        previous_task_name=before.name if before else None,
        next_task_id=after.id if after else None,
        next_task_name=after.name if after else None,
    )
