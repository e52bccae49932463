"""What `client.send_to_annotate_from_catalog` copies and how (project guide, "Copy data rows and labels")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from labelbox.schema.conflict_resolution_strategy import ConflictResolutionStrategy


class SendToAnnotateFromCatalogParams(TypedDict, total=False):
    """Exactly one of the two sources must be given; the rest is optional."""

    source_project_id: str
    source_model_run_id: str
    annotations_ontology_mapping: dict[str, str]
    predictions_ontology_mapping: dict[str, str]
    exclude_data_rows_in_project: bool
    override_existing_annotations_rule: ConflictResolutionStrategy
    batch_priority: int


_OTHER_NAMES = {
    "annotation_ontology_mapping": "annotations_ontology_mapping",
    "param batch_priority": "batch_priority",
}
_NAMES = set(SendToAnnotateFromCatalogParams.__annotations__)


def check_params(given: Mapping[str, Any]) -> SendToAnnotateFromCatalogParams:
    """The parameters under their proper names. Raises ValueError for others or not one source (P-CP-02)."""
    params: Any = {_OTHER_NAMES.get(name, name): value for name, value in given.items()}
    unknown = set(params) - _NAMES
    if unknown:
        raise ValueError(f"unknown parameters {sorted(unknown)}; known are {sorted(_NAMES)}")
    sources = [name for name in ("source_project_id", "source_model_run_id") if params.get(name)]
    if len(sources) != 1:
        raise ValueError("exactly one of source_project_id and source_model_run_id must be given")
    found: SendToAnnotateFromCatalogParams = params
    return found


def annotations_input(params: SendToAnnotateFromCatalogParams) -> dict[str, Any] | None:
    """The wire's source of labels; None when only data rows are sent (P-CP-04)."""
    mapping = params.get("annotations_ontology_mapping")
    if not params.get("source_project_id") or not mapping:
        return None
    return {"projectId": params["source_project_id"], "featureSchemaIdsMapping": mapping}


def predictions_input(params: SendToAnnotateFromCatalogParams) -> dict[str, Any] | None:
    """The wire's source of predictions."""
    mapping = params.get("predictions_ontology_mapping")
    if not params.get("source_model_run_id") or not mapping:
        return None
    return {"modelRunId": params["source_model_run_id"], "featureSchemaIdsMapping": mapping}
