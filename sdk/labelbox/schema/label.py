"""Label: what one labeler said about one data row (API reference 2.4; R-LB-01 to R-LB-17)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from labelbox.exceptions import InvalidQueryError
from labelbox.orm import query
from labelbox.orm.db_object import BoundToMany, BulkDeletable, Updateable
from labelbox.orm.model import Field, ToMany, ToOne
from labelbox.orm.model import Relationship as Rel
from labelbox.schema.benchmark import Benchmark
from labelbox.schema.review import Review

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox.orm.comparison import Clause
    from labelbox.pagination import PaginatedCollection
    from labelbox.schema.data_row import DataRow
    from labelbox.schema.project import Project
    from labelbox.schema.user import User

CREATE_BENCHMARK = """mutation CreateBenchmark($labelId: ID!) {
    createBenchmark(data: {labelId: $labelId}) { %s }
}"""
DELETE_LABELS = """mutation DeleteLabels($ids: [ID!]!) {
    deleteLabels(labelIds: $ids) { id }
}"""


class BoundReviews(BoundToMany[Review]):
    """The reviews of one label; the server lists them all, without a filter."""

    def __call__(
        self, where: Clause | None = None, order_by: query.OrderBy = None
    ) -> PaginatedCollection[Review]:
        """The reviews. Raises InvalidQueryError when `where` or `order_by` is given (R-LB-10)."""
        if where is not None or order_by is not None:
            raise InvalidQueryError("Label.reviews takes neither where nor order_by; use Project.reviews")
        return super().__call__()


class Label(Updateable, BulkDeletable):
    """All annotations of one data row by one labeler; `label` holds them as JSON text.

    `agreement` and `benchmark_agreement` are between 0 and 100, None when nothing was compared.
    """

    _DELETE_DOCUMENT: ClassVar[str] = DELETE_LABELS

    label: Field[str] = Field.String()
    seconds_to_label: Field[float] = Field.Float()
    agreement: Field[float | None] = Field.Float()
    benchmark_agreement: Field[float | None] = Field.Float()
    is_benchmark_reference: Field[bool] = Field.Boolean()
    created_at: Field[datetime] = Field.DateTime()
    updated_at: Field[datetime] = Field.DateTime()

    project: ToOne[Project] = Rel.ToOne("Project")
    data_row: ToOne[DataRow] = Rel.ToOne("DataRow")
    reviews: ToMany[Review] = Rel.ToMany("Review", bound=BoundReviews)
    created_by: ToOne[User] = Rel.ToOne("User")

    @staticmethod
    def bulk_delete(labels: Iterable[Label]) -> None:
        """Deletes all the given labels. Raises InvalidQueryError when something else is among them."""
        Label._bulk_delete(labels)

    def create_review(self, **kwargs: Any) -> Review:
        """Adds a review; at least `score` must be given.

        Raises InvalidQueryError without a score, InvalidAttributeError for an unknown attribute.
        """
        if "score" not in {getattr(name, "name", name) for name in kwargs}:
            raise InvalidQueryError("a review needs a score")
        project = self.project()
        return self.client._create(Review, {**kwargs, "label": self, "project": project})

    def create_benchmark(self) -> Benchmark:
        """Makes this label the reference of its data row."""
        document = CREATE_BENCHMARK % query.selection(Benchmark)
        data = self.client.execute(document, {"labelId": self.uid}, raise_return_resource_not_found=True)
        return Benchmark(self.client, data["createBenchmark"])
