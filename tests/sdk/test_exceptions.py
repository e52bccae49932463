"""The exceptions of the reference: names, bases, constructors; and the same objects in `lbox`."""

from __future__ import annotations

import inspect
import pickle

import pytest

import labelbox as lb
import lbox.exceptions
from labelbox import exceptions
from labelbox.exceptions import LabelboxError

WITH_MESSAGE = [
    "ApiLimitError",
    "AuthenticationError",
    "AuthorizationError",
    "InternalServerError",
    "InvalidQueryError",
    "LabelboxError",
    "MALValidationError",
    "TimeoutError",
    "UuidError",
    "ValidationFailedError",
]


@pytest.mark.parametrize("name", WITH_MESSAGE)
def test_R_EX_message_and_cause(name: str) -> None:
    kind = getattr(exceptions, name)
    assert list(inspect.signature(kind.__init__).parameters)[1:] == ["message", "cause"]
    error = kind("went wrong", KeyError("k"))
    assert error.message == "went wrong"
    assert isinstance(error.cause, KeyError)
    assert issubclass(kind, LabelboxError)
    assert str(kind("only this")) == "only this"


def test_R_EX_06_11_12_constructors_of_their_own() -> None:
    attribute = exceptions.InvalidAttributeError(lb.Project, "foo")
    assert (attribute.db_object_type, attribute.field) == (lb.Project, "foo")
    network = exceptions.NetworkError(OSError("refused"))
    assert isinstance(network.cause, OSError)
    assert str(network) == "refused"
    missing = exceptions.ResourceNotFoundError(lb.Dataset, {"id": "x"})
    assert (missing.db_object_type, missing.params) == (lb.Dataset, {"id": "x"})
    assert "Dataset" in str(missing)


@pytest.mark.parametrize(
    "error",
    [
        exceptions.LabelboxError("went wrong", "why"),
        exceptions.NetworkError(OSError("refused")),
        exceptions.InvalidAttributeError(lb.Project, "foo"),
        exceptions.ResourceNotFoundError(lb.Dataset, {"id": "x"}),
        exceptions.MalformedQueryException("went wrong"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_R_EX_an_error_comes_out_of_another_process_as_it_was(error: Exception) -> None:
    found = pickle.loads(pickle.dumps(error))
    assert type(found) is type(error)
    assert str(found) == str(error)
    assert vars(found).keys() == vars(error).keys()


@pytest.mark.parametrize("name", ["InconsistentOntologyException", "MalformedQueryException"])
def test_R_EX_04_10_these_two_are_no_labelbox_errors(name: str) -> None:
    assert getattr(exceptions, name).__bases__ == (Exception,)


def test_lbox_has_the_same_classes() -> None:
    for name in lbox.exceptions.__all__:
        assert getattr(lbox.exceptions, name) is getattr(exceptions, name)
