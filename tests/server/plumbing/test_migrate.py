"""The schema: applied once, printed for readers, fit for an engine that distributes by organization."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import schema_dump
from labelyard.plumbing.embedded_postgres import EmbeddedPostgres
from labelyard.plumbing.migrate import migrate, migrations

# tables that are looked up before the organization is known, or that belong to the whole installation
NOT_DISTRIBUTED = {"organizations", "schema_migrations"}


@pytest.fixture(scope="module")
def dsn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    postgres = EmbeddedPostgres(tmp_path_factory.mktemp("schema"))
    try:
        yield postgres.start()
    finally:
        postgres.stop()


def test_migrations_are_numbered_without_gaps_and_applied_once(dsn: str) -> None:
    assert [migration.number for migration in migrations()] == list(range(1, len(migrations()) + 1))
    assert migrate(dsn) == [migration.name for migration in migrations()]
    assert migrate(dsn) == []


def test_schema_sql_is_what_the_migrations_make() -> None:
    assert schema_dump.PATH.read_text() == schema_dump.dump(), "run tools/schema_dump.py"


def test_every_key_begins_with_the_organization(dsn: str) -> None:
    migrate(dsn)
    with psycopg.connect(dsn) as connection:
        keys = connection.execute(
            "SELECT c.relname, i.relname, a.attname FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid"
            " JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]"
            " WHERE n.nspname = 'public' AND x.indisunique AND c.relname NOT LIKE 'procrastinate%'"
        ).fetchall()
    assert len(keys) > 25
    wrong = {
        (table, key)
        for table, key, first in keys
        if first != "organization_id" and table not in NOT_DISTRIBUTED
    }
    assert wrong == set()


def test_the_tables_can_be_partitioned_by_organization(dsn: str) -> None:
    """PostgreSQL refuses a unique key without the partition key, exactly as distributing engines do."""
    folder = Path(schema_dump.PATH).parent
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE DATABASE partitioned")
    with psycopg.connect(dsn.replace("/labelyard?", "/partitioned?"), autocommit=True) as connection:
        for file in sorted(folder.glob("0*.sql")):
            sql = re.sub(r"\) WITH \([^)]*\);", ");", file.read_text())
            for table in re.findall(r"CREATE TABLE (\w+)", sql):
                if table not in NOT_DISTRIBUTED:
                    sql = re.sub(
                        rf"(CREATE TABLE {table} \(.*?\n\));",
                        r"\1 PARTITION BY HASH (organization_id);",
                        sql,
                        count=1,
                        flags=re.DOTALL,
                    )
            connection.execute(sql.encode())
        partitioned = connection.execute("SELECT count(*) FROM pg_partitioned_table").fetchone()
    assert partitioned is not None and partitioned[0] > 25
