"""Labels that come with data rows from another project: rows are pre-labeled, or labeled and put into a queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from labelyard.labels import actions as labels
from labelyard.labels.records import LabelRecord, NewLabel
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import decoded
from labelyard.plumbing.ids import new_ids
from labelyard.projects import actions as projects
from labelyard.projects.records import ProjectRecord
from labelyard.quality import comparing
from labelyard.workflow import rules, sent_queries, slot_queries, slots
from labelyard.workflow.records import Queue, SentLabel, State

_ACTION = "SEND"
_ALL_QUEUES = [queue.value for queue in Queue]


async def rows_in_project(context: Context, project_id: str, data_row_ids: list[str]) -> set[str]:
    """Those of the rows that are in the project, locked until the transaction ends; the caller has permitted it."""
    return set(await slots.lock(context, project_id, data_row_ids))


async def pre_label(
    context: Context, project: ProjectRecord, source_id: str, sent: Sequence[SentLabel], *, overrides: bool
) -> None:
    """Makes pre-labels out of sent labels, the caller has permitted it; `source_id` says what they came with.

    A question that a row's pre-labels answer keeps its answer, or gets the sent one when it `overrides`. Objects
    are always added.
    """
    await sent_queries.insert_pre_labels(
        context.database,
        context.organization_id,
        project.id,
        source_id,
        [
            (label.data_row_id, part, annotation)
            for label in sent
            for part in ("objects", "classifications", "relationships")
            for annotation in label.document.get(part, ())
        ],
        overrides=overrides,
    )
    await projects.note_activity(context, project.id)


async def receive(
    context: Context,
    project: ProjectRecord,
    queue: Queue | None,
    sent: Sequence[SentLabel],
    *,
    overrides: bool,
) -> None:
    """Gives rows of a project sent labels, the caller has permitted it.

    A row without a label gets the sent one, and goes to the queue (no queue is Done). Into the label of a row that
    has one the sent annotations are put, and the row stays where it is.
    """
    ids = [label.data_row_id for label in sent]
    there = await slots.lock(context, project.id, ids)
    made = await labels.labels_of_rows(context, project_id=project.id, data_row_ids=list(there))
    new = [label for label in sent if label.data_row_id in there and label.data_row_id not in made]
    merged = {
        made[label.data_row_id][0].id: _merged(made[label.data_row_id][0], label.document, overrides)
        for label in sent
        if label.data_row_id in made
    }
    shared: list[str] = []
    if new:
        shared += await labels.insert_labels(
            context,
            [
                NewLabel(
                    label_id,
                    project.id,
                    label.data_row_id,
                    orjson.dumps(label.document).decode(),
                    None,
                    False,
                    0.0,
                    context.user_id,
                )
                for label_id, label in zip(new_ids(len(new)), new, strict=True)
            ],
        )
        await _move(context, project.id, queue, [label.data_row_id for label in new])
    if merged:
        shared += await labels.rewrite_labels(context, project.id, merged)
        await sent_queries.touch_rows(
            context.database, context.organization_id, project.id, [row for row in there if row in made]
        )
    await comparing.compare_later(context, project.id, shared)
    await projects.note_activity(context, project.id)


async def _move(context: Context, project_id: str, queue: Queue | None, ids: list[str]) -> None:
    db, organization = context.database, context.organization_id
    await slot_queries.close_slots(db, organization, project_id, ids, _ALL_QUEUES)
    state: State = rules.state_in(queue)
    await slots.move(context, project_id, ids, state, None, _ACTION, labels_added=1)
    if queue is not None:
        await slot_queries.open_slots(
            db, organization, project_id, ids, queue, context.now, to_author=queue == Queue.REWORK
        )


def _merged(label: LabelRecord, sent: dict[str, Any], overrides: bool) -> str:
    """The document of a label with what was sent: objects are added, answers by the rule."""
    document = decoded(label.annotations)
    answered = {entry["feature_schema_id"] for entry in document.get("classifications", ())}
    given = {entry["feature_schema_id"] for entry in sent.get("classifications", ())}
    lost = given if overrides else set()
    document["classifications"] = [
        entry for entry in document.get("classifications", ()) if entry["feature_schema_id"] not in lost
    ] + [
        entry
        for entry in sent.get("classifications", ())
        if overrides or entry["feature_schema_id"] not in answered
    ]
    for part in ("objects", "relationships"):
        document[part] = [*document.get(part, ()), *sent.get(part, ())]
    return orjson.dumps(document).decode()
