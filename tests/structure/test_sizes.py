"""Files stop at 400 lines. An exception needs a reason, and goes away when the file is short enough."""

from pathlib import Path

from repository import ROOT, source_files

LIMIT = 400
FOLDERS = ("sdk", "server", "web", "tests", "tools", "bench")
SUFFIXES = (".py", ".pyi", ".ts", ".tsx", ".css", ".graphql", ".sql")
GENERATED = {"web/src/api/types.gen.ts", "server/labelyard/migrations/schema.sql"}
EXCEPTIONS: dict[str, str] = {}


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines(path)
        for path in source_files(*FOLDERS, suffixes=SUFFIXES)
        if lines(path) > LIMIT
    }
    assert {path: count for path, count in long.items() if path not in GENERATED | set(EXCEPTIONS)} == {}


def test_every_exception_is_still_needed() -> None:
    assert [path for path in EXCEPTIONS if not (ROOT / path).exists() or lines(ROOT / path) <= LIMIT] == []
