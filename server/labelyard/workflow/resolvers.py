"""The labeling screen's calls, and the fields that show how far a project is."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.data_rows import actions as data_rows
from labelyard.metadata import actions as metadata
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import IdResult
from labelyard.plumbing.source import computed
from labelyard.workflow import actions, label_texts, labeling_tasks, progress, removals, reservations
from labelyard.workflow.records import (
    Draft,
    LabelingTask,
    ProjectDataRowPage,
    ReservedDataRows,
    ReviewResult,
    TaskQueue,
    WorkstreamStateCount,
)


class Project:
    """How far a project is."""

    @computed("p.id")
    async def task_queues(context: Context, parents: list[tuple[str]]) -> list[list[TaskQueue]]:  # noqa: N805
        """The stages of the workflow."""
        return await progress.task_queues(context, [project_id for (project_id,) in parents])

    @computed("p.id")
    async def workstream_state_counts(
        context: Context,  # noqa: N805
        parents: list[tuple[str]],
        batch_ids: list[str] | None = None,
    ) -> list[list[WorkstreamStateCount]]:
        """Rows by state."""
        return [await progress.workstream_counts(context, project_id, batch_ids) for (project_id,) in parents]

    @computed("p.id")
    async def completed_data_row_count(context: Context, parents: list[tuple[str]]) -> list[int]:  # noqa: N805
        """Rows that are done."""
        return await progress.done_counts(context, [project_id for (project_id,) in parents])

    @computed("p.id")
    async def data_rows(
        context: Context,  # noqa: N805
        parents: list[tuple[str]],
        first: int | None = None,
        after: str | None = None,
        state: str | None = None,
        search: str | None = None,
    ) -> list[ProjectDataRowPage]:
        """The table of rows."""
        return [
            await progress.page_of_rows(
                context, project_id, first=first or 50, after=after, state=state, search=search
            )
            for (project_id,) in parents
        ]


class Query:
    """Looking at one row."""

    @staticmethod
    async def labeling_task(context: Context, project_id: str, data_row_id: str) -> LabelingTask:
        """One row, without reserving it."""
        return await labeling_tasks.labeling_task(context, project_id=project_id, data_row_id=data_row_id)


def _connected(value: dict[str, Any] | None, noun: str) -> str:
    connect = (value or {}).get("connect")
    if not connect:
        raise errors.Malformed(f"A label needs a {noun}.")
    return str(connect["id"])


class Mutation:
    """Labeling and reviewing; changes that reach into several rooms."""

    @staticmethod
    async def reserve_data_rows(context: Context, data: dict[str, Any]) -> ReservedDataRows:
        """What to do next."""
        return await reservations.reserve_next(
            context, project_id=data["project_id"], queue_type=data["queue_type"], first=data.get("first")
        )

    @staticmethod
    async def submit_label(context: Context, data: dict[str, Any]) -> str:
        """A finished label."""
        return await actions.submit_label(
            context,
            project_id=data["project_id"],
            data_row_id=data["data_row_id"],
            annotations=data["annotations"],
            seconds=data["seconds_to_label"],
            idempotency_key=data.get("idempotency_key"),
        )

    @staticmethod
    async def skip_data_row(context: Context, data: dict[str, Any]) -> str:
        """A row that the labeler skips."""
        return await actions.skip_data_row(
            context,
            project_id=data["project_id"],
            data_row_id=data["data_row_id"],
            seconds=data["seconds_to_label"],
            idempotency_key=data.get("idempotency_key"),
        )

    @staticmethod
    async def save_draft(context: Context, data: dict[str, Any]) -> Draft:
        """Unfinished work."""
        return await actions.save_draft(
            context,
            project_id=data["project_id"],
            data_row_id=data["data_row_id"],
            annotations=data["annotations"],
            seconds=data["seconds_to_label"],
        )

    @staticmethod
    async def approve_data_row(context: Context, data: dict[str, Any]) -> ReviewResult:
        """The labels are right."""
        return await actions.approve(context, **_review(data))

    @staticmethod
    async def reject_data_row(context: Context, data: dict[str, Any]) -> ReviewResult:
        """The labels are not right."""
        return await actions.reject(context, **_review(data))

    @staticmethod
    async def release_reservations(context: Context, project_id: str, queue_type: str) -> int:
        """Gives back what the caller holds."""
        return await reservations.release(context, project_id=project_id, queue_type=queue_type)

    @staticmethod
    async def extend_reservations(context: Context, project_id: str, queue_type: str) -> int:
        """Keeps up what the caller holds."""
        return await reservations.extend(context, project_id=project_id, queue_type=queue_type)

    @staticmethod
    async def create_label(context: Context, data: dict[str, Any]) -> str:
        """A label made by the API, the 2.4 way."""
        return await actions.create_label(
            context,
            project_id=_connected(data.get("project"), "project"),
            data_row_id=_connected(data.get("data_row"), "data row"),
            text=data.get("label") or "",
            seconds=data.get("seconds_to_label") or 0.0,
            skipped=((data.get("type") or {}).get("connect") or {}).get("name") == "Skip",
        )

    @staticmethod
    async def update_label(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Another text, or other seconds."""
        return await label_texts.update_label(context, label_id=where["id"], given=data)

    @staticmethod
    async def delete_labels(context: Context, label_ids: list[str]) -> list[IdResult]:
        """Deletes labels."""
        return [IdResult(label_id) for label_id in await actions.delete_labels(context, label_ids)]

    @staticmethod
    async def delete_data_rows(context: Context, where: dict[str, Any]) -> list[IdResult]:
        """Deletes data rows."""
        return [IdResult(row) for row in await removals.delete_data_rows(context, where["data_row_ids"])]

    @staticmethod
    async def update_dataset(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str | None:
        """Changes or deletes a dataset."""
        return await removals.update_dataset(context, dataset_id=where["id"], given=data)

    @staticmethod
    async def update_project(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str | None:
        """Changes or deletes a project."""
        return await removals.update_project(context, project_id=where["id"], given=data)

    @staticmethod
    async def update_data_row(context: Context, where: dict[str, Any], data: dict[str, Any]) -> str:
        """Changes a data row and its metadata."""
        await data_rows.update_data_row(
            context,
            data_row_id=where["id"],
            external_id=data.get("external_id"),
            global_key=data.get("global_key"),
            row_data=data.get("row_data"),
        )
        fields = data.get("metadata_fields") or data.get("custom_metadata")
        if fields:
            results = await metadata.upsert_values(context, [{"data_row_id": where["id"], "fields": fields}])
            if results[0].error:
                raise errors.Malformed(results[0].error)
        return str(where["id"])


def _review(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "project_id": data["project_id"],
        "data_row_id": data["data_row_id"],
        "annotations": data.get("annotations"),
        "comment": data.get("comment"),
        "seconds": data.get("seconds_to_review") or 0.0,
        "idempotency_key": data.get("idempotency_key"),
    }
