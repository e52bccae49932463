"""UploadType: where the data rows of a project come from."""

from __future__ import annotations

from enum import Enum


class UploadType(Enum):
    """Auto projects make their data rows themselves; a value not known here reads as Missing."""

    Auto = "AUTO"
    Manual = "MANUAL"
    Missing = None

    @classmethod
    def _missing_(cls, value: object) -> UploadType:
        return cls.Missing
