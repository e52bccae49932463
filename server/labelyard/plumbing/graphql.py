"""POST /graphql and /_gql: read the request, know the caller, run it in one transaction, answer.

A raw ASGI handler (decision 5). A mutation runs in one transaction that commits before the answer is sent; when the
database asks to run it again, it is run again. A query's statements each see what was committed before them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
import psycopg
from graphql import execute_sync

from labelyard import errors
from labelyard.plumbing import error_wire, multipart, texts
from labelyard.plumbing.binding import Binding
from labelyard.plumbing.context import Actor, Context
from labelyard.plumbing.database import Database, Pool, is_retryable, json_of
from labelyard.plumbing.documents import Document, Documents
from labelyard.plumbing.executor import Executor
from labelyard.plumbing.http import Application, Request, Send, read_body, send_json
from labelyard.plumbing.ids import new_id

log = logging.getLogger("labelyard.graphql")
_ATTEMPTS = 4

Authenticate = Callable[[Database, Request], Awaitable[Actor]]


class GraphQLEndpoint:
    """The one schema at both of its addresses."""

    def __init__(self, app: Application, binding: Binding, authenticate: Authenticate) -> None:
        self._app = app
        self._binding = binding
        self._documents = Documents(binding)
        self._authenticate = authenticate

    async def __call__(self, request: Request, send: Send) -> None:
        """Answers one request."""
        started = time.perf_counter()
        outcome = "OK"
        retry_after = None
        try:
            status, body = 200, await self._answer(request)
        except errors.LabelyardError as error:
            outcome = error.code
            retry_after = getattr(error, "retry_after", None)
            status, body = _failure(error)
        except Exception as error:
            log.exception("unexpected error", extra={"request_id": request.id})
            outcome = "INTERNAL_SERVER_ERROR"
            status, body = _failure(error_wire.fault(error, request.id))
        finally:
            request.discard_files()
        self._app.metrics.graphql(outcome, time.perf_counter() - started)
        await send_json(send, status, body, request.id, retry_after)

    async def _answer(self, request: Request) -> bytes:
        query, given, operation_name = await self._read(request)
        pool: Pool = self._app.pool
        for attempt in range(_ATTEMPTS):
            try:
                async with pool.borrow() as database:
                    actor = await self._authenticate(database, request)
                    document = self._documents.get(query, operation_name)
                    if document.is_introspection:
                        return self._introspect(document, given)
                    context = self._app.context(actor, database, request)
                    if not document.is_mutation:
                        return await self._run(document, given, context)
                    async with database.transaction():
                        answer = await self._run(document, given, context)
                    return answer
            except psycopg.Error as error:
                if not is_retryable(error) or attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    async def _read(self, request: Request) -> tuple[str, Mapping[str, Any] | None, str | None]:
        if request.method != "POST":
            raise errors.InvalidDocument("Send GraphQL with POST.")
        if request.content_type.startswith("multipart/form-data"):
            async with self._app.pool.borrow() as database:  # no upload from a stranger touches the disk
                await self._authenticate(database, request)
            try:
                payload: Any = await multipart.receive_multipart(
                    request.headers,
                    request.stream(),
                    self._app.spool_dir,
                    self._app.settings.max_upload_bytes,
                )
            except (multipart.MultipartMalformed, multipart.UploadTooLarge) as refused:
                raise errors.Malformed(str(refused)) from None
            request.files.extend(_uploads_in(payload))
            if isinstance(payload, dict):
                texts.check_texts(payload.get("variables"), "variables")
        else:
            try:
                body = await read_body(request, 64_000_000)
                payload = orjson.loads(body)
            except orjson.JSONDecodeError as error:
                raise errors.UnparsableDocument(
                    f"Syntax Error: the request body is not JSON: {error}"
                ) from None
            if isinstance(payload, dict):
                texts.check_body(body, payload.get("variables"), "variables")
        if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
            raise errors.UnparsableDocument('Syntax Error: the request body has no "query".')
        variables = payload.get("variables")
        if variables is not None and not isinstance(variables, dict):
            raise errors.InvalidDocument("Variables must be an object.")
        operation_name = payload.get("operationName")
        if operation_name is not None and not isinstance(operation_name, str):
            raise errors.InvalidDocument(f"operationName must be a text, not {operation_name!r:.100}.")
        return payload["query"], variables, operation_name

    async def _run(self, document: Document, given: Mapping[str, Any] | None, context: Context) -> bytes:
        variables = self._documents.variables(document, given)
        plan = self._documents.plan(document, variables)
        data = await Executor(self._binding, context, variables).run(plan)
        return json_of({"data": data})

    def _introspect(self, document: Document, given: Mapping[str, Any] | None) -> bytes:
        result = execute_sync(self._binding.schema, document.node, variable_values=dict(given or {}))
        if result.errors:
            raise errors.InvalidDocument(result.errors[0].message)
        return orjson.dumps({"data": result.data})


def _uploads_in(value: Any) -> list[multipart.Upload]:
    if isinstance(value, multipart.Upload):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [upload for part in parts for upload in _uploads_in(part)]


def _failure(error: errors.LabelyardError) -> tuple[int, bytes]:
    status, body = error_wire.graphql_body(error)
    return status, orjson.dumps(body)


def request_id(headers: Mapping[str, str]) -> str:
    """The id under which a request is logged: the caller's, when it is a sane one, else a new one."""
    given = headers.get("x-request-id", "")
    return given if 0 < len(given) <= 64 and given.isprintable() else new_id()
