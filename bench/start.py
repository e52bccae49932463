"""From nothing to the first answer, and what an idle server holds of the memory."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import psycopg
from demo.server_process import ServerProcess

from bench.figures import Figure
from labelyard.plumbing.embedded_postgres import EmbeddedPostgres

_SETTLE_SECONDS = 3.0


def measure() -> list[Figure]:
    """Starts a server cold and warm, and a bare PostgreSQL of the same kind."""
    with tempfile.TemporaryDirectory(prefix="labelyard-bench-") as folder:
        server = ServerProcess(Path(folder))
        cold = _seconds_to_start(server)
        server.stop()
        warm = _seconds_to_start(server)
        time.sleep(_SETTLE_SECONDS)
        memory = _megabytes(server.pid)
        count = len(family(server.pid))
        server.stop()
    bare_cold, bare_warm, bare_memory = _bare()
    bare = "PostgreSQL alone, to its first SELECT"
    return [
        Figure("start: nothing to first answer", cold, "s", bare_cold, bare, 6.0, less_is_better=True),
        Figure("start: again on the same folder", warm, "s", bare_warm, bare, 2.0, less_is_better=True),
        Figure(
            "start: idle memory of all processes (PSS)",
            memory,
            "MB",
            bare_memory,
            "PostgreSQL alone",
            250.0,
            less_is_better=True,
            note=f"{count} processes",
        ),
    ]


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue  # it has just ended
        children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting.extend(children.get(one, []))
    return found


def _seconds_to_start(server: ServerProcess) -> float:
    started = time.perf_counter()
    server.start()
    return time.perf_counter() - started


def _megabytes(pid: int) -> float:
    total = 0
    for one in family(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # it has just ended
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1000


def _bare() -> tuple[float, float, float]:
    """Seconds to start cold, seconds to start again, megabytes when idle."""
    with tempfile.TemporaryDirectory(prefix="labelyard-bench-") as folder:
        postgres = EmbeddedPostgres(Path(folder))
        seconds = []
        memory = 0.0
        for _ in range(2):
            started = time.perf_counter()
            with psycopg.connect(postgres.start()) as connection:
                connection.execute("SELECT 1")
            seconds.append(time.perf_counter() - started)
            time.sleep(1.0)
            pid = int((postgres.cluster / "postmaster.pid").read_text().splitlines()[0])
            memory = _megabytes(pid)
            postgres.stop()
    return seconds[0], seconds[1], memory
