"""Client: create_dataset, get_dataset, get_datasets."""

from __future__ import annotations

from typing import Any

from labelbox._calls.connection import Connection
from labelbox.orm.comparison import Clause
from labelbox.pagination import PaginatedCollection
from labelbox.schema.dataset import Dataset


class DatasetCalls(Connection):
    """The calls about datasets."""

    def create_dataset(self, **kwargs: Any) -> Dataset:
        """Creates a dataset (R-CLI-07 to R-CLI-10).

        >>> dataset = client.create_dataset(name="<dataset_name>", projects=project)

        Raises InvalidAttributeError for a keyword that is no attribute of a dataset.
        """
        if kwargs.get("iam_integration", "") is None:
            # How newer callers say that nobody signs the dataset's URLs, which is the case here anyway.
            del kwargs["iam_integration"]
        return self._create(Dataset, kwargs)

    def get_dataset(self, dataset_id: str) -> Dataset:
        """The dataset with that id. Raises ResourceNotFoundError when there is none."""
        return self._get_single(Dataset, dataset_id)

    def get_datasets(self, where: Clause | None = None) -> PaginatedCollection[Dataset]:
        """The datasets that are not deleted, filtered by `where`.

        >>> client.get_datasets(where=(Dataset.name == "a") & (Dataset.description == "b"))
        """
        return self._get_all(Dataset, where)
