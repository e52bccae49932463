"""ResourceTag: a coloured word that projects can carry (P-TG-02)."""

from __future__ import annotations

from labelbox.orm.db_object import Updateable
from labelbox.orm.model import Field


class ResourceTag(Updateable):
    """A tag: its text and its colour, six hex digits without `#`."""

    text: Field[str] = Field.String()
    color: Field[str] = Field.String()
