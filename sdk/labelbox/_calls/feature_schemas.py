"""Client: create, read, update, delete feature schemas."""

from __future__ import annotations

import json
from typing import Any

from labelbox._calls.connection import Connection
from labelbox.exceptions import LabelboxError, ResourceNotFoundError
from labelbox.orm import query
from labelbox.pagination import PaginatedCollection
from labelbox.schema.ontology import FeatureSchema

UPSERT_ROOT_SCHEMA_NODE = """mutation UpsertRootSchemaNode($data: UpsertRootSchemaNodeInput!) {
    upsertRootSchemaNode(data: $data) { %s }
}"""
ROOT_SCHEMA_NODE = """query RootSchemaNode($id: ID!) {
    rootSchemaNode(where: {featureSchemaId: $id}) { %s }
}"""
ROOT_SCHEMA_NODES = """query RootSchemaNodes($search: String, $from: String, $first: PageSize) {
    rootSchemaNodes(where: {filter: {status: ALL}, search: $search}, after: $from, first: $first) {
        nodes { %s } nextCursor
    }
}"""


class FeatureSchemaCalls(Connection):
    """The calls about single reusable tools, classifications and options."""

    def create_feature_schema(self, normalized: dict[str, Any]) -> FeatureSchema:
        """Creates a feature schema from its normalized form; empty members are left out."""
        given = {key: value for key, value in normalized.items() if value}
        params = {"data": {"normalized": json.dumps(given)}}
        reply = self.execute(UPSERT_ROOT_SCHEMA_NODE % query.selection(FeatureSchema), params)
        return self._feature_schema(reply["upsertRootSchemaNode"])

    def get_feature_schema(self, feature_schema_id: str) -> FeatureSchema:
        """The feature schema with that id. Raises ResourceNotFoundError when there is none."""
        reply = self.execute(ROOT_SCHEMA_NODE % query.selection(FeatureSchema), {"id": feature_schema_id})
        if not reply or not reply["rootSchemaNode"]:
            raise ResourceNotFoundError(FeatureSchema, {"id": feature_schema_id})
        return self._feature_schema(reply["rootSchemaNode"])

    def get_feature_schemas(self, name_contains: str = "") -> PaginatedCollection[FeatureSchema]:
        """The feature schemas whose name contains the text."""
        return PaginatedCollection(
            self,
            ROOT_SCHEMA_NODES % query.selection(FeatureSchema),
            {"search": name_contains},
            ["rootSchemaNodes", "nodes"],
            lambda _, values: self._feature_schema(values),
            cursor_path=["rootSchemaNodes", "nextCursor"],
        )

    def update_feature_schema_title(self, feature_schema_id: str, title: str) -> FeatureSchema:
        """Renames a feature schema. Raises LabelboxError when the server refuses the title."""
        self.request_client.rest("PATCH", f"feature-schemas/{feature_schema_id}/definition", {"title": title})
        return self.get_feature_schema(feature_schema_id)

    def upsert_feature_schema(self, feature_schema: dict[str, Any]) -> FeatureSchema:
        """Creates a feature schema, or changes the one whose id is in `featureSchemaId`."""
        uid = feature_schema.get("featureSchemaId") or "new_feature_schema_id"
        body = {"normalized": json.dumps(feature_schema)}
        found = self.request_client.rest("PUT", f"feature-schemas/{uid}", body)
        if not found or "schemaId" not in found:
            raise LabelboxError("The server did not name the feature schema", found)
        return self.get_feature_schema(found["schemaId"])

    def delete_unused_feature_schema(self, feature_schema_id: str) -> None:
        """Deletes a feature schema that no ontology uses. Raises LabelboxError for one in use."""
        self.request_client.rest("DELETE", f"feature-schemas/{feature_schema_id}")

    def get_unused_feature_schemas(self, after: str | None = None) -> list[str]:
        """Ids of feature schemas that no ontology uses, 100 at a time, after the given id."""
        found: list[str] = self.request_client.rest("GET", "feature-schemas/unused", {"after": after})
        return found

    def _feature_schema(self, values: dict[str, Any]) -> FeatureSchema:
        # The node's own id is not shown; the id that callers use is inside the document.
        values = {**values, "id": values["normalized"]["featureSchemaId"]}
        return FeatureSchema(self, values)
