"""CatalogSlice: a saved search over the catalog, and the data rows that are in it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labelbox.orm import query
from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field
from labelbox.pagination import PaginatedCollection
from labelbox.schema.export_requests import export_slice
from labelbox.schema.identifiable import GlobalKey, UniqueId

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox.schema.export_task import ExportTask
    from labelbox.schema.task import Task

CATALOG_SLICE = """query CatalogSlice($id: ID!) { getSavedQuery(id: $id) { %s } }"""
SLICE_DATA_ROW_IDS = """query SliceDataRowIds($id: ID!, $from: String, $first: Int!) {
    getDataRowIdsBySavedQuery(input: {savedQueryId: $id, after: $from, first: $first}) {
        totalCount nodes pageInfo { endCursor hasNextPage }
    }
}"""
SLICE_DATA_ROW_IDENTIFIERS = """query SliceDataRowIdentifiers($id: ID!, $from: String, $first: Int!) {
    getDataRowIdentifiersBySavedQuery(input: {savedQueryId: $id, after: $from, first: $first}) {
        totalCount nodes { id globalKey } pageInfo { endCursor hasNextPage }
    }
}"""
UPDATE_SLICE = """mutation UpdateSlice($id: ID!, $data: UpdateSavedQueryInput!) {
    updateSavedQuery(where: {id: $id}, data: $data) { %s }
}"""
DELETE_SLICE = """mutation DeleteSlice($id: ID!) {
    deleteSavedQuery(where: {id: $id}) { id }
}"""

_PAGE_SIZE = 1_000


@dataclass(frozen=True)
class DataRowIdentifier:
    """The two names of a data row; `global_key` is None when it has none."""

    id: UniqueId
    global_key: GlobalKey | None


class CatalogSlice(DbObject):
    """A saved search: data rows come and go as they begin and cease to fulfil `filter`, a list of search items."""

    name: Field[str] = Field.String()
    description: Field[str | None] = Field.String()
    filter: Field[Any] = Field.Json()
    created_at: Field[datetime] = Field.DateTime()
    updated_at: Field[datetime] = Field.DateTime()

    @classmethod
    def type_name(cls) -> str:
        return "SavedQuery"

    def refresh(self) -> None:
        """Reads the slice anew. Raises ResourceNotFoundError when it is gone."""
        self._reload(CATALOG_SLICE % query.selection(CatalogSlice), {"id": self.uid}, "getSavedQuery")

    def get_data_row_ids(self) -> PaginatedCollection[str]:
        """The ids of the data rows in the slice, page by page."""
        return self._pages(SLICE_DATA_ROW_IDS, "getDataRowIdsBySavedQuery", lambda _, row_id: row_id)

    def get_data_row_identifiers(self) -> PaginatedCollection[DataRowIdentifier]:
        """Ids and global keys of the data rows in the slice, page by page."""
        return self._pages(
            SLICE_DATA_ROW_IDENTIFIERS,
            "getDataRowIdentifiersBySavedQuery",
            lambda _, row: DataRowIdentifier(
                UniqueId(row["id"]), GlobalKey(row["globalKey"]) if row["globalKey"] else None
            ),
        )

    def export(self, task_name: str | None = None, params: dict[str, Any] | None = None) -> ExportTask:
        """Starts a streamed export of the data rows in the slice. Raises ValueError for wrong params."""
        started: ExportTask = export_slice(self.client, self.uid, task_name, params, streamable=True)
        return started

    def export_v2(
        self, task_name: str | None = None, params: dict[str, Any] | None = None
    ) -> Task | ExportTask:
        """The same export with its rows as one list in `result`."""
        started: Task | ExportTask = export_slice(self.client, self.uid, task_name, params, streamable=False)
        return started

    def update(
        self, name: str | None = None, filter: Any = None, description: str | None = None
    ) -> CatalogSlice:
        """Changes what is given. Raises MalformedQueryException for a filter that cannot be read."""
        given = {"name": name, "filter": filter, "description": description}
        params = {"id": self.uid, "data": {key: value for key, value in given.items() if value is not None}}
        self._reload(UPDATE_SLICE % query.selection(CatalogSlice), params, "updateSavedQuery")
        return self

    def delete(self) -> None:
        """Deletes the slice; the data rows stay."""
        self.client.execute(DELETE_SLICE, {"id": self.uid}, raise_return_resource_not_found=True)

    def _pages(self, document: str, root: str, read: Any) -> PaginatedCollection[Any]:
        return PaginatedCollection(
            self.client,
            document,
            {"id": self.uid},
            [root, "nodes"],
            read,
            [root, "pageInfo", "endCursor"],
            page_size=_PAGE_SIZE,
        )
