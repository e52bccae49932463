"""The LabelboxError family (API reference 2.4, "Exceptions"), each with the wire code that raises it.

The first part has the names and constructor signatures of the reference (R-EX-01 to R-EX-15); the second
part are the names that newer clients added. `labelbox.request_client` turns wire codes into these classes.
"""

from typing import Any


class LabelboxError(Exception):
    """Base class of the SDK's errors, and the class for any wire code that has no class of its own."""

    def __init__(self, message: str, cause: object = None) -> None:
        """`message` says what went wrong, `cause` is the underlying error or the server's reply."""
        super().__init__(message, cause)
        self.message = message
        self.cause = cause

    def __str__(self) -> str:
        return self.message if self.cause is None else f"{self.message} (caused by: {self.cause})"


class AuthenticationError(LabelboxError):
    """Raised when an API key is missing or refused: wire code AUTHENTICATION_ERROR."""


class AuthorizationError(LabelboxError):
    """Raised when a user may not do what the request asks: wire code AUTHORIZATION_ERROR."""


class ResourceNotFoundError(LabelboxError):
    """Raised when a resource does not exist, or not for this user: wire code RESOURCE_NOT_FOUND."""

    def __init__(self, db_object_type: Any = None, params: Any = None, message: str | None = None) -> None:
        """`db_object_type` is the class that was sought, `params` the values it was sought with."""
        name = getattr(db_object_type, "__name__", db_object_type)
        super().__init__(message or f"Resource '{name}' not found for params: {params!r}")
        self.db_object_type = db_object_type
        self.params = params


class InvalidQueryError(LabelboxError):
    """Raised for a malformed or unsupported query, found by the client or by the server.

    Wire codes GRAPHQL_PARSE_FAILED and GRAPHQL_VALIDATION_FAILED.
    """


class ValidationFailedError(LabelboxError):
    """Raised when a query is too deep or too expensive: GRAPHQL_VALIDATION_FAILED with that message."""


class InternalServerError(LabelboxError):
    """Raised for a passing fault of the server (HTTP 5xx). The client retries these by itself."""


class NetworkError(LabelboxError):
    """Raised when the server could not be reached or the connection broke."""

    def __init__(self, cause: object) -> None:
        super().__init__(str(cause), cause)
        self.args = (cause,)  # what copies and other processes make it from again

    def __str__(self) -> str:
        return self.message


class TimeoutError(LabelboxError):
    """Raised when no reply came within the time allowed for a request."""


class ApiLimitError(LabelboxError):
    """Raised when too many requests were made in a short time: HTTP 429."""


class InvalidAttributeError(LabelboxError):
    """Raised when a field (name or Field instance) does not belong to a class."""

    def __init__(self, db_object_type: Any, field: Any) -> None:
        name = getattr(db_object_type, "__name__", db_object_type)
        super().__init__(f"Field(s) '{field}' not valid on DB type '{name}'")
        self.db_object_type = db_object_type
        self.field = field


class UuidError(LabelboxError):
    """Raised when a uuid occurs twice in one annotation import."""


class MALValidationError(LabelboxError):
    """Raised when a line of an annotation import is invalid; `cause` says why."""


class InconsistentOntologyException(Exception):
    """Raised when an ontology under construction contradicts itself, for example by a repeated tool name."""


class MalformedQueryException(Exception):
    """Raised when the server understood a request but refuses its values: wire code MALFORMED_REQUEST."""


# ---- names of newer clients


class ResourceConflict(LabelboxError):
    """Raised when a name or key is already taken: wire code RESOURCE_CONFLICT."""


class OperationNotAllowedException(LabelboxError):
    """Raised when the state of a resource forbids the operation: wire code OPERATION_NOT_ALLOWED."""


class UnprocessableEntityError(LabelboxError):
    """Raised when the server could not process what was sent: HTTP-like status 422."""


class ResourceCreationError(LabelboxError):
    """Raised when a resource could not be created, for example a data row whose content is invalid."""


class ProcessingWaitTimeout(LabelboxError):
    """Raised when data rows were not processed within the time a batch waits for them."""


class ExportTaskException(LabelboxError):
    """Raised when the result of an export is read before it is there, or after it has failed."""
