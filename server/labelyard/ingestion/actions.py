"""Upload files; start imports; carry them out, chunk by chunk, from where they stopped."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import islice

import orjson

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.batches import actions as batches
from labelyard.datasets import actions as datasets
from labelyard.formats import descriptor
from labelyard.formats.descriptor import DescriptorRefused
from labelyard.formats.descriptor_plain import PlainChunk
from labelyard.ingestion import arrivals, plain_chunks, queries, results, rules
from labelyard.ingestion.arrivals import Arrived, Items
from labelyard.ingestion.chunks import Chunk
from labelyard.ingestion.records import (
    AppendRowsResult,
    ImportDataRows,
    Outcome,
    ProbeMedia,
    UploadedFile,
)
from labelyard.metadata import actions as metadata
from labelyard.metadata.rules import Fitter
from labelyard.plumbing import blob_links, own_files
from labelyard.plumbing.context import Context
from labelyard.plumbing.ids import new_id
from labelyard.plumbing.jobs import Jobs
from labelyard.plumbing.multipart import Upload
from labelyard.projects import actions as projects
from labelyard.tasks import actions as tasks
from labelyard.tasks.records import TaskState, TaskType

_PARALLEL = 2
_PROBED_AT_ONCE = 500
_MANY = 10_000  # rows that change what the table looks like


async def upload_file(context: Context, upload: Upload) -> UploadedFile:
    """Keeps an uploaded file; the signed address under which it is served and by which rows refer to it."""
    access.require(context, Permission.VIEW)
    upload_id = new_id()
    name = rules.safe_name(upload.filename)
    key = f"uploads/{context.organization_id}/{upload_id}/{name}"
    await context.blobs.put_file(key, upload.path, consume=True)
    await queries.insert_upload(
        context.database,
        organization_id=context.organization_id,
        upload_id=upload_id,
        blob_key=key,
        filename=upload.filename,
        content_type=upload.content_type,
        size=upload.size,
        sha256=bytes.fromhex(upload.sha256),
        created_by=context.user_id,
    )
    return UploadedFile(blob_links.url(context, key), upload.filename)


async def upsert_data_rows(context: Context, *, manifest_uri: str) -> str:
    """Starts the import of what a manifest lists; the task's id. Raises Malformed for too many rows."""
    access.require(context, Permission.IMPORT_DATA)
    try:
        manifest = descriptor.read_manifest(await own_files.read_address(context, manifest_uri))
    except DescriptorRefused as refused:
        raise errors.Malformed(str(refused)) from None
    if (manifest.item_count or 0) > rules.MAX_ITEMS:
        raise errors.Malformed(
            f"{manifest.item_count} data rows in one call; at most {rules.MAX_ITEMS} are allowed."
        )
    return await _start(context, manifest_uri, None, TaskType.UPSERT_DATA_ROWS)


async def append_rows(context: Context, *, dataset_id: str, address: str) -> AppendRowsResult:
    """Starts the import of an older descriptor file into a dataset. Raises NotFound."""
    access.require(context, Permission.IMPORT_DATA)
    await datasets.get_dataset(context, dataset_id)
    return AppendRowsResult(await _start(context, address, dataset_id, TaskType.APPEND_DATA_ROWS), True, None)


async def append_rows_now(context: Context, *, dataset_id: str, address: str) -> str:
    """Imports an older descriptor file within the request. Raises Malformed naming the first row that fails."""
    access.require(context, Permission.IMPORT_DATA)
    await datasets.get_dataset(context, dataset_id)
    data = await own_files.read_address(context, address)
    items = list(islice(arrivals.rows(data, dataset_id), rules.CHUNK + 1))
    if len(items) > rules.CHUNK:
        raise errors.Malformed(f"More than {rules.CHUNK} data rows at once; use create_data_rows.")
    outcome = await _write_now(context, items)
    if outcome.failed:
        raise errors.Malformed(
            results.message_of(outcome.failed[0]),
            errors=[results.message_of(line) for line in outcome.failed[:100]],
        )
    return dataset_id


async def create_data_row(context: Context, *, dataset_id: str, row: dict[str, object]) -> str:
    """Makes one data row within the request; its id. Raises NotFound, Conflict for a taken key, Malformed."""
    access.require(context, Permission.IMPORT_DATA)
    await datasets.get_dataset(context, dataset_id)
    outcome = await _write_now(context, [descriptor.read_row(dict(row), dataset_id=dataset_id)])
    _raise_failure(outcome)
    return results.id_of(outcome.created[0])


