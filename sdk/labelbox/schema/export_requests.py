"""Starts an export at the server: of a project, a dataset, data rows or the whole catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labelbox.schema.export_filters import ids_item, search_items
from labelbox.schema.export_params import export_params_input
from labelbox.schema.export_task import ExportTask
from labelbox.schema.id_type import IdType
from labelbox.schema.task import Task, task_of

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection
    from labelbox.schema.identifiables import Identifiables

EXPORT_DATA_ROWS_IN_PROJECT = """mutation ExportDataRowsInProject($input: ExportDataRowsInProjectInput!) {
    exportDataRowsInProject(input: $input) { taskId isStreamable }
}"""
EXPORT_DATA_ROWS_IN_CATALOG = """mutation ExportDataRowsInCatalog($input: ExportDataRowsInCatalogInput!) {
    exportDataRowsInCatalog(input: $input) { taskId isStreamable }
}"""
EXPORT_DATA_ROWS_IN_SLICE = """mutation ExportDataRowsInSlice($input: ExportDataRowsInSliceInput!) {
    exportDataRowsInSlice(input: $input) { taskId isStreamable }
}"""
USER_TIMEZONE = "query UserTimezone { user { timezone } }"


def export_project(
    client: Connection,
    project_id: str,
    task_name: str | None,
    filters: dict[str, Any] | None,
    params: dict[str, Any] | None,
    streamable: bool,
) -> Any:
    """An export of the data rows of a project with their labels (P-EX-01 to P-EX-09)."""
    query = search_items(filters, lambda: _timezone(client))
    request = {
        "taskName": task_name,
        "filters": {"projectId": project_id, "searchQuery": {"scope": None, "query": query}},
        "params": export_params_input(params, of_catalog=False),
    }
    return _start(client, EXPORT_DATA_ROWS_IN_PROJECT, "exportDataRowsInProject", request, streamable)


def export_catalog(
    client: Connection,
    task_name: str | None,
    filters: dict[str, Any] | None,
    params: dict[str, Any] | None,
    streamable: bool,
    only: list[dict[str, Any]] | None = None,
) -> Any:
    """An export across projects, of the data rows that the search items `only` name besides the filters."""
    query = search_items(filters, lambda: _timezone(client)) + (only or [])
    request = {
        "taskName": task_name,
        "filters": {"searchQuery": {"scope": None, "query": query}},
        "params": export_params_input(params, of_catalog=True),
    }
    return _start(client, EXPORT_DATA_ROWS_IN_CATALOG, "exportDataRowsInCatalog", request, streamable)


def export_slice(
    client: Connection,
    slice_id: str,
    task_name: str | None,
    params: dict[str, Any] | None,
    streamable: bool,
) -> Any:
    """An export of the data rows that are in a slice now."""
    request = {
        "taskName": task_name,
        "filters": {"sliceId": slice_id},
        "params": export_params_input(params, of_catalog=True),
    }
    return _start(client, EXPORT_DATA_ROWS_IN_SLICE, "exportDataRowsInSlice", request, streamable)


def export_data_rows(
    client: Connection,
    data_rows: Identifiables,
    task_name: str | None,
    params: dict[str, Any] | None,
    streamable: bool,
) -> Any:
    """An export of named data rows. Raises ValueError when there are none."""
    if not data_rows.keys:
        raise ValueError("an export needs at least one data row")
    kind = "data_row_id" if data_rows.id_type is IdType.DataRowId else "global_key"
    name = task_name or f"Export v2: data rows {len(data_rows)}"
    return export_catalog(client, name, None, params, streamable, [ids_item(data_rows.keys, kind)])


def _start(
    client: Connection, document: str, root: str, request: dict[str, Any], streamable: bool
) -> Task | ExportTask:
    request = {**request, "isStreamableReady": True, "streamable": streamable}
    started = client.execute(document, {"input": request}, raise_return_resource_not_found=True)[root]
    task = task_of(client, started["taskId"])
    if streamable or started["isStreamable"]:
        return ExportTask(task, is_export_v2=not streamable)
    return task


def _timezone(client: Connection) -> str:
    return str(client.execute(USER_TIMEZONE)["user"]["timezone"] or "UTC")
