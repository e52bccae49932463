"""Projects and their members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class ProjectRecord:
    """One live project, as other rooms need it."""

    id: str
    name: str
    media_type: str | None
    ontology_id: str | None
    labeling_frontend_id: str | None
    setup_complete: datetime | None
    auto_audit_number_of_labels: int
    auto_audit_percentage: float
    is_benchmark_enabled: bool | None
    is_consensus_enabled: bool | None
    show_pre_labels: bool
    review_share: float
    data_row_count: int
    last_activity_time: datetime
    active_prediction_model_id: str | None


@dataclass(frozen=True)
class ProjectMember:
    """Somebody who can open a project, and why."""

    id: str
    access_from: str
    user: str
    role: Any


@dataclass(frozen=True)
class MemberRow:
    """One source of access, as it is stored."""

    id: str
    access_from: str
    user_id: str
    role: str


@dataclass(frozen=True)
class DeleteProjectMembershipsResult:
    """What came of taking memberships away."""

    success: bool
    error_message: str | None


@dataclass(frozen=True)
class TagSetStatusResult:
    """How rows come into a project: ENABLED in batches, DISABLED with connected datasets."""

    tag_set_status: str


@dataclass(frozen=True)
class PredictionVisibility:
    """Whether labelers see pre-labels."""

    id: str
    showing_predictions_to_labelers: bool


@dataclass(frozen=True)
class ProjectResourceTag:
    """A tag on a project."""

    id: str
    project_id: str
    resource_tag_id: str


@dataclass(frozen=True)
class SyncExternalProjectResult:
    """The submission that was kept."""

    submission_id: str


@dataclass(frozen=True)
class ExternalSubmission:
    """What was done elsewhere, as it was told."""

    id: str
    entries: Any
    created_at: str
