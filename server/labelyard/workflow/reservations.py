"""Reserve, extend, release: one row, one labeler at a time."""

from __future__ import annotations

import time
from dataclasses import replace

from labelyard.access import actions as access
from labelyard.access.records import Permission
from labelyard.plumbing.context import Context
from labelyard.projects import actions as projects
from labelyard.workflow import benchmark_rows, labeling_tasks, reservation_queries, rules
from labelyard.workflow.records import Held, Queue, Reservation, ReservedDataRows

_COUNTED = 10_000
_LONG_SECONDS = 2.0
_REMEMBERED = 1_000
# queues in which more rows wait than are counted, and until when that is taken for granted
_long_until: dict[tuple[str, str, tuple[Queue, ...]], float] = {}


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
    mine, waiting = held.reservations, held.waiting
    if len(mine) < wanted:
        open_kinds = held.kinds
        if held.expired:
            await reservation_queries.release_expired(context.database, (context.organization_id, project_id))
            open_kinds, waiting = list(kinds), waiting + held.expired
        if held.has_benchmarks and Queue.BENCHMARK in kinds:
            mine = mine + await benchmark_rows.take_due(context, project_id, mine, wanted)
        taken, mine = await _top_up(context, project_id, _queued(kinds, open_kinds), mine, wanted)
        if waiting < _COUNTED:
            waiting = max(waiting - taken, 0)
    tasks = await labeling_tasks.tasks_for(context, project, mine[:wanted])
    return ReservedDataRows(tasks, waiting + len(mine), held.others)


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


async def clear_queue(context: Context, *, project_id: str, queue_id: str) -> int:
    """Gives back what anybody holds in a queue; how many rows. Raises NotFound, NotPermitted."""
    await access.require_in_project(context, Permission.CLEAR_RESERVATIONS, project_id)
    await projects.get_project(context, project_id)
    queue = rules.queue_of_id(project_id, queue_id)
    cleared = await reservation_queries.clear(context.database, context.organization_id, project_id, queue)
    await access.note(context, f"clear reservations of {queue}", project_id)
    return cleared


async def assign(
    context: Context, *, project_id: str, user_id: str, ids: list[str], allowed_statuses: list[str] | None
) -> None:
    """Keeps rows of the initial labeling for one user, for as long as they wait; other rows are left alone.

    Only rows are taken of which a slot is free, unless `allowed_statuses` also has RESERVED: then what others hold or
    was assigned to them changes hands. Raises NotFound for the user too, Malformed for another status.
    """
    await access.require_in_project(context, Permission.MANAGE_PROJECT_MEMBERS, project_id)
    await projects.get_project(context, project_id)
    takes_free, takes_held = rules.takes_reserved(allowed_statuses)
    await access.check_labeler(context, project_id, user_id)
    db, organization = context.database, context.organization_id
    wanted = list(dict.fromkeys(ids))
    if takes_free:
        taken = await reservation_queries.assign(db, organization, project_id, wanted, user_id, to_all=False)
        wanted = sorted(set(wanted) - set(taken))
    if takes_held and wanted:
        await reservation_queries.give_back_held_by_others(db, organization, project_id, wanted, user_id)
        await reservation_queries.assign(db, organization, project_id, wanted, user_id, to_all=True)


async def release_expired(context: Context) -> int:
    """Gives back what nobody has kept up, in all projects; how many rows."""
    return await reservation_queries.release_expired(context.database)


async def _held(context: Context, project_id: str, kinds: tuple[Queue, ...]) -> Held:
    """What the caller holds. A long queue is counted again after a while, not at every request."""
    place = (context.organization_id, project_id, kinds)
    is_long = time.monotonic() < _long_until.get(place, 0.0)
    held = await reservation_queries.select_held(
        context.database,
        context.organization_id,
        project_id,
        context.user_id,
        list(kinds),
        1 if is_long else _COUNTED,
    )
    if is_long and held.waiting:
        return replace(held, waiting=_COUNTED)
    if held.waiting == _COUNTED:
        if len(_long_until) > _REMEMBERED:
            _long_until.clear()
        _long_until[place] = time.monotonic() + _LONG_SECONDS
    return held


def _queued(kinds: tuple[Queue, ...], open_kinds: list[str]) -> list[Queue]:
    """The queues to take slots from; benchmarks have none."""
    return [kind for kind in kinds if kind in open_kinds and kind is not Queue.BENCHMARK]


async def _top_up(
    context: Context, project_id: str, kinds: list[Queue], held: list[Reservation], wanted: int
) -> tuple[int, list[Reservation]]:
    """Takes what is missing; how many slots that were, and all that the caller now holds, in its order."""
    held, total = list(held), 0
    for kind in kinds:
        while len(held) < wanted:
            taken, claimed = await reservation_queries.claim_slots(
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
            total += taken
            held += claimed
    return total, sorted(held, key=rules.turn)