async def update_data_row(context: Context, *, data_row_id: str, changes: dict[str, object]) -> str:
    """Changes one data row within the request; a new asset is looked at like that of a new row.

    Raises NotFound, Conflict for a taken key, Malformed for a value that cannot be.
    """
    access.require(context, Permission.IMPORT_DATA)
    given = {name: value for name, value in changes.items() if value is not None}
    item = {"id": {"type": "ID", "value": data_row_id}, "payload": given}
    _raise_failure(await _write_now(context, list(descriptor.read_chunk(orjson.dumps([item])))))
    return data_row_id


async def import_data_rows(context: Context, message: ImportDataRows) -> None:
    """The work of an import's task. What an earlier run has done is not done again."""
    task = await tasks.get_task(context, message.task_id)
    if task.status != TaskState.IN_PROGRESS:
        return
    done = {
        chunk: created + failed
        for chunk, created, failed, _ in await tasks.chunks_of(context, message.task_id)
    }
    fitter = await metadata.fitter(context)
    try:
        total, chunks = await arrivals.read(context, message, done)
    except (errors.Malformed, DescriptorRefused) as refused:
        async with context.database.transaction():
            await tasks.fail_task(
                context, message.task_id, error=str(refused), result=results.error_text(str(refused))
            )
        return
    gate = asyncio.Semaphore(_PARALLEL)
    finished = len(done)
    stopped = False
    failure: str | None = None

    async def work(number: int, items: Arrived) -> None:
        nonlocal finished, stopped
        async with context.pool.borrow() as database:
            lent = _lent(context, database)
            async with database.transaction():
                outcome = await _write(lent, fitter, items)
                key = await results.keep(lent, message.task_id, number, outcome)
                await tasks.note_chunk(
                    lent,
                    message.task_id,
                    number,
                    created=len(outcome.created),
                    failed=len(outcome.failed),
                    blob_key=key,
                )
                finished += 1
                if not await tasks.move_task(
                    lent, message.task_id, percentage=100 * finished / max(total, 1)
                ):
                    stopped = True

    running: set[asyncio.Task[None]] = set()
    try:
        async for number, items in chunks:
            if stopped:
                break
            await gate.acquire()
            job = asyncio.create_task(work(number, items))
            running.add(job)
            job.add_done_callback(lambda _: gate.release())
            for ended in [job for job in running if job.done()]:
                running.discard(ended)
                ended.result()
        if running:
            await asyncio.gather(*running)
    except (errors.Malformed, DescriptorRefused) as refused:
        await asyncio.gather(*running, return_exceptions=True)
        failure = str(refused)
    except BaseException:
        for job in running:
            job.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        raise
    if stopped:
        return
    await results.finish(context, message.task_id, failure)
    if sum(created for _, created, _, _ in await tasks.chunks_of(context, message.task_id)) >= _MANY:
        await context.database.analyze("data_rows")


async def _start(context: Context, address: str, dataset_id: str | None, task_type: TaskType) -> str:
    task_id = await tasks.start_task(context, name="JSON Import", task_type=task_type)
    await context.jobs.defer(
        ImportDataRows(
            organization_id=context.organization_id,
            user_id=context.user_id,
            task_id=task_id,
            address=address,
            dataset_id=dataset_id,
        )
    )
    return task_id


def _raise_failure(outcome: Outcome) -> None:
    if not outcome.failed:
        return
    message = results.message_of(outcome.failed[0])
    if message.startswith("Duplicate"):
        raise errors.Conflict(message)
    if message.startswith("There is no data row"):
        raise errors.NotFound(message)
    raise errors.Malformed(message)


async def _write_now(context: Context, items: Items) -> Outcome:
    return await _write(context, await metadata.fitter(context), Arrived(items, list))


async def _write(context: Context, fitter: Fitter, arrived: Arrived) -> Outcome:
    """Writes items, has their assets looked at, and tells the projects to which their datasets are connected."""
    live = await datasets.live_ids(context, arrived.dataset_ids)
    outcome = None
    if isinstance(arrived.items, PlainChunk):
        outcome = await plain_chunks.write(context, arrived.items, live)
    if outcome is None:
        outcome = await Chunk(context, fitter, live).write(arrived.one_by_one())
    for start in range(0, len(outcome.probed), _PROBED_AT_ONCE):
        await context.jobs.defer(
            ProbeMedia(
                organization_id=context.organization_id,
                user_id=context.user_id,
                data_row_ids=outcome.probed[start : start + _PROBED_AT_ONCE],
            )
        )
    for dataset_id in outcome.changes:
        for project_id in await projects.projects_of_dataset(context, dataset_id):
            made = results.ids_of(outcome.created)
            await batches.enqueue_rows_of_dataset(context, project_id=project_id, ids=made)
    if outcome.changes:
        await datasets.count_rows(context, outcome.changes)
    return outcome


def _lent(context: Context, database: object) -> Context:
    """The same caller on another connection."""
    lent = replace(context, database=database)  # type: ignore[arg-type]
    lent.jobs = Jobs(context.jobs.queue, lent.database)
    return lent
