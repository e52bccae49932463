"""The second half of an import: what was read becomes pre-labels or labels, thousands of them at a time."""

from __future__ import annotations

from dataclasses import replace

from labelyard.annotation_imports import queries, results, rules, staging_queries
from labelyard.annotation_imports.reading import Superseded
from labelyard.annotation_imports.records import AnnotationImport, Checkpoint, ImportKind, ImportState
from labelyard.plumbing.context import Context
from labelyard.projects import actions as projects
from labelyard.projects.records import ProjectRecord
from labelyard.workflow import imported_labels
from labelyard.workflow.records import ImportedLabel

_AT_ONCE = 5_000


async def write(
    context: Context,
    job: AnnotationImport,
    project: ProjectRecord,
    checkpoint: Checkpoint,
    *,
    has_relationships: bool,
) -> None:
    """Writes what is left to be written and ends the import. Raises Superseded."""
    db, organization = context.database, context.organization_id
    written, at_end = 0, False
    while not at_end:
        upto = await staging_queries.select_range_end(db, organization, job.id, checkpoint.after, _AT_ONCE)
        at_end = upto is None
        written += _AT_ONCE
        async with db.transaction():
            gone = await staging_queries.select_rows_gone(
                db, organization, job.id, job.project_id, checkpoint.after, upto
            )
            step = replace(
                checkpoint,
                step=checkpoint.step + 1,
                after=upto or checkpoint.after,
                gone=[*checkpoint.gone, *gone],
            )
            progress = rules.percentage(written, checkpoint.line, rules.READING_SHARE, 99)
            if not await queries.update_checkpoint(db, organization, job.id, step, progress):
                raise Superseded
            if job.kind == ImportKind.LABEL:
                await _make_labels(context, job, project, checkpoint.after, upto)
            else:
                await staging_queries.upsert_pre_labels(
                    db, organization, job, checkpoint.after, upto, has_relationships=has_relationships
                )
                await projects.note_activity(context, job.project_id)
            if at_end:
                await staging_queries.discard_staged(db, organization, job.id)
        checkpoint = step
    await _finish(context, job, checkpoint)


async def _make_labels(
    context: Context, job: AnnotationImport, project: ProjectRecord, after: str, upto: str | None
) -> None:
    rows = await staging_queries.select_staged(context.database, context.organization_id, job.id, after, upto)
    parts: dict[str, dict[str, list[bytes]]] = {}
    benchmarks: set[str] = set()
    for row_id, part, annotation, is_benchmark in rows:
        parts.setdefault(row_id, {}).setdefault(part, []).append(annotation)
        if is_benchmark:
            benchmarks.add(row_id)
    made = [ImportedLabel(row_id, _document(found), row_id in benchmarks) for row_id, found in parts.items()]
    if made:
        await imported_labels.import_labels(context, project, made)


def _document(parts: dict[str, list[bytes]]) -> str:
    """The label document, put together from stored annotations without decoding them."""
    lists = (b'"%b":[%b]' % (part.encode(), b",".join(parts.get(part, ()))) for part in rules.PARTS.values())
    return (b"{" + b",".join(lists) + b"}").decode()


async def _finish(context: Context, job: AnnotationImport, checkpoint: Checkpoint) -> None:
    status_key, error_key = await results.write_files(context, job.id, checkpoint)
    async with context.database.transaction():
        if not await queries.finish_import(
            context.database,
            context.organization_id,
            job.id,
            state=ImportState.FINISHED,
            step=checkpoint.step,
            status_key=status_key,
            error_key=error_key,
            failure=None,
        ):
            raise Superseded
    await results.discard_pieces(context, job.id, checkpoint.chunk)
