"""LabelGenerator: labels that are made while they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from labelbox.data.annotation_types.label import Label


class LabelGenerator:
    """Labels out of any iterable, one at a time."""

    def __init__(self, data: Iterable[Label]) -> None:
        self._labels = iter(data)

    def __iter__(self) -> Iterator[Label]:
        return self

    def __next__(self) -> Label:
        return next(self._labels)
