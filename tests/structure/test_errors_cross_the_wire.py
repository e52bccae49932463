"""Every error of the server becomes the right exception of the SDK."""

from __future__ import annotations

import inspect

import pytest

from labelbox import exceptions
from labelbox.wire_errors import exception_of
from labelyard import errors
from labelyard.plumbing.error_wire import graphql_body, graphql_error, rest_body

EXPECTED: dict[type[errors.LabelyardError], type[Exception]] = {
    errors.LabelyardError: exceptions.LabelboxError,
    errors.NotAuthenticated: exceptions.AuthenticationError,
    errors.NotPermitted: exceptions.AuthorizationError,
    errors.Conflict: exceptions.ResourceConflict,
    errors.Malformed: exceptions.MalformedQueryException,
    errors.NotAllowed: exceptions.OperationNotAllowedException,
    errors.InvalidDocument: exceptions.InvalidQueryError,
    errors.UnparsableDocument: exceptions.InvalidQueryError,
}
# said in another way: null data, a top-level message with 429, an HTTP status that clients retry
OTHERWISE = {errors.NotFound, errors.TooManyRequests, errors.Unavailable}


def _all() -> set[type[errors.LabelyardError]]:
    return {
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, errors.LabelyardError)
    }


def test_every_error_has_an_exception_or_another_way() -> None:
    assert _all() == set(EXPECTED) | OTHERWISE


@pytest.mark.parametrize("error", EXPECTED, ids=lambda cls: cls.__name__)
def test_R_CLI_17_the_sdk_raises_its_own(error: type[errors.LabelyardError]) -> None:
    raised = exception_of([graphql_error(error("a sentence"))])
    assert type(raised) is EXPECTED[error]
    if error is not errors.NotAuthenticated:
        assert "a sentence" in str(raised)


def test_R_EX_15_the_cost_limit_is_a_validation_failure() -> None:
    raised = exception_of([graphql_error(errors.InvalidDocument("Query complexity limit exceeded"))])
    assert type(raised) is exceptions.ValidationFailedError


def test_the_other_ways() -> None:
    assert graphql_body(errors.TooManyRequests("You have exceeded the limit", retry_after=1))[0] == 429
    assert graphql_body(errors.Unavailable("busy"))[0] == 503
    assert graphql_body(errors.NotFound("none"))[0] == 200
    assert rest_body(errors.NotFound("none")) == (404, {"message": "none", "code": "RESOURCE_NOT_FOUND"})


def test_every_error_says_what_it_is_for() -> None:
    assert all(inspect.getdoc(cls) for cls in _all())
