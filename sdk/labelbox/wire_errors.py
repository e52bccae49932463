"""Wire code -> exception. The table is the wire's; the classes are those of `labelbox.exceptions`."""

from collections.abc import Mapping, Sequence
from typing import Any

from labelbox.exceptions import (
    AuthenticationError,
    AuthorizationError,
    InternalServerError,
    InvalidQueryError,
    LabelboxError,
    MalformedQueryException,
    OperationNotAllowedException,
    ResourceConflict,
    UnprocessableEntityError,
    ValidationFailedError,
)

_TOO_COMPLEX = "Query complexity limit exceeded"
_BY_CODE: dict[str, type[Exception]] = {
    "AUTHORIZATION_ERROR": AuthorizationError,
    "GRAPHQL_PARSE_FAILED": InvalidQueryError,
    "RESOURCE_CONFLICT": ResourceConflict,
    "MALFORMED_REQUEST": MalformedQueryException,
    "OPERATION_NOT_ALLOWED": OperationNotAllowedException,
}
_BY_STATUS: dict[int, type[Exception]] = {
    400: InvalidQueryError,
    422: UnprocessableEntityError,
    426: OperationNotAllowedException,
    500: LabelboxError,
}


def exception_of(errors: Sequence[Mapping[str, Any]]) -> Exception | None:
    """The exception for the `errors` list of a reply; None when it only says RESOURCE_NOT_FOUND."""
    known = [error for error in errors if _code(error) not in (None, "RESOURCE_NOT_FOUND")]
    for error in known:
        found = _known_exception(_code(error) or "", str(error.get("message", "")), error)
        if found is not None:
            return found
    if is_not_found(errors) is not None and not known:
        return None
    return LabelboxError(f"Unknown error: {list(errors)}")


def is_not_found(errors: Sequence[Mapping[str, Any]]) -> str | None:
    """The message of a RESOURCE_NOT_FOUND among `errors`, or None."""
    return next((str(e.get("message", "")) for e in errors if _code(e) == "RESOURCE_NOT_FOUND"), None)


def _known_exception(code: str, message: str, error: Mapping[str, Any]) -> Exception | None:
    if code == "AUTHENTICATION_ERROR":
        return AuthenticationError("Invalid API key")
    if code == "GRAPHQL_VALIDATION_FAILED":
        return ValidationFailedError(message) if message == _TOO_COMPLEX else InvalidQueryError(message)
    if code == "INTERNAL_SERVER_ERROR":
        if message.startswith(("Syntax Error", "Invite(s) cannot be sent")):
            return InvalidQueryError(message)
        status = _exception_part(error).get("status")
        fault = _BY_STATUS.get(status, InternalServerError) if isinstance(status, int) else LabelboxError
        return fault(message)
    kind = _BY_CODE.get(code)
    return kind(message) if kind else None


def _code(error: Mapping[str, Any]) -> str | None:
    code = (error.get("extensions") or {}).get("code") or _exception_part(error).get("code")
    return code if isinstance(code, str) else None


def _exception_part(error: Mapping[str, Any]) -> Mapping[str, Any]:
    part = (error.get("extensions") or {}).get("exception")
    return part if isinstance(part, Mapping) else {}
