"""What the scripts share: a job is a class whose public methods are its steps, each told as one JSON line.

The scripts run inside a published client's own virtual environment; they know nothing of the server but its wire.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import time
import uuid
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from labelbox import Client

# the exceptions moved to a package of their own in 6.x
exceptions = importlib.import_module("lbox.exceptions" if find_spec("lbox") else "labelbox.exceptions")


def environment(name: str) -> str:
    """What the test tells the script."""
    return os.environ[f"LABELYARD_ORACLE_{name}"]


class Job:
    """Runs every public method of a subclass, in the order in which they are written, those of its bases first."""

    def __init__(self) -> None:
        logging.disable(logging.CRITICAL)  # only the steps are told
        self.client = self._client(os.environ["LABELBOX_API_KEY"])
        self.run_id = uuid.uuid4().hex[:12]
        self.pictures = sorted(Path(environment("PICTURES")).glob("*.jpg"))
        self.pictures_url = environment("PICTURES_URL")

    def _client(self, key: str) -> Any:
        return Client(key, os.environ["LABELBOX_ENDPOINT"])

    def run(self) -> None:
        """Prints {"step", "ok", "detail", "seconds"} for each step; a step that fails does not stop the next one."""
        for name in self._steps():
            started = time.monotonic()
            try:
                ok, detail = True, str(getattr(self, name)())
            except Exception as error:
                ok, detail = False, f"{type(error).__name__}: {error}"
            seconds = round(time.monotonic() - started, 2)
            print(json.dumps({"step": name, "ok": ok, "detail": detail, "seconds": seconds}), flush=True)

    def _steps(self) -> list[str]:
        kinds = [kind for kind in reversed(type(self).__mro__) if kind not in (Job, object)]
        members = [entry for kind in kinds for entry in vars(kind).items()]
        found = [name for name, member in members if callable(member) and not name.startswith("_")]
        return list(dict.fromkeys(found))  # a step that a version overrides keeps its place


def equal(found: Any, wanted: Any) -> None:
    """Raises AssertionError with both values when they differ."""
    assert found == wanted, f"found {found!r}, wanted {wanted!r}"


def raises(kind: type[Exception], work: Callable[[], Any]) -> str:
    """The message of the error that `work` raises. Raises AssertionError when it raises none, or another."""
    try:
        outcome = work()
    except kind as error:
        assert type(error) is kind, f"{type(error).__name__} instead of {kind.__name__}"
        return f"{kind.__name__}: {error}"[:200]
    except exceptions.LabelboxError as error:
        raise AssertionError(f"{type(error).__name__} instead of {kind.__name__}: {error}") from error
    raise AssertionError(f"{outcome!r} instead of {kind.__name__}")


def until(ready: Callable[[], bool], seconds: float = 60) -> None:
    """Asks every half second. Raises AssertionError when it never becomes true."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"not ready after {seconds} s"
        time.sleep(0.5)
