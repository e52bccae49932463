"""The published clients do the main job on our server, each in its own environment (design: the wire is the contract).

What each version can do is the table of docs/wire/published-clients.md; the outcome must be that table, cell by cell.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from oracle import environments

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "wire" / "published-clients.md"
SCRIPTS = Path(__file__).parent / "scripts"
JOBS = {
    "2.5.6": "main_job_2x.py",
    "2.7.0": "main_job_2x.py",
    "3.78.2": "main_job_3x.py",
    "6.10.0": "main_job_7x.py",
    "7.17.0": "main_job_7x.py",
}
_SECONDS = 180


@cache
def table() -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Cells by version and step, and the error text of each numbered reason."""
    text = TABLE.read_text()
    first = text[text.index("\n|") :].strip().split("\n\n")[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in first.splitlines()]
    head, body = lines[0], lines[2:]
    versions = head[2:]
    cells = {
        version: {row[0].strip("`"): row[number] for row in body}
        for number, version in enumerate(versions, start=2)
    }
    reasons = dict(re.findall(r"^(\d+)\. `([^`]+)`", text, re.MULTILINE))
    return cells, reasons


@pytest.mark.oracle
@pytest.mark.parametrize("version", JOBS)
def test_main_job(version: str, surroundings: Any) -> None:
    python = environments.python_of(version)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {
        "LABELBOX_ENDPOINT": f"{surroundings.url}/graphql",
        "LABELBOX_API_KEY": surroundings.key,
        "LABELYARD_ORACLE_PICTURES": str(surroundings.pictures),
        "LABELYARD_ORACLE_PICTURES_URL": surroundings.pictures_url,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
    }
    ran = subprocess.run(
        [python, SCRIPTS / JOBS[version]],
        env=environment,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    steps = {line["step"]: line for line in map(json.loads, ran.stdout.splitlines())}
    cells, reasons = table()
    outcome = {step: _cell(line, cells[version].get(step, ""), reasons) for step, line in steps.items()}
    assert outcome == {step: cell for step, cell in cells[version].items() if cell != "–"}


def _cell(line: dict[str, Any], expected: str, reasons: dict[str, str]) -> str:
    """What the table must say of this outcome: the expected cell when the error is the one of its reason."""
    if line["ok"]:
        return "yes"
    number = expected.removeprefix("no, ")
    if expected.startswith("no, ") and line["detail"].startswith(reasons[number]):
        return expected
    return f"no: {line['detail']}"


def test_every_reason_is_used() -> None:
    cells, reasons = table()
    used = {
        cell.removeprefix("no, ")
        for row in cells.values()
        for cell in row.values()
        if cell.startswith("no, ")
    }
    assert used == set(reasons)
    assert set(cells) == set(JOBS)
