"""PostgreSQL through psycopg: the pool, transactions, and the few ways in which queries are run.

Stored JSON is never decoded on its way out: it arrives as bytes, and `json_of` puts bytes into the answer as they
are (decision 9). Everything else arrives as Python values.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import orjson
import psycopg
from psycopg import AsyncConnection
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.rows import class_row, tuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from labelyard import errors

Params = Mapping[str, Any]
Record = TypeVar("Record")
Result = TypeVar("Result")

# serialization failure, deadlock, server going down, connection trouble: the transaction did not happen
_RETRIED = ("40001", "40P01", "57P01", "57P02", "57P03")
_ATTEMPTS = 4


class StoredJsonLoader(Loader):
    """json and jsonb as bytes: read, but never decoded."""

    def load(self, data: Buffer) -> bytes:
        """The text as it is stored."""
        return bytes(data)


def decoded(value: bytes | None) -> Any:
    """The Python value of a stored JSON column, for the actions that look inside."""
    return None if value is None else orjson.loads(value)


def json_of(answer: Any) -> bytes:
    """An answer as JSON, with stored JSON (bytes) put in as it is."""
    return orjson.dumps(answer, default=_stored)


def _stored(value: Any) -> orjson.Fragment:
    if isinstance(value, bytes):
        return orjson.Fragment(value)
    raise TypeError(f"{type(value).__name__} cannot be answered as JSON")


class Database:
    """One connection, lent for one request or one step of a job."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self.connection = connection

    async def fetch_all(self, sql: str, params: Params | None = None) -> list[tuple[Any, ...]]:
        """All rows as tuples."""
        async with self.connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(sql.encode(), params)
            return await cursor.fetchall()

    async def fetch_one(self, sql: str, params: Params | None = None) -> tuple[Any, ...] | None:
        """The first row as a tuple, or None."""
        async with self.connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(sql.encode(), params)
            return await cursor.fetchone()

    async def fetch_value(self, sql: str, params: Params | None = None) -> Any:
        """The first column of the first row, or None."""
        row = await self.fetch_one(sql, params)
        return None if row is None else row[0]

    async def fetch_column(self, sql: str, params: Params | None = None) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in await self.fetch_all(sql, params)]

    async def fetch_record(
        self, record: type[Record], sql: str, params: Params | None = None
    ) -> Record | None:
        """The first row as a dataclass whose fields are named as the columns, or None."""
        async with self.connection.cursor(row_factory=class_row(record)) as cursor:
            await cursor.execute(sql.encode(), params)
            return await cursor.fetchone()

    async def fetch_records(
        self, record: type[Record], sql: str, params: Params | None = None
    ) -> list[Record]:
        """All rows as dataclasses whose fields are named as the columns."""
        async with self.connection.cursor(row_factory=class_row(record)) as cursor:
            await cursor.execute(sql.encode(), params)
            return await cursor.fetchall()

    async def execute(self, sql: str, params: Params | None = None) -> int:
        """Runs a statement; the number of rows it touched."""
        async with self.connection.cursor() as cursor:
            await cursor.execute(sql.encode(), params)
            return cursor.rowcount

    @asynccontextmanager
    async def stream(
        self, sql: str, params: Params | None = None, *, size: int = 2000
    ) -> AsyncIterator[AsyncIterator[tuple[Any, ...]]]:
        """A server-side cursor: rows come `size` at a time, so memory stays flat. Needs a transaction."""
        async with self.connection.cursor(name="labelyard_stream", row_factory=tuple_row) as cursor:
            cursor.itersize = size
            await cursor.execute(sql.encode(), params)
            yield cursor.__aiter__()

    async def copy_rows(
        self, table: str, columns: Sequence[str], types: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """COPY `rows` into `table`; `types` are PostgreSQL type names, one for each column."""
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        async with self.connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.set_types(list(types))
            for row in rows:
                await copy.write_row(row)

    async def copy_text(self, table: str, columns: Sequence[str], blocks: Iterable[str]) -> None:
        """COPY blocks of lines in PostgreSQL's text format, which the caller has escaped (`copy_escaped`)."""
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        async with self.connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for block in blocks:
                await copy.write(block)

    async def hold(self, what: str) -> None:
        """Waits until no other transaction holds `what`, and holds it until this one ends.

        For checks that no constraint of a table can make: what is read afterwards stays true until the commit.
        """
        await self.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%(what)s, 0))",
            {"what": what},
        )

    async def analyze(self, *tables: str) -> None:
        """Has PostgreSQL look at tables that have just grown by much.

        Until its own daemon comes by, the planner would take them for short ones and read them from end to end.
        """
        await self.execute(f"ANALYZE {', '.join(tables)}")

    async def commit_later(self) -> None:
        """The commit of this transaction does not wait for the disk: for a step that a job does again if it is lost.

        Whatever is committed after it in the usual way, the end of the job for one, takes it along.
        """
        await self.execute("SET LOCAL synchronous_commit TO off")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Everything inside is committed together, or not at all."""
        async with self.connection.transaction():
            yield


_COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_escaped(text: str | None) -> str:
    """A value as COPY's text format has it."""
    return "\\N" if text is None else text.translate(_COPY_ESCAPES)


