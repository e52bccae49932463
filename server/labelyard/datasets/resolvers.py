"""Dataset."""

from __future__ import annotations

from typing import Any

from labelyard.datasets import queries
from labelyard.plumbing.context import Context
from labelyard.plumbing.source import Column, Moment, One, Rows, computed


class Dataset:
    """A collection of data rows."""

    rows = queries.datasets
    id = Column("ds.id")
    name = Column("ds.name")
    description = Column("ds.description")
    row_count = Column("ds.row_count")
    created_at = Moment("ds.created_at")
    updated_at = Moment("ds.updated_at")
    created_by = One("User", "ds.created_by")
    organization = One("Organization", "ds.organization_id")

    @computed()
    async def signer(context: Context, parents: list[tuple[()]]) -> list[None]:  # noqa: N805
        """Who signs the dataset's addresses: nobody, as long as no integration can be made."""
        return [None for _ in parents]


class Query:
    """Looking at datasets."""

    @staticmethod
    async def dataset(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One dataset."""
        return where["id"] if where else None

    @staticmethod
    async def datasets(context: Context) -> Rows:
        """The datasets that the caller may see."""
        return queries.datasets(context)
