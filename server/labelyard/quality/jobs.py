"""Comparisons of labels."""

from __future__ import annotations

from labelyard.plumbing.context import Context
from labelyard.plumbing.jobs import handles
from labelyard.quality import comparing
from labelyard.quality.records import CompareLabels


@handles(CompareLabels)
async def compare_labels(context: Context, message: CompareLabels) -> None:
    """Compares labels of data rows."""
    await comparing.compare_labels(context, message)
