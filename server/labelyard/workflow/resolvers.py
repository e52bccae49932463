"""The labeling screen's calls, and the fields that show how far a project is."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.ingestion import actions as ingestion
from labelyard.metadata import actions as metadata
from labelyard.plumbing.context import Context
from labelyard.plumbing.records import IdResult, SuccessResult, TaskIdResult
from labelyard.plumbing.source import Column, Many, One, Rows, computed
from labelyard.workflow import (
    actions,
    batch_labels,
    cloning,
    label_texts,
    labeling_tasks,
    moves,
    override_queries,
    overrides,
    progress,
    removals,
    reservations,
    review_share,
    rules,
    scored_rows,
    stored_graphs,
)
from labelyard.workflow.records import (
    ClearQueueReservationsResult,
    DeletedBatchLabelsResult,
    Draft,
    LabelingTask,
    NamedRows,
    Override,
    ProjectDataRowPage,
    ProjectWorkflow,
    ReservedDataRows,
    ReviewResult,
    TaskQueue,
    WorkstreamStateCount,
)

_ID_LENGTH = 25
_OF_DATA_ROWS = ("external_id", "global_key", "row_data")


class LabelingParameterOverride:
    """A data row's place in the queue of a project. Its id is that of the row followed by that of the project."""

    rows = override_queries.overrides
    id = Column(override_queries.ID)
    number_of_labels = Column("coalesce(o.number_of_labels, 1)")
    priority = Column("place.priority")
    data_row = One("DataRow", "place.data_row_id")


class Project:
    """How far a project is, and what comes next in it."""

    labeling_parameter_overrides = Many("LabelingParameterOverride", "place.project_id")

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
    """Looking at one row, one override, one workflow."""

    @staticmethod
    async def labeling_parameter_override(context: Context, where: dict[str, Any] | None = None) -> Rows:
        """One override."""
        key = where["id"] if where else ""
        return override_queries.overrides(context).narrowed(
            "place.data_row_id = %(_row)s AND place.project_id = %(_project)s",
            _row=key[:_ID_LENGTH],
            _project=key[_ID_LENGTH:],
        )

    @staticmethod
    async def project_workflow(context: Context, project_id: str) -> ProjectWorkflow:
        """The graph of a project's queues."""
        return await stored_graphs.project_workflow(context, project_id)

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
    async def clone_project(context: Context, data: dict[str, Any]) -> IdResult:
        """A new project like another one."""
        return IdResult(await cloning.clone_project(context, project_id=data["project_id"]))

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
    async def clear_queue_reservations(
        context: Context, input: dict[str, Any]
    ) -> ClearQueueReservationsResult:
        """Gives back what anybody holds."""
        count = await reservations.clear_queue(
            context, project_id=input["project_id"], queue_id=input["queue_id"]
        )
        return ClearQueueReservationsResult(True, count)

    @staticmethod
    async def bulk_assign_data_rows(context: Context, input: dict[str, Any]) -> SuccessResult:
        """Keeps rows for one user."""
        await reservations.assign(
            context,
            project_id=input["project_id"],
            user_id=input["user_id"],
            ids=input["data_row_ids"],
            allowed_statuses=input.get("allowed_statuses"),
        )
        return SuccessResult(True)

    @staticmethod
    async def upsert_review_queue(context: Context, where: dict[str, Any], data: dict[str, Any]) -> IdResult:
        """Which share of the labels is reviewed."""
        project_id, share = where["project"]["id"], data["quota_factor"]
        return IdResult(await review_share.set_review_share(context, project_id=project_id, share=share))

    @staticmethod
    async def delete_review_queue(context: Context, where: dict[str, Any]) -> IdResult:
        """Nothing is reviewed any more."""
        project_id = where["project"]["id"]
        return IdResult(await review_share.set_review_share(context, project_id=project_id, share=0.0))

    @staticmethod
    async def update_project_workflow(context: Context, input: dict[str, Any]) -> ProjectWorkflow:
        """Another graph of queues."""
        return await stored_graphs.update_project_workflow(
            context, project_id=input["project_id"], config=input["config"]
        )

    @staticmethod
    async def create_label(context: Context, data: dict[str, Any]) -> str:
        """A label made by the API, the 2.4 way."""
        rules.check_changes("new label", data, ("project", "data_row", "label", "seconds_to_label", "type"))
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
    async def create_review(context: Context, data: dict[str, Any]) -> str:
        """A new review."""
        connect = (data.get("label") or {}).get("connect")
        if not connect:
            raise errors.Malformed("A review needs a label.")
        return await scored_rows.create_review(context, label_id=connect["id"], score=data.get("score"))

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
        rules.check_changes("data row", data, (*_OF_DATA_ROWS, "metadata_fields", "custom_metadata"))
        changes = {name: data.get(name) for name in _OF_DATA_ROWS}
        await ingestion.update_data_row(context, data_row_id=where["id"], changes=changes)
        fields = data.get("metadata_fields") or data.get("custom_metadata")
        if fields:
            results = await metadata.upsert_values(context, [{"data_row_id": where["id"], "fields": fields}])
            if results[0].error:
                raise errors.Malformed(results[0].error)
        return str(where["id"])


