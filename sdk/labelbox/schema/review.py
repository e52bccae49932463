"""Review: somebody's judgement of a label (API reference 2.4; R-RV-01 to R-RV-12)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from labelbox.orm.db_object import Deletable, Updateable
from labelbox.orm.model import Field, ToOne
from labelbox.orm.model import Relationship as Rel

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox.schema.label import Label
    from labelbox.schema.organization import Organization
    from labelbox.schema.project import Project
    from labelbox.schema.user import User


class Review(Deletable, Updateable):
    """A score of a label: by custom 1 is thumbs up, 0 neutral, -1 thumbs down."""

    class NetScore(Enum):
        """The sign of the sum of a label's review scores."""

        Negative = "Negative"
        Zero = "Zero"
        Positive = "Positive"

    created_at: Field[datetime] = Field.DateTime()
    updated_at: Field[datetime] = Field.DateTime()
    score: Field[float] = Field.Float()

    created_by: ToOne[User] = Rel.ToOne("User")
    organization: ToOne[Organization] = Rel.ToOne("Organization")
    project: ToOne[Project] = Rel.ToOne("Project")
    label: ToOne[Label] = Rel.ToOne("Label")
