"""DataRow, its attachments, and global keys."""

from __future__ import annotations

from typing import Any

from labelyard.data_rows import actions, global_keys, queries
from labelyard.data_rows.records import (
    BLOB,
    AssignGlobalKeysData,
    AssignGlobalKeysResult,
    ClearGlobalKeysData,
    ClearGlobalKeysResult,
    DataRowPage,
    DataRowsForGlobalKeysData,
    DataRowsForGlobalKeysResult,
    DataRowsProcessedResult,
    ExternalIdPair,
    FetchedDataRow,
    GlobalKeyAssignment,
    JobHandle,
)
from labelyard.plumbing import blob_links, filters
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import IdResult
from labelyard.plumbing.source import Column, Many, Moment, One, computed


def _asset_url(context: Context, value: str | None) -> str | None:
    """What was uploaded to us is handed out under a signed address; everything else as it came."""
    if value is None or not value.startswith(BLOB):
        return value
    return blob_links.url(context, value.removeprefix(BLOB))


class DataRow:
    """An asset in a dataset."""

    rows = queries.data_rows
    id = Column("d.id")
    external_id = Column("d.external_id")
    global_key = Column("d.global_key")
    row_data = Column("d.row_data", render=_asset_url)
    media_attributes = Column("d.media_attributes", filterable=False)
    created_at = Moment("d.created_at")
    updated_at = Moment("d.updated_at")
    processing_status = Column("d.processing", filterable=False)
    processing_error = Column("d.processing_error", filterable=False)
    attachments = Many("AssetAttachment", "a.data_row_id")
    metadata = Many("AssetMetadata", "a.data_row_id")
    created_by = One("User", "d.created_by")
    dataset = One("Dataset", "d.dataset_id")
    organization = One("Organization", "d.organization_id")

    @computed("d.id", "d.row_data", "d.media_type", "d.processing")
    async def thumbnail_url(context: Context, parents: list[tuple[str, str, str, str]]) -> list[str | None]:  # noqa: N805
        """A small picture of an uploaded image; of other images their own address."""
        return [
            (f"/api/v1/data-rows/{row_id}/thumbnail" if data.startswith(BLOB) else data)
            if media == "IMAGE" and state == "SUCCESS"
            else None
            for row_id, data, media, state in parents
        ]


class AssetAttachment:
    """Extra material shown beside the asset."""

    rows = queries.attachments
    id = Column("a.id")
    name = Column("a.name")
    type = Column("a.type")
    value = Column("a.value")


class AssetMetadata:
    """The same, as the 2.4 reference calls it."""

    rows = queries.attachments
    id = Column("a.id")
    meta_type = Column("CASE WHEN a.type IN ('RAW_TEXT', 'TEXT_URL') THEN 'TEXT' ELSE a.type END")
    meta_value = Column("a.value")


class Dataset:
    """What is in a dataset."""

    data_rows = Many("DataRow", "d.dataset_id")


class Query:
    """Looking at data rows."""

    @staticmethod
    async def data_row(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One data row."""
        return where["id"] if where else None

    @staticmethod
    async def dataset_data_rows(
        context: Context,
        id: str,
        from_: str | None = None,
        first: int | None = None,
        where: dict[str, Any] | None = None,
    ) -> DataRowPage:
        """A page of a dataset by cursor."""
        rows = filters.filtered_by_name("DataRow", queries.data_rows(context), where)
        return await actions.page_of_dataset(
            context, rows, dataset_id=id, before=from_, first=min(first or 500, 5000)
        )

    @staticmethod
    async def external_ids_to_data_row_ids(
        context: Context, external_id_in: list[str]
    ) -> list[ExternalIdPair]:
        """Which rows have these external ids."""
        return await actions.external_id_pairs(context, external_id_in)

    @staticmethod
    async def query_all_data_rows_have_been_processed(
        context: Context, data_row_ids: list[str] | None = None, global_keys: list[str] | None = None
    ) -> DataRowsProcessedResult:
        """Whether all of the rows have been looked into."""
        return await actions.have_been_processed(context, data_row_ids or [], global_keys or [])

    @staticmethod
    async def assign_global_keys_to_data_rows_result(
        context: Context, job_id: dict[str, Any]
    ) -> AssignGlobalKeysResult:
        """What came of assigning keys."""
        outcome = await global_keys.outcome_of(context, job_id["id"], "assign")
        parts = {
            name: [GlobalKeyAssignment(**entry) for entry in outcome[name]]
            for name in ("given", "invalid", "same", "denied")
        }
        return AssignGlobalKeysResult(
            "COMPLETE", AssignGlobalKeysData(parts["given"], parts["invalid"], parts["same"], parts["denied"])
        )

    @staticmethod
    async def data_rows_for_global_keys(context: Context, where: dict[str, Any]) -> JobHandle:
        """Looks keys up."""
        return await global_keys.look_up(context, where["ids"])

    @staticmethod
    async def data_rows_for_global_keys_result(
        context: Context, job_id: dict[str, Any]
    ) -> DataRowsForGlobalKeysResult:
        """What came of looking keys up."""
        outcome = await global_keys.outcome_of(context, job_id["id"], "look up")
        found = [FetchedDataRow(row_id) for row_id in outcome["ids"]]
        return DataRowsForGlobalKeysResult("COMPLETE", DataRowsForGlobalKeysData(found, outcome["missing"]))

    @staticmethod
    async def clear_global_keys_result(context: Context, job_id: dict[str, Any]) -> ClearGlobalKeysResult:
        """What came of clearing keys."""
        outcome = await global_keys.outcome_of(context, job_id["id"], "clear")
        return ClearGlobalKeysResult(
            "COMPLETE", ClearGlobalKeysData(outcome["cleared"], [], outcome["missing"])
        )


class Mutation:
    """Attachments and keys."""

    @staticmethod
    async def create_asset_metadata(context: Context, data: dict[str, Any]) -> str:
        """A new attachment, the 2.4 way."""
        return await actions.add_asset_metadata(
            context, data_row_id=data["data_row_id"], kind=data["meta_type"], value=data["meta_value"]
        )

    @staticmethod
    async def create_data_row_attachment(context: Context, data: dict[str, Any]) -> str:
        """A new attachment."""
        return await actions.add_attachment(
            context,
            data_row_id=data["data_row_id"],
            kind=data["type"],
            value=data["value"],
            name=data.get("name"),
        )

    @staticmethod
    async def update_data_row_attachment(
        context: Context, where: dict[str, Any], data: dict[str, Any]
    ) -> str:
        """Changes an attachment."""
        return await actions.update_attachment(
            context,
            attachment_id=where["id"],
            name=data.get("name"),
            kind=data.get("type"),
            value=data.get("value"),
        )

    @staticmethod
    async def delete_data_row_attachment(context: Context, where: dict[str, Any]) -> IdResult:
        """Deletes an attachment."""
        return IdResult(await actions.delete_attachment(context, attachment_id=where["id"]))

    @staticmethod
    async def assign_global_keys_to_data_rows(context: Context, data: dict[str, Any]) -> JobHandle:
        """Gives rows their keys."""
        return await global_keys.assign(context, data["assign_inputs"])

    @staticmethod
    async def clear_global_keys(context: Context, where: dict[str, Any]) -> JobHandle:
        """Takes keys away."""
        return await global_keys.clear(context, where["ids"])
