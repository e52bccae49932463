"""Starts and ends what one installation runs: the database in the data folder, the server, its worker."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import uvicorn

from labelyard import app as assembly
from labelyard import settings as configuration
from labelyard.organizations.records import FirstAdministrator
from labelyard.plumbing import logs
from labelyard.plumbing.embedded_postgres import DataFolderInUse, EmbeddedPostgres, running_dsn
from labelyard.plumbing.http import Application
from labelyard.plumbing.migrate import migrate
from labelyard.plumbing.postgres_binaries import PostgresStartFailed
from labelyard.projects import actions as projects
from labelyard.settings import Settings
from labelyard.worker import Worker

_DATABASE_SECONDS = 60.0
Result = TypeVar("Result")


class CannotStart(Exception):
    """Something outside the program keeps it from starting; the message says what to do."""


def run(options: argparse.Namespace) -> int:
    """Runs the command until it ends; the exit code."""
    logs.set_up()
    data_dir: Path = options.data_dir.absolute()
    settings = _settings(options, data_dir)
    match options.command:
        case "serve":
            return _serve(settings)
        case "work":
            return _work(settings)
        case "restore-project":
            return _restore_project(settings, options.project_id)
        case _:
            with _database(settings) as dsn:
                for name in migrate(dsn):
                    print(f"applied {name}")
            return 0


def _settings(options: argparse.Namespace, data_dir: Path) -> Settings:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"The data folder {data_dir} cannot be made: {error.strerror}.") from None
    if not os.access(data_dir, os.W_OK):
        raise CannotStart(f"The data folder {data_dir} cannot be written to.")
    try:
        return configuration.from_environment(
            data_dir,
            host=getattr(options, "host", None),
            port=getattr(options, "port", None),
            database_url=options.database_url,
            blob_url=options.blob_url,
            run_worker=not getattr(options, "no_worker", False),
        )
    except ValueError as error:
        raise CannotStart(str(error)) from None


@contextlib.contextmanager
def _database(settings: Settings) -> Any:
    """The DSN of the database; our own one runs as long as the block does."""
    if settings.database_url:
        yield settings.database_url
        return
    embedded = EmbeddedPostgres(settings.data_dir)
    try:
        dsn = embedded.start()
    except DataFolderInUse as error:
        raise CannotStart(str(error)) from None
    except PostgresStartFailed as error:
        raise CannotStart(f"The database could not be started: {error}") from None
    except OSError as error:
        raise CannotStart(f"The database could not be started: {error.strerror or error}.") from None
    try:
        yield dsn
    finally:
        embedded.stop()


def _migrate(dsn: str) -> None:
    try:
        migrate(dsn)
    except psycopg.OperationalError as error:
        raise CannotStart(f"The database cannot be used: {str(error).strip().splitlines()[-1]}") from None


def _listen(settings: Settings) -> socket.socket:
    """The bound socket, so that a port in use is known before anything is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((settings.host, settings.port))
        sock.listen(1024)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {settings.port} on {settings.host} is in use; choose another one with --port."
            ) from None
        raise CannotStart(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.") from None
    return sock


def _serve(settings: Settings) -> int:
    sock = _listen(settings)
    settings = configuration.from_environment(
        settings.data_dir,
        **{name: getattr(settings, name) for name in ("host", "database_url", "blob_url", "run_worker")},
        port=sock.getsockname()[1],
    )
    with contextlib.closing(sock), _database(settings) as dsn:
        _migrate(dsn)
        stop = _Stop()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        code = _run(_serve_until_stopped(settings, dsn, sock, stop))
    _say("Stopped.")
    return code


async def _serve_until_stopped(settings: Settings, dsn: str, sock: socket.socket, stop: _Stop) -> int:
    app = assembly.make_application(settings, dsn, assembly.open_blobs(settings))
    server = _Server(
        uvicorn.Config(
            assembly.Server(app),
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_keep_alive=75,
            timeout_graceful_shutdown=20,
            server_header=False,
        ),
        stop,
    )
    await app.pool.open()
    _greet(settings, await assembly.first_start(app))
    if settings.database_url is None:
        await _rescue_jobs(app)
    worker = _start_worker(settings, dsn) if settings.run_worker else None
    keeper = asyncio.create_task(_keep_worker(settings, dsn, server, worker)) if worker else None
    try:
        await server.serve(sockets=[sock])
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)  # what is left is short, and the database must end well
        if keeper is not None:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
    return 0


async def _rescue_jobs(app: Application) -> None:
    """Gives back what the workers of an earlier start left: with a database of our own none of them can be alive."""
    await app.jobs.open()
    await app.jobs.rescue_stalled(0)
    await app.jobs.close()


