"""Start, carry out and delete annotation imports."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import psycopg

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.annotation_imports import (
    input_file,
    queries,
    reading,
    results,
    rules,
    staging_queries,
    writing,
)
from labelyard.annotation_imports.mask_files import MaskFiles
from labelyard.annotation_imports.reading import Reading, Superseded
from labelyard.annotation_imports.records import (
    AnnotationImport,
    Checkpoint,
    ImportAnnotations,
    ImportKind,
    ImportState,
    Phase,
)
from labelyard.formats.ndjson import AnnotationReader
from labelyard.formats.ndjson_lines import NotNdjson
from labelyard.ontologies import actions as ontologies
from labelyard.plumbing import blob_links
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.plumbing.ids import new_id
from labelyard.plumbing.multipart import Upload
from labelyard.projects import actions as projects

log = logging.getLogger("labelyard.annotation_imports")


async def create_import(
    context: Context,
    *,
    kind: ImportKind,
    project_id: str,
    name: str,
    file: Upload | None,
    address: str | None,
) -> str:
    """Starts an import of a file, or of the file at an address; its id (R-PJ-30, P-AI).

    Raises Conflict for a name that the project has used for this kind of import, NotAllowed without an
    ontology, Malformed for a blank name or without a file.
    """
    await access.require_in_project(context, Permission.EDIT_PROJECTS, project_id)
    rules.check_source(file, address)
    project = await projects.get_project(context, project_id)
    if project.ontology_id is None:
        raise errors.NotAllowed("The project has no ontology yet; connect one first.")
    import_id = new_id()
    key = f"{input_file.folder(context, import_id)}/input.ndjson" if file else None
    if address is not None:
        key = blob_links.key_of(context, address)
    if not await queries.insert_import(
        context.database,
        organization_id=context.organization_id,
        import_id=import_id,
        project_id=project_id,
        kind=kind,
        name=rules.check_name(name),
        input_url=address,
        input_key=key,
        created_by=context.user_id,
    ):
        raise errors.Conflict(f'There is an import with the name "{name}" in this project already.')
    if file is not None and key is not None:
        await context.blobs.put_file(key, file.path, consume=True)
    await context.jobs.defer(
        ImportAnnotations(
            organization_id=context.organization_id, user_id=context.user_id, import_id=import_id
        )
    )
    return import_id


async def find_import(context: Context, kinds: Sequence[ImportKind], where: dict[str, Any]) -> str | None:
    """The id of an import that is asked for by id, or by project and name; None when there is none."""
    if where.get("id"):
        found: str = where["id"]
        return found
    if not where.get("project_id") or where.get("name") is None:
        raise errors.Malformed("Ask for an import by its id, or by its project and its name.")
    await access.require_in_project(context, Permission.VIEW, where["project_id"])
    return await queries.select_id_of_name(
        context.database, context.organization_id, where["project_id"], kinds, where["name"]
    )


async def delete_import(context: Context, *, kinds: Sequence[ImportKind], import_id: str) -> bytes:
    """Deletes an import and all pre-labels that it made, also while it runs; what it was. Raises NotFound."""
    access.require(context, Permission.VIEW)
    job = await queries.select_import(context.database, context.organization_id, import_id)
    if job is None or job.kind not in kinds:
        raise errors.NotFound(f"There is no import with id {import_id}.")
    await access.require_in_project(context, Permission.EDIT_PROJECTS, job.project_id)
    gone = await queries.delete_import(context.database, context.organization_id, import_id)
    if gone is None:
        raise errors.NotFound(f"There is no import with id {import_id}.")
    await projects.note_activity(context, job.project_id)
    await access.note(context, "delete import", import_id)
    own_input = f"{input_file.folder(context, import_id)}/input.ndjson"
    await context.blobs.delete([own_input, *results.file_keys(context, import_id)])
    return gone


async def import_annotations(context: Context, message: ImportAnnotations) -> None:
    """The work of an import. What an earlier run has done is not done again."""
    job = await queries.select_import(context.database, context.organization_id, message.import_id)
    if job is None or job.state != ImportState.RUNNING:
        return
    checkpoint = Checkpoint(**(decoded(job.checkpoint) or {}))
    try:
        await _carry_out(context, job, checkpoint)
    except Superseded:
        log.info("import %s was deleted, or is done elsewhere", job.id)
    except (NotNdjson, errors.Malformed, errors.NotFound, errors.NotAllowed) as failure:
        await _fail(context, job, str(failure))
    except (psycopg.OperationalError, OSError):
        raise  # the next attempt goes on where this one stopped
    except Exception:
        log.exception("import %s failed", job.id)
        await _fail(context, job, "Something went wrong on the server; nothing was imported.")


async def _carry_out(context: Context, job: AnnotationImport, checkpoint: Checkpoint) -> None:
    project = await projects.get_project(context, job.project_id)
    if project.ontology_id is None:
        raise errors.NotAllowed("The project has no ontology any more.")
    index = await ontologies.feature_index(context, project.ontology_id)
    if checkpoint.phase == Phase.READ:
        key, size = await input_file.keep_input(context, job)
        ids = reading.fresh_ids()
        reader = AnnotationReader(index, lambda: next(ids), project.media_type or "IMAGE")
        run = Reading(context, job, index, reader, checkpoint, MaskFiles(context))
        await run.read(key, size)
        checkpoint = run.checkpoint
    has_relationships = any(tool.tool == "edge" for tool in index.tools.values())
    await writing.write(context, job, project, checkpoint, has_relationships=has_relationships)


async def _fail(context: Context, job: AnnotationImport, message: str) -> None:
    """Ends an import whose file cannot be read; nothing of it has been written."""
    now = await queries.select_import(context.database, context.organization_id, job.id)
    if now is None:
        return
    step = Checkpoint(**(decoded(now.checkpoint) or {}))
    status_key, error_key = await results.write_failure(context, job.id, message)
    async with context.database.transaction():
        if not await queries.finish_import(
            context.database,
            context.organization_id,
            job.id,
            state=ImportState.FAILED,
            step=step.step,
            status_key=status_key,
            error_key=error_key,
            failure=message,
        ):
            return
        if step.phase == Phase.READ:
            await staging_queries.discard_masks(context.database, context.organization_id, job)
        await staging_queries.discard_staged(context.database, context.organization_id, job.id)
    await results.discard_pieces(context, job.id, step.chunk)
