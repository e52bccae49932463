"""A pytest plugin for a published client's environment: what came of each test of `tests/reference`, one JSON line each.

Loaded by `-p oracle.outcomes`, before anything imports the client. Nothing of ours but the tests is there.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import signal
import sys
import time
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]
ABSENT = "–"
_CLIENT = ("labelbox", "lbox")
_WAITS_FOR_CLIENT = "google"  # google.api_core tries again what failed
_TAB_OR_QUOTE = re.compile(r"\\.|[^\w .-]")
_ROW = re.compile(r"(?:[RP]_[A-Z]{2,3}|X)_\d{2}")
_NO_SUCH_FIELD = "InvalidAttributeError"  # the client says it before it sends anything
_TEST_SECONDS = 20
_LONGEST_SLEEP = 0.2
_CALL_DOES_NOT_FIT = re.compile(
    r"unexpected keyword argument|missing \d+ required|takes (from )?\d+ |do not inherit from BaseException"
)


class NotInThisClient(Exception):
    """What the test is about is not in this version."""


class Overdue(BaseException):
    """The test took too long; no Exception, so that a client that tries again does not swallow it."""


class StandIn:
    """In the place of a name that a test module imports and this version does not have: a test's use of it says so.

    Tables at the top of a module may name its members while the tests are collected.
    """

    collecting = True

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return self._used(f"{self._name}.{name}")

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self._used(f"{self._name}()")

    def _used(self, name: str) -> StandIn:
        if not StandIn.collecting:
            raise NotInThisClient(name)
        return StandIn(name)

    def __instancecheck__(self, _: object) -> bool:
        raise NotInThisClient(self._name)

    def __iter__(self) -> Iterator[Any]:
        raise NotInThisClient(self._name)


def _of_client(module: str | None) -> bool:
    return (module or "").partition(".")[0] in _CLIENT


def _poll_faster() -> None:
    """A client that sleeps between two looks sleeps 0.2 s at most: seconds of waiting are no outcome."""
    sleep = time.sleep

    def shorter(seconds: float) -> None:
        caller = sys._getframe(1).f_globals.get("__name__")
        waiting = _of_client(caller) or (caller or "").startswith(_WAITS_FOR_CLIENT)
        sleep(min(seconds, _LONGEST_SLEEP) if waiting else seconds)

    time.sleep = shorter


def pytest_configure() -> None:
    """Before the first import of the client."""
    _poll_faster()
    sys.path.insert(0, str(TESTS))
    importlib.import_module("reference.clients").settle_names()


def pytest_pycollect_makemodule(module_path: Path) -> None:
    """Puts stand-ins where the module's imports from the client would fail."""
    for node in ast.walk(ast.parse(module_path.read_text())):
        if isinstance(node, ast.ImportFrom) and _of_client(node.module):
            assert node.module is not None
            for name in node.names:
                _make_importable(node.module, name.name)


def _make_importable(place: str, name: str) -> None:
    try:
        module = importlib.import_module(place)
    except ModuleNotFoundError as error:
        if not _of_client(error.name):
            raise
        module = sys.modules[place] = types.ModuleType(place)
    if not hasattr(module, name):
        setattr(module, name, StandIn(name))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only what names a row of the checklist, and needs nothing of ours."""
    StandIn.collecting = False
    items[:] = [item for item in items if _ROW.search(item.name) and item.get_closest_marker("ours") is None]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Ends a test that takes too long."""
    marker = item.get_closest_marker("overdue_after")
    seconds = marker.args[0] if marker else _TEST_SECONDS

    def overdue(*_: object) -> None:
        raise Overdue("it took too long")

    before = signal.signal(signal.SIGALRM, overdue)
    signal.alarm(seconds)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Tells what came of a phase when it is the test itself or went wrong."""
    yield
    name, _, parameters = item.nodeid.removeprefix("tests/reference/").partition("[")
    name += f"[{_TAB_OR_QUOTE.sub('', parameters)[:24].rstrip(']')}]" if parameters else ""
    if call.excinfo is not None:
        # a test about time goes wrong by its time, whether its end or the client's own retries come first
        late = call.when == "call" and item.get_closest_marker("overdue_after")
        tardy = Overdue("it took too long").with_traceback(call.excinfo.tb)
        wrong = tardy if late else call.excinfo.value
        _tell(name, cell_of(wrong), call.duration)
    elif call.when == "call":
        _tell(name, "yes", call.duration)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """A module that cannot be imported here is nobody's outcome but a mistake of the module's."""
    if report.failed:
        _tell(report.nodeid, f"not collected: {' '.join(str(report.longrepr).split())[-300:]}", 0)


def _tell(test: str, cell: str, seconds: float) -> None:
    with open(os.environ["LABELYARD_ORACLE_OUTCOMES"], "a") as file:
        print(json.dumps({"test": test, "cell": cell, "seconds": round(seconds, 2)}), file=file)


def cell_of(error: BaseException) -> str:
    """`–` when the client does not have what the test uses, else what went wrong, without what differs every time."""
    if isinstance(error, NotInThisClient) or _does_not_have(error) or type(error).__name__ == _NO_SUCH_FIELD:
        return ABSENT
    if isinstance(error, AssertionError):
        return f"assert {_source_line(error)}"
    words = " ".join(str(error).split()) or "no words"
    return f"{type(error).__name__}: {_same_every_time(words)}"


def _does_not_have(error: BaseException) -> bool:
    """Whether a test's own line asked the client for a name or an argument that it does not have."""
    last = _frames(error)[-1]
    if last.f_code.co_name == "__getattr__":  # an enum's own word for a member that it does not have
        return isinstance(error, AttributeError)
    if not Path(last.f_code.co_filename).is_relative_to(TESTS):
        return False
    if isinstance(error, AttributeError):
        thing = error.obj
        kind = thing if isinstance(thing, type) else type(thing)
        return _of_client(kind.__module__) or (
            isinstance(thing, types.ModuleType) and _of_client(thing.__name__)
        )
    return isinstance(error, TypeError) and _CALL_DOES_NOT_FIT.search(str(error)) is not None


def _frames(error: BaseException) -> list[types.FrameType]:
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    return frames


def _source_line(error: AssertionError) -> str:
    """The first line of the assertion in the test's source: its values differ every time."""
    trace, found = error.__traceback__, ""
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(TESTS) or _of_client(trace.tb_frame.f_globals.get("__name__")):
            found = path.read_text().splitlines()[trace.tb_lineno - 1].strip()
        trace = trace.tb_next
    return found.removeprefix("assert ")[:100]


def _same_every_time(words: str) -> str:
    for pattern, instead in (
        (r"https?://\S+", "<address>"),
        (r"(/[\w.-]+){2,}", "<path>"),
        (r"\{'\w+'(, '\w+')*\}", "{…}"),  # a set has its members in any order
        (r"\bc[a-z0-9]{24}\b", "<id>"),
        (r"0x[0-9a-f]+", "<place>"),
        (r"[0-9a-f]{8}-[0-9a-f-]{27}", "<uuid>"),
        (r"[0-9a-f]{9,}", "<mark>"),
        (r"\d+(\.\d+)?", "<n>"),
    ):
        words = re.sub(pattern, instead, words)
    return words[:110]
