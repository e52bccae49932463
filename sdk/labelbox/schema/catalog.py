"""Catalog: all data rows of the organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labelbox.schema.export_requests import export_catalog

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection
    from labelbox.schema.export_task import ExportTask
    from labelbox.schema.task import Task


class Catalog:
    """Exports across datasets and projects."""

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
