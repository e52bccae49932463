"""What the labeling screen is given for a row: the asset, what to start from, what reviewers said."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.labels import actions as labels
from labelyard.labels.records import LabelRecord
from labelyard.plumbing.context import Context
from labelyard.plumbing.scalars import moment
from labelyard.predictions import actions as predictions
from labelyard.projects import actions as projects
from labelyard.projects.records import ProjectRecord
from labelyard.workflow import queries, reservation_queries, rules, template_queries
from labelyard.workflow.records import LabelingTask, Queue, Reservation, State


async def labeling_task(context: Context, *, project_id: str, data_row_id: str) -> LabelingTask:
    """One row of a project, without reserving it. Raises NotFound."""
    await access.require_in_project(context, Permission.LABEL, project_id)
    project = await projects.get_project(context, project_id)
    held = await reservation_queries.select_reservation_of_row(
        context.database, context.organization_id, project_id, context.user_id, data_row_id
    )
    tasks = await _tasks(context, project, [data_row_id], {data_row_id: held} if held else {})
    if not tasks:
        raise errors.NotFound(f"There is no data row {data_row_id} in this project.")
    return tasks[0]


async def tasks_for(
    context: Context, project: ProjectRecord, reservations: list[Reservation]
) -> list[LabelingTask]:
    """What the editor needs for the rows that the caller holds, read together."""
    held = {reservation.data_row_id: reservation for reservation in reservations}
    return await _tasks(context, project, list(held), held)


async def _tasks(
    context: Context, project: ProjectRecord, ids: list[str], held: dict[str, Reservation]
) -> list[LabelingTask]:
    if not ids:
        return []
    db, organization = context.database, context.organization_id
    beginnings = {
        beginning.data_row_id: beginning
        for beginning in await queries.select_beginnings(db, organization, project.id, context.user_id, ids)
    }
    found = list(beginnings.values())
    labeled = [row.data_row_id for row in found if row.has_labels]
    made: dict[str, list[LabelRecord]] = {}
    sees_all = False
    if labeled:
        made = await labels.labels_of_rows(context, project_id=project.id, data_row_ids=labeled)
        sees_all = await access.may_in_project(context, Permission.SEE_ALL_LABELS, project.id)
    remarked = [row.data_row_id for row in found if row.has_comments]
    comments = await queries.select_comments(db, organization, project.id, remarked) if remarked else {}
    fresh = [row for row in found if not row.has_draft and not row.has_labels]
    predicted = [row.data_row_id for row in fresh if not row.has_pre_labels]
    pre_labels = await _pre_labels(context, project, [row.data_row_id for row in fresh if row.has_pre_labels])
    pre_labels |= await predictions.beginnings(context, project, predicted)
    used = [row.data_row_id for row in fresh if row.has_template and row.data_row_id not in pre_labels]
    templates = await template_queries.select_templates(db, organization, project.id, used) if used else {}
    tasks = []
    for row in ids:
        beginning = beginnings.get(row)
        if beginning is None:
            continue
        reservation = held.get(row)
        # a benchmark looks like any other new row, and its labeler does not see what others have made of it
        is_benchmark = reservation is not None and reservation.queue == Queue.BENCHMARK
        state = State.TO_LABEL if is_benchmark else beginning.state
        label = _label_shown(made.get(row, []), state, context.user_id, sees_all)
        source, annotations, seconds = None, None, 0.0
        if beginning.has_draft:
            source, annotations, seconds = "DRAFT", beginning.draft, beginning.seconds_spent or 0.0
        elif label is not None:
            source, annotations, seconds = "LABEL", label.annotations, label.seconds_to_label
        elif row in pre_labels:
            source, annotations = "PRELABEL", pre_labels[row]
        elif row in templates:
            source, annotations = "TEMPLATE", templates[row]
        tasks.append(
            LabelingTask(
                data_row=row,
                state=state,
                task_queue=rules.task_queue_of(project.id, state, {}),
                label=label.id if label else None,
                annotations=annotations,
                annotations_from=source,
                seconds_spent=seconds,
                comments=[] if is_benchmark else comments.get(row, []),
                reserved_until=moment(reservation.reserved_until) if reservation else None,
            )
        )
    return tasks


def _label_shown(made: list[LabelRecord], state: str, user_id: str, sees_all: bool) -> LabelRecord | None:
    """One's own label while a row is to be labeled, so that labelers stay blind to each other; later the first one."""
    own = next((label for label in made if label.created_by == user_id), None)
    if state == State.TO_LABEL or not sees_all:
        return own
    return made[0] if made else None


async def _pre_labels(context: Context, project: ProjectRecord, ids: list[str]) -> dict[str, Any]:
    """Label documents out of what was imported for these rows."""
    if not ids or not project.show_pre_labels:
        return {}
    documents: dict[str, dict[str, list[bytes]]] = {}
    for row, part, annotation in await queries.select_pre_labels(
        context.database, context.organization_id, project.id, ids
    ):
        document = documents.setdefault(row, {"objects": [], "classifications": [], "relationships": []})
        document[part].append(annotation)
    return documents
