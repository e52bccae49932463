"""Reserve, extend, release: one row, one labeler at a time."""

from __future__ import annotations

from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.plumbing.context import Context
from labelyard.projects import actions as projects
from labelyard.workflow import labeling_tasks, reservation_queries, rules
from labelyard.workflow.records import Queue, Reservation, ReservedDataRows

_COUNTED = 10_000


async def reserve_next(
    context: Context, *, project_id: str, queue_type: str, first: int | None
) -> ReservedDataRows:
    """Tops up what the caller holds and returns it in the order in which it is to be done.

    Raises NotFound, NotPermitted, or NotAllowed while the project has no ontology.
    """
    needed = Permission.REVIEW if queue_type == "ReviewQueue" else Permission.LABEL
    await access.require_in_project(context, needed, project_id)
    project = await projects.get_project(context, project_id)
    wanted = rules.check_first(first)
    kinds = rules.queue_kinds(queue_type)
    held = await _held(context, project_id, kinds)
    if len(held) < wanted:
        await reservation_queries.release_expired(context.database, (context.organization_id, project_id))
        held = await _top_up(context, project_id, kinds, wanted)
    tasks = await labeling_tasks.tasks_for(context, project, held[:wanted])
    waiting, others = await reservation_queries.count_waiting(
        context.database, context.organization_id, project_id, context.user_id, list(kinds), _COUNTED
    )
    return ReservedDataRows(tasks, waiting + len(held), others)


async def extend(context: Context, *, project_id: str, queue_type: str) -> int:
    """Keeps up what the caller holds for another 90 minutes; how many rows (R-PJ-34)."""
    await access.require_in_project(context, Permission.LABEL, project_id)
    await projects.get_project(context, project_id)
    return await reservation_queries.extend(
        context.database,
        context.organization_id,
        project_id,
        context.user_id,
        list(rules.queue_kinds(queue_type)),
        context.now + rules.RESERVED_FOR,
    )


async def release(context: Context, *, project_id: str, queue_type: str) -> int:
    """Gives back what the caller holds; how many rows."""
    await access.require_in_project(context, Permission.LABEL, project_id)
    return await reservation_queries.release(
        context.database,
        context.organization_id,
        project_id,
        context.user_id,
        list(rules.queue_kinds(queue_type)),
    )


async def release_expired(context: Context) -> int:
    """Gives back what nobody has kept up, in all projects; how many rows."""
    return await reservation_queries.release_expired(context.database)


async def _held(context: Context, project_id: str, kinds: tuple[Queue, ...]) -> list[Reservation]:
    return await reservation_queries.select_reservations(
        context.database, context.organization_id, project_id, context.user_id, list(kinds)
    )


async def _top_up(
    context: Context, project_id: str, kinds: tuple[Queue, ...], wanted: int
) -> list[Reservation]:
    held = await _held(context, project_id, kinds)
    for kind in kinds:
        while len(held) < wanted:
            taken = await reservation_queries.claim_slots(
                context.database,
                organization_id=context.organization_id,
                project_id=project_id,
                queue=kind,
                user_id=context.user_id,
                count=wanted - len(held),
                until=context.now + rules.RESERVED_FOR,
            )
            if not taken:
                break
            held = await _held(context, project_id, kinds)
    return held
