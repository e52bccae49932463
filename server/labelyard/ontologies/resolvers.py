"""Ontology and FeatureSchema."""

from __future__ import annotations

from typing import Any

from labelyard.ontologies import actions, features, queries
from labelyard.ontologies.records import FeatureSchemaConnection, OntologyConnection
from labelyard.plumbing import blob_links
from labelyard.plumbing.context import Context
from labelyard.plumbing.source import Column, Moment, One, computed


def _link(context: Context, instructions: str) -> str:
    key = instructions.removeprefix("blob:")
    return blob_links.url(context, key) if key != instructions else instructions


class Ontology:
    """Tools and classifications."""

    rows = queries.ontologies
    id = Column("y.id")
    name = Column("y.name")
    description = Column("y.description")
    media_type = Column("y.media_type")
    object_schema_count = Column("y.object_schema_count")
    classification_schema_count = Column("y.classification_schema_count")
    created_at = Moment("y.created_at")
    updated_at = Moment("y.updated_at")
    created_by = One("User", "y.created_by")

    @computed("y.normalized", "y.instructions")
    async def normalized(context: Context, parents: list[tuple[Any, str | None]]) -> list[Any]:  # noqa: N805
        """The whole document, with the address of the instructions."""
        return [actions.normalized_with_instructions(context, doc, text, _link) for doc, text in parents]

    @computed("y.normalized", "y.instructions")
    async def options(context: Context, parents: list[tuple[Any, str | None]]) -> list[Any]:  # noqa: N805
        """The same, under the name by which setting instructions asks for it."""
        return [actions.normalized_with_instructions(context, doc, text, _link) for doc, text in parents]


class FeatureSchema:
    """A reusable node of ontologies."""

    rows = queries.feature_schemas
    id = Column("f.id")
    name = Column("f.name")
    normalized = Column("f.normalized", filterable=False)


class Query:
    """Looking at ontologies."""

    @staticmethod
    async def ontology(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One ontology."""
        return where["id"] if where else None

    @staticmethod
    async def ontologies(
        context: Context,
        where: dict[str, Any] | None = None,
        after: str | None = None,
        first: int | None = None,
    ) -> OntologyConnection:
        """Ontologies by name."""
        search = (where or {}).get("search")
        return await actions.page_of_ontologies(
            context, queries.ontologies(context), search=search, after=after, first=first or 100
        )

    @staticmethod
    async def root_schema_node(context: Context, where: dict[str, Any]) -> str:
        """One feature schema."""
        return str(where["feature_schema_id"])

    @staticmethod
    async def root_schema_nodes(
        context: Context,
        where: dict[str, Any] | None = None,
        after: str | None = None,
        first: int | None = None,
    ) -> FeatureSchemaConnection:
        """Feature schemas by name."""
        search = (where or {}).get("search")
        return await actions.page_of_feature_schemas(
            context, queries.feature_schemas(context), search=search, after=after, first=first or 100
        )


class Mutation:
    """Making ontologies."""

    @staticmethod
    async def upsert_ontology(context: Context, data: dict[str, Any]) -> str:
        """A new ontology."""
        return await actions.create_ontology(
            context,
            name=data["name"],
            document=data["normalized"],
            media_type=data.get("media_type"),
            editor_task_type=data.get("editor_task_type"),
        )

    @staticmethod
    async def upsert_root_schema_node(context: Context, data: dict[str, Any]) -> str:
        """A new feature schema."""
        return await features.save_feature(context, document=data["normalized"])
