"""Errors on the wire: one table from class to answer (client-expectations 1).

`extensions.code` and `extensions.exception.code` both carry the code, because old clients read the second; HTTP stays
200 for everything the caller can do something about, because clients retry 5xx without reading the body.
"""

from __future__ import annotations

import errno
from typing import Any

import psycopg

from labelyard import errors


def graphql_error(error: errors.LabelyardError) -> dict[str, Any]:
    """One entry of `errors`."""
    entry: dict[str, Any] = {
        "message": error.message,
        "extensions": {"code": error.code, "exception": {"code": error.code, "status": error.status}},
    }
    if error.errors:
        entry["errors"] = error.errors
    return entry


def graphql_body(error: errors.LabelyardError) -> tuple[int, dict[str, Any]]:
    """HTTP status and body of a GraphQL request that failed."""
    if isinstance(error, errors.TooManyRequests):
        return 429, {"message": error.message}
    status = 503 if isinstance(error, errors.Unavailable) else 200
    return status, {"errors": [graphql_error(error)], "data": None}


def fault(error: BaseException, request_id: str) -> errors.LabelyardError:
    """What a caller is told of a fault on our side. A full disk and a refusing database may be tried again."""
    if isinstance(error, psycopg.errors.DiskFull) or (
        isinstance(error, OSError) and error.errno == errno.ENOSPC
    ):
        return errors.Unavailable("The server's disk is full; nothing was changed.")
    if isinstance(error, psycopg.Error):
        return errors.Unavailable(f"The database refused ({type(error).__name__}); nothing was changed.")
    return errors.LabelyardError(f"Something went wrong on the server (request {request_id}).")


def rest_body(error: errors.LabelyardError) -> tuple[int, dict[str, Any]]:
    """HTTP status and body of a REST request that failed."""
    return error.status, {"message": error.message, "code": error.code}
