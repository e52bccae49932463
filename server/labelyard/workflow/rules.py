"""The graph of queues: from here to where. The standard workflow, as long as nobody changes it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from labelyard import errors
from labelyard.workflow.records import Queue, Reservation, State, TaskQueue

RESERVED_FOR = timedelta(minutes=90)
HELD_AT_ONCE = 10
FIRST_BENCHMARKS = 5
LATER_BENCHMARKS = 0.1
BEFORE_ALL = -2_147_483_648

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
    drawn = int.from_bytes(hashlib.sha256(label_id.encode()).digest()[:8], "big") / 2**64
    reviewed = drawn < review_share
    if skipped:
        return State.SKIPPED, reviewed
    return (State.IN_REVIEW if reviewed else State.DONE), reviewed


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
