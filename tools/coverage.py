"""`docs/coverage.md`: which rows of the checklist have a test that names them, and what published clients make of it.

The rows are in `docs/checklist.tsv` (id, section, item). A test covers a row when the row's id is in its
name: `test_R_PJ_45_lower_first`, in any case, several ids in one name allowed; in the web app's tests the
title has it. What came of a test with a published client is in `docs/wire/oracle.tsv`, which `tests/oracle`
compares with what happens. `--check` fails when the page is not what it would be written as.
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
OUTCOMES = Path("docs/wire/oracle.tsv")
PAGE = Path("docs/coverage.md")
VERSIONS = ("2.5.6", "2.7.0", "3.78.2", "6.10.0", "7.17.0")
NOT_RUN = "not run"
_BEST_FIRST = ("yes", "no", "client", "–")  # a gap of the server's is not hidden behind a client's refusal
_ROW_ID = re.compile(r"(?<![A-Za-z0-9])(?:[RP][_-][A-Z]{2,3}|X)[_-]\d{2}(?![0-9])", re.IGNORECASE)
_LEGEND = """\
- `our SDK`: a test of ours names the row, through our SDK, on the wire or in the web app.
- The versions are published packages `labelbox`. They run the tests of `tests/reference` that name a row, in their
  own environments, against a running server (`tests/oracle`). The cell is the best of the row's tests.
- `yes`: the test passes with that client.
- `–`: the client does not have what the test calls.
- `client`: the client itself refuses or does something else, although the server does right; each is listed below.
- `no`: the server does not do for this client what it should; each is listed below.
- `not run`: no test of `tests/reference` names the row, or only one that needs the server's insides."""


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
        for row_id in _row_ids(name):
            if row_id not in known:
                raise ValueError(
                    f"{where}: {name} names the row {row_id}, which the checklist does not have."
                )
            found[row_id].append((where, name))
    return found


def _row_ids(name: str) -> list[str]:
    return [match.upper().replace("_", "-") for match in _ROW_ID.findall(name)]


class Outcome(NamedTuple):
    """What came of a test with a published client: `yes`, `–`, `client: …` or `no: …`."""

    test: str
    version: str
    cell: str

    @property
    def kind(self) -> str:
        """The cell without its reason."""
        return self.cell.partition(":")[0]


def read_outcomes(root: Path = ROOT) -> list[Outcome]:
    """The table of the published clients; nothing when there is none."""
    path = root / OUTCOMES
    if not path.exists():
        return []
    return [Outcome(*line.split("\t")) for line in path.read_text("utf-8").splitlines()[1:]]


def cells_of_rows(outcomes: list[Outcome]) -> dict[tuple[str, str], str]:
    """The best outcome by row and version."""
    found: dict[tuple[str, str], str] = {}
    for outcome in outcomes:
        for row_id in _row_ids(outcome.test):
            place = (row_id, outcome.version)
            found[place] = min(found.get(place, _BEST_FIRST[-1]), outcome.kind, key=_BEST_FIRST.index)
    return found


def write_page(
    rows: list[Row], covered: dict[str, list[tuple[str, str]]], outcomes: list[Outcome] | None = None
) -> str:
    """The page as it should be."""
    cells = cells_of_rows(outcomes or [])
    sections: dict[str, list[Row]] = {}
    for row in rows:
        sections.setdefault(row.section, []).append(row)
    lines = [
        "# Coverage of the reference",
        "",
        "Written by `tools/coverage.py` from `docs/checklist.tsv`, the names of the tests and `docs/wire/oracle.tsv`;"
        " do not edit.",
        "",
        f"{len(covered)} of {len(rows)} rows have a test that names them.",
        "",
        *_LEGEND.splitlines(),
        "",
        *_counts(rows, cells),
        "",
        "| section | covered | rows |",
        "|---|---|---|",
    ]
    for section, members in sections.items():
        lines.append(f"| {section} | {sum(row.id in covered for row in members)} | {len(members)} |")
    head = f"| row | item | our SDK | {' | '.join(VERSIONS)} | tests |"
    for section, members in sections.items():
        lines += ["", f"## {section}", "", head, "|---" * (4 + len(VERSIONS)) + "|"]
        for row in members:
            tests = ", ".join(f"`{where}::{name}`" for where, name in covered.get(row.id, []))
            ours = "yes" if row.id in covered else "no"
            theirs = " | ".join(cells.get((row.id, version), NOT_RUN) for version in VERSIONS)
            lines.append(
                f"| {row.id} | {row.item.replace('|', '/')} | {ours} | {theirs} | {tests or 'none'} |"
            )
    return "\n".join(lines + _reasons(outcomes or [])) + "\n"


def _counts(rows: list[Row], cells: dict[tuple[str, str], str]) -> list[str]:
    """How many rows are which, by version."""
    kinds = (*_BEST_FIRST, NOT_RUN)
    lines = [f"| rows | {' | '.join(kinds)} |", "|---" * (1 + len(kinds)) + "|"]
    for version in VERSIONS:
        found = [cells.get((row.id, version), NOT_RUN) for row in rows]
        lines.append(f"| labelbox {version} | {' | '.join(str(found.count(kind)) for kind in kinds)} |")
    return lines


def _reasons(outcomes: list[Outcome]) -> list[str]:
    """What went wrong in tests with published clients, and with which of them; nothing when nothing did."""
    versions = defaultdict(list)
    for outcome in outcomes:
        if ":" in outcome.cell:
            versions[outcome.test, outcome.cell].append(outcome.version)
    if not versions:
        return []
    lines = [
        "",
        "## What published clients do not do",
        "",
        "| test | versions | what happens |",
        "|---|---|---|",
    ]
    for (test, cell), found in versions.items():
        lines.append(
            f"| `{test}` | {', '.join(found)} | {cell.replace('|', '/').replace('<', '‹').replace('>', '›')} |"
        )
    return lines


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when the page is out of date")
    options = parser.parse_args(arguments)
    rows = read_checklist(root)
    covered = covered_rows(rows, find_tests(root))
    page = write_page(rows, covered, read_outcomes(root))
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
