"""Requests and answers, and what one server process holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson

from labelyard import errors
from labelyard.plumbing import texts
from labelyard.plumbing.blobs import BlobStore
from labelyard.plumbing.context import Actor, Context
from labelyard.plumbing.database import Database, Pool
from labelyard.plumbing.jobs import JobQueue, Jobs
from labelyard.plumbing.metrics import Metrics
from labelyard.plumbing.multipart import Upload
from labelyard.plumbing.rate import Rate
from labelyard.settings import Settings

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]


@dataclass
class Request:
    """One HTTP request."""

    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, str]
    receive: Receive
    id: str
    path_params: dict[str, str] = field(default_factory=dict)
    files: list[Upload] = field(default_factory=list)
    scheme: str = "http"
    client: str = ""

    @classmethod
    def from_scope(
        cls, scope: Scope, receive: Receive, request_id: Callable[[Mapping[str, str]], str]
    ) -> Request:
        """The request of an ASGI scope."""
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        return cls(
            method=scope["method"],
            path=scope["path"],
            headers=headers,
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            receive=receive,
            id=request_id(headers),
            scheme=headers.get("x-forwarded-proto") or str(scope.get("scheme", "http")),
            client=str((scope.get("client") or ("",))[0]),
        )

    @property
    def content_type(self) -> str:
        """The Content-Type, as sent."""
        return self.headers.get("content-type", "")

    @property
    def cookies(self) -> dict[str, str]:
        """The request's cookies."""
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return {name: value for name, _, value in pairs if name}

    async def stream(self) -> AsyncIterator[bytes]:
        """The body, as it comes. Raises Unavailable when the client goes away."""
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise errors.Unavailable("The connection was closed while the request was being sent.")
            if message.get("body"):
                yield message["body"]
            if not message.get("more_body"):
                return

    async def json(self, limit: int = 64_000_000) -> Any:
        """The body as JSON. Raises Malformed, also for texts with U+0000."""
        try:
            body = await read_body(self, limit) or b"null"
            value = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise errors.Malformed(f"The request body is not JSON: {error}") from None
        texts.check_body(body, value, "The request body")
        return value

    def discard_files(self) -> None:
        """Removes the spooled files that no action has taken over."""
        for upload in self.files:
            upload.path.unlink(missing_ok=True)


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises Malformed when it is longer than `limit` bytes."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise errors.Malformed(
                f"The request body is larger than the limit of {limit} bytes; upload a file instead."
            )
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def send_json(
    send: Send, status: int, body: bytes, request_id: str, retry_after: int | None = None
) -> None:
    """Sends one JSON answer."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
                (b"x-request-id", request_id.encode("latin-1")),
                (b"cache-control", b"no-store"),
                *([(b"retry-after", str(retry_after).encode())] if retry_after else []),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


@dataclass
class Application:
    """What one process holds: the database, the blobs, the job queue, the settings."""

    settings: Settings
    pool: Pool
    blobs: BlobStore
    jobs: JobQueue
    metrics: Metrics
    spool_dir: Path
    rate: Rate
    sign_ins: Rate
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def context(self, actor: Actor, database: Database, request: Request | None = None) -> Context:
        """A context for one request or job step."""
        base_url = self.settings.base_url
        if request is not None and not self.settings.public_url:
            host = request.headers.get("host")
            if host:
                base_url = f"{request.scheme}://{host}"
        return Context(
            actor=actor,
            database=database,
            pool=self.pool,
            blobs=self.blobs,
            jobs=Jobs(self.jobs, database),
            settings=self.settings,
            base_url=base_url,
            request_id=request.id if request else "",
        )
