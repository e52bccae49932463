"""A receiver of webhooks: a real HTTP server that keeps what arrives."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Arrived:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes
    moment: float

    @property
    def topic(self) -> str:
        """What it says it is about."""
        return self.headers["X-Labelbox-Event"]

    @property
    def payload(self) -> dict[str, Any]:
        """The body."""
        value: dict[str, Any] = json.loads(self.body)
        return value


@dataclass
class Receiver:
    """Answers with the statuses of `answers`, one after the other; the last one stays."""

    url: str
    arrived: list[Arrived] = field(default_factory=list)
    answers: list[int] = field(default_factory=lambda: [200])
    headers: dict[str, str] = field(default_factory=dict)
    hold: Callable[[], None] | None = None

    def wait(self, count: int, seconds: float = 20) -> list[Arrived]:
        """What has arrived, once it is so many. Raises AssertionError when it never is."""
        deadline = time.monotonic() + seconds
        while len(self.arrived) < count:
            assert time.monotonic() < deadline, f"{len(self.arrived)} of {count} deliveries after {seconds} s"
            time.sleep(0.02)
        return list(self.arrived)

    def stays_at(self, count: int, seconds: float = 2.5) -> None:
        """Raises AssertionError when more than so many arrive in that time; a worker looks every second."""
        time.sleep(seconds)
        assert len(self.arrived) == count, [entry.topic for entry in self.arrived]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver for the length of the block."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if receiver.hold is not None:
                receiver.hold()
            receiver.arrived.append(Arrived(self.path, dict(self.headers), body, time.monotonic()))
            status = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
            answer = b'{"heard": true}'
            self.send_response(status)
            for name, value in {**receiver.headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{web.server_address[1]}")
    threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        web.shutdown()
        web.server_close()
