"""The graph of queues: from here to where. The standard workflow, as long as nobody changes it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from labelyard import errors
from labelyard.formats import search_filter
from labelyard.formats.search_filter import Condition, SearchRefused
from labelyard.projects import rules as projects
from labelyard.workflow.records import Movable, NamedRows, Override, Queue, Reservation, State, TaskQueue

RESERVED_FOR = timedelta(minutes=90)
HELD_AT_ONCE = 10
FIRST_BENCHMARKS = 5
LATER_BENCHMARKS = 0.1
BEFORE_ALL = -2_147_483_648
MOST_OVERRIDES = 1_000
LONGEST_IDEMPOTENCY_KEY = 500
MOST_NAMED_ROWS = 1_000_000
_FREE, _RESERVED = "FREE", "RESERVED"

# queue of the workflow -> name, description, type on the wire (workflow.md 1), the states whose rows are in it
_QUEUES: dict[Queue, tuple[str, str, str, tuple[State, ...]]] = {
    Queue.LABEL: (
        "Initial labeling task",
        "Data rows that need labels.",
        "INITIAL_LABELING_QUEUE",
        (State.TO_LABEL,),
    ),
    Queue.REVIEW: (
        "Initial review task",
        "Labeled data rows that wait for a reviewer.",
        "MANUAL_REVIEW_QUEUE",
        (State.IN_REVIEW, State.SKIPPED),
    ),
    Queue.REWORK: (
        "Rework",
        "Data rows that a reviewer sent back.",
        "MANUAL_REWORK_QUEUE",
        (State.IN_REWORK,),
    ),
}


def check_changes(kind: str, given: Mapping[str, Any], changeable: Collection[str]) -> None:
    """Raises NotAllowed for what the server alone sets, such as times, counts and who made it."""
    fixed = sorted(set(given) - set(changeable))
    if fixed:
        raise errors.NotAllowed(f"Of a {kind} these are not a caller's to set: {', '.join(fixed)}.")


def task_queue_id(project_id: str, queue: Queue) -> str:
    """The id of a project's standard queue: 25 characters that always come out the same."""
    return "c" + hashlib.sha256(f"{project_id} {queue}".encode()).hexdigest()[:24]


def task_queues(project_id: str, counts: dict[str, int]) -> list[TaskQueue]:
    """The three queues of a project with how many rows are in each."""
    return [
        TaskQueue(
            task_queue_id(project_id, queue),
            name,
            description,
            kind,
            sum(counts.get(state, 0) for state in states),
        )
        for queue, (name, description, kind, states) in _QUEUES.items()
    ]


def task_queue_of(project_id: str, state: str, counts: dict[str, int]) -> TaskQueue | None:
    """The queue in which rows of a state are; None for Done."""
    for queue, listed in zip(_QUEUES, task_queues(project_id, counts), strict=True):
        if state in _QUEUES[queue][3]:
            return listed
    return None


def queue_of_id(project_id: str, queue_id: str) -> Queue:
    """The queue of a project with this id. Raises NotFound."""
    for queue in _QUEUES:
        if task_queue_id(project_id, queue) == queue_id:
            return queue
    raise errors.NotFound(f"There is no task queue with id {queue_id} in this project.")


def state_in(queue: Queue | None) -> State:
    """The state of rows that somebody has put into a queue; without a queue they are done."""
    if queue is None:
        return State.DONE
    return {Queue.LABEL: State.TO_LABEL, Queue.REVIEW: State.IN_REVIEW, Queue.REWORK: State.IN_REWORK}[queue]


def may_leave(row: Movable, queue: Queue | None) -> bool:
    """Whether a row may be moved to a queue: out of the initial labeling only with labels or predictions (P-MV-01)."""
    return queue is Queue.LABEL or row.state != State.TO_LABEL or row.has_labels or row.has_pre_labels


def batches_asked_for(query: Sequence[Any]) -> list[str] | None:
    """The batches that the search items of a count name; None for all rows. Raises Malformed for other items."""
    batches: list[str] | None = None
    for item in query:
        try:
            (read,) = search_filter.read_query([item])
        except SearchRefused as refused:
            raise errors.Malformed(str(refused)) from None
        if read.kind is not Condition.BATCH or read.negated:
            raise errors.Malformed(f"A queue's data rows are counted by batch, not by {read.kind}.")
        batches = read.values if batches is None else [one for one in batches if one in read.values]
    return batches


def queue_kinds(queue_type: str) -> tuple[Queue, ...]:
    """The queues behind the wire's two reservation queues; rework comes before new rows."""
    return (Queue.REVIEW,) if queue_type == "ReviewQueue" else (Queue.REWORK, Queue.BENCHMARK, Queue.LABEL)


