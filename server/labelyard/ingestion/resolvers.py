"""Uploads and imports."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.ingestion import actions, results
from labelyard.ingestion.records import (
    AppendRowsResult,
    AppendRowsSyncResult,
    FailedImportPage,
    ImportedDataRowPage,
    UploadedFile,
)
from labelyard.plumbing.context import Context
from labelyard.plumbing.multipart import Upload


class Query:
    """What came of an import. The misspelled name is the wire's."""

    @staticmethod
    async def successesful_data_row_imports(context: Context, data: dict[str, Any]) -> ImportedDataRowPage:
        """Rows that were made or changed."""
        return await results.page_of_created(
            context, task_id=data["task_id"], first=data.get("first"), after=data.get("from_")
        )

    @staticmethod
    async def failed_data_row_imports(context: Context, data: dict[str, Any]) -> FailedImportPage:
        """Items that failed."""
        return await results.page_of_failed(
            context, task_id=data["task_id"], first=data.get("first"), after=data.get("from_")
        )


class Mutation:
    """Bringing data in."""

    @staticmethod
    async def upload_file(
        context: Context, file: Upload, content_length: int, sign: bool | None = None
    ) -> UploadedFile:
        """Keeps a file. The length that clients claim is not to be relied on (rest.md 2)."""
        if not isinstance(file, Upload):
            raise errors.Malformed("uploadFile needs a multipart request with the file in it.")
        return await actions.upload_file(context, file)

    @staticmethod
    async def create_data_row(context: Context, data: dict[str, Any]) -> str:
        """One data row at once."""
        connect = (data.get("dataset") or {}).get("connect")
        if not connect:
            raise errors.Malformed("A data row needs a dataset.")
        row = {
            "row_data": data.get("row_data"),
            "external_id": data.get("external_id"),
            "global_key": data.get("global_key"),
            "media_type": data.get("media_type"),
            "attachments": data.get("attachments"),
            "metadata_fields": [
                {"schemaId": field["schema_id"], "value": field.get("value")}
                for field in data.get("metadata_fields") or data.get("custom_metadata") or []
            ]
            or None,
        }
        return await actions.create_data_row(context, dataset_id=connect["id"], row=row)

    @staticmethod
    async def append_rows_to_dataset(context: Context, data: dict[str, Any]) -> AppendRowsResult:
        """An older descriptor file, in the background."""
        return await actions.append_rows(
            context, dataset_id=data["dataset_id"], address=data["json_file_url"]
        )

    @staticmethod
    async def append_rows_to_dataset_sync(context: Context, data: dict[str, Any]) -> AppendRowsSyncResult:
        """An older descriptor file, at once."""
        return AppendRowsSyncResult(
            await actions.append_rows_now(
                context, dataset_id=data["dataset_id"], address=data["json_file_url"]
            )
        )

    @staticmethod
    async def upsert_data_rows(context: Context, data: dict[str, Any]) -> str:
        """What a manifest lists."""
        return await actions.upsert_data_rows(context, manifest_uri=data["manifest_uri"])
