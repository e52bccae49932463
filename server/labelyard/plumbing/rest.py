"""REST routes: JSON in, JSON out, the same transaction rule as GraphQL."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.routing import Match, Route

from labelyard import errors
from labelyard.plumbing import error_wire, texts
from labelyard.plumbing.context import Actor
from labelyard.plumbing.database import Database
from labelyard.plumbing.http import Application, Receive, Request, Scope, Send, send_json

log = logging.getLogger("labelyard.rest")

Authenticate = Callable[[Database, Request], Awaitable[Actor]]


@dataclass
class Reply:
    """An answer: JSON, bytes or a stream."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    stream: AsyncIterator[bytes] | None = None
    cookies: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RestRoute:
    """One method and path, and the function that answers it."""

    method: str
    path: str
    function: Callable[..., Awaitable[Reply]]
    public: bool


def route(
    method: str, path: str, *, public: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Marks a door: `function(context, request)`, or `function(application, database, request)` when it is public.

    A public route checks for itself who may use it (a signature, a password).
    """

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__dict__.setdefault("labelyard_routes", []).append(RestRoute(method, path, function, public))
        return function

    return wrap


class RestEndpoint:
    """All REST routes of all rooms."""

    def __init__(self, app: Application, routes: Iterable[RestRoute], authenticate: Authenticate) -> None:
        self._app = app
        self._authenticate = authenticate
        self._routes = [(Route(r.path, endpoint=_unused, methods=[r.method]), r) for r in routes]

    def find(self, scope: Scope) -> tuple[RestRoute | None, dict[str, str], bool]:
        """The route for a request, its path parameters, and whether the path exists with another method."""
        partial = False
        for pattern, candidate in self._routes:
            match, child = pattern.matches(scope)
            if match is Match.FULL:
                return candidate, child["path_params"], True
            partial = partial or match is Match.PARTIAL
        return None, {}, partial

    async def __call__(self, found: RestRoute, request: Request, send: Send) -> None:
        """Answers one request."""
        try:
            reply = await self._answer(found, request)
        except errors.LabelyardError as error:
            status, body = error_wire.rest_body(error)
            wait = getattr(error, "retry_after", None)
            reply = Reply(status, body, headers={"retry-after": str(wait)} if wait else {})
        except Exception as error:
            log.exception("unexpected error", extra={"request_id": request.id})
            status, body = error_wire.rest_body(error_wire.fault(error, request.id))
            reply = Reply(status, body)
        finally:
            request.discard_files()
        self._app.metrics.rest(reply.status)
        await send_reply(send, reply, request)

    async def _answer(self, found: RestRoute, request: Request) -> Reply:
        texts.check_texts(dict(request.path_params), "The address")
        texts.check_texts(request.query, "The query")
        async with self._app.pool.borrow() as database:
            if found.public:
                if request.method in ("GET", "HEAD"):
                    return await found.function(self._app, database, request)
                async with database.transaction():
                    return await found.function(self._app, database, request)
            actor = await self._authenticate(database, request)
            context = self._app.context(actor, database, request)
            if request.method in ("GET", "HEAD"):
                return await found.function(context, request)
            async with database.transaction():
                return await found.function(context, request)


async def send_reply(send: Send, reply: Reply, request: Request) -> None:
    """Sends an answer, streaming it when it is a stream."""
    headers = {"x-request-id": request.id, "cache-control": "no-store", **reply.headers}
    if reply.stream is None and isinstance(reply.body, bytes):
        body = reply.body
    elif reply.stream is None:
        body = b"" if reply.body is None else orjson.dumps(reply.body)
        headers.setdefault("content-type", "application/json")
        if not reply.cookies and not reply.headers and request.method != "HEAD" and reply.status != 204:
            await send_json(send, reply.status, body, request.id)
            return
    else:
        body = b""
    if reply.stream is None:
        headers["content-length"] = str(len(body))
    raw: list[tuple[bytes, bytes]] = [_header(name, value) for name, value in headers.items()]
    raw.extend(_header("set-cookie", cookie) for cookie in reply.cookies)
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    if reply.stream is not None and request.method != "HEAD":
        async for part in reply.stream:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})


def _header(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode("latin-1"), value.encode("latin-1", "replace")


def routes_of(module: Any) -> list[RestRoute]:
    """The doors that a room's `routes.py` declares."""
    found: list[RestRoute] = []
    for value in vars(module).values():
        if callable(value):
            found.extend(getattr(value, "__dict__", {}).get("labelyard_routes", []))
    return found


async def _unused(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("routes are only used for matching")
