"""Writes `docs/wire/oracle.tsv` anew: `PYTHONPATH=tests:. python -m oracle.record`, in our own environment.

What went wrong before in the same way keeps its judgement (`client`: the server did right); what is new says `no`
until somebody has looked at it and written `client` in its place.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from oracle.reference_rows import TABLE, cells, read_table, run_all


def main() -> None:
    """Runs everything and writes the table; says how many cells are which, and which are new and not yet judged."""
    expected = read_table() if TABLE.exists() else {}
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="oracle-"))
    found = cells(run_all(folder), expected)
    lines = [f"{key.test}\t{key.version}\t{cell}" for key, cell in found.items()]
    TABLE.write_text("\n".join(["test\tversion\toutcome", *lines]) + "\n", "utf-8")
    counts = Counter((key.version, cell.partition(":")[0]) for key, cell in found.items())
    for (version, kind), count in sorted(counts.items()):
        print(f"{version:8} {kind:8} {count}")
    for key, cell in found.items():
        if cell.startswith("no") and expected.get(key) != cell:
            print(f"{key.test} {key.version}: {cell}")
    print(f"pytest's words are in {folder}")


if __name__ == "__main__":
    main()
