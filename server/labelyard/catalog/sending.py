"""Data rows of the catalog are sent to a project, with what they were labeled with in another one (P-CP)."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict, replace
from typing import Any

import orjson
import psycopg

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.batches import actions as batches
from labelyard.batches import rules as batch_rules
from labelyard.batches.records import BatchRecord
from labelyard.catalog import queries, rules, search
from labelyard.catalog.records import Progress, Sending, SendRows
from labelyard.catalog.sent_documents import Documents
from labelyard.data_rows import actions as data_rows
from labelyard.data_rows.records import DataRow
from labelyard.formats.search_filter import Condition
from labelyard.labels import actions as labels
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.plumbing.ids import new_id
from labelyard.projects import actions as projects
from labelyard.projects.records import ProjectRecord
from labelyard.tasks import actions as tasks
from labelyard.tasks.records import TaskState, TaskType
from labelyard.workflow import sent_labels
from labelyard.workflow.records import Queue

log = logging.getLogger("labelyard.catalog")

_STEP = 2_000
_MANY = 10_000  # rows that change what the tables look like
_KEEP = "KEEP_EXISTING"


class Stopped(Exception):
    """The task was cancelled, or another worker is doing it: there is nothing to do here."""


async def send_later(
    context: Context,
    *,
    project_id: str,
    batch: dict[str, Any],
    queue: tuple[str | None, str | None],
    source_id: str | None,
    model_run_id: str | None,
    mapping: Any,
    excludes: bool,
    strategy: str | None,
    query: list[Any],
    seed: int | None,
    limit: int | None,
) -> str:
    """Sends the data rows that a search finds to a project as a batch, in the background; the task's id.

    Raises NotFound for a project or queue, Conflict for a taken name of a batch, Malformed, NotPermitted.
    """
    await access.require_in_project(context, Permission.MANAGE_BATCHES, project_id)
    await projects.get_project(context, project_id)
    destination = rules.destination(project_id, *queue)
    if model_run_id is not None:
        raise errors.NotFound(f"There is no model run with id {model_run_id}.")
    mapping = rules.check_mapping(mapping)
    if source_id is not None:
        await access.require_in_project(context, Permission.SEE_ALL_LABELS, source_id)
        await projects.get_project(context, source_id)
    if mapping or destination is not Queue.LABEL:
        await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    filters = rules.read_filter(query, rules.MOST_SENT)
    if not filters:
        raise errors.Malformed("Say which data rows are sent: the search query has no items.")
    if rules.named(filters) is None:
        access.require(context, Permission.VIEW_CATALOG)
    batch_id = await batches.create_empty_batch(
        context,
        project_id=project_id,
        name=batch["batch_name"],
        priority=batch_rules.priority(
            {"priority": batch.get("batch_priority") or batch_rules.DEFAULT_PRIORITY}
        ),
    )
    task_id = await tasks.start_task(context, name="Send to annotate", task_type=TaskType.SEND_TO_ANNOTATE)
    key = f"jobs/{context.organization_id}/{new_id()}.json"
    sending = Sending(query, mapping if source_id else {}, seed, rules.check_limit(limit))
    await context.blobs.put_bytes(key, orjson.dumps(asdict(sending)))
    await context.jobs.defer(
        SendRows(
            organization_id=context.organization_id,
            user_id=context.user_id,
            task_id=task_id,
            project_id=project_id,
            source_id=source_id,
            batch_id=batch_id,
            queue=destination,
            excludes=excludes,
            overrides=strategy not in (None, _KEEP),
            request_key=key,
        )
    )
    return task_id


async def send_rows(context: Context, message: SendRows) -> None:
    """The work of `send_later`, in steps; what an earlier run has done is not done again."""
    task = await tasks.get_task(context, message.task_id)
    if task.status != TaskState.IN_PROGRESS:
        return
    try:
        await _send(context, message, Progress(**(decoded(task.checkpoint) or {})))
    except Stopped:
        log.info("sending %s was cancelled, or is done elsewhere", message.task_id)
    except (psycopg.OperationalError, OSError):
        raise  # the next attempt goes on where this one stopped
    except Exception as failure:
        known = isinstance(failure, errors.LabelyardError)
        if not known:
            log.exception("sending %s failed", message.task_id)
        reasons = failure.errors if isinstance(failure, errors.LabelyardError) else []
        sentence = str(failure) if known else "Something went wrong on the server."
        async with context.database.transaction():
            await _drop_empty_batch(context, message)
            await _fail(context, message.task_id, {"error": sentence, "errors": reasons})


async def _send(context: Context, message: SendRows, progress: Progress) -> None:
    request = Sending(**orjson.loads(await context.blobs.read(message.request_key)))
    project = await projects.get_project(context, message.project_id)
    batch = await batches.get_batch(context, message.project_id, message.batch_id)
    documents = await Documents.of(context, message.source_id, project, request.mapping)
    if not progress.rows_key:
        progress = await _choose(context, message, request)
    ids: list[str] = orjson.loads(await context.blobs.read(progress.rows_key))
    while progress.done < len(ids):
        async with context.database.transaction():
            await _claim(context, message.task_id, progress)
            step = ids[progress.done : progress.done + _STEP]
            progress = await _step(context, message, project, batch, documents, step, progress)
            await tasks.move_task(
                context,
                message.task_id,
                percentage=100 * progress.done / len(ids),
                checkpoint=asdict(progress),
            )
        if len(ids) >= _MANY and progress.done in (_STEP, len(ids)):
            # the planner takes a project for empty that was filled a moment ago, and would join row by row
            await context.database.analyze("project_data_rows", "queue_slots", "labels", "pre_labels")
    async with context.database.transaction():
        await _claim(context, message.task_id, progress)
        await _finish(context, message, progress)
    await context.blobs.delete([message.request_key, progress.rows_key])


async def _choose(context: Context, message: SendRows, request: Sending) -> Progress:
    """Looks up which rows are sent, in which order, and notes those that there are not. Raises Malformed."""
    filters = rules.read_filter(request.query, rules.MOST_SENT)
    rows = search.found_rows(context.organization_id, None, filters)
    found = await queries.select_page(context.database, rows, "", rules.MOST_SENT + 1)
    rules.check_count(len(found))
    ids, failures = [row.id for row in found], []
    chosen = rules.named(filters)
    if chosen is not None:
        are_keys = chosen.kind is Condition.GLOBAL_KEY
        by_name = {(row.global_key if are_keys else row.id): row.id for row in found}
        names = list(dict.fromkeys(chosen.values))
        ids = [by_name[name] for name in names if name in by_name]
        if len(filters) == 1:
            kind = "globalKey" if are_keys else "dataRowId"
            failures = [
                {kind: name, "reason": "There is no such data row."} for name in names if name not in by_name
            ]
    ids = rules.shuffled(ids, request.seed)[: request.limit]
    key = f"jobs/{context.organization_id}/{message.task_id}-rows.json"
    await context.blobs.put_bytes(key, orjson.dumps(ids))
    progress = rules.with_failures(Progress(rows_key=key, total=len(ids) + len(failures)), failures)
    async with context.database.transaction():
        await _claim(context, message.task_id, Progress())
        await tasks.move_task(context, message.task_id, percentage=0, checkpoint=asdict(progress))
    return progress


async def _claim(context: Context, task_id: str, progress: Progress) -> None:
    """Keeps the task from other workers for this transaction. Raises Stopped unless it is where we left it."""
    task = await tasks.get_task(context, task_id, lock=True)
    stored = Progress(**(decoded(task.checkpoint) or {}))
    if task.status != TaskState.IN_PROGRESS or (stored.rows_key, stored.done) != (
        progress.rows_key,
        progress.done,
    ):
        raise Stopped


async def _step(
    context: Context,
    message: SendRows,
    project: ProjectRecord,
    batch: BatchRecord,
    documents: Documents,
    ids: list[str],
    progress: Progress,
) -> Progress:
    rows = await data_rows.get_data_rows(context, ids)
    inside = await sent_labels.rows_in_project(context, project.id, ids)
    failures = {row: reason for row in ids if (reason := _refusal(rows.get(row), project, row in inside))}
    chosen = [row for row in ids if row not in failures and not (message.excludes and row in inside)]
    read = await asyncio.to_thread(documents.map, await documents.read(context, chosen))
    if message.queue != Queue.LABEL:
        bare = [row for row in chosen if row not in read.sent]
        labeled = await labels.labels_of_rows(context, project_id=project.id, data_row_ids=bare)
        failures |= {
            row: "The data row has no label that is sent with it, and must be labeled first."
            for row in bare
            if row not in labeled
        }
        chosen = [row for row in chosen if row not in failures]
    entering = [row for row in chosen if row not in inside]
    if entering:
        await batches.enter_batch(context, project, batch, entering)
    sent = [read.sent[row] for row in chosen if row in read.sent]
    if sent and message.source_id is not None:
        await labels.copy_masks(context, message.source_id, project.id, read.masks)
        if message.queue == Queue.LABEL:
            await sent_labels.pre_label(context, project, message.task_id, sent, overrides=message.overrides)
        else:
            queue = Queue(message.queue) if message.queue else None
            await sent_labels.receive(context, project, queue, sent, overrides=message.overrides)
    progress = rules.with_failures(
        progress, [{"dataRowId": row, "reason": reason} for row, reason in failures.items()]
    )
    return replace(
        progress,
        done=progress.done + len(ids),
        sent=progress.sent + len(chosen),
        skipped=progress.skipped + len(ids) - len(chosen) - len(failures),
        dropped=progress.dropped + read.dropped,
    )


def _refusal(row: DataRow | None, project: ProjectRecord, is_inside: bool) -> str | None:
    """Why a row cannot be sent to a project; None when it can."""
    if row is None:
        return "There is no such data row."
    if is_inside:
        return None
    if row.processing == "FAILED":
        return f"The data row could not be processed: {row.processing_error}"
    if project.media_type and row.media_type != project.media_type:
        return f"The data row is {row.media_type}, but the project is for {project.media_type}."
    return None


async def _finish(context: Context, message: SendRows, progress: Progress) -> None:
    await _drop_empty_batch(context, message)
    outcome = {
        "sent": progress.sent,
        "skipped": progress.skipped,
        "droppedAnnotations": progress.dropped,
    }
    if not progress.failed:
        await tasks.finish_task(context, message.task_id, result=orjson.dumps(outcome).decode())
        return
    failure = {
        "error": f"{progress.failed} of {progress.total} data rows were not sent:"
        f" {progress.failures[0]['reason']}",
        "errors": progress.failures,
        "count": progress.failed,
    }
    await _fail(context, message.task_id, {**failure, **outcome})


async def _drop_empty_batch(context: Context, message: SendRows) -> None:
    """A batch that no row has entered is no more: its name is free again."""
    try:
        batch = await batches.get_batch(context, message.project_id, message.batch_id)
    except errors.NotFound:
        return
    if batch.size == 0:
        await batches.delete_batch(context, project_id=message.project_id, batch_id=message.batch_id)


async def _fail(context: Context, task_id: str, result: dict[str, Any]) -> None:
    await tasks.fail_task(context, task_id, result=orjson.dumps(result).decode())
