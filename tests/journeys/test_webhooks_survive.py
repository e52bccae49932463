"""kill -9 of everything while webhooks are told of labels: each label is told of at least once."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest
from demo.server_process import ServerProcess

from conftest import RunningServer
from factories import make_label_project, submit
from labelyard.plumbing.embedded_postgres import running_dsn
from receiver import receiving

LABELS = 30


def _running(process: ServerProcess) -> RunningServer:
    known = process.credentials
    return RunningServer(process.url, known.email, known.password, known.api_key, process)


def _kill_everything(process: ServerProcess) -> None:
    """SIGKILL for the server, its worker and its database, all at once."""
    parent = psutil.Process(process.pid)
    family = [*parent.children(recursive=True), parent]
    for member in family:
        member.send_signal(signal.SIGKILL)
    psutil.wait_procs(family, timeout=10)
    process.stop()


def test_deliveries_survive_kill_9(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELYARD_FETCH_ALLOW", "127.0.0.0/8")
    begun, killed = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        killed.wait(20)

    with receiving() as receiver, ServerProcess(tmp_path) as process:
        server = _running(process)
        project, rows, _ = make_label_project(server, LABELS)
        receiver.hold = hold
        server.graphql(
            "mutation($d: CreateWebhookInput!) { createWebhook(data: $d) { id } }",
            d={
                "project": {"id": project},
                "topics": {"set": ["LABEL_CREATED"]},
                "url": receiver.url,
                "secret": "s",
            },
        )
        labels = [submit(server, project, row)["id"] for row in rows]
        assert begun.wait(20)
        _kill_everything(process)
        receiver.hold = None
        killed.set()
        process.start()
        deadline = time.monotonic() + 60
        while {entry.payload["id"] for entry in receiver.arrived} != set(labels):
            assert time.monotonic() < deadline, f"{len(receiver.arrived)} deliveries of {LABELS}"
            time.sleep(0.05)
        arrived = [entry.payload["id"] for entry in receiver.arrived]
        assert list(dict.fromkeys(arrived)) == labels
        assert arrived.count(labels[0]) == 2  # its answer was never written down
        dsn = running_dsn(tmp_path)
        assert dsn is not None
        with psycopg.connect(dsn, autocommit=True) as database:
            while True:
                left = database.execute(
                    "SELECT count(*) FROM webhook_deliveries WHERE state <> 'DELIVERED'"
                ).fetchone()
                if left == (0,):
                    break
                assert time.monotonic() < deadline, left
                time.sleep(0.05)
