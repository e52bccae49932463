"""The import contracts hold, and each of them notices when it is broken."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from repository import ROOT, rooms


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root / 'tools'}{os.pathsep}{root / 'server'}", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house with the real contracts."""
    for folder in ("projects", "labels", "access", "plumbing"):
        path = tmp_path / "server" / "labelyard" / folder
        path.mkdir(parents=True)
        for name in ("__init__", "records", "queries", "rules", "actions", "resolvers"):
            (path / f"{name}.py").write_text('"""A file."""\n')
    (tmp_path / "server" / "labelyard" / "__init__.py").write_text('"""The house."""\n')
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "contracts.py", tmp_path / "tools")
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_our_own_imports_keep_the_contracts() -> None:
    if not rooms():
        pytest.skip("there is no room yet")
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


def test_an_untouched_house_keeps_them(house: Path) -> None:
    result = lint(house)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_plumbings_own_queues_and_routes_are_for_everybody(house: Path) -> None:
    (house / "server" / "labelyard" / "plumbing" / "jobs.py").write_text('"""Jobs."""\n')
    path = house / "server" / "labelyard" / "labels" / "records.py"
    path.write_text(f"{path.read_text()}\nimport labelyard.plumbing.jobs\n")
    assert lint(house).returncode == 0


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("projects/actions.py", "labelyard.labels.actions", "Rooms call down, never up"),
        ("plumbing/records.py", "labelyard.access.actions", "Rooms call down, never up"),
        ("labels/records.py", "labelyard.labels.actions", "In a room: doors, then actions"),
        ("labels/queries.py", "labelyard.labels.resolvers", "In a room: doors, then actions"),
        ("labels/actions.py", "labelyard.projects.queries", "A room's doors and queries are its own"),
        ("labels/rules.py", "labelyard.plumbing.records", "Rules do no input or output"),
    ],
)
def test_a_broken_contract_is_named(house: Path, importer: str, imported: str, contract: str) -> None:
    path = house / "server" / "labelyard" / importer
    path.write_text(f"{path.read_text()}\nimport {imported}\n")
    result = lint(house)
    assert result.returncode == 1
    broken = [line for line in result.stdout.splitlines() if "BROKEN" in line]
    assert any(contract in line for line in broken), result.stdout


def test_a_room_without_a_place_is_noticed(house: Path) -> None:
    path = house / "server" / "labelyard" / "gadgets"
    path.mkdir()
    (path / "__init__.py").write_text('"""A noun."""\n')
    assert lint(house).returncode != 0