class _Stop:
    """Ctrl-C or SIGTERM: the first ends the server gently, the second at once.

    It is there before the server is: a start that is under way is finished, and ended then.
    """

    def __init__(self) -> None:
        self._times = 0
        self._server: uvicorn.Server | None = None

    def __call__(self, number: int, frame: Any) -> None:
        """Handles a signal."""
        self._times += 1
        if self._times == 1:
            _say("Stopping: requests under way are finished first. Once more to stop at once.")
        elif self._times == 2:
            _say("Stopping at once. Nothing that was acknowledged is lost.")
        self._tell()

    def watch_over(self, server: uvicorn.Server) -> None:
        """Names the server that is to be ended."""
        self._server = server
        self._tell()

    def _tell(self) -> None:
        if self._server is not None and self._times:
            self._server.should_exit = True
            self._server.force_exit = self._times > 1


class _Server(uvicorn.Server):
    """A server that leaves signals to `_Stop`."""

    def __init__(self, config: uvicorn.Config, stop: _Stop) -> None:
        super().__init__(config)
        self._stop = stop
        stop.watch_over(self)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Handles a signal."""
        self._stop(sig, frame)


async def _keep_worker(
    settings: Settings, dsn: str, server: _Server, worker: subprocess.Popen[bytes]
) -> None:
    """Starts the worker again when it ends by itself; stops it with the server."""
    pause = 1.0
    try:
        while True:
            await asyncio.sleep(0.5)
            if worker.poll() is not None and not server.should_exit:
                await asyncio.sleep(pause)
                pause = min(pause * 2, 30.0)
                worker = _start_worker(settings, dsn)
    finally:
        if worker.poll() is None:
            worker.terminate()
            try:
                await asyncio.to_thread(worker.wait, 1 if server.force_exit else 15)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


def _start_worker(settings: Settings, dsn: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "labelyard", "work", "--data-dir", str(settings.data_dir)]
    command += ["--database-url", dsn]
    if settings.blob_url:
        command += ["--blob-url", settings.blob_url]
    environment = {**os.environ, "LABELYARD_PUBLIC_URL": settings.base_url}
    return subprocess.Popen(command, env=environment, preexec_fn=_end_with_parent, start_new_session=True)


def _end_with_parent() -> None:
    """Linux ends the worker when the server is killed."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _work(settings: Settings) -> int:
    dsn = settings.database_url or _wait_for_database(settings.data_dir)
    return _run(_work_until_stopped(settings, dsn))


def _wait_for_database(data_dir: Path) -> str:
    """The database that a running `labelyard serve` keeps in the data folder."""
    deadline = time.monotonic() + _DATABASE_SECONDS
    while True:
        dsn = running_dsn(data_dir)
        if dsn is not None:
            return dsn
        if time.monotonic() > deadline:
            raise CannotStart(
                f"No server is running on {data_dir}; start `labelyard serve` there, or give --database-url."
            )
        time.sleep(0.2)


async def _work_until_stopped(settings: Settings, dsn: str) -> int:
    worker = Worker(assembly.make_application(settings, dsn, assembly.open_blobs(settings)))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)
    await worker.run()
    return 0


def _restore_project(settings: Settings, project_id: str) -> int:
    running = settings.database_url or running_dsn(settings.data_dir)
    with contextlib.nullcontext(running) if running else _database(settings) as dsn:
        _migrate(dsn)
        name = _run(_restored(settings, dsn, project_id))
    print(f'The project "{name}" is there again, with its labels.')
    return 0


async def _restored(settings: Settings, dsn: str, project_id: str) -> str:
    app = assembly.make_application(settings, dsn, assembly.open_blobs(settings))
    await app.pool.open()
    try:
        return await app.pool.run(lambda database: projects.restore_project(database, project_id))
    finally:
        await app.pool.close()


def _greet(settings: Settings, made: FirstAdministrator | None) -> None:
    """Says where the server is and, the first time, how to come in."""
    lines = [f"Labelyard is at {settings.base_url}"]
    if settings.host in ("0.0.0.0", "::"):
        lines.append(
            "Listening on every address: everybody who can reach this machine can reach the sign-in page."
        )
    if made is not None:
        lines += ["", "First start. This is shown once:", f"  e-mail    {made.email}"]
        lines.append(f"  password  {made.password if made.made_password else '(as given)'}")
        lines.append(f"  API key   {made.api_key if made.made_key else '(as given)'}")
        lines += ["", f'  export LABELBOX_ENDPOINT="{settings.base_url}/graphql"']
    print("\n".join(lines), flush=True)


def _say(sentence: str) -> None:
    """Writes past Python's buffers, in which a signal handler must not meddle."""
    with contextlib.suppress(OSError):
        os.write(1, f"{sentence}\n".encode())


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
