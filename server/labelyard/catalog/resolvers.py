"""SavedQuery, and sending data rows from the catalog to a project."""

from __future__ import annotations

from typing import Any

from labelyard.catalog import actions, queries, sending
from labelyard.catalog.records import DataRowIdentifierPage, SavedQueryIdPage
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import IdResult, TaskIdResult
from labelyard.plumbing.source import Column, Loaded, Moment


class SavedQuery:
    """A slice: a saved search."""

    rows = queries.slices
    id = Column("sl.id")
    name = Column("sl.name")
    description = Column("sl.description")
    filter = Column("sl.filter", filterable=False)
    created_at = Moment("sl.created_at")
    updated_at = Moment("sl.updated_at")


class Query:
    """Looking at slices."""

    @staticmethod
    async def catalog_saved_queries(context: Context) -> Loaded:
        """All slices."""
        return Loaded(await actions.slice_ids(context))

    @staticmethod
    async def get_saved_query(context: Context, id: str) -> str:
        """One slice."""
        return (await actions.get_slice(context, id)).id

    @staticmethod
    async def get_data_row_ids_by_saved_query(context: Context, input: dict[str, Any]) -> SavedQueryIdPage:
        """A page of ids."""
        return await actions.page_of_ids(
            context, slice_id=input["saved_query_id"], after=input.get("after"), first=input["first"]
        )

    @staticmethod
    async def get_data_row_identifiers_by_saved_query(
        context: Context, input: dict[str, Any]
    ) -> DataRowIdentifierPage:
        """A page of ids and global keys."""
        return await actions.page_of_identifiers(
            context, slice_id=input["saved_query_id"], after=input.get("after"), first=input["first"]
        )


class Mutation:
    """Saving searches; sending what they find."""

    @staticmethod
    async def create_saved_query(context: Context, data: dict[str, Any]) -> str:
        """A new slice."""
        return await actions.create_slice(
            context, name=data["name"], description=data.get("description") or "", given=data["filter"]
        )

    @staticmethod
    async def update_saved_query(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Changes a slice."""
        return await actions.update_slice(
            context,
            slice_id=where["id"],
            name=data.get("name"),
            description=data.get("description"),
            given=data.get("filter"),
        )

    @staticmethod
    async def delete_saved_query(context: Context, where: dict[str, Any]) -> IdResult:
        """Deletes a slice."""
        return IdResult(await actions.delete_slice(context, where["id"]))

    @staticmethod
    async def send_to_annotate_from_catalog(context: Context, input: dict[str, Any]) -> TaskIdResult:
        """Sends data rows, with their labels in another project, to a project."""
        queue, annotations = input.get("destination_task_queue") or {}, input.get("annotations_input") or {}
        predictions = input.get("predictions_input") or {}
        ordering = (input.get("ordering") or {}).get("random") or {}
        task_id = await sending.send_later(
            context,
            project_id=input["destination_project_id"],
            batch=input["batch_input"],
            queue=(queue.get("type"), queue.get("value")),
            source_id=annotations.get("project_id"),
            model_run_id=predictions.get("model_run_id"),
            mapping=annotations.get("feature_schema_ids_mapping"),
            excludes=bool(input.get("exclude_data_rows_in_project")),
            strategy=input.get("conflict_labels_resolution_strategy"),
            query=input["search_query"].get("query") or [],
            seed=ordering.get("seed"),
            limit=input.get("limit"),
        )
        return TaskIdResult(task_id)
