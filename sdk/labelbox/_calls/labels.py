"""Client: get_labeling_frontends."""

from __future__ import annotations

from labelbox._calls.connection import Connection
from labelbox.orm.comparison import Clause
from labelbox.pagination import PaginatedCollection
from labelbox.schema.labeling_frontend import LabelingFrontend


class LabelCalls(Connection):
    """The calls about making labels."""

    def get_labeling_frontends(self, where: Clause | None = None) -> PaginatedCollection[LabelingFrontend]:
        """The labeling frontends, filtered by `where`; "Editor" is always there (R-CLI-30).

        >>> client.get_labeling_frontends(where=LabelingFrontend.name == "Editor")
        """
        return self._get_all(LabelingFrontend, where)
