"""ProjectSyncResult: what the server answers to work that was done elsewhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProjectSyncResult:
    """The id under which the submission is kept."""

    submission_id: str
