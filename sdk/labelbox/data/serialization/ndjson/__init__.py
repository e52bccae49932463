"""Typed labels -> lines of an annotation import (import format, sections 2 to 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from labelbox.data.annotation_types.data.generic_data_row_data import GenericDataRowData
from labelbox.data.annotation_types.label import Label


class NDJsonConverter:
    """Writes labels as lines."""

    @staticmethod
    def serialize(labels: Iterable[Label]) -> Iterator[dict[str, Any]]:
        """One line per annotation of each label."""
        for label in labels:
            yield from label_lines(label)


def label_lines(label: Label) -> Iterator[dict[str, Any]]:
    """The lines of one label; all name its data row."""
    data_row = GenericDataRowData.of(label.data).as_line()
    flag = {"isBenchmarkReferenceLabel": True} if label.is_benchmark_reference else {}
    for annotation in label.annotations:
        yield {**annotation.as_line(), "dataRow": data_row, **flag}
