"""The files of this repository, for the other tools and the structure tests."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# folders that are made, not written
_MADE = {
    "node_modules",
    "dist",
    "build",
    "__pycache__",
    "artifacts",
    "results",
    "data",
    "demo-data",
    "webapp",
}


def source_files(*folders: str, suffixes: tuple[str, ...], root: Path = ROOT) -> Iterator[Path]:
    """The written files below these folders (relative to the repository) that end in one of `suffixes`."""
    for folder in folders:
        for where, names, files in os.walk(root / folder):
            names[:] = sorted(name for name in names if name not in _MADE and not name.startswith("."))
            for file in sorted(files):
                if file.endswith(suffixes):
                    yield Path(where) / file


def rooms(root: Path = ROOT) -> list[Path]:
    """The folders of the server's nouns."""
    server = root / "server" / "labelyard"
    others = {"plumbing", "media", "formats", "migrations", "shell", "webapp"}
    return sorted(
        folder
        for folder in server.iterdir()
        if folder.is_dir() and folder.name not in others and (folder / "__init__.py").exists()
    )


def house_layers(root: Path = ROOT) -> list[str]:
    """Every name in the house contract's layers, upper ones first."""
    text = (root / ".importlinter").read_text()
    house = text.partition("[importlinter:contract:house]")[2].partition("[importlinter:")[0]
    layers = house.partition("layers =")[2]
    return [name.strip("() ") for line in layers.splitlines() for name in line.split("|") if name.strip()]
