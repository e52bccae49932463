"""Mark labels as references of their rows; choose the label that wins a consensus (reference/quality.md 1, 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.labels import actions as labels
from labelyard.plumbing.context import Context
from labelyard.quality import benchmark_queries, comparing
from labelyard.quality.records import BenchmarkRecord


async def create_benchmark(context: Context, *, label_id: str) -> str:
    """Makes a label the reference of its data row; the benchmark's id (R-BEN-01, R-LB-15).

    A reference of the same row that was there before is none any more; marking the reference again changes nothing.
    Raises NotFound, NotPermitted, or NotAllowed for a skip.
    """
    label = await labels.get_label(context, label_id)
    await access.require_in_project(context, Permission.REVIEW, label.project_id)
    if label.skipped:
        raise errors.NotAllowed(f"The label {label_id} is a skip and cannot be a benchmark.")
    await set_references(context, project_id=label.project_id, references={label.data_row_id: label_id})
    await comparing.compare_later(context, label.project_id, [label.data_row_id])
    await access.note(context, "create benchmark", label_id)
    made = await benchmark_queries.select_benchmark(
        context.database, context.organization_id, label_id=label_id
    )
    if made is None:
        raise errors.NotFound(f"There is no label with id {label_id}.")
    return made.id


async def set_references(context: Context, *, project_id: str, references: Mapping[str, str]) -> None:
    """Makes labels the references of their data rows (data row -> label), as an import does; the caller permits it."""
    await benchmark_queries.upsert_references(
        context.database, context.organization_id, project_id, references, context.user_id, context.now
    )


async def delete_benchmark(context: Context, *, label_id: str) -> str:
    """The label is a reference no more, but stays; the benchmark's id (R-BEN-10). Raises NotFound, NotPermitted."""
    found = await benchmark_queries.select_benchmark(
        context.database, context.organization_id, label_id=label_id
    )
    if found is None:
        raise errors.NotFound(f"The label {label_id} is no benchmark.")
    await access.require_in_project(context, Permission.REVIEW, found.project_id)
    await benchmark_queries.delete_benchmarks(
        context.database, context.organization_id, found.project_id, [label_id]
    )
    await access.note(context, "delete benchmark", label_id)
    return found.id


async def update_benchmark(context: Context, *, benchmark_id: str, given: Mapping[str, Any]) -> str:
    """Moves a benchmark to another label of its data row; the id of the benchmark that there is then.

    Raises NotFound, NotPermitted, Malformed for a label of another row, NotAllowed for everything else.
    """
    found = await _get(context, benchmark_id)
    await access.require_in_project(context, Permission.REVIEW, found.project_id)
    connect = (given.get("reference_label") or {}).get("connect")
    if not connect or set(given) != {"reference_label"}:
        raise errors.NotAllowed("Of a benchmark only the reference label can be changed.")
    label = await labels.get_label(context, connect["id"])
    if (label.project_id, label.data_row_id) != (found.project_id, found.data_row_id):
        raise errors.Malformed(f"The label {label.id} is not one of the data row {found.data_row_id}.")
    return await create_benchmark(context, label_id=label.id)


async def labels_deleted(context: Context, gone: Sequence[tuple[str, str, str, bool]]) -> None:
    """What follows from the deletion of labels (id, project, data row, skipped), which the caller has permitted.

    A benchmark whose reference is gone is gone too; other labels of the rows are compared anew.
    """
    by_project: dict[str, tuple[list[str], list[str]]] = {}
    for label_id, project_id, data_row_id, _ in gone:
        ids, rows = by_project.setdefault(project_id, ([], []))
        ids.append(label_id)
        rows.append(data_row_id)
    for project_id, (ids, rows) in sorted(by_project.items()):
        db, organization = context.database, context.organization_id
        await benchmark_queries.delete_benchmarks(db, organization, project_id, ids)
        await benchmark_queries.note_activity(db, organization, project_id, rows, context.now)
        await comparing.compare_later(context, project_id, rows)


async def choose_winner(context: Context, *, label_id: str) -> str:
    """The label stands for its data row from now on, instead of the first one; its id.

    Raises NotFound, NotPermitted, or NotAllowed for a skip.
    """
    label = await labels.get_label(context, label_id)
    await access.require_in_project(context, Permission.REVIEW, label.project_id)
    if label.skipped:
        raise errors.NotAllowed(f"The label {label_id} is a skip and cannot win a consensus.")
    await benchmark_queries.update_winner(
        context.database, context.organization_id, label.project_id, label.data_row_id, label_id
    )
    await access.note(context, "choose consensus winner", label_id)
    return label_id


async def _get(context: Context, benchmark_id: str) -> BenchmarkRecord:
    found = await benchmark_queries.select_benchmark(
        context.database, context.organization_id, benchmark_id=benchmark_id
    )
    if found is None:
        raise errors.NotFound(f"There is no benchmark with id {benchmark_id}.")
    return found
