"""Client: create_ontology, get_ontology, get_ontologies and what may be done with one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from labelbox._calls.feature_schemas import FeatureSchemaCalls
from labelbox.exceptions import LabelboxError
from labelbox.orm import query
from labelbox.pagination import PaginatedCollection
from labelbox.schema.media_type import MediaType
from labelbox.schema.ontology import DeleteFeatureFromOntologyResult, Ontology
from labelbox.schema.ontology_kind import EditorTaskType, OntologyKind

UPSERT_ONTOLOGY = """mutation UpsertOntology($data: UpsertOntologyInput!) {
    upsertOntology(data: $data) { %s }
}"""
ONTOLOGIES = """query Ontologies($search: String, $from: String, $first: PageSize) {
    ontologies(where: {filter: {status: ALL}, search: $search}, after: $from, first: $first) {
        nodes { %s } nextCursor
    }
}"""

_EDITOR_OF_KIND = {
    OntologyKind.ModelEvaluation: (EditorTaskType.ModelChatEvaluation, MediaType.Conversational),
    OntologyKind.ResponseCreation: (EditorTaskType.ResponseCreation, MediaType.Text),
}


class OntologyCalls(FeatureSchemaCalls):
    """The calls about ontologies."""

    def create_ontology(
        self,
        name: str,
        normalized: dict[str, Any],
        media_type: MediaType | None = None,
        ontology_kind: OntologyKind | None = None,
    ) -> Ontology:
        """Creates an ontology from its normalized form, for example `OntologyBuilder(...).asdict()`.

        Raises TypeError when `media_type` is not a MediaType, ValueError when `ontology_kind` needs another.
        """
        if media_type is not None and not isinstance(media_type, MediaType):
            raise TypeError(f"{media_type!r} is not a MediaType")
        data: dict[str, Any] = {"name": name, "normalized": json.dumps(normalized)}
        if ontology_kind in _EDITOR_OF_KIND:
            editor, needed = _EDITOR_OF_KIND[ontology_kind]
            if media_type not in (None, needed):
                raise ValueError(f"an ontology of kind {ontology_kind.name} is for {needed.name}")
            media_type = needed
            data["editorTaskType"] = editor.value
        if media_type is not None:
            data["mediaType"] = media_type.value
        reply = self.execute(UPSERT_ONTOLOGY % query.selection(Ontology), {"data": data})
        return Ontology(self, reply["upsertOntology"])

    def create_ontology_from_feature_schemas(
        self,
        name: str,
        feature_schema_ids: Iterable[str],
        media_type: MediaType | None = None,
        ontology_kind: OntologyKind | None = None,
    ) -> Ontology:
        """Creates an ontology out of feature schemas that exist already.

        Raises ValueError for a feature schema that is neither a tool nor a classification.
        """
        normalized: dict[str, Any] = {"tools": [], "classifications": []}
        for feature_schema_id in feature_schema_ids:
            node = self.get_feature_schema(feature_schema_id).normalized
            if "tool" in node:
                normalized["tools"].append(node)
            elif "type" in node:
                normalized["classifications"].append(node)
            else:
                raise ValueError(f"{feature_schema_id} is neither a tool nor a classification")
        return self.create_ontology(name, normalized, media_type, ontology_kind)

    def get_ontology(self, ontology_id: str) -> Ontology:
        """The ontology with that id. Raises ResourceNotFoundError when there is none."""
        return self._get_single(Ontology, ontology_id)

    def get_ontologies(self, name_contains: str = "") -> PaginatedCollection[Ontology]:
        """The ontologies whose name contains the text."""
        return PaginatedCollection(
            self,
            ONTOLOGIES % query.selection(Ontology),
            {"search": name_contains},
            ["ontologies", "nodes"],
            Ontology,
            cursor_path=["ontologies", "nextCursor"],
        )

    def get_unused_ontologies(self, after: str | None = None) -> list[str]:
        """Ids of ontologies that no project uses, 100 at a time, after the given id."""
        found: list[str] = self.request_client.rest("GET", "ontologies/unused", {"after": after})
        return found

    def delete_unused_ontology(self, ontology_id: str) -> None:
        """Deletes an ontology that no project uses. Raises LabelboxError for one in use."""
        self.request_client.rest("DELETE", f"ontologies/{ontology_id}")

    def insert_feature_schema_into_ontology(
        self, feature_schema_id: str, ontology_id: str, position: int
    ) -> None:
        """Puts an existing feature schema into an ontology; `position` counts from 0."""
        path = f"ontologies/{ontology_id}/feature-schemas/{feature_schema_id}"
        self.request_client.rest("POST", path, {"position": position})

    def delete_feature_schema_from_ontology(
        self, ontology_id: str, feature_schema_id: str
    ) -> DeleteFeatureFromOntologyResult:
        """Takes a feature schema out of an ontology; it is archived when labels use it, else deleted."""
        path = f"ontologies/{ontology_id}/feature-schemas/{feature_schema_id}"
        found = self.request_client.rest("DELETE", path)
        return DeleteFeatureFromOntologyResult(bool(found["archived"]), bool(found["deleted"]))

    def unarchive_feature_schema_node(self, ontology_id: str, root_feature_schema_id: str) -> None:
        """Brings back an archived feature schema. Raises LabelboxError when the server did not."""
        path = f"ontologies/{ontology_id}/feature-schemas/{root_feature_schema_id}/unarchive"
        found = self.request_client.rest("PATCH", path)
        if not found or not found.get("unarchived"):
            raise LabelboxError(f"{root_feature_schema_id} was not unarchived", found)

    def is_feature_schema_archived(self, ontology_id: str, feature_schema_id: str) -> bool:
        """Whether a feature schema of an ontology is archived. Raises LabelboxError when it is not in it."""
        nodes = self.request_client.rest("GET", f"ontologies/{ontology_id}")["featureSchemaNodes"]
        for kind in ("tools", "classifications", "relationships"):
            for node in nodes.get(kind) or []:
                if node["featureSchemaId"] == feature_schema_id:
                    return bool(node["archived"])
        raise LabelboxError(f"{feature_schema_id} is not in the ontology {ontology_id}")
