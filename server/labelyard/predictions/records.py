"""Predictions about to be written, and those that labelers start from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NewPrediction:
    """A prediction about to be written; `label` is any text."""

    id: str
    project_id: str
    data_row_id: str
    prediction_model_id: str
    label: str
    created_by: str
