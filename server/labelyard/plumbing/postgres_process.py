"""The processes of the embedded PostgreSQL: born as our child, ended with us, told apart from strangers."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from labelyard.plumbing.postgres_binaries import PostgresStartFailed

_PR_SET_PDEATHSIG = 1


def ask_to_die_with_parent() -> Callable[[], None] | None:
    """Let the kernel stop PostgreSQL (fast shutdown) when we are killed; Linux only."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def spawn_in_keeper(spawn: Callable[[], "subprocess.Popen[bytes]"]) -> "subprocess.Popen[bytes]":
    """Spawn from a thread that lives as long as the child.

    The kernel's parent-death signal fires when the spawning *thread* ends, and the caller's may end soon.
    """
    spawned = threading.Event()
    outcome: list[subprocess.Popen[bytes] | BaseException] = []

    def keep() -> None:
        try:
            process = spawn()
        except BaseException as problem:
            outcome.append(problem)
            spawned.set()
            return
        outcome.append(process)
        spawned.set()
        process.wait()

    threading.Thread(target=keep, name="postgres-keeper", daemon=True).start()
    spawned.wait()
    if isinstance(outcome[0], BaseException):
        raise PostgresStartFailed(f"PostgreSQL could not be run: {outcome[0]}") from outcome[0]
    return outcome[0]


def is_ready(pid_file: Path, pid: int) -> bool:
    """PostgreSQL writes its state on the eighth line of postmaster.pid."""
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def end_leftovers(cluster: Path, socket_dir: Path | None) -> None:
    """Hurry the end of a dead owner's server; remove its lock files only when nothing of it can still live.

    PostgreSQL itself takes a zombie, or a process that got the old number after a reboot, for a running
    server.
    """
    if not Path("/proc/self/cwd").exists():
        return
    living = processes_in(cluster)
    pid_file = cluster / "postmaster.pid"
    if not living:
        for lock_file in [pid_file, *(socket_dir.iterdir() if socket_dir else ())]:
            lock_file.unlink(missing_ok=True)
        return
    try:
        postmaster = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if postmaster in living:
        os.kill(postmaster, signal.SIGINT)


def processes_in(folder: Path) -> set[int]:
    """The processes whose working folder is `folder`: every PostgreSQL process has its cluster there."""
    wanted = folder.stat()
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                where = (entry / "cwd").stat()
            except OSError:  # ended meanwhile, a zombie, or another user's
                continue
            if (where.st_dev, where.st_ino) == (wanted.st_dev, wanted.st_ino):
                found.add(int(entry.name))
    return found
