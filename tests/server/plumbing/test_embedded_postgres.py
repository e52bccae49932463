"""The embedded PostgreSQL: from nothing, again, after a crash, and when the folder is taken."""

import contextlib
import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from labelyard.plumbing.embedded_postgres import (
    DataFolderInUse,
    EmbeddedPostgres,
    running_dsn,
)
from labelyard.plumbing.postgres_process import processes_in

WRITER = """
import sys, psycopg
from pathlib import Path
from labelyard.plumbing.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
connection = psycopg.connect(server.start(), autocommit=True)
connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
for n in range(1_000_000):
    connection.execute("INSERT INTO kept VALUES (%s)", (n,))
    print(n, flush=True)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="labelyard-test-") as name:
        yield Path(name) / "data"


def rows(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert found is not None
    return int(found[0])


def wait_until_none_lives(cluster: Path) -> None:
    deadline = time.monotonic() + 30
    while processes_in(cluster):
        assert time.monotonic() < deadline, "PostgreSQL processes outlived their owner"
        time.sleep(0.02)


def test_cold_start_then_warm_start_keeps_what_was_committed(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    dsn = server.start()
    assert server.is_running
    assert running_dsn(folder) == dsn
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
        settings: dict[str, str] = dict(
            connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)",
                (
                    [
                        "fsync",
                        "synchronous_commit",
                        "autovacuum",
                        "jit",
                        "listen_addresses",
                        "max_connections",
                    ],
                ),
            ).fetchall()
        )
        encoding = connection.execute("SHOW server_encoding").fetchone()
    assert settings == {
        "fsync": "on",
        "synchronous_commit": "on",
        "autovacuum": "on",
        "jit": "off",
        "listen_addresses": "",
        "max_connections": "100",
    }
    assert encoding == ("UTF8",)
    server.stop()
    assert not server.is_running
    assert running_dsn(folder) is None

    again = EmbeddedPostgres(folder)
    assert again.start() == dsn
    assert rows(dsn) == 1000
    again.stop()
    assert not processes_in(folder / "postgres")


def test_second_start_on_the_same_folder_is_refused(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    dsn = server.start()
    try:
        with pytest.raises(DataFolderInUse, match=f"in use by process {os.getpid()}"):
            EmbeddedPostgres(folder).start()
        with psycopg.connect(dsn) as connection:  # the refused one left the first alone
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()


def test_the_socket_and_the_files_are_private(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        assert server.socket_dir is not None
        assert server.socket_dir.stat().st_mode & 0o777 == 0o700
        assert (folder / "postgres").stat().st_mode & 0o077 == 0
        assert (folder / "postgres").stat().st_uid != 0
        assert (folder / "postgres.dsn").stat().st_mode & 0o077 == 0
    finally:
        server.stop()


@pytest.mark.parametrize("victim", ["everything", "owner"])
def test_kill_9_loses_no_acknowledged_commit(folder: Path, victim: str) -> None:
    acknowledged = 0
    for _ in range(2):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True, env={**os.environ}
        )
        assert writer.stdout is not None
        for line in writer.stdout:
            acknowledged += 1
            if int(line) >= 300:
                break
        writer.send_signal(signal.SIGKILL)
        if victim == "everything":
            for pid in processes_in(folder / "postgres"):
                with contextlib.suppress(ProcessLookupError):  # it ends with its owner, too
                    os.kill(pid, signal.SIGKILL)
        acknowledged += len([line for line in writer.stdout.read().splitlines() if line])
        writer.wait()

        server = EmbeddedPostgres(folder)
        dsn = server.start()
        kept = rows(dsn)
        server.stop()
        assert kept >= acknowledged
        acknowledged = kept
        wait_until_none_lives(folder / "postgres")


def test_postgres_ends_when_its_owner_is_killed(folder: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None and owner.stdout.readline()
    assert processes_in(folder / "postgres")
    owner.kill()
    owner.wait()
    wait_until_none_lives(folder / "postgres")
    assert running_dsn(folder) is None
    again = EmbeddedPostgres(folder)
    assert rows(again.start()) >= 1
    again.stop()


def test_a_pid_file_that_names_a_zombie_does_not_block(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server.start()
    cluster = folder / "postgres"
    recorded = (cluster / "postmaster.pid").read_text().split("\n", 1)
    server.stop()
    owner = cluster.stat()
    as_root = os.geteuid() == 0
    zombie = subprocess.Popen(
        ["/bin/true"],
        user=owner.st_uid if as_root else None,
        group=owner.st_gid if as_root else None,
    )
    time.sleep(0.2)  # ended, and nobody has waited for it
    (cluster / "postmaster.pid").write_text(f"{zombie.pid}\n{recorded[1]}")
    os.chown(cluster / "postmaster.pid", owner.st_uid, owner.st_gid)
    server.start()
    assert server.is_running
    server.stop()
    zombie.wait()


def test_a_fork_that_ends_leaves_the_server_alone(folder: Path) -> None:
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from labelyard.plumbing.embedded_postgres import EmbeddedPostgres\n"
        "server = EmbeddedPostgres(Path(sys.argv[1]))\n"
        "server.start()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    sys.exit(0)\n"  # runs the exit handlers that it inherited
        "os.waitpid(child, 0)\n"
        "import psycopg\n"
        "psycopg.connect(server.dsn).close()\n"
        "print(server.is_running)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.stdout == "True\n", done.stderr
    wait_until_none_lives(folder / "postgres")


def test_a_folder_behind_a_private_one_is_usable(folder: Path) -> None:
    folder.parent.chmod(0o700)
    server = EmbeddedPostgres(folder / "deeper")
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()
    assert folder.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_can_start_it(folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    folder.parent.chmod(0o755)
    folder.mkdir()
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    warm = EmbeddedPostgres(folder.with_name("warm"))  # everything is imported before the fork
    with psycopg.connect(warm.start()) as connection:
        connection.execute("SELECT 1")
    warm.stop()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            server = EmbeddedPostgres(folder)
            with psycopg.connect(server.start()) as connection:
                code = 0 if connection.execute("SELECT 41 + 1").fetchone() == (42,) else 2
            server.stop()
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert (folder / "postgres").stat().st_uid == nobody.pw_uid
