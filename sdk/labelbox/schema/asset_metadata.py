"""AssetMetadata: extra context of an asset while labeling (API reference 2.4; R-AMD-01 to R-AMD-06)."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field


class AssetMetadata(DbObject):
    """A piece of context shown beside an asset: the kind, and a URL or a text."""

    VIDEO: ClassVar[str] = "VIDEO"
    IMAGE: ClassVar[str] = "IMAGE"
    TEXT: ClassVar[str] = "TEXT"
    IMAGE_OVERLAY: ClassVar[str] = "IMAGE_OVERLAY"

    class MetaType(Enum):
        """The kinds of context."""

        VIDEO = "VIDEO"
        IMAGE = "IMAGE"
        TEXT = "TEXT"
        IMAGE_OVERLAY = "IMAGE_OVERLAY"

    meta_type: Field[str] = Field.String()
    meta_value: Field[str] = Field.String()
