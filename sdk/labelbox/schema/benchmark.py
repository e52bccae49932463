"""Benchmark: the reference label of a data row (API reference 2.4; R-BEN-01 to R-BEN-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field, ToOne
from labelbox.orm.model import Relationship as Rel

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox.schema.label import Label
    from labelbox.schema.user import User

DELETE_BENCHMARK = """mutation DeleteBenchmark($labelId: ID!) {
    deleteBenchmark(where: {labelId: $labelId}) { id }
}"""


class Benchmark(DbObject):
    """A label that the labels of other people on the same data row are compared with.

    `average_agreement` is between 0 and 100, None until a label was compared.
    """

    created_at: Field[datetime] = Field.DateTime()
    last_activity: Field[datetime | None] = Field.DateTime()
    average_agreement: Field[float | None] = Field.Float()
    completed_count: Field[int] = Field.Int()

    created_by: ToOne[User] = Rel.ToOne("User")
    reference_label: ToOne[Label] = Rel.ToOne("Label")

    def delete(self) -> None:
        """The label is no longer a reference; the label itself stays."""
        label = self.reference_label()
        if label is not None:
            self.client.execute(
                DELETE_BENCHMARK, {"labelId": label.uid}, raise_return_resource_not_found=True
            )
