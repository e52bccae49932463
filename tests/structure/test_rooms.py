"""Every room has only known file names, a place in the house, and a docstring that says what its noun is."""

import ast
from pathlib import Path

import pytest

from repository import ROOT, house_layers, rooms

DOORS_AND_BEHIND = {
    "__init__.py",
    "schema.graphql",
    "resolvers.py",
    "routes.py",
    "jobs.py",
    "actions.py",
    "rules.py",
    "queries.py",
    "records.py",
}
# words that say nothing about what is in a file
VAGUE = {
    "base",
    "common",
    "constants",
    "core",
    "enums",
    "handlers",
    "helper",
    "helpers",
    "lib",
    "manager",
    "managers",
    "misc",
    "models",
    "service",
    "services",
    "shared",
    "tools",
    "types",
    "util",
    "utils",
    "views",
}
NOUNS = {"core", "models", "tools", "types"}  # as folders these are words of the product or of its parts
SERVER = ROOT / "server" / "labelyard"


def names(folders: list[Path]) -> list[str]:
    return [folder.name for folder in folders]


@pytest.mark.parametrize("room", rooms(), ids=names(rooms()))
def test_a_room_has_only_known_files(room: Path) -> None:
    for path in sorted(room.iterdir()):
        if path.name == "__pycache__" or path.name in DOORS_AND_BEHIND:
            continue
        assert path.is_file() and path.suffix == ".py", f"{path.relative_to(ROOT)}: a room has no such thing"
        assert path.stem not in VAGUE, f"{path.relative_to(ROOT)}: name the file after what is in it"


@pytest.mark.parametrize("room", rooms(), ids=names(rooms()))
def test_a_room_says_what_its_noun_is(room: Path) -> None:
    tree = ast.parse((room / "__init__.py").read_text())
    assert ast.get_docstring(tree), f"{room.name}/__init__.py needs a docstring"
    assert len(tree.body) == 1, f"{room.name}/__init__.py holds only its docstring"


@pytest.mark.parametrize("room", rooms(), ids=names(rooms()))
def test_a_room_has_its_place_in_the_house(room: Path) -> None:
    assert room.name in house_layers()


def test_every_module_of_the_server_has_a_docstring() -> None:
    missing = [
        path.relative_to(ROOT).as_posix()
        for path in sorted(SERVER.rglob("*.py"))
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert missing == []


def test_no_folder_is_a_sea() -> None:
    folders = [path for top in ("server", "sdk", "tests", "tools") for path in (ROOT / top).rglob("*/")]
    assert [path.name for path in folders if path.name in VAGUE - NOUNS] == []
