"""Ordering exports, and fetching what they wrote."""

from __future__ import annotations

from typing import Any

from labelyard.exports import actions, data_row_exports, label_exports
from labelyard.exports.records import (
    ExportFileChunk,
    ExportJobResult,
    ExportMetadataHeader,
    ExportTaskHandle,
    LabelExportResult,
    Stream,
)
from labelyard.plumbing.context import Context
from labelyard.plumbing.source import computed

_Parents = list[tuple[str, str, str]]


class Task:
    """What a finished export has written."""

    @computed("t.id", "t.status", "t.created_by")
    async def export_metadata_header(
        context: Context,  # noqa: N805
        parents: _Parents,
        stream_type: str,
    ) -> list[ExportMetadataHeader | None]:
        """How long a stream is; null when it is empty."""
        return await actions.headers(context, parents, Stream(stream_type))

    @computed("t.id", "t.status", "t.created_by")
    async def export_file_from_offset(
        context: Context,  # noqa: N805
        parents: _Parents,
        stream_type: str,
        offset: int,
    ) -> list[ExportFileChunk | None]:
        """The file of a stream that holds a byte."""
        return await actions.files_at(context, parents, Stream(stream_type), offset=offset)

    @computed("t.id", "t.status", "t.created_by")
    async def export_file_from_line(
        context: Context,  # noqa: N805
        parents: _Parents,
        stream_type: str,
        line: int,
    ) -> list[ExportFileChunk | None]:
        """The file of a stream that holds a line."""
        return await actions.files_at(context, parents, Stream(stream_type), line=line)


class Mutation:
    """Ordering exports."""

    @staticmethod
    async def export_data_rows_in_project(context: Context, input: dict[str, Any]) -> ExportTaskHandle:
        """A project's data rows."""
        filters = input["filters"]
        return await actions.export_project(
            context,
            project_id=filters["project_id"],
            name=input.get("task_name"),
            query=(filters.get("search_query") or {}).get("query") or [],
            params=input.get("params"),
            streamable=bool(input.get("streamable")),
        )

    @staticmethod
    async def export_data_rows_in_catalog(context: Context, input: dict[str, Any]) -> ExportTaskHandle:
        """Data rows of datasets, or any others."""
        return await actions.export_catalog(
            context,
            name=input.get("task_name"),
            query=(input["filters"].get("search_query") or {}).get("query") or [],
            params=input.get("params"),
            streamable=bool(input.get("streamable")),
        )

    @staticmethod
    async def export_data_rows_in_slice(context: Context, input: dict[str, Any]) -> ExportTaskHandle:
        """The data rows of a slice."""
        return await actions.export_slice(
            context,
            slice_id=input["filters"]["slice_id"],
            name=input.get("task_name"),
            params=input.get("params"),
            streamable=bool(input.get("streamable")),
        )

    @staticmethod
    async def export_queued_data_rows(context: Context, data: dict[str, Any]) -> ExportJobResult:
        """The data rows that wait for labels in a project, the way of 2.5 to 3.x."""
        return await data_row_exports.export_queued(
            context, data["project_id"], includes_metadata=bool(data.get("include_metadata_input"))
        )

    @staticmethod
    async def export_dataset_data_rows(context: Context, data: dict[str, Any]) -> ExportJobResult:
        """The data rows of a dataset, the way of 2.7 to 3.x."""
        return await data_row_exports.export_dataset(
            context, data["dataset_id"], includes_metadata=bool(data.get("include_metadata_input"))
        )

    @staticmethod
    async def export_batch_data_rows(context: Context, data: dict[str, Any]) -> ExportJobResult:
        """The data rows of a batch, the way of 3.x."""
        return await data_row_exports.export_batch(
            context, data["batch_id"], includes_metadata=bool(data.get("include_metadata_input"))
        )

    @staticmethod
    async def export_labels(context: Context, data: dict[str, Any]) -> LabelExportResult:
        """The label export of 2.4."""
        return await label_exports.export_labels(
            context, project_id=data["project_id"], filters=data.get("filters") or {}
        )
