"""The export document: one JSON line per data row, put together from pieces that the database already holds
as JSON.

Stored JSON (annotations, media attributes, metadata …) passes through as bytes and is never decoded. Keys and
their order are those of reference/export.md 3; what no parameter asked for is left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

LABEL_VERSION = "1.0.0"


@dataclass(frozen=True, slots=True)
class ExportParams:
    """What an export includes; everything is off until it is asked for (reference/export.md 1.1)."""

    attachments: bool = False
    metadata_fields: bool = False
    embeddings: bool = False
    data_row_details: bool = False
    project_details: bool = False
    label_details: bool = False
    performance_details: bool = False
    interpolated_frames: bool = False
    predictions: bool = False
    model_run_details: bool = False
    all_projects: bool = False
    all_model_runs: bool = False
    project_ids: tuple[str, ...] = ()
    model_run_ids: tuple[str, ...] = ()
    media_type_override: str | None = None


_WIRE_PARAMS = {
    "includeAttachments": "attachments",
    "includeMetadata": "metadata_fields",
    "includeEmbeddings": "embeddings",
    "includeDataRowDetails": "data_row_details",
    "includeProjectDetails": "project_details",
    "includeLabelDetails": "label_details",
    "includePerformanceDetails": "performance_details",
    "includeInterpolatedFrames": "interpolated_frames",
    "includePredictions": "predictions",
    "includeModelRunDetails": "model_run_details",
    "allProjects": "all_projects",
    "allModelRuns": "all_model_runs",
}


def read_params(wire: Mapping[str, Any] | None) -> ExportParams:
    """The parameters of a request; unknown keys are ignored, as clients send newer ones than we know."""
    given = wire or {}
    values: dict[str, Any] = {name: bool(given.get(key)) for key, name in _WIRE_PARAMS.items()}
    values["project_ids"] = tuple(given.get("projectIds") or ())
    values["model_run_ids"] = tuple(given.get("modelRunIds") or ())
    values["media_type_override"] = given.get("mediaTypeOverride")
    return ExportParams(**values)


def export_time(moment: datetime | None) -> str | None:
    """`2024-04-08T16:21:26.000+00:00`, readable by `datetime.fromisoformat`."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="milliseconds")


@dataclass(slots=True)
class DataRowPart:
    """A data row as the export needs it. JSON columns come as the bytes that are stored."""

    id: str
    row_data: str
    global_key: str | None = None
    external_id: str | None = None
    media_attributes: bytes | None = None  # as stored, in camelCase
    dataset_id: str | None = None
    dataset_name: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    last_activity_at: datetime | None = None
    created_by: str | None = None
    attachments: bytes | None = None  # [{"type", "value", "name"?}]
    metadata_fields: bytes | None = None  # [{"schema_id", "schema_name", "schema_kind", "value"}]
    embeddings: bytes | None = None  # [{"id", "name", "dimensions", "is_custom", "values"}]


@dataclass(slots=True)
class LabelPart:
    """A label, or a prediction of a model run. Scores are None when there is none, and then left out."""

    id: str
    annotations: bytes
    label_kind: str = "Default"
    created_at: datetime | None = None
    updated_at: datetime | None = None
    content_last_updated_at: datetime | None = None
    created_by: str | None = None
    reviews: Sequence[tuple[datetime, str | None]] = ()
    seconds_to_create: float | None = None
    seconds_to_review: float | None = None
    skipped: bool = False
    benchmark_reference_label: str | None = None
    benchmark_score: float | None = None
    consensus_score: float | None = None
    consensus_label_count: int | None = None


@dataclass(slots=True)
class HistoryPart:
    """One step of a data row through the workflow."""

    action: str
    created_at: datetime
    created_by: str | None = None
    previous_task_id: str | None = None
    previous_task_name: str | None = None
    next_task_id: str | None = None
    next_task_name: str | None = None


@dataclass(slots=True)
class ProjectPart:
    """A data row's place and labels in one project; history newest first."""

    id: str
    name: str
    labels: Sequence[LabelPart] = ()
    ontology_id: str | None = None
    task_id: str | None = None
    task_name: str | None = None
    batch_id: str | None = None
    batch_name: str | None = None
    workflow_status: str | None = None
    priority: int | None = None
    consensus_expected_label_count: int | None = None
    selected_label_id: str | None = None
    workflow_history: Sequence[HistoryPart] = ()


@dataclass(slots=True)
class ModelRunPart:
    """A data row's labels and predictions in one model run."""

    model_id: str
    model_name: str
    run_id: str
    run_name: str
    run_data_row_id: str | None = None
    data_split: str | None = None
    labels: Sequence[LabelPart] = ()
    predictions: Sequence[LabelPart] = ()


