"""The progress bar: what it says, and that only a terminal sees it."""

from __future__ import annotations

import io
import sys
import time

import pytest

from labelbox.progress_bar import ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_says_count_percent_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([100.0, 110.0, 120.0, 120.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    bar = ProgressBar("files", 200, "files")
    bar.set(50)
    assert bar.line() == "files [######------------------] 50/200 25% 2.5 files/s 60s left"


def test_an_unknown_total() -> None:
    bar = ProgressBar("data rows", None, "items")
    bar.add(7)
    assert bar.line().startswith("data rows 7 items ")


@pytest.mark.parametrize(("stream", "drawn"), [(Terminal(), True), (io.StringIO(), False)])
def test_only_a_terminal_sees_it(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, drawn: bool) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with ProgressBar("files", 2, "files") as bar:
        bar.add()
        bar.add()
    assert ("2/2 100%" in stream.getvalue()) is drawn
    assert bool(stream.getvalue()) is drawn
