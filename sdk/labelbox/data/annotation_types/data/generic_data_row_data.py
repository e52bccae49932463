"""GenericDataRowData: a data row by its id or its global key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass
class GenericDataRowData:
    """The data row of a label. Raises ValueError unless exactly one of `uid` and `global_key` is given."""

    uid: str | None = None
    global_key: str | None = None

    def __post_init__(self) -> None:
        if bool(self.uid) == bool(self.global_key):
            raise ValueError("a data row is named by exactly one of uid and global_key")

    @classmethod
    def of(cls, given: GenericDataRowData | Mapping[str, Any]) -> GenericDataRowData:
        """The data row that a caller names, as an object or as a dict with the same keys."""
        return given if isinstance(given, cls) else cls(**given)  # type: ignore[arg-type]

    def as_line(self) -> dict[str, str]:
        """The data row as a line of an import has it."""
        return {"id": self.uid} if self.uid else {"globalKey": str(self.global_key)}
