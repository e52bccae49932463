"""A database of one's own, a server without a worker, and a worker by itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from conftest import RunningServer
from factories import TASK, finished, item, make_dataset, upload_json
from labelyard.plumbing.embedded_postgres import EmbeddedPostgres

ENVIRONMENT = {
    **os.environ,
    "LABELYARD_ADMIN_EMAIL": "a@example.com",
    "LABELYARD_ADMIN_PASSWORD": "password",
    "LABELYARD_ADMIN_API_KEY": "the key",
}


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """A PostgreSQL that is not the server's own."""
    postgres = EmbeddedPostgres(tmp_path / "elsewhere")
    try:
        yield postgres.start()
    finally:
        postgres.stop()


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def _start(log: Path, *arguments: str) -> subprocess.Popen[str]:
    with log.open("a") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "labelyard", *arguments],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )


def test_a_server_without_a_worker_and_a_worker_by_itself(
    tmp_path: Path, database_url: str, processes: list[subprocess.Popen[str]]
) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    shared = ("--data-dir", str(data), "--database-url", database_url)
    serve = _start(log, "serve", *shared, "--port", "0", "--no-worker")
    processes.append(serve)
    assert serve.stdout is not None
    url = serve.stdout.readline().split(" ")[-1].strip()
    server: Any = RunningServer(url, "a@example.com", "password", "the key", None)  # type: ignore[arg-type]
    while urllib3.request("GET", f"{url}/readyz").status != 200:
        time.sleep(0.05)
    assert not (data / "postgres").exists()
    dataset_id = make_dataset(server)
    manifest = upload_json(
        server, {"source": "SDK", "item_count": 1, "chunk_uris": [upload_json(server, [item(dataset_id)])]}
    )
    started = server.graphql(
        "mutation($m: String!) { upsertDataRows(data: {manifestUri: $m}) { id } }", m=manifest
    )
    task_id = started["upsertDataRows"]["id"]
    time.sleep(1)
    waiting = server.graphql(TASK, id=task_id)["user"]["createdTasks"][0]
    assert waiting["status"] == "IN_PROGRESS"
    processes.append(_start(log, "work", *shared))
    assert finished(server, task_id)["status"] == "COMPLETE"


def test_X_28_each_request_is_one_line_of_json(server: Any) -> None:
    urllib3.request(
        "POST",
        f"{server.url}/graphql",
        json={"query": "{ user { id } }"},
        headers={
            "Authorization": f"Bearer {server.key}",
            "X-User-Agent": "python-sdk 9.9.9",
            "X-Python-Version": "3.11.7-final",
            "X-SDK-Method": "Client:get_user",
            "X-Request-Id": "a request of mine",
        },
    )
    for _ in range(50):
        lines = [
            json.loads(line) for line in (server.process.data_dir / "server.log").read_text().splitlines()
        ]
        found = [line for line in lines if line.get("request_id") == "a request of mine"]
        if found:
            break
        time.sleep(0.02)
    (line,) = found
    assert (line["message"], line["status"], line["level"]) == ("POST /graphql", 200, "INFO")
    assert (line["client"], line["python"], line["sdk_method"]) == (
        "python-sdk 9.9.9",
        "3.11.7-final",
        "Client:get_user",
    )
    assert line["milliseconds"] > 0 and server.key not in json.dumps(lines)
