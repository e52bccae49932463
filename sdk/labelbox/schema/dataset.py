"""Dataset: a collection of data rows (API reference 2.4; R-DS-01 to R-DS-27)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, overload

from labelbox.exceptions import (
    InvalidQueryError,
    MalformedQueryException,
    ResourceConflict,
    ResourceCreationError,
    ResourceNotFoundError,
    UnprocessableEntityError,
)
from labelbox.orm import query
from labelbox.orm.comparison import flat_where_input
from labelbox.orm.db_object import BoundToMany, DbObject, Deletable, Updateable
from labelbox.orm.model import Field, ToMany, ToOne
from labelbox.orm.model import Relationship as Rel
from labelbox.pagination import PaginatedCollection
from labelbox.schema.data_row import DataRow
from labelbox.schema.data_row_exports import EXPORT_DATASET_DATA_ROWS, exported_rows
from labelbox.schema.export_filters import ids_item
from labelbox.schema.export_requests import export_catalog
from labelbox.schema.internal.data_row_uploader import FILE_UPLOAD_THREAD_COUNT, DataRowUploader
from labelbox.schema.internal.descriptor_file_creator import DescriptorFileCreator, is_local_file
from labelbox.schema.task import DataUpsertTask

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox._calls.uploads import UploadCalls
    from labelbox.orm.comparison import Clause
    from labelbox.schema.export_task import ExportTask
    from labelbox.schema.organization import Organization
    from labelbox.schema.project import Project
    from labelbox.schema.task import Task
    from labelbox.schema.user import User

logger = logging.getLogger(__name__)

DATASET_DATA_ROWS = """query DatasetDataRows(
    $id: ID!, $from: ID, $first: Int, $where: DatasetDataRowWhereInput
) {
    datasetDataRows(id: $id, from: $from, first: $first, where: $where) {
        nodes { %s } pageInfo { startCursor hasNextPage }
    }
}"""
UPSERT_DATA_ROWS = """mutation UpsertDataRows($manifestUri: String!) {
    upsertDataRows(data: {manifestUri: $manifestUri}) { %s }
}"""
CREATE_DATA_ROW = """mutation CreateDataRow($data: CreateDataRowInput!) {
    createDataRow(data: $data) { %s }
}"""

_PAGE_SIZE = 500
_WIRE_NAMES = {
    "row_data": "rowData",
    "global_key": "globalKey",
    "external_id": "externalId",
    "metadata_fields": "metadataFields",
    "metadata": "metadataFields",
    "attachments": "attachments",
    "embeddings": "embeddings",
    "media_type": "mediaType",
    "media_attributes": "mediaAttributes",
}


class BoundDataRows(BoundToMany[DataRow]):
    """The data rows of one dataset."""

    def __call__(
        self,
        where: Clause | None = None,
        order_by: query.OrderBy = None,
        from_cursor: str | None = None,
    ) -> PaginatedCollection[DataRow]:
        """The data rows, newest first or in the given order (R-DS-07).

        `from_cursor` is the id of the data row after which to begin; it does not go with `order_by`.
        """
        if order_by is not None:
            return super().__call__(where, order_by)
        source = self._source
        params: dict[str, Any] = {"id": source.uid, "where": flat_where_input(where, DataRow)}
        pages: PaginatedCollection[DataRow] = PaginatedCollection(
            source.client,
            DATASET_DATA_ROWS % query.selection(DataRow),
            params,
            ["datasetDataRows", "nodes"],
            DataRow,
            cursor_path=["datasetDataRows", "pageInfo", "startCursor"],
            page_size=_PAGE_SIZE,
        )
        pages.start_from(from_cursor)
        return pages


class DataRowsOfDataset(ToMany[DataRow]):
    """The relationship to data rows, whose list can begin at a cursor."""

    @overload
    def __get__(self, obj: None, owner: type) -> DataRowsOfDataset: ...
    @overload
    def __get__(self, obj: DbObject, owner: type) -> BoundDataRows: ...
    def __get__(self, obj: DbObject | None, owner: type) -> Any:
        return self if obj is None else BoundDataRows(obj, self)


class Dataset(Updateable, Deletable):
    """A collection of data rows."""

    name: Field[str] = Field.String()
    description: Field[str] = Field.String()
    updated_at: Field[datetime] = Field.DateTime()
    created_at: Field[datetime] = Field.DateTime()
    row_count: Field[int] = Field.Int()

    projects: ToMany[Project] = Rel.ToMany("Project", filter_deleted=True, connectable=False)
    data_rows = DataRowsOfDataset(True, "DataRow", None, False, False, True)
    created_by: ToOne[User] = Rel.ToOne("User")
    organization: ToOne[Organization] = Rel.ToOne("Organization")

    client: UploadCalls

    def create_data_row(self, items: dict[Any, Any] | None = None, **kwargs: Any) -> DataRow:
        """Creates one data row and returns it (R-DS-12).

        Its values are keyword arguments, or a dict whose keys are fields or their names; `row_data` that is
        the path of a local file is uploaded. Raises InvalidQueryError without row_data,
        InvalidAttributeError for an unknown name, ResourceCreationError when the server refuses the content.
        """
        given = {**(items or {}), **kwargs}
        row = DescriptorFileCreator(self.client, self.uid).normalize(given, is_upsert=False)
        if is_local_file(row.get("row_data")):
            row["row_data"] = self.client.upload_file(row["row_data"])
        elif not isinstance(row["row_data"], str):
            row["row_data"] = json.dumps(row["row_data"])
        row.pop("key", None)
        names = {name: _WIRE_NAMES[name] for name in row if name in _WIRE_NAMES}
        data = {wire: row[name] for name, wire in names.items() if row[name] is not None}
        data["dataset"] = {"connect": {"id": self.uid}}
        try:
            reply = self.client.execute(
                CREATE_DATA_ROW % query.selection(DataRow),
                {"data": data},
                raise_return_resource_not_found=True,
            )
        except (MalformedQueryException, ResourceConflict, UnprocessableEntityError) as error:
            raise ResourceCreationError(str(error), error) from error
        return DataRow(self.client, reply["createDataRow"])

    def create_data_rows(
        self, items: Iterable[Any], file_upload_thread_count: int = FILE_UPLOAD_THREAD_COUNT
    ) -> DataUpsertTask:
        """Creates many data rows and returns the task that does it (R-DS-15 to R-DS-22).

        An item is the path of a local file, or a dict of data row values that has at least `row_data`; keys
        are fields or their names. Local files are uploaded in parallel. The items may come from a generator:
        they are read once, and never all held in memory. Raises InvalidQueryError, InvalidAttributeError,
        ValueError or KeyError for a wrong item; then nothing is created.
        """
        return self._upsert(items, is_upsert=False, threads=file_upload_thread_count)

    def create_data_rows_sync(
        self, items: Iterable[Any], file_upload_thread_count: int = FILE_UPLOAD_THREAD_COUNT
    ) -> None:
        """Creates data rows and waits for them. Raises ResourceCreationError when one was not created."""
        task = self.create_data_rows(items, file_upload_thread_count)
        task.wait_till_done(timeout_seconds=3600)
        errors = task.errors
        if errors or task.status != "COMPLETE":
            raise ResourceCreationError(f"Data row creation is {task.status}: {errors}")

    def upsert_data_rows(
        self, items: Iterable[Any], file_upload_thread_count: int = FILE_UPLOAD_THREAD_COUNT
    ) -> DataUpsertTask:
        """Creates data rows, or changes those that an item names by its `key`, and returns the task.

        `key` is a UniqueId (the data row must exist) or a GlobalKey (it is created when it does not exist).
        Raises ValueError for a wrong key or an item without values, and what create_data_rows raises.
        """
        return self._upsert(items, is_upsert=True, threads=file_upload_thread_count)

    def data_row_for_external_id(self, external_id: str) -> DataRow:
        """The data row with that external id (R-DS-23).

        When there are several, the first, with a warning. Raises ResourceNotFoundError when there is none.
        """
        rows = self.data_rows_for_external_id(external_id, limit=2)
        if len(rows) > 1:
            logger.warning("More than one data row has the external id %r; returning the first", external_id)
        return rows[0]

    def data_rows_for_external_id(self, external_id: str, limit: int = 10) -> list[DataRow]:
        """At most `limit` data rows with that external id. Raises ResourceNotFoundError for none."""
        where = DataRow.external_id == external_id
        rows = self.data_rows(where).get_many(limit)
        if not rows:
            raise ResourceNotFoundError(DataRow, {"external_id": external_id})
        return rows

    def export(
        self,
        task_name: str | None = None,
        filters: dict[str, Any] | None = None,
        params: dict[str, Any] | None = None,
    ) -> ExportTask:
        """Starts a streamed export of the dataset. Raises ValueError for wrong filters or params."""
        started: ExportTask = self._export(task_name, filters, params, streamable=True)
        return started

    def export_v2(
        self,
        task_name: str | None = None,
        filters: dict[str, Any] | None = None,
        params: dict[str, Any] | None = None,
    ) -> Task | ExportTask:
        """The same export with its rows as one list in `result`."""
        started: Task | ExportTask = self._export(task_name, filters, params, streamable=False)
        return started

    def export_data_rows(
        self, timeout_seconds: float = 120, include_metadata: bool = False
    ) -> Iterator[DataRow]:
        """The data rows of this dataset as objects; newer clients use `export`.

        Raises LabelboxError when it takes longer than `timeout_seconds`.
        """
        rows = exported_rows(
            self.client,
            EXPORT_DATASET_DATA_ROWS,
            "exportDatasetDataRows",
            self.uid,
            timeout_seconds,
            include_metadata,
        )
        return (DataRow(self.client, row) for row in rows)

    def _export(
        self,
        task_name: str | None,
        filters: dict[str, Any] | None,
        params: dict[str, Any] | None,
        streamable: bool,
    ) -> Any:
        name = task_name or f"Export v2: dataset - {self.name}"
        only = [ids_item([self.uid], "dataset")]
        return export_catalog(self.client, name, filters, params, streamable, only)

    def _upsert(self, items: Iterable[Any], is_upsert: bool, threads: int) -> DataUpsertTask:
        manifest_uri = DataRowUploader(self.client, self.uid, threads).upload(items, is_upsert)
        document = UPSERT_DATA_ROWS % query.selection(DataUpsertTask)
        reply = self.client.execute(
            document, {"manifestUri": manifest_uri}, raise_return_resource_not_found=True
        )
        if not reply or not reply["upsertDataRows"]:
            raise InvalidQueryError("The server did not accept the data rows")
        return DataUpsertTask(self.client, reply["upsertDataRows"])
