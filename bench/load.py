"""Many keep-alive clients in one process, so light that the server is the limit and not they.

One thread, non-blocking sockets, no HTTP library: a client is a generator that yields a whole request and is sent
the body of the answer with the seconds it took.
"""

from __future__ import annotations

import multiprocessing
import re
import selectors
import socket
import time
from collections.abc import Callable, Generator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson

Client = Generator[bytes, tuple[bytes, float], None]
Result = TypeVar("Result")
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_PIECE = 262_144


@dataclass
class _Line:
    """One connection and the client behind it."""

    socket: socket.socket
    client: Client
    sent_at: float = 0.0
    parts: bytearray = field(default_factory=bytearray)
    begins: int = -1
    ends: int = -1


def post(url: str, key: str, query: str, variables: dict[str, Any]) -> bytes:
    """A GraphQL request as it goes over the wire."""
    body = orjson.dumps({"query": query, "variables": variables})
    address = urlsplit(url)
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def drive(url: str, clients: list[Client], seconds: float) -> float:
    """Lets the clients ask for so long; how long it really was. Raises RuntimeError for a lost connection."""
    address = urlsplit(url)
    selector = selectors.DefaultSelector()
    lines = []
    for client in clients:
        connection = socket.create_connection((address.hostname or "", address.port or 80))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = _Line(connection, client)
        selector.register(connection, selectors.EVENT_READ, line)
        lines.append(line)
    started = time.perf_counter()
    for line in lines:
        _send(line, next(line.client))
    waiting = len(lines)
    while waiting:
        for ready, _ in selector.select(30):
            line = ready.data
            piece = line.socket.recv(_PIECE)
            if not piece:
                raise RuntimeError("The server closed a connection.")
            line.parts += piece
            if (body := _body(line)) is None:
                continue
            now = time.perf_counter()
            request = line.client.send((body, now - line.sent_at))
            if now - started < seconds:
                _send(line, request)
            else:
                selector.unregister(line.socket)
                line.socket.close()
                waiting -= 1
    return time.perf_counter() - started


def in_own_process(work: Callable[..., Result], *arguments: Any) -> Result:
    """Calls a function of a module in a new process and returns what it returned."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        return executor.submit(work, *arguments).result()


def in_processes(count: int, work: Callable[..., Result], *arguments: Any) -> list[Result]:
    """Calls a function in so many new processes at once, with their number as its first argument."""
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as executor:
        for ready in [executor.submit(_warm) for _ in range(count)]:
            ready.result()
        futures = [executor.submit(work, number, *arguments) for number in range(count)]
        return [future.result() for future in futures]


def _warm() -> None:
    time.sleep(0.5)  # keeps this process busy, so that each of the others is started too


def _send(line: _Line, request: bytes) -> None:
    line.parts.clear()
    line.begins = -1
    line.sent_at = time.perf_counter()
    line.socket.sendall(request)


def _body(line: _Line) -> bytes | None:
    """The body of the answer once it is whole. Raises RuntimeError for an answer that is not 200."""
    if line.begins < 0:
        end = line.parts.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(line.parts[:end])
        length = _LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200") or length is None:
            raise RuntimeError(f"Unexpected answer: {bytes(line.parts[:500])!r}")
        line.begins, line.ends = end + 4, end + 4 + int(length[1])
    return bytes(line.parts[line.begins : line.ends]) if len(line.parts) >= line.ends else None
