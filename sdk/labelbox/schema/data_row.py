"""DataRow: one asset in a dataset (API reference 2.4; R-DR-01 to R-DR-20)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from labelbox.exceptions import InvalidAttributeError, InvalidQueryError
from labelbox.orm import query
from labelbox.orm.db_object import BoundToMany, BulkDeletable, Updateable
from labelbox.orm.model import Field, ToMany, ToOne
from labelbox.orm.model import Relationship as Rel
from labelbox.schema.asset_attachment import AssetAttachment, check_attachment
from labelbox.schema.asset_metadata import AssetMetadata
from labelbox.schema.export_requests import export_data_rows
from labelbox.schema.identifiables import GlobalKeys, identifiables_of
from labelbox.schema.internal.descriptor_file_creator import is_local_file

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox._calls.connection import Connection
    from labelbox._calls.uploads import UploadCalls
    from labelbox.orm.comparison import Clause
    from labelbox.pagination import PaginatedCollection
    from labelbox.schema.dataset import Dataset
    from labelbox.schema.export_task import ExportTask
    from labelbox.schema.identifiables import Identifiables
    from labelbox.schema.label import Label
    from labelbox.schema.organization import Organization
    from labelbox.schema.prediction import Prediction
    from labelbox.schema.task import Task
    from labelbox.schema.user import User

DELETE_DATA_ROWS = """mutation DeleteDataRows($ids: [ID!]!) {
    deleteDataRows(where: {dataRowIds: $ids}) { id }
}"""
CREATE_ASSET_METADATA = """mutation CreateAssetMetadata(
    $metaType: AttachmentType!, $metaValue: String!, $dataRowId: ID!
) {
    createAssetMetadata(data: {metaType: $metaType, metaValue: $metaValue, dataRowId: $dataRowId}) { %s }
}"""
CREATE_DATA_ROW_ATTACHMENT = """mutation CreateDataRowAttachment(
    $type: AttachmentType!, $value: String!, $name: String, $dataRowId: ID!
) {
    createDataRowAttachment(data: {type: $type, value: $value, name: $name, dataRowId: $dataRowId}) { %s }
}"""
DATA_ROW_LABELING_ACTIVITY = """query DataRowLabelingActivity($id: ID!, $projectId: ID!) {
    dataRow(where: {id: $id}) { labelingActivity(where: {projectId: $projectId}) { selectedLabelId } }
}"""


class BoundMetadata(BoundToMany[AssetMetadata]):
    """The context pieces of one data row; the server lists them all, without a filter."""

    def __call__(
        self, where: Clause | None = None, order_by: query.OrderBy = None
    ) -> PaginatedCollection[AssetMetadata]:
        """The pieces. Raises InvalidQueryError when `where` or `order_by` is given (R-DR-12)."""
        if where is not None or order_by is not None:
            raise InvalidQueryError("DataRow.metadata takes neither where nor order_by")
        return super().__call__()


class DataRow(Updateable, BulkDeletable):
    """One piece of data, for example an image, a video or a text.

    `row_data` is its address, or the text itself; `global_key` is the user's own unique name of it, and
    `external_id` an older name that need not be unique.
    """

    _DELETE_DOCUMENT: ClassVar[str] = DELETE_DATA_ROWS

    external_id: Field[str | None] = Field.String()
    global_key: Field[str | None] = Field.String()
    row_data: Field[str] = Field.String()
    updated_at: Field[datetime] = Field.DateTime()
    created_at: Field[datetime] = Field.DateTime()
    media_attributes: Field[dict[str, Any] | None] = Field.Json()
    # PROCESSING until the asset was looked into, then SUCCESS or FAILED; the error says what is the matter with it
    processing_status: Field[str] = Field.String()
    processing_error: Field[str | None] = Field.String()
    metadata_fields: Field[list[dict[str, Any]]] = Field.List(selection="schemaId name value kind")

    dataset: ToOne[Dataset] = Rel.ToOne("Dataset")
    created_by: ToOne[User] = Rel.ToOne("User")
    organization: ToOne[Organization] = Rel.ToOne("Organization")
    labels: ToMany[Label] = Rel.ToMany("Label")
    metadata: ToMany[AssetMetadata] = Rel.ToMany("AssetMetadata", bound=BoundMetadata)
    attachments: ToMany[AssetAttachment] = Rel.ToMany("AssetAttachment")
    predictions: ToMany[Prediction] = Rel.ToMany("Prediction")

    client: UploadCalls

    supported_meta_types: ClassVar[set[str]] = {member.value for member in AssetMetadata.MetaType}
    supported_attachment_types: ClassVar[set[str]] = {
        member.value for member in AssetAttachment.AttachmentType
    }

    def update(self, **kwargs: Any) -> DataRow:
        """Sets external_id, global_key or row_data.

        An object as row_data is sent as JSON text, and a local file is uploaded (R-DR-05). Raises ValueError when
        nothing is given or a value is empty, InvalidAttributeError for another name.
        """
        allowed = {"external_id", "global_key", "row_data", "metadata_fields"}
        unknown = set(kwargs) - allowed
        if unknown:
            raise InvalidAttributeError(DataRow, ", ".join(sorted(unknown)))
        if not kwargs:
            raise ValueError(f"an update needs at least one of {sorted(allowed)}")
        empty = [name for name, value in kwargs.items() if value in (None, "", {})]
        if empty:
            raise ValueError(f"{', '.join(empty)} cannot be empty")
        if isinstance(kwargs.get("row_data"), dict):
            kwargs["row_data"] = json.dumps(kwargs["row_data"])
        elif is_local_file(kwargs.get("row_data")):
            kwargs["row_data"] = self.client.upload_file(kwargs["row_data"])
        return super().update(**kwargs)

    @staticmethod
    def bulk_delete(data_rows: Iterable[DataRow]) -> None:
        """Deletes all the given data rows. Raises InvalidQueryError when something else is among them."""
        DataRow._bulk_delete(data_rows)

    def create_metadata(self, meta_type: str | AssetMetadata.MetaType, meta_value: str) -> AssetMetadata:
        """Attaches a piece of context (R-DR-16).

        `meta_type` is one of VIDEO, IMAGE, TEXT, IMAGE_OVERLAY; any other raises ValueError.
        """
        kind = meta_type.value if isinstance(meta_type, AssetMetadata.MetaType) else meta_type
        if kind not in self.supported_meta_types:
            raise ValueError(
                f"meta_type must be one of {sorted(self.supported_meta_types)}, got {meta_type!r}"
            )
        params = {"metaType": kind, "metaValue": meta_value, "dataRowId": self.uid}
        document = CREATE_ASSET_METADATA % query.selection(AssetMetadata)
        reply = self.client.execute(document, params, raise_return_resource_not_found=True)
        return AssetMetadata(self.client, reply["createAssetMetadata"])

    def create_attachment(
        self,
        attachment_type: str | AssetAttachment.AttachmentType,
        attachment_value: str,
        attachment_name: str | None = None,
    ) -> AssetAttachment:
        """Attaches material to be shown beside the asset. Raises ValueError for an unknown type."""
        member = AssetAttachment.AttachmentType
        kind = attachment_type.value if isinstance(attachment_type, member) else attachment_type
        check_attachment({"type": kind, "value": attachment_value})
        params = {"type": kind, "value": attachment_value, "name": attachment_name, "dataRowId": self.uid}
        document = CREATE_DATA_ROW_ATTACHMENT % query.selection(AssetAttachment)
        reply = self.client.execute(document, params, raise_return_resource_not_found=True)
        return AssetAttachment(self.client, reply["createDataRowAttachment"])

    def get_winning_label_id(self, project_id: str) -> str | None:
        """The id of the label that counts when several people labeled this row in a project."""
        params = {"id": self.uid, "projectId": project_id}
        row = self.client.execute(DATA_ROW_LABELING_ACTIVITY, params)["dataRow"]
        found: str | None = row["labelingActivity"] and row["labelingActivity"]["selectedLabelId"]
        return found

    @staticmethod
    def export(
        client: Connection,
        data_rows: Iterable[str | DataRow] | None = None,
        global_keys: Iterable[str] | None = None,
        task_name: str | None = None,
        params: dict[str, Any] | None = None,
    ) -> ExportTask:
        """Starts a streamed export of the given data rows, by ids or objects, or by global keys.

        Raises ValueError unless exactly one of `data_rows` and `global_keys` is given.
        """
        rows = _clause(data_rows, global_keys)
        started: ExportTask = export_data_rows(client, rows, task_name, params, streamable=True)
        return started

    @staticmethod
    def export_v2(
        client: Connection,
        data_rows: Iterable[str | DataRow] | None = None,
        global_keys: Iterable[str] | None = None,
        task_name: str | None = None,
        params: dict[str, Any] | None = None,
    ) -> Task | ExportTask:
        """The same export with its rows as one list in `result`."""
        rows = _clause(data_rows, global_keys)
        started: Task | ExportTask = export_data_rows(client, rows, task_name, params, streamable=False)
        return started


def _clause(data_rows: Iterable[str | DataRow] | None, global_keys: Iterable[str] | None) -> Identifiables:
    if (data_rows is None) == (global_keys is None):
        raise ValueError("exactly one of data_rows and global_keys must be given")
    if global_keys is not None:
        return GlobalKeys(global_keys)
    return identifiables_of(data_rows or [])
