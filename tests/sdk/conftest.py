"""A real HTTP server for the SDK's tests: it records what arrives and answers what a test told it to."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from labelbox import Client, request_client

_OPERATION = re.compile(r"\s*(?:query|mutation)\s+(\w+)")


@dataclass
class Reply:
    """An answer other than `{"data": ...}` with status 200."""

    body: bytes | dict[str, Any]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """One request as it arrived; `parts` are those of a multipart body, by name."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    query: str
    variables: dict[str, Any]
    parts: dict[str, tuple[str, bytes]]
    connection: int

    @property
    def operation(self) -> str:
        found = _OPERATION.match(self.query)
        return found[1] if found else ""


class RecordingServer:
    """Answers an operation by its name with what `on` was given: data, a Reply, or a function of the request.

    A list is used up one by one, its last element stays. `fallback` answers operations nobody scripted.
    """

    def __init__(self) -> None:
        self.requests: list[Recorded] = []
        self.files: dict[str, bytes | Reply] = {}
        self.fallback: Callable[[Recorded], Any] | None = None
        self._answers: dict[str, list[Any]] = {}
        self._lock = threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30
            disable_nagle_algorithm = True

            def log_message(self, format: str, *args: Any) -> None:
                pass

            def _handle(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                owner._serve(self, self.rfile.read(length))

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815

        class Server(ThreadingHTTPServer):
            request_queue_size = 128

        self._http = Server(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._http.server_port}"
        self.endpoint = self.origin + "/graphql"
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def on(self, operation: str, *answers: Any) -> None:
        self._answers[operation] = list(answers)

    def calls(self, operation: str) -> list[dict[str, Any]]:
        """The variables of every request with that operation."""
        return [each.variables for each in self.requests if each.operation == operation]

    def operations(self) -> list[str]:
        return [each.operation for each in self.requests if each.query]

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        recorded = _recorded(handler, body)
        with self._lock:
            self.requests.append(recorded)
            answer = self._answer(recorded)
        reply = answer if isinstance(answer, Reply) else Reply({"data": answer})
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _answer(self, recorded: Recorded) -> Any:
        if not recorded.query:
            found = self.files.get(recorded.path)
            if found is None:
                return Reply({"message": "no such address"}, 404)
            return found if isinstance(found, Reply) else Reply(found)
        scripted = self._answers.get(recorded.operation)
        if scripted:
            answer = scripted.pop(0) if len(scripted) > 1 else scripted[0]
        elif self.fallback is not None:
            answer = self.fallback
        else:
            return Reply(
                {"errors": [{"message": f"not scripted: {recorded.query}", "extensions": {"code": "X"}}]}
            )
        return answer(recorded) if callable(answer) else answer


def _recorded(handler: BaseHTTPRequestHandler, body: bytes) -> Recorded:
    headers = {name.lower(): value for name, value in handler.headers.items()}
    parts: dict[str, tuple[str, bytes]] = {}
    document: dict[str, Any] = {}
    kind = headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        boundary = kind.partition("boundary=")[2].encode()
        for raw in body.split(b"--" + boundary)[1:-1]:
            head = raw.strip(b"\r\n").partition(b"\r\n\r\n")[0]
            name = re.search(rb'name="([^"]*)"', head)
            assert name is not None
            parts[name[1].decode()] = (head.decode(), raw.partition(b"\r\n\r\n")[2][:-2])
        document = json.loads(parts["operations"][1])
    elif handler.path in ("/graphql", "/_gql"):
        document = json.loads(body)
    return Recorded(
        handler.command,
        handler.path,
        headers,
        body,
        document.get("query", ""),
        document.get("variables") or {},
        parts,
        id(handler.connection),
    )


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    found = RecordingServer()
    yield found
    found.stop()


@pytest.fixture
def client(server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> Client:
    # A pool of its own: the system may give this server the port of an earlier test's.
    monkeypatch.setattr(request_client, "_pool", None)
    made = Client("key", endpoint=server.endpoint)
    made.request_client.first_pause_seconds = 0.01
    made.request_client.retry_seconds = 0.3
    return made


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


@pytest.fixture
def gql_error() -> Callable[..., Reply]:
    """Makes an error answer of the wire: message, code, and optionally a status."""

    def make(message: str, code: str, status: int | None = None) -> Reply:
        inner: dict[str, Any] = {"code": code}
        if status is not None:
            inner["status"] = status
        error = {"message": message, "extensions": {"code": code, "exception": inner}}
        return Reply({"errors": [error], "data": None})

    return make


@pytest.fixture
def values() -> Callable[..., dict[str, Any]]:
    """Wire values of an object of a class: an id, null for every other field, and what a test gives."""

    def make(entity: Any, uid: str = "c" + "0" * 24, **given: Any) -> dict[str, Any]:
        found: dict[str, Any] = {f.graphql_name: None for f in entity.fields() if f.selected}
        for relation in entity.relationships():
            if relation.cache:
                found[relation.graphql_name] = make(relation.destination_type, "c" + "9" * 24)
        return {**found, "id": uid, **given}

    return make
