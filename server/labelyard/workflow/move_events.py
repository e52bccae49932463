"""What webhooks are told of rows that move through the workflow (WORKFLOW_ACTION)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelyard.plumbing.context import Context
from labelyard.plumbing.scalars import moment
from labelyard.webhooks import actions as webhooks
from labelyard.webhooks.records import Topic
from labelyard.workflow import event_queries, rules
from labelyard.workflow.records import MoveEvent

_ACTIONS = {"Approve": "APPROVE", "Reject": "REJECT"}


async def notify(
    context: Context, project_id: str, data_row_ids: Sequence[str], history_ids: Sequence[str]
) -> None:
    """Rows were moved, as the entries of their history say, one for each row."""
    places = [
        f"{project_id}/{row_id}/{entry}" for row_id, entry in zip(data_row_ids, history_ids, strict=True)
    ]
    await webhooks.notify(context, project_id, Topic.WORKFLOW_ACTION, places)


async def move_payloads(context: Context, places: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Moves by `<project>/<data row>/<entry of its history>`."""
    parts = [place.split("/") for place in places]
    found = await event_queries.select_moves(context.database, context.organization_id, parts)
    return {f"{move.project_id}/{move.data_row_id}/{move.id}": _payload(move) for move in found}


def _payload(move: MoveEvent) -> dict[str, Any]:
    return {
        "id": move.id,
        "action": _ACTIONS.get(move.action, "MOVE"),
        "createdAt": moment(move.created_at),
        "actor": {"id": move.created_by, "email": move.email},
        "dataRow": {
            "id": move.data_row_id,
            "globalKey": move.global_key,
            "externalId": move.external_id,
        },
        "project": {"id": move.project_id, "name": move.project_name},
        "previousTask": _task(move.project_id, move.previous_state),
        "nextTask": _task(move.project_id, move.next_state),
    }


def _task(project_id: str, state: str | None) -> dict[str, str] | None:
    """The task queue of a state; Done has none."""
    queue = rules.task_queue_of(project_id, state, {}) if state else None
    return {"id": queue.id, "name": queue.name} if queue else None
