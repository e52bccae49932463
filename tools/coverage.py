"""`docs/coverage.md`: which rows of the checklist have a test that names them.

The rows are in `docs/checklist.tsv` (id, section, item). A test covers a row when the row's id is in its
name: `test_R_PJ_45_lower_first`, in any case, several ids in one name allowed; in the web app's tests the
title has it. `--check` fails when the page is not what it would be written as.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from repository import ROOT, source_files

CHECKLIST = Path("docs/checklist.tsv")
PAGE = Path("docs/coverage.md")


class Row(NamedTuple):
    """One row of the checklist."""

    id: str
    section: str
    item: str


def read_checklist(root: Path = ROOT) -> list[Row]:
    """The rows in their order; ValueError when a line does not have three columns or an id is there twice."""
    lines = (root / CHECKLIST).read_text("utf-8").splitlines()[1:]
    rows = [Row(*line.split("\t")) for line in lines if line]
    if len({row.id for row in rows}) != len(rows):
        raise ValueError("docs/checklist.tsv has an id twice.")
    return rows


def find_tests(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """(path, name) of every test."""
    for path in source_files("tests", suffixes=(".py",), root=root):
        where = path.relative_to(root).as_posix()
        for name in re.findall(r"^\s*(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE):
            yield where, name
    for path in source_files("web/src", suffixes=(".test.ts", ".test.tsx"), root=root):
        where = path.relative_to(root).as_posix()
        for name in re.findall(r"\b(?:it|test)\(\s*[\"'`]([^\"'`]+)", path.read_text("utf-8")):
            yield where, name


def covered_rows(rows: list[Row], tests: Iterator[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """The tests of each row that has one; a test that names a row which does not exist raises ValueError."""
    known = {row.id for row in rows}
    found = defaultdict(list)
    for where, name in tests:
        for match in re.findall(
            r"(?<![A-Za-z0-9])(?:[RP][_-][A-Z]{2,3}|X)[_-]\d{2}(?![0-9])", name, re.IGNORECASE
        ):
            row_id = match.upper().replace("_", "-")
            if row_id not in known:
                raise ValueError(
                    f"{where}: {name} names the row {row_id}, which the checklist does not have."
                )
            found[row_id].append((where, name))
    return found


def write_page(rows: list[Row], covered: dict[str, list[tuple[str, str]]]) -> str:
    """The page as it should be."""
    sections: dict[str, list[Row]] = {}
    for row in rows:
        sections.setdefault(row.section, []).append(row)
    lines = [
        "# Coverage of the reference",
        "",
        "Written by `tools/coverage.py` from `docs/checklist.tsv` and the names of the tests; do not edit.",
        "",
        f"{len(covered)} of {len(rows)} rows have a test that names them.",
        "",
        "| section | covered | rows |",
        "|---|---|---|",
    ]
    for section, members in sections.items():
        lines.append(f"| {section} | {sum(row.id in covered for row in members)} | {len(members)} |")
    for section, members in sections.items():
        lines += ["", f"## {section}", "", "| row | item | tests |", "|---|---|---|"]
        for row in members:
            tests = ", ".join(f"`{where}::{name}`" for where, name in covered.get(row.id, []))
            lines.append(f"| {row.id} | {row.item.replace('|', '/')} | {tests or 'none'} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when the page is out of date")
    options = parser.parse_args(arguments)
    rows = read_checklist(root)
    covered = covered_rows(rows, find_tests(root))
    page = write_page(rows, covered)
    if options.check:
        if not (root / PAGE).exists() or (root / PAGE).read_text("utf-8") != page:
            print("docs/coverage.md is out of date: run python tools/coverage.py", file=sys.stderr)
            return 1
        return 0
    (root / PAGE).write_text(page, "utf-8")
    print(f"{PAGE}: {len(covered)} of {len(rows)} rows have a test that names them.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
