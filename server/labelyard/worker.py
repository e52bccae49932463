"""Puts every room's jobs together into one worker."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from labelyard import rooms
from labelyard.access import rules as access_rules
from labelyard.organizations import actions as organizations
from labelyard.plumbing.context import Actor, Context
from labelyard.plumbing.http import Application
from labelyard.plumbing.jobs import Chore, Handler, Message, forever, retry_strategy, task_name

log = logging.getLogger("labelyard.worker")
_CONCURRENCY = 2
_RESCUE_SECONDS = 15.0


def doors() -> Iterable[ModuleType]:
    """The rooms' `jobs` modules."""
    for name in rooms.ROOMS:
        door = rooms.module(name, "jobs")
        if door is not None:
            yield door


def handlers() -> list[Handler]:
    """Everything that handles a message."""
    return [
        value.__dict__["labelyard_handler"]
        for door in doors()
        for value in vars(door).values()
        if inspect.isfunction(value) and "labelyard_handler" in value.__dict__
    ]


def chores() -> list[Chore]:
    """Everything that is done again and again."""
    return [
        value.__dict__["labelyard_chore"]
        for door in doors()
        for value in vars(door).values()
        if inspect.isfunction(value) and "labelyard_chore" in value.__dict__
    ]


class Worker:
    """Takes messages from the queue and hands them to the rooms."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._stop = asyncio.Event()
        for handler in handlers():
            self._register(handler)

    def stop(self) -> None:
        """Ends `run` after giving back what is not done."""
        self._stop.set()

    async def run(self) -> None:
        """Works until `stop`."""
        queue = self._app.jobs
        await self._app.pool.open()
        await queue.open()
        background = [
            asyncio.create_task(forever("rescue of stalled jobs", _RESCUE_SECONDS, queue.rescue_stalled))
        ]
        background += [asyncio.create_task(self._repeat(chore)) for chore in chores()]
        worker = asyncio.create_task(
            queue.app.run_worker_async(
                concurrency=_CONCURRENCY,
                install_signal_handlers=False,
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=5.0,
                delete_jobs="successful",
                update_heartbeat_interval=5.0,
            )
        )
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({worker, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if worker.done():
                worker.result()
        finally:
            for task in [*background, stopping, worker]:
                task.cancel()
            await asyncio.gather(*background, stopping, worker, return_exceptions=True)
            await queue.close()
            await self._app.pool.close()

    def _register(self, handler: Handler) -> None:
        async def perform(**fields: Any) -> None:
            message = handler.message(**fields)
            async with self._app.pool.borrow() as database:
                context = self._app.context(await self._actor(database, message), database)
                log.info("%s begins", task_name(handler.message))
                await handler.function(context, message)

        register = self._app.jobs.app.task(
            name=task_name(handler.message), queue=handler.queue, retry=retry_strategy(handler)
        )
        register(perform)

    async def _actor(self, database: Any, message: Message) -> Actor:
        """The user who ordered the work. What it needs was permitted when it was ordered."""
        account = await organizations.account_of(
            database, organization_id=message.organization_id, user_id=message.user_id
        )
        return Actor(
            organization_id=account.organization_id,
            user_id=account.id,
            email=account.email,
            role="ADMIN",
            permissions=frozenset(access_rules.ROLES["ADMIN"].permissions),
            credential="job",
        )

    async def _repeat(self, chore: Chore) -> None:
        async def once() -> None:
            async with self._app.pool.borrow() as database:
                await chore.function(self._context(database))

        await forever(chore.name, chore.seconds, once)

    def _context(self, database: Any) -> Context:
        """A context of the installation itself, for chores over all organizations."""
        return self._app.context(Actor("", "", "", "NONE", frozenset(), "chore"), database)
