"""What keeps a server from starting ends in one clear sentence."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import urllib3
from demo.server_process import ServerProcess

from labelyard.plumbing.embedded_postgres import EmbeddedPostgres


def _serve(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "labelyard", "serve", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
        check=False,
    )


def _sentence(ended: subprocess.CompletedProcess[str]) -> str:
    assert ended.returncode == 1, ended
    lines = [line for line in ended.stderr.splitlines() if line.startswith("labelyard: ")]
    assert len(lines) == 1 and "Traceback" not in ended.stderr, ended.stderr
    return lines[0]


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port}" in _sentence(_serve("--data-dir", str(tmp_path / "d"), "--port", str(port)))


def test_a_data_folder_in_use_and_the_first_server_lives_on(tmp_path: Path) -> None:
    with ServerProcess(tmp_path) as first:
        assert str(tmp_path) in _sentence(_serve("--data-dir", str(tmp_path), "--port", "0"))
        assert urllib3.request("GET", f"{first.url}/readyz").status == 200
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    with ServerProcess(tmp_path):
        pass
    postgres = EmbeddedPostgres(tmp_path)
    try:
        with psycopg.connect(postgres.start()) as connection:
            connection.execute(
                "INSERT INTO schema_migrations (number, name) VALUES (9999, '9999_from_the_future.sql')"
            )
    finally:
        postgres.stop()
    assert "newer" in _sentence(_serve("--data-dir", str(tmp_path), "--port", "0"))


def test_a_database_that_is_not_there_and_a_bad_variable(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    assert "database" in _sentence(_serve("--data-dir", str(tmp_path), "--port", "0", "--database-url", url))
    assert "LABELYARD_FETCH_ALLOW" in _sentence(
        _serve("--data-dir", str(tmp_path), "--port", "0", LABELYARD_FETCH_ALLOW="not a range")
    )


def test_the_first_start_says_once_how_to_come_in(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LABELYARD_")}
    said = []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "labelyard", "serve", "--data-dir", str(tmp_path), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        assert process.stdout is not None
        first = process.stdout.readline()
        url = first.split(" ")[-1].strip()
        while True:
            try:
                if urllib3.request("GET", f"{url}/readyz", retries=False).status == 200:
                    break
            except urllib3.exceptions.HTTPError:
                continue
        process.send_signal(signal.SIGTERM)
        said.append(process.stdout.read())
        assert process.wait(30) == 0
    assert "API key   ly_" in said[0] and "password" in said[0]
    assert "API key" not in said[1] and "password" not in said[1]


def test_ctrl_c_twice_does_not_wait_for_a_request(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "labelyard", "serve", "--data-dir", str(tmp_path / "d"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        greeting = next(line for line in process.stdout if line.startswith("Labelyard is at "))
        port = int(greeting.strip().rpartition(":")[2])
        next(line for line in process.stdout if "startup complete" in line)
        with socket.create_connection(("127.0.0.1", port)) as unfinished:
            unfinished.sendall(
                b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
                b"Content-Type: application/json\r\n\r\n{"
            )
            assert urllib3.request("GET", f"http://127.0.0.1:{port}/readyz").status == 200
            process.send_signal(signal.SIGINT)
            next(line for line in process.stdout if line.startswith("Stopping: "))
            process.send_signal(signal.SIGINT)
            said = process.stdout.read()
        assert process.wait(60) == 0
    assert [line for line in said.splitlines() if not line.startswith("{")] == [
        "Stopping at once. Nothing that was acknowledged is lost.",
        "Stopped.",
    ]
    with ServerProcess(tmp_path / "d") as again:
        assert urllib3.request("GET", f"{again.url}/readyz").status == 200


def test_ctrl_c_while_starting(tmp_path: Path) -> None:
    data_dir = tmp_path / "d"
    command = [sys.executable, "-m", "labelyard", "serve", "--data-dir", str(data_dir), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 30
        while not any(data_dir.glob("*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130
    assert said == "labelyard: stopped while starting; the next start goes on from here.\n"
    with ServerProcess(data_dir) as again:
        assert urllib3.request("GET", f"{again.url}/readyz").status == 200
