"""Background work: a message is deferred inside the caller's transaction and handled by the worker, at least once.

procrastinate keeps the queue in the same PostgreSQL (decision 6). A message is a frozen dataclass of a room's
`records.py`; its handler is the function in the room's `jobs.py` that `handles` it. A handler opens its own
transactions, keeps its progress in the database, and may be run again after a crash.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate
from procrastinate import PsycopgConnector, RetryStrategy

from labelyard.plumbing.database import Database
from labelyard.plumbing.naming import snake

log = logging.getLogger("labelyard.jobs")

Handle = Callable[..., Awaitable[None]]
_STALLED_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Message:
    """What every message says: for whom the work is done."""

    organization_id: str
    user_id: str


@dataclass(frozen=True)
class Handler:
    """A function that handles one kind of message, and how."""

    message: type[Message]
    function: Handle
    attempts: int
    queue: str


@dataclass(frozen=True)
class Chore:
    """A function that the worker runs again and again."""

    name: str
    seconds: float
    function: Handle


def handles(
    message: type[Message], *, attempts: int = 5, queue: str = "default"
) -> Callable[[Handle], Handle]:
    """Marks the function that handles `message`; an error is retried with growing pauses, `attempts` times in all."""

    def wrap(function: Handle) -> Handle:
        function.__dict__["labelyard_handler"] = Handler(message, function, attempts, queue)
        return function

    return wrap


def repeats(seconds: float) -> Callable[[Handle], Handle]:
    """Marks a function that every worker runs every so many seconds; several workers may run it at once."""

    def wrap(function: Handle) -> Handle:
        function.__dict__["labelyard_chore"] = Chore(function.__name__, seconds, function)
        return function

    return wrap


class JobQueue:
    """The queue, as the server and the worker see it."""

    def __init__(self, dsn: str) -> None:
        self.app = procrastinate.App(
            connector=PsycopgConnector(conninfo=dsn, min_size=1, max_size=4, max_idle=60)
        )

    async def open(self) -> None:
        """Opens the queue's own connections, which only a worker needs."""
        await self.app.open_async()

    async def close(self) -> None:
        """Closes them."""
        await self.app.close_async()

    async def rescue_stalled(self, seconds: float = _STALLED_SECONDS) -> int:
        """Gives back the jobs of workers that have not been heard of for so long; how many there were."""
        stalled = await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds)
        count = 0
        for job in stalled:
            await self.app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
            count += 1
        if count:
            log.warning("gave back %d jobs of a worker that stopped answering", count)
        await self.app.job_manager.prune_stalled_workers(seconds)
        return count


class Jobs:
    """Defers messages in the transaction of one request."""

    def __init__(self, queue: JobQueue, database: Database) -> None:
        self.queue = queue
        self._database = database

    async def defer(
        self, message: Message, *, delay: timedelta | None = None, lock: str | None = None
    ) -> None:
        """Orders the work; it is seen by the worker when the caller's transaction commits.

        Messages with the same `lock` are handled one after the other.
        """
        options: dict[str, Any] = {"connection": self._database.connection}
        if delay is not None:
            options["schedule_in"] = {"seconds": delay.total_seconds()}
        if lock is not None:
            options["lock"] = lock
        task = self.queue.app.configure_task(task_name(type(message)), **options)
        await task.defer_async(**dataclasses.asdict(message))


def task_name(message: type[Message]) -> str:
    """The name of a message in the queue: `exports.write_export`."""
    return f"{message.__module__.split('.')[-2]}.{snake(message.__name__)}"


def retry_strategy(handler: Handler) -> RetryStrategy:
    """Pauses of 2, 4, 8 … seconds between attempts."""
    return RetryStrategy(max_attempts=handler.attempts, exponential_wait=2)


async def forever(name: str, seconds: float, work: Callable[[], Awaitable[Any]]) -> None:
    """Runs `work` every `seconds` until cancelled; a failure is logged and does not end it."""
    while True:
        try:
            await work()
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("%s failed", name)
        await asyncio.sleep(seconds)
