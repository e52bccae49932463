"""A server that may deliver to this machine, its database, and somebody who listens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from demo.server_process import ServerProcess

from conftest import RunningServer
from labelyard.plumbing.embedded_postgres import running_dsn
from receiver import Receiver, receiving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that may deliver to 127.0.0.0/9, and so not to 127.128.0.1."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABELYARD_FETCH_ALLOW", "127.0.0.0/9")
        process = ServerProcess(tmp_path_factory.mktemp("webhooks-server"))
        process.start()
    try:
        known = process.credentials
        yield RunningServer(process.url, known.email, known.password, known.api_key, process)
    finally:
        process.stop()


@pytest.fixture
def database(server: RunningServer) -> Iterator[psycopg.Connection[Any]]:
    """The server's own database, to let time pass in it."""
    dsn = running_dsn(Path(server.process.data_dir))
    assert dsn is not None
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who listens."""
    with receiving() as made:
        yield made
