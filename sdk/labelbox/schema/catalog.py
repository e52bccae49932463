"""Catalog: all data rows of the organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labelbox.orm import query
from labelbox.schema.export_requests import export_catalog
from labelbox.schema.slice import CatalogSlice

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection
    from labelbox.schema.export_task import ExportTask
    from labelbox.schema.task import Task

CREATE_SLICE = """mutation CreateSlice($data: CreateSavedQueryInput!) {
    createSavedQuery(data: $data) { %s }
}"""


class Catalog:
    """Exports across datasets and projects, and saved searches."""

    def __init__(self, client: Connection) -> None:
        self.client = client

    def export(
        self,
        task_name: str | None = None,
        filters: dict[str, Any] | None = None,
        params: dict[str, Any] | None = None,
    ) -> ExportTask:
        """Starts a streamed export. Raises ValueError for wrong filters or params."""
        started: ExportTask = export_catalog(self.client, task_name, filters, params, streamable=True)
        return started

    def export_v2(
        self,
        task_name: str | None = None,
        filters: dict[str, Any] | None = None,
        params: dict[str, Any] | None = None,
    ) -> Task | ExportTask:
        """The same export with its rows as one list in `result`."""
        started: Task | ExportTask = export_catalog(self.client, task_name, filters, params, streamable=False)
        return started

    def create_slice(self, name: str, filter: Any, description: str = "") -> CatalogSlice:
        """Saves a search as a slice.

        `filter` is a list of search items, all of which must hold, for example
        `[{"type": "dataset", "operator": "is", "ids": [dataset.uid]}]`. Raises MalformedQueryException for a
        filter that cannot be read, ResourceConflict for a taken name.
        """
        data = {"name": name, "description": description, "filter": filter}
        reply = self.client.execute(
            CREATE_SLICE % query.selection(CatalogSlice),
            {"data": data},
            raise_return_resource_not_found=True,
        )
        return CatalogSlice(self.client, reply["createSavedQuery"])
