"""What an export includes: the user's keys and the wire's (export format, section 1.1)."""

from __future__ import annotations

from typing import Any

from labelbox.schema.media_type import MediaType

_WIRE_NAMES = {
    "attachments": "includeAttachments",
    "embeddings": "includeEmbeddings",
    "metadata_fields": "includeMetadata",
    "data_row_details": "includeDataRowDetails",
    "project_details": "includeProjectDetails",
    "performance_details": "includePerformanceDetails",
    "label_details": "includeLabelDetails",
    "interpolated_frames": "includeInterpolatedFrames",
}
_CATALOG_WIRE_NAMES = {
    "all_projects": "allProjects",
    "all_model_runs": "allModelRuns",
    "predictions": "includePredictions",
}
_MOST_IDS = 30


def export_params_input(params: dict[str, Any] | None, of_catalog: bool) -> dict[str, Any]:
    """The wire's ExportParamsInput; what is not given is not included, unknown keys are ignored.

    `of_catalog` admits what only exports across projects know. Raises ValueError for more than 30 project
    or model run ids.
    """
    given = params or {}
    media_type = given.get("media_type_override")
    names = {**_WIRE_NAMES, **(_CATALOG_WIRE_NAMES if of_catalog else {})}
    wire: dict[str, Any] = {wire_name: bool(given.get(name, False)) for name, wire_name in names.items()}
    wire["mediaTypeOverride"] = media_type.value if isinstance(media_type, MediaType) else media_type
    if of_catalog:
        for name, wire_name in (("project_ids", "projectIds"), ("model_run_ids", "modelRunIds")):
            ids = given.get(name)
            if ids is not None and len(ids) > _MOST_IDS:
                raise ValueError(f"{name} takes at most {_MOST_IDS} ids, got {len(ids)}")
            wire[wire_name] = ids
    return wire
