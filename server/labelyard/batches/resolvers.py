"""Batch and what is done with it."""

from __future__ import annotations

from typing import Any

from labelyard.batches import actions, loose_rows, queries, rules
from labelyard.batches.records import (
    BatchConnection,
    BatchRowsResult,
    BatchTasksResult,
    CreateBatchResult,
    DeletedBatchResult,
)
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import IdResult, TaskIdResult
from labelyard.plumbing.source import Column, Moment, One, computed


class Batch:
    """Data rows sent to a project together."""

    rows = queries.batches
    id = Column("b.id")
    name = Column("b.name")
    size = Column("b.size")
    consensus_settings_json = Column(
        "CASE WHEN b.number_of_labels IS NOT NULL THEN json_build_object('number_of_labels', b.number_of_labels,"
        " 'coverage_percentage', b.coverage_percentage) END",
        filterable=False,
    )
    created_at = Moment("b.created_at")
    updated_at = Moment("b.updated_at")
    user = One("User", "b.created_by")


class Project:
    """A project's batches."""

    @computed("p.id")
    async def batches(
        context: Context,  # noqa: N805
        parents: list[tuple[str]],
        where: dict[str, Any] | None = None,
        after: str | None = None,
        first: int | None = None,
    ) -> list[BatchConnection]:
        """By cursor, or the one that is asked for."""
        batch_id = (where or {}).get("id")
        return [
            await actions.page_of_batches(
                context,
                queries.batches(context),
                project_id=project_id,
                batch_id=batch_id,
                after=after,
                first=first or 100,
            )
            for (project_id,) in parents
        ]


class Query:
    """Looking at batches."""

    @staticmethod
    async def batch(context: Context, where: dict[str, Any] | None = None) -> str | None:
        """One batch."""
        return where["id"] if where else None


class ProjectMutation:
    """Batches of one project."""

    namespace = True

    @staticmethod
    async def create_batch_v2(context: Context, project_id: str, input: dict[str, Any]) -> CreateBatchResult:
        """A new batch with its rows."""
        ids, are_keys = rules.identifiers(input, rules.MAX_BATCH)
        return await actions.create_batch(
            context,
            project_id=project_id,
            name=input["name"],
            ids=ids,
            are_keys=are_keys,
            priority=rules.priority(input),
            consensus=rules.consensus(input.get("consensus_settings")),
        )

    @staticmethod
    async def create_empty_batch(context: Context, project_id: str, input: dict[str, Any]) -> IdResult:
        """A new batch without rows."""
        return IdResult(
            await actions.create_empty_batch(
                context,
                project_id=project_id,
                name=input["name"],
                consensus=rules.consensus(input.get("consensus_settings")),
            )
        )

    @staticmethod
    async def add_data_rows_to_batch_async(
        context: Context, project_id: str, input: dict[str, Any]
    ) -> TaskIdResult:
        """Fills a batch."""
        ids, are_keys = rules.identifiers(input, rules.MAX_BATCH)
        return TaskIdResult(
            await actions.add_data_rows(
                context,
                project_id=project_id,
                batch_id=input["batch_id"],
                ids=ids,
                are_keys=are_keys,
                priority=rules.priority(input),
            )
        )

    @staticmethod
    async def create_batches(context: Context, project_id: str, input: dict[str, Any]) -> BatchTasksResult:
        """As many batches as the rows need."""
        ids, are_keys = rules.identifiers(input, rules.MAX_CALL)
        return await actions.create_batches(
            context,
            project_id=project_id,
            prefix=input["batch_name_prefix"],
            ids=ids,
            are_keys=are_keys,
            priority=rules.priority(input),
            consensus=rules.consensus(input.get("consensus_settings")),
        )

    @staticmethod
    async def create_batches_from_dataset(
        context: Context, project_id: str, input: dict[str, Any]
    ) -> BatchTasksResult:
        """Batches of a whole dataset."""
        return await actions.create_batches_from_dataset(
            context,
            project_id=project_id,
            prefix=input["batch_name_prefix"],
            dataset_id=input["dataset_id"],
            priority=rules.priority(input),
            consensus=rules.consensus(input.get("consensus_settings")),
        )

    @staticmethod
    async def remove_queued_data_rows_from_batch(
        context: Context, project_id: str, batch_id: str
    ) -> IdResult:
        """Takes unlabeled rows out."""
        return IdResult(
            await actions.remove_queued_data_rows(context, project_id=project_id, batch_id=batch_id)
        )

    @staticmethod
    async def delete_batch(context: Context, project_id: str, batch_id: str) -> DeletedBatchResult:
        """Deletes a batch."""
        return DeletedBatchResult(
            await actions.delete_batch(context, project_id=project_id, batch_id=batch_id)
        )

    @staticmethod
    async def submit_batch_of_data_rows(
        context: Context, project_id: str, data: dict[str, Any]
    ) -> BatchRowsResult:
        """Rows by themselves, the 3.10 way."""
        return BatchRowsResult(
            await loose_rows.submit(context, project_id=project_id, ids=data["data_row_ids"])
        )

    @staticmethod
    async def remove_batch_of_data_rows(
        context: Context, project_id: str, data: dict[str, Any]
    ) -> BatchRowsResult:
        """Takes rows out, the 3.10 way."""
        return BatchRowsResult(
            await loose_rows.remove(context, project_id=project_id, ids=data["data_row_ids"])
        )
