"""`make where name=createBatchV2`: that name in every place, in the order in which a call passes through
them.

Looks for the name in each spelling: createBatchV2, create_batch_v2, CreateBatchV2, CREATE_BATCH_V2; a version
at the end lives on the wire only, so create_batch is looked for as well.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from repository import ROOT, source_files

_SUFFIXES = (".py", ".pyi", ".ts", ".tsx", ".graphql", ".sql", ".md", ".tsv")
# (heading, what a path looks like), in the order of the flow
_STATIONS = (
    ("documentation", re.compile(r"^docs/")),
    ("web", re.compile(r"^web/")),
    ("SDK", re.compile(r"^sdk/")),
    ("SDL", re.compile(r"^server/.*\.graphql$")),
    ("doors", re.compile(r"^server/labelyard/\w+/(resolvers|routes|jobs)\.py$")),
    ("rules", re.compile(r"^server/labelyard/\w+/rules\.py$")),
    ("SQL", re.compile(r"^server/labelyard/(\w+/queries\.py|migrations/)")),
    ("records", re.compile(r"^server/labelyard/\w+/records\.py$")),
    ("plumbing, media, formats", re.compile(r"^server/labelyard/(plumbing|media|formats)/")),
    ("actions and the rest of the server", re.compile(r"^server/")),
    ("tests and bench", re.compile(r"^(tests|bench)/")),
    ("tools", re.compile(r"^tools/")),
)
_ORDER = (
    "documentation",
    "web",
    "SDK",
    "SDL",
    "doors",
    "actions and the rest of the server",
    "rules",
    "SQL",
    "records",
    "plumbing, media, formats",
    "tests and bench",
    "tools",
)


def spellings(name: str) -> set[str]:
    """The name as each place writes it."""
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+", name)
    lower = [word.lower() for word in words]
    found = set()
    for parts in (lower, lower[:-1] if len(lower) > 1 and re.fullmatch(r"v\d", lower[-1]) else lower):
        pascal = "".join(part.capitalize() for part in parts)
        found |= {pascal, pascal[:1].lower() + pascal[1:], "_".join(parts), "_".join(parts).upper()}
    return found


def find(name: str, root: Path = ROOT) -> Iterator[tuple[str, str, int, str]]:
    """(station, path, line number, line) of every place that has the name as a whole word."""
    whole = re.compile(
        r"(?<![A-Za-z0-9_])(" + "|".join(map(re.escape, sorted(spellings(name)))) + r")(?![A-Za-z0-9_])"
    )
    for path in source_files(
        "docs", "web", "sdk", "server", "tests", "bench", "tools", suffixes=_SUFFIXES, root=root
    ):
        where = path.relative_to(root).as_posix()
        station = next((heading for heading, pattern in _STATIONS if pattern.match(where)), "the rest")
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if whole.search(line):
                yield station, where, number, line.strip()


def main(name: str) -> int:
    """Print what was found; 1 when there is nothing."""
    found = list(find(name))
    for heading in _ORDER:
        hits = [hit for hit in found if hit[0] == heading]
        if hits:
            print(f"\n{heading}")
            for _, where, number, line in hits:
                print(f"  {where}:{number}: {line[:120]}")
    if not found:
        print(f"{name} is nowhere. Looked for {', '.join(sorted(spellings(name)))}.")
    return 0 if found else 1


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1]:
        sys.exit("usage: make where name=createBatch")
    sys.exit(main(sys.argv[1]))