class ProjectMutation:
    """The queue of one project."""

    namespace = True

    @staticmethod
    async def set_labeling_parameter_overrides(
        context: Context,
        project_id: str,
        data: list[dict[str, Any]] | None = None,
        data_with_data_row_identifiers: list[dict[str, Any]] | None = None,
    ) -> SuccessResult:
        """Priorities, and in the first form numbers of labels."""
        given = [
            Override(entry["data_row"]["id"], False, entry["priority"], entry.get("num_labels"))
            for entry in data or ()
        ]
        for entry in data_with_data_row_identifiers or ():
            row = entry["data_row_identifier"]
            given.append(Override(row["id"], row["id_type"] == "GKEY", entry["priority"], None))
        return SuccessResult(await overrides.set_overrides(context, project_id=project_id, given=given))

    @staticmethod
    async def unset_labeling_parameter_overrides(
        context: Context, project_id: str, data: list[dict[str, Any]]
    ) -> SuccessResult:
        """Takes overrides away."""
        ids = [entry["data_row_id"] for entry in data]
        return SuccessResult(await overrides.unset_overrides(context, project_id=project_id, ids=ids))

    @staticmethod
    async def create_queue_priority_update_task(
        context: Context, project_id: str, data: dict[str, Any]
    ) -> TaskIdResult:
        """One priority for many rows."""
        task_id = await overrides.update_priorities(
            context, project_id=project_id, named=_named(data), priority=data["priority"]
        )
        return TaskIdResult(task_id)

    @staticmethod
    async def create_bulk_add_rows_to_queue_task(
        context: Context, project_id: str, data: dict[str, Any]
    ) -> TaskIdResult:
        """Moves rows to a queue, or to Done."""
        task_id = await moves.move_later(
            context, project_id=project_id, queue_id=data.get("queue_id"), named=_named(data)
        )
        return TaskIdResult(task_id)

    @staticmethod
    async def delete_batch_labels(
        context: Context, project_id: str, batch_id: str, data: dict[str, Any]
    ) -> DeletedBatchLabelsResult:
        """Deletes the labels of a batch."""
        return DeletedBatchLabelsResult(
            await batch_labels.delete_batch_labels(
                context,
                project_id=project_id,
                batch_id=batch_id,
                as_templates=data["type"] == "RequeueDataWithLabelAsTemplate",
            )
        )


def _named(data: dict[str, Any]) -> NamedRows:
    given = data.get("data_row_identifiers")
    if given is None:
        return NamedRows(list(dict.fromkeys(data.get("data_row_ids") or [])), False)
    return NamedRows(list(dict.fromkeys(given["ids"])), given["id_type"] == "GKEY")


def _review(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "project_id": data["project_id"],
        "data_row_id": data["data_row_id"],
        "annotations": data.get("annotations"),
        "comment": data.get("comment"),
        "seconds": data.get("seconds_to_review") or 0.0,
        "idempotency_key": data.get("idempotency_key"),
    }
