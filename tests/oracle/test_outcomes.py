"""What the plugin calls missing, and what it calls wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import labelbox as lb
from oracle.outcomes import ABSENT, NotInThisClient, StandIn, cell_of


def _raised(call: Callable[[], object]) -> BaseException:
    with pytest.raises(BaseException) as info:
        call()
    return info.value


def _fails() -> None:
    left, right = 1, 2
    assert left == right


@pytest.mark.parametrize(
    "call",
    [
        lambda: lb.NoSuchClass,
        lambda: lb.Dataset.no_such_field,
        lambda: lb.Client("k").no_such_call(),
        lambda: lb.Client("k").get_dataset(no_such_argument=1),
        lambda: lb.Client("k").get_dataset(),
        lambda: lb.Client("k").create_dataset(name="d", no_such_field=1),
        lambda: lb.MediaType.NoSuchMember,
    ],
)
def test_what_the_client_does_not_have(call: Callable[[], object]) -> None:
    assert cell_of(_raised(call)) == ABSENT


def test_what_goes_wrong_says_the_same_every_time() -> None:
    assert cell_of(_raised(_fails)) == "assert left == right"
    words = "The label cmwrewkqu0000c9c45bee5169 at http://127.0.0.1:43647/x is not 17."
    error = ValueError(words)
    assert cell_of(_raised(lambda: (_ for _ in ()).throw(error))) == (
        "ValueError: The label <id> at <address> is not <n>."
    )
    nothing = _raised(lambda: None.no_such_call)  # type: ignore[attr-defined]
    assert cell_of(nothing) == "AttributeError: 'NoneType' object has no attribute 'no_such_call'"
    assert cell_of(_raised(lambda: len(7))) == "TypeError: object of type 'int' has no len()"  # type: ignore[arg-type]


def test_a_stand_in_may_be_named_while_tests_are_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {StandIn("QualityMode").Consensus}
    assert len(table) == 1
    monkeypatch.setattr(StandIn, "collecting", False)
    for use in (
        lambda: StandIn("QualityMode").Consensus,
        lambda: StandIn("parse_classification")({}),
        lambda: isinstance(7, StandIn("Task")),  # type: ignore[arg-type]
    ):
        error = _raised(use)
        assert isinstance(error, NotInThisClient) and cell_of(error) == ABSENT
