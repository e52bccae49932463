"""Datasets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dataset:
    """One row of `datasets`, as other rooms need it."""

    id: str
    name: str
    row_count: int
