"""The label export of 2.4 (`export_labels`): the label document in its older spelling (reference/export.md
4).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson


@dataclass(slots=True)
class ReviewPart:
    """A review of a label: 1 approves, -1 declines, 0 is undecided."""

    id: str
    score: float
    created_at: datetime
    created_by: str | None
    label_id: str | None = None


@dataclass(slots=True)
class LegacyLabelPart:
    """One label with what its row in the export says. Scores are percent, None when there is none.

    `text` is what a 2.x client has given as the label itself; the annotations say nothing then.
    """

    id: str
    data_row_id: str
    row_data: str
    annotations: bytes
    created_by: str | None
    project_id: str
    project_name: str
    created_at: datetime
    updated_at: datetime
    dataset_name: str | None
    seconds_to_label: float = 0.0
    external_id: str | None = None
    global_key: str | None = None
    agreement: float | None = None
    benchmark_agreement: float | None = None
    benchmark_id: str | None = None
    reviews: Sequence[ReviewPart] = ()
    open_issues: int = 0
    skipped: bool = False
    data_split: str | None = None
    media_type: str | None = None
    media_attributes: bytes | None = None
    metadata: bytes | None = None
    text: str | None = None


def legacy_time(moment: datetime) -> str:
    """`2021-06-14T08:05:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def export_label_v1(
    label: LegacyLabelPart, *, app_url: str, colors: Mapping[str, str], mask_url: Callable[[str], str]
) -> bytes:
    """One element of the exported JSON array.

    `colors` is the colour of each tool by feature schema id, `mask_url` gives the address of an object's mask
    picture by feature id (`instanceURI`), `app_url` is where the web app is.
    """
    row = {
        "ID": label.id,
        "DataRow ID": label.data_row_id,
        "DataRow Metadata": orjson.Fragment(label.metadata or b"[]"),
        "Media Attributes": orjson.Fragment(label.media_attributes or b"{}"),
        "Labeled Data": label.row_data,
        "Label": _label(label, colors, mask_url),
        "Created By": label.created_by,
        "Project Name": label.project_name,
        "Created At": legacy_time(label.created_at),
        "Updated At": legacy_time(label.updated_at),
        "Seconds to Label": float(label.seconds_to_label),
        "External ID": label.external_id,
        "Agreement": -1 if label.agreement is None else label.agreement,
        "Benchmark Agreement": -1 if label.benchmark_agreement is None else label.benchmark_agreement,
        "Benchmark ID": label.benchmark_id,
        "Dataset Name": label.dataset_name,
        "Reviews": [_review(review) for review in label.reviews],
        "View Label": f"{app_url.rstrip('/')}/?project={label.project_id}&label={label.id}",
        "Has Open Issues": label.open_issues,
        "Skipped": label.skipped,
        "Data Split": label.data_split,
        "Global Key": label.global_key,
    }
    if label.media_type is not None:
        row["media_type"] = label.media_type.lower()
    return orjson.dumps(row)


def _label(
    label: LegacyLabelPart, colors: Mapping[str, str], mask_url: Callable[[str], str]
) -> dict[str, Any] | list[Any] | str:
    """The annotations, or what a client has given: as JSON where it is some."""
    if label.skipped:
        return {}
    if label.text is None:
        return legacy_label_document(orjson.loads(label.annotations), colors, mask_url)
    try:
        given = orjson.loads(label.text)
    except orjson.JSONDecodeError:
        return label.text
    return given if isinstance(given, dict | list) else label.text


def legacy_label_document(
    document: dict[str, Any], colors: Mapping[str, str], mask_url: Callable[[str], str]
) -> dict[str, Any]:
    """A label document (docs/wire/labeling.md) in the spelling of 2.4."""
    return {
        "objects": [_object(entry, colors, mask_url) for entry in document.get("objects", ())],
        "classifications": [_classification(entry) for entry in document.get("classifications", ())],
        "relationships": [_relationship(entry) for entry in document.get("relationships", ())],
    }


def _object(
    entry: dict[str, Any], colors: Mapping[str, str], mask_url: Callable[[str], str]
) -> dict[str, Any]:
    legacy: dict[str, Any] = {
        "featureId": entry["feature_id"],
        "schemaId": entry["feature_schema_id"],
        "color": colors.get(entry["feature_schema_id"]) or "#000000",
        "title": entry["name"],
        "value": entry["value"],
    }
    if "bounding_box" in entry:
        legacy["bbox"] = entry["bounding_box"]
    elif "polygon" in entry:
        legacy["polygon"] = _opened(entry["polygon"])
    elif "line" in entry:
        legacy["line"] = entry["line"]
    elif "point" in entry:
        legacy["point"] = entry["point"]
    elif "location" in entry:
        span = {"start": entry["location"]["start"], "end": entry["location"]["end"]}
        legacy |= {"data": {"location": span}, "format": "text.location", "version": 1}
    legacy["instanceURI"] = mask_url(entry["feature_id"])
    if entry.get("classifications"):
        legacy["classifications"] = [_classification(nested) for nested in entry["classifications"]]
    return legacy


def _opened(polygon: list[dict[str, float]]) -> list[dict[str, float]]:
    """2.4 polygons do not repeat their first point."""
    return polygon[:-1] if len(polygon) > 1 and polygon[0] == polygon[-1] else polygon


def _classification(entry: dict[str, Any]) -> dict[str, Any]:
    legacy = _titled(entry)
    if "radio_answer" in entry:
        legacy["answer"] = _answer(entry["radio_answer"])
    elif "checklist_answers" in entry:
        legacy["answers"] = [_answer(answer) for answer in entry["checklist_answers"]]
    elif "text_answer" in entry:
        legacy["answer"] = entry["text_answer"]["content"]
    return legacy


def _answer(entry: dict[str, Any]) -> dict[str, Any]:
    legacy = _titled(entry)
    if entry.get("classifications"):
        legacy["classifications"] = [_classification(nested) for nested in entry["classifications"]]
    return legacy


def _titled(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "featureId": entry["feature_id"],
        "schemaId": entry["feature_schema_id"],
        "title": entry["name"],
        "value": entry["value"],
    }


def _relationship(entry: dict[str, Any]) -> dict[str, Any]:
    direction = "bidirectional" if "bidirectional_relationship" in entry else "unidirectional"
    ends = entry[f"{direction}_relationship"]
    return {
        "featureId": entry["feature_id"],
        "schemaId": entry["feature_schema_id"],
        "data": {"source": ends["source"], "target": ends["target"]},
        "relationshipType": direction,
        "version": 1,
    }


def _review(review: ReviewPart) -> dict[str, Any]:
    legacy: dict[str, Any] = {
        "score": review.score,
        "id": review.id,
        "createdAt": legacy_time(review.created_at),
        "createdBy": review.created_by,
    }
    if review.label_id is not None:
        legacy["labelId"] = review.label_id
    return legacy
