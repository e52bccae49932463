"""Puts the rooms together into one ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from functools import cache
from pathlib import Path

import orjson

from labelyard import rooms
from labelyard.access import actions as access
from labelyard.frontends import actions as frontends
from labelyard.metadata import actions as metadata
from labelyard.organizations import actions as organizations
from labelyard.organizations.records import FirstAdministrator
from labelyard.plumbing import blob_links
from labelyard.plumbing import records as shared_records
from labelyard.plumbing.binding import Binding, Room, bind
from labelyard.plumbing.blobs import BlobStore
from labelyard.plumbing.context import Actor
from labelyard.plumbing.database import Database, Pool
from labelyard.plumbing.graphql import GraphQLEndpoint, request_id
from labelyard.plumbing.http import Application, Message, Receive, Request, Scope, Send, send_json
from labelyard.plumbing.jobs import JobQueue
from labelyard.plumbing.metrics import Metrics
from labelyard.plumbing.rate import Rate
from labelyard.plumbing.rest import Reply, RestEndpoint, routes_of, send_reply
from labelyard.plumbing.static import serve_static
from labelyard.settings import Settings

log = logging.getLogger("labelyard.app")
SIGN_INS_A_MINUTE = 10
_SERVER_PATHS = ("/api/", "/graphql", "/_gql", "/healthz", "/readyz", "/metrics")


@cache
def binding() -> Binding:
    """The whole schema, bound to the rooms. Raises BindingError when something has no partner."""
    return bind(rooms.wire_sdl(), [Room("plumbing", "", None, shared_records), *rooms.rooms()])


def make_application(settings: Settings, dsn: str, blobs: BlobStore) -> Application:
    """What one process holds, not opened yet."""
    spool = settings.data_dir / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    return Application(
        settings=settings,
        pool=Pool(dsn, size=settings.pool_size, prepared_statements=settings.prepared_statements),
        blobs=blobs,
        jobs=JobQueue(dsn),
        metrics=Metrics(),
        spool_dir=spool,
        rate=Rate(settings.rate_limit),
        sign_ins=Rate(SIGN_INS_A_MINUTE, "failed attempts to sign in"),
    )


async def first_start(app: Application) -> FirstAdministrator | None:
    """Makes the organization, the administrator and what every organization begins with, once."""

    async def make(database: Database) -> FirstAdministrator | None:
        settings = app.settings
        made = await organizations.create_first_administrator(
            database,
            email=settings.admin_email,
            password=settings.admin_password,
            api_key=settings.admin_api_key,
        )
        if made is not None:
            await metadata.add_reserved_fields(database, made.organization_id)
            await frontends.add_editor(database, made.organization_id)
        return made

    return await app.pool.run(make)


async def authenticate(database: Database, request: Request) -> Actor:
    """The caller of a request, by API key or by session cookie."""
    return await access.authenticate(
        database,
        request.headers.get("authorization"),
        request.cookies.get(access.SESSION_COOKIE),
        csrf_safe=request.method in ("GET", "HEAD") or request.headers.get("x-labelyard") == "1",
    )


class Server:
    """The ASGI application."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self._graphql = GraphQLEndpoint(app, binding(), self._admit)
        found = routes_of(blob_links)
        found += [
            route
            for name in rooms.ROOMS
            if (door := rooms.module(name, "routes"))
            for route in routes_of(door)
        ]
        self._rest = RestEndpoint(app, found, self._admit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or takes part in start and stop."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _admit(self, database: Database, request: Request) -> Actor:
        """The caller of a request, who has not asked too often. Raises NotAuthenticated, TooManyRequests."""
        actor = await authenticate(database, request)
        self.app.rate.spend(actor.credential or actor.user_id)
        return actor

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, and writes one line of log with what the client says of itself (X-28)."""
        request = Request.from_scope(scope, receive, request_id)
        started = time.perf_counter()
        status = 0

        async def noted_send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._route(scope, request, noted_send)
        finally:
            headers = request.headers
            log.info(
                "%s %s",
                request.method,
                request.path,
                extra={
                    "request_id": request.id,
                    "status": status,
                    "milliseconds": round((time.perf_counter() - started) * 1000, 1),
                    "client": headers.get("x-user-agent") or headers.get("user-agent"),
                    "python": headers.get("x-python-version"),
                    "sdk_method": headers.get("x-sdk-method"),
                },
            )

    async def _route(self, scope: Scope, request: Request, send: Send) -> None:
        path = scope["path"]
        if path in ("/graphql", "/_gql"):
            await self._graphql(request, send)
            return
        found, request.path_params, known = self._rest.find(scope)
        if found is not None:
            await self._rest(found, request, send)
        elif path == "/healthz":
            await send_json(send, 200, b'{"status":"ok"}', request.id)
        elif path == "/readyz":
            await self._ready(request, send)
        elif path == "/metrics":
            await send_reply(
                send,
                Reply(200, self.app.metrics.text(), {"content-type": "text/plain; version=0.0.4"}),
                request,
            )
        elif known:
            await send_reply(
                send, Reply(405, {"message": f"{request.method} is not possible here."}), request
            )
        elif path.startswith(_SERVER_PATHS) or request.method not in ("GET", "HEAD"):
            await send_reply(send, Reply(404, {"message": "There is nothing at this address."}), request)
        else:
            await send_reply(send, serve_static(path), request)

    async def _ready(self, request: Request, send: Send) -> None:
        try:
            async with asyncio.timeout(5), self.app.pool.borrow() as database:
                await database.fetch_value("SELECT 1")
            await self.app.blobs.check()
            status, body = 200, {"status": "ready"}
        except Exception as error:
            status, body = 503, {"status": "not ready", "reason": type(error).__name__}
        await send_json(send, status, orjson.dumps(body), request.id)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            try:
                message = await receive()
            except asyncio.CancelledError:
                return  # stopped at once: the connections end with the process
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.app.pool.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def open_blobs(settings: Settings) -> BlobStore:
    """The blob store of this installation: the data folder, or what --blob-url names."""
    from labelyard.plumbing.blobs import open_blob_store

    url = settings.blob_url or (settings.data_dir / "blobs").resolve().as_uri()
    return open_blob_store(url, blob_secret(settings.data_dir))


def blob_secret(data_dir: Path) -> bytes:
    """The secret that signs blob addresses: made once, kept in the data folder."""
    import os
    import secrets

    path = data_dir / "blob-secret"
    if not path.exists():
        fresh = data_dir / f"blob-secret.{os.getpid()}"
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was faster; its secret counts
            os.link(fresh, path)
        fresh.unlink()
    return path.read_bytes()
