"""Labeling frontends and options."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FrontendOptions:
    """One row of options."""

    id: str
    project_id: str
    labeling_frontend_id: str