def turn(reservation: Reservation) -> tuple[int, int, datetime, str, int]:
    """What a labeler does first: rework before new rows, then in the order of the queue."""
    return (
        0 if reservation.queue == Queue.REWORK else 1,
        reservation.priority,
        reservation.enqueued_at,
        reservation.data_row_id,
        reservation.slot,
    )


def benchmarks_due(got: int, missing: int, draws: Sequence[float]) -> int:
    """How many of the `missing` next rows of a labeler who has got so many rows before are benchmarks (R-BEN-02).

    The first five are, later each with a chance of one in ten; `draws` are numbers from 0 to 1, one for each row.
    """
    first = max(min(FIRST_BENCHMARKS - got, missing), 0)
    return first + sum(draw < LATER_BENCHMARKS for draw in draws[first:missing])


def state_after_labeling(label_id: str, *, skipped: bool, review_share: float) -> tuple[State, bool]:
    """Where a row goes once all its labels are there, and whether a reviewer is to look at it.

    Which labels are reviewed is drawn by a hash of their id, so that it comes out the same again. A skipped row
    counts as skipped until somebody decides otherwise.
    """
    drawn, limit = hashlib.sha256(label_id.encode()).digest()[:8], threshold(review_share)
    reviewed = limit is None or drawn < limit
    if skipped:
        return State.SKIPPED, reviewed
    return (State.IN_REVIEW if reviewed else State.DONE), reviewed


def threshold(share: float) -> bytes | None:
    """The first eight bytes of hashes are smaller than this for `share` of all labels; None when it is all of them."""
    limit = math.ceil(share * 2**64)
    return limit.to_bytes(8, "big") if limit < 2**64 else None


def check_share(share: float) -> None:
    """Raises Malformed for a share outside 0 to 1, both included (R-PJ-71)."""
    if not 0 <= share <= 1:
        raise errors.Malformed(f"quotaFactor must be between 0 and 1, not {share}.")


def check_count_of_overrides(count: int) -> None:
    """Raises Malformed for more overrides than one call may have (P-LP-06)."""
    if count > MOST_OVERRIDES:
        raise errors.Malformed(f"{count} overrides in one call; at most {MOST_OVERRIDES} are allowed.")


def check_overrides(given: Sequence[Override]) -> None:
    """Raises Malformed for too many overrides, and for a number of labels out of range."""
    check_count_of_overrides(len(given))
    for override in given:
        if override.number_of_labels is not None:
            projects.check_number_of_labels(
                f"numLabels of data row {override.row}", override.number_of_labels
            )


def check_idempotency_key(key: str | None) -> None:
    """Raises Malformed for a key that is longer than one is kept."""
    if key is not None and len(key) > LONGEST_IDEMPOTENCY_KEY:
        raise errors.Malformed(
            f'idempotencyKey "{key[:40]}…" has {len(key)} characters; at most {LONGEST_IDEMPOTENCY_KEY} are possible.'
        )


def check_named_rows(named: NamedRows) -> None:
    """Raises Malformed for no rows at all, or too many."""
    if not named.names:
        raise errors.Malformed("You need to supply at least one data row.")
    if len(named.names) > MOST_NAMED_ROWS:
        raise errors.Malformed(
            f"{len(named.names)} data rows in one call; at most {MOST_NAMED_ROWS} are allowed."
        )


def takes_reserved(allowed_statuses: Sequence[str] | None) -> tuple[bool, bool]:
    """Whether free rows and rows that somebody holds may be assigned. Raises Malformed for another status."""
    allowed = [_FREE] if allowed_statuses is None else list(allowed_statuses)
    for status in allowed:
        if status not in (_FREE, _RESERVED):
            raise errors.Malformed(f'"{status}" is not a status; it is {_FREE} or {_RESERVED}.')
    return _FREE in allowed, _RESERVED in allowed


def check_first(first: int | None) -> int:
    """How many rows a labeler may hold. Raises Malformed for less than one."""
    if first is None:
        return 3
    if first < 1:
        raise errors.Malformed(f"first must be at least 1, not {first}.")
    return min(first, HELD_AT_ONCE)


def check_seconds(seconds: float) -> float:
    """Time spent on a row. Raises Malformed when it is negative or not a number."""
    if not 0 <= seconds < 10_000_000:
        raise errors.Malformed(f"Seconds must be 0 or more, not {seconds}.")
    return seconds


def workstream(counts: dict[str, int], labeled: int) -> dict[str, int]:
    """The seven states that clients expect, each always there (queue.md 10)."""
    return {
        "All": sum(counts.values()),
        "Unlabeled": counts.get(State.TO_LABEL, 0),
        "Labeled": labeled,
        "InReview": counts.get(State.IN_REVIEW, 0),
        "InRework": counts.get(State.IN_REWORK, 0),
        "Skipped": counts.get(State.SKIPPED, 0),
        "Done": counts.get(State.DONE, 0),
        "NotInTaskQueue": counts.get(State.TO_LABEL, 0) + counts.get(State.DONE, 0),
    }
