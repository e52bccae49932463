"""Runs the tests of `tests/reference` inside a published client's environment, against a server of its own."""

from __future__ import annotations

import functools
import http.server
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from demo import scenes
from demo.server_process import ServerProcess

from oracle import environments
from oracle.outcomes import ABSENT

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "wire" / "oracle.tsv"
VERSIONS = ("2.5.6", "2.7.0", "3.78.2", "6.10.0", "7.17.0")
UNJUDGED = "no"
JUDGEMENTS = ("client", UNJUDGED)
_AT_ONCE = 2
_SECONDS = 400

Outcomes = dict[str, str]
"""What came of each test: `yes`, `–`, or what went wrong."""


class Key(NamedTuple):
    """A cell's place in the table."""

    test: str
    version: str


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def serving_pictures(folder: Path) -> Iterator[str]:
    """Six pictures in a new folder; the address it is served at."""
    folder.mkdir(parents=True)
    scenes.render(folder, 6)
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{web.server_address[1]}"
    finally:
        web.shutdown()
        web.server_close()


def run_all(folder: Path) -> dict[str, Outcomes]:
    """What came of every test with every version, two versions at a time.

    Raises RuntimeError with pytest's words when a version's run did not come to its end.
    """
    os.environ["LABELYARD_FETCH_ALLOW"] = (
        "127.0.0.0/8"  # the servers' pictures and receivers are on this machine
    )
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        found = workers.map(lambda version: run(version, folder / version), VERSIONS)
        return dict(zip(VERSIONS, found, strict=True))


def run(version: str, folder: Path) -> Outcomes:
    """What came of every test with one version; `folder` is made and holds the server's data and the pictures."""
    python = environments.python_of(version)
    with (
        serving_pictures(folder / "served") as address,
        ServerProcess(folder / "server") as server,
    ):
        known = server.credentials
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LABELBOX_")}
        environment |= {
            "LABELYARD_ORACLE_URL": server.url,
            "LABELYARD_ORACLE_KEY": known.api_key,
            "LABELYARD_ORACLE_EMAIL": known.email,
            "LABELYARD_ORACLE_PASSWORD": known.password,
            "LABELYARD_ORACLE_FOLDER": str(folder / "served"),
            "LABELYARD_ORACLE_FOLDER_URL": address,
            "LABELYARD_ORACLE_OUTCOMES": str(folder / "outcomes.ndjson"),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
        }
        command = [python, "-m", "pytest", "-p", "oracle.outcomes", "-p", "no:cacheprovider", "-W", "ignore"]
        ran = subprocess.run(
            [*command, "--tb=short", "--continue-on-collection-errors", "tests/reference"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    (folder / "pytest.txt").write_text(ran.stdout + ran.stderr)
    if ran.returncode not in (0, 1):  # 1: some tests failed, which is an outcome
        raise RuntimeError(f"labelbox {version}: {ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    return _worst_of_each(folder / "outcomes.ndjson")


def _worst_of_each(path: Path) -> Outcomes:
    """One outcome for each test, of all its phases and parameters: what went wrong, else `–`, else `yes`."""
    found: Outcomes = {}
    for line in map(json.loads, path.read_text().splitlines()):
        worse = (found.get(line["test"], "yes"), line["cell"])
        found[line["test"]] = max(worse, key=lambda cell: {"yes": 0, ABSENT: 1}.get(cell, 2))
    return found


def read_table() -> dict[Key, str]:
    """The expectation: the cell of each test and version."""
    lines = TABLE.read_text("utf-8").splitlines()[1:]
    return {Key(test, version): cell for test, version, cell in (line.split("\t") for line in lines)}


def judged(outcome: str, expected: str | None) -> str:
    """The cell of an outcome: with the judgement of the expected cell when the same went wrong, else `no: …`."""
    if outcome in ("yes", ABSENT):
        return outcome
    for judgement in JUDGEMENTS:
        if expected == f"{judgement}: {outcome}":
            return expected
    return f"{UNJUDGED}: {outcome}"


def cells(outcomes: dict[str, Outcomes], expected: dict[Key, str]) -> dict[Key, str]:
    """The table as it would be written of what happened."""
    keys = sorted(Key(test, version) for version, found in outcomes.items() for test in found)
    return {key: judged(outcomes[key.version][key.test], expected.get(key)) for key in keys}