def export_row(
    row: DataRowPart,
    params: ExportParams,
    *,
    projects: Sequence[ProjectPart] | None = None,
    model_runs: Sequence[ModelRunPart] | None = None,
) -> bytes:
    """One line of the export, with its newline. None leaves `projects` or `experiments` out altogether."""
    data_row: dict[str, Any] = {"id": row.id}
    if row.external_id is not None:
        data_row["external_id"] = row.external_id
    if row.global_key is not None:
        data_row["global_key"] = row.global_key
    data_row["row_data"] = row.row_data
    if params.data_row_details:
        data_row["details"] = {
            "dataset_id": row.dataset_id,
            "dataset_name": row.dataset_name,
            "created_at": export_time(row.created_at),
            "updated_at": export_time(row.updated_at),
            "created_by": row.created_by,
        }
        if row.last_activity_at is not None:
            data_row["details"]["last_activity_at"] = export_time(row.last_activity_at)
    line: dict[str, Any] = {"data_row": data_row, "media_attributes": _media_attributes(row.media_attributes)}
    if params.attachments:
        line["attachments"] = _stored(row.attachments)
    if params.metadata_fields:
        line["metadata_fields"] = _stored(row.metadata_fields)
    if params.embeddings:
        line["embeddings"] = _stored(row.embeddings)
    if projects is not None:
        line["projects"] = {part.id: _project(part, params) for part in projects}
    if model_runs is not None:
        line["experiments"] = _experiments(model_runs, params)
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _project(part: ProjectPart, params: ExportParams) -> dict[str, Any]:
    project: dict[str, Any] = {"name": part.name, "labels": [_label(label, params) for label in part.labels]}
    if params.project_details:
        project["project_details"] = {
            "ontology_id": part.ontology_id,
            "task_id": part.task_id,
            "task_name": part.task_name,
            "batch_id": part.batch_id,
            "batch_name": part.batch_name,
            "workflow_status": part.workflow_status,
            "priority": part.priority,
            "consensus_expected_label_count": part.consensus_expected_label_count,
            "selected_label_id": part.selected_label_id,
            "workflow_history": [_history(step) for step in part.workflow_history],
        }
    return project


def _history(step: HistoryPart) -> dict[str, Any]:
    history: dict[str, Any] = {
        "action": step.action,
        "created_at": export_time(step.created_at),
        "created_by": step.created_by,
    }
    for key in ("previous_task_name", "previous_task_id", "next_task_name", "next_task_id"):
        if (value := getattr(step, key)) is not None:
            history[key] = value
    return history


def _label(label: LabelPart, params: ExportParams) -> dict[str, Any]:
    exported: dict[str, Any] = {"label_kind": label.label_kind, "version": LABEL_VERSION, "id": label.id}
    if params.label_details:
        exported["label_details"] = {
            "created_at": export_time(label.created_at),
            "updated_at": export_time(label.updated_at),
            "created_by": label.created_by,
            "content_last_updated_at": export_time(label.content_last_updated_at),
            "reviews": [
                {"reviewed_at": export_time(moment), "reviewed_by": who} for moment, who in label.reviews
            ],
        }
    if params.performance_details:
        performance: dict[str, Any] = {
            "seconds_to_create": label.seconds_to_create,
            "seconds_to_review": label.seconds_to_review,
            "skipped": label.skipped,
        }
        for key in (
            "benchmark_reference_label",
            "benchmark_score",
            "consensus_score",
            "consensus_label_count",
        ):
            if (value := getattr(label, key)) is not None:  # readers test whether the key is there
                performance[key] = value
        exported["performance_details"] = performance
    exported["annotations"] = orjson.Fragment(label.annotations)
    return exported


def _experiments(model_runs: Sequence[ModelRunPart], params: ExportParams) -> dict[str, Any]:
    experiments: dict[str, Any] = {}
    for part in model_runs:
        run: dict[str, Any] = {"name": part.run_name, "run_data_row_id": part.run_data_row_id}
        if params.model_run_details and part.data_split is not None:
            run["data_split"] = part.data_split
        run["labels"] = [_label(label, params) for label in part.labels]
        if params.predictions:
            run["predictions"] = [_label(prediction, params) for prediction in part.predictions]
        experiment = experiments.setdefault(part.model_id, {"name": part.model_name, "runs": {}})
        experiment["runs"][part.run_id] = run
    return experiments


def _stored(json: bytes | None) -> Any:
    return orjson.Fragment(json) if json else []


@lru_cache(maxsize=4096)
def _media_attributes(stored: bytes | None) -> orjson.Fragment:
    """The stored attributes with their keys in snake_case; pictures of one camera share them, hence the
    cache.
    """
    attributes = orjson.loads(stored) if stored else {}
    return orjson.Fragment(orjson.dumps({_snake_case(key): value for key, value in attributes.items()}))


def _snake_case(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), key)
