"""The error family: each class is one code on the wire (`docs/wire/graphql.md`, reference/access.md 2).

An action raises one of these; the sentence it is given is what the user reads. `plumbing/error_wire.py` turns the
class into `extensions.code` and an HTTP status, and the SDK turns the code back into an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class LabelyardError(Exception):
    """Something the caller can understand went wrong."""

    code = "INTERNAL_SERVER_ERROR"
    status = 500

    def __init__(self, message: str, *, errors: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.errors = list(errors)


class NotAuthenticated(LabelyardError):
    """The API key or the session is missing, wrong, expired or revoked."""

    code = "AUTHENTICATION_ERROR"
    status = 401


class NotPermitted(LabelyardError):
    """The caller's role does not allow this."""

    code = "AUTHORIZATION_ERROR"
    status = 403


class NotFound(LabelyardError):
    """There is no such object, or it belongs to another organization."""

    code = "RESOURCE_NOT_FOUND"
    status = 404


class Conflict(LabelyardError):
    """The name or key is taken, or somebody else was faster."""

    code = "RESOURCE_CONFLICT"
    status = 409


class Malformed(LabelyardError):
    """The request can be read, but what it asks for cannot be done; the message names the offending value."""

    code = "MALFORMED_REQUEST"
    status = 400


class NotAllowed(LabelyardError):
    """The operation is not possible in this state, whoever asks."""

    code = "OPERATION_NOT_ALLOWED"
    status = 400


class InvalidDocument(LabelyardError):
    """The GraphQL document or its variables do not fit the schema."""

    code = "GRAPHQL_VALIDATION_FAILED"
    status = 400


class UnparsableDocument(LabelyardError):
    """The GraphQL document cannot be parsed."""

    code = "GRAPHQL_PARSE_FAILED"
    status = 400


class TooManyRequests(LabelyardError):
    """The caller exceeded the configured rate; answered with a top-level message and HTTP 429."""

    code = "API_LIMIT"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(LabelyardError):
    """A fault on our side, nothing was committed, trying again may help."""

    code = "INTERNAL_SERVER_ERROR"
    status = 503