def copy_lines(values: Sequence[str]) -> str:
    """Values of a single column as COPY's text format has them."""
    lines = "\n".join(values)
    if "\\" in lines or "\t" in lines or "\r" in lines or lines.count("\n") >= len(values):
        lines = "\n".join(map(copy_escaped, values))
    return lines + "\n"


class Pool:
    """The process's connections to one PostgreSQL."""

    def __init__(self, dsn: str, *, size: int, prepared_statements: bool = True) -> None:
        self.dsn = dsn
        self._prepared = prepared_statements
        self.raw: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            dsn,
            min_size=1,
            max_size=size,
            open=False,
            timeout=20,
            max_idle=120,
            configure=self._configure,
            kwargs={"autocommit": True, "application_name": "labelyard"},
        )

    async def _configure(self, connection: AsyncConnection[Any]) -> None:
        connection.prepare_threshold = 3 if self._prepared else None
        connection.adapters.register_loader("json", StoredJsonLoader)
        connection.adapters.register_loader("jsonb", StoredJsonLoader)
        await connection.execute("SET timezone = 'UTC'")

    async def open(self) -> None:
        """Opens the first connection. Raises `errors.Unavailable` when the database cannot be reached."""
        await self.raw.open(wait=False)
        try:
            await self.raw.wait(timeout=20)
        except PoolTimeout as timeout:
            raise errors.Unavailable("The database cannot be reached.") from timeout

    async def close(self) -> None:
        """Closes every connection."""
        await self.raw.close()

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[Database]:
        """A connection for the time of the block. Raises `errors.Unavailable` when none gets free."""
        try:
            async with self.raw.connection() as connection:
                yield Database(connection)
        except PoolTimeout as timeout:
            raise errors.Unavailable("The server is too busy; nothing was changed.") from timeout

    async def run(self, work: Callable[[Database], Awaitable[Result]]) -> Result:
        """Runs `work` in one transaction, again when the database asks for it.

        `work` may therefore run more than once, but is committed at most once.
        """
        for attempt in range(_ATTEMPTS):
            try:
                async with self.borrow() as database, database.transaction():
                    return await work(database)
            except psycopg.Error as error:
                if not is_retryable(error) or attempt == _ATTEMPTS - 1:
                    raise
                await asyncio.sleep(0.02 * 2**attempt)
        raise AssertionError("unreachable")


def is_retryable(error: psycopg.Error) -> bool:
    """Whether the transaction that failed with this error surely did not happen and may be run again."""
    state = error.sqlstate
    return state is not None and (state in _RETRIED or state.startswith("08"))
