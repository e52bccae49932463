"""Numbered SQL migrations, forward only, each in a transaction, under an advisory lock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources

import psycopg
from procrastinate.schema import SchemaManager

from labelyard import errors

_LOCK = 7_306_512_884_201  # any number that only this program uses
_JOBS = "0007_jobs.sql"
_NAME = re.compile(r"^(\d{4})_[a-z_]+\.sql$")


@dataclass(frozen=True)
class Migration:
    """One file of `labelyard/migrations`."""

    number: int
    name: str
    sql: str


def migrations() -> list[Migration]:
    """All migrations in the order of their numbers."""
    found = []
    for entry in resources.files("labelyard.migrations").iterdir():
        match = _NAME.match(entry.name)
        if match:
            sql = entry.read_text("utf-8")
            if entry.name == _JOBS:
                sql += SchemaManager.get_schema()
            found.append(Migration(int(match.group(1)), entry.name, sql))
    return sorted(found, key=lambda migration: migration.number)


def migrate(dsn: str) -> list[str]:
    """Brings the database up to this code's schema; the names of the migrations that were applied.

    Raises `errors.NotAllowed` when the database is newer than the code.
    """
    wanted = migrations()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS schema_migrations"
                " (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
            )
            applied = {
                row[0] for row in connection.execute("SELECT number FROM schema_migrations").fetchall()
            }
            newest = wanted[-1].number if wanted else 0
            if applied and max(applied) > newest:
                raise errors.NotAllowed(
                    f"The database's schema is newer ({max(applied):04d}) than this version of Labelyard"
                    f" ({newest:04d}); start the newer version, nothing was changed."
                )
            done = []
            for migration in wanted:
                if migration.number in applied:
                    continue
                with connection.transaction():
                    connection.execute(migration.sql.encode())
                    connection.execute(
                        "INSERT INTO schema_migrations (number, name) VALUES (%s, %s)",
                        (migration.number, migration.name),
                    )
                done.append(migration.name)
            return done
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
