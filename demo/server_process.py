"""A server of one's own for the length of the demo."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import urllib3

_START_SECONDS = 60


@dataclass(frozen=True)
class Credentials:
    """How the demo comes in."""

    email: str
    password: str
    api_key: str


class ServerProcess:
    """`labelyard serve` on a data folder, on a free port."""

    def __init__(self, data_dir: Path, port: int = 0) -> None:
        self.data_dir = data_dir
        self.credentials = _credentials(data_dir)
        self.url = ""
        self._port = port
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> ServerProcess:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Starts the server and waits until it answers. Raises RuntimeError with what it said when it does not."""
        environment = {
            **os.environ,
            "LABELYARD_ADMIN_EMAIL": self.credentials.email,
            "LABELYARD_ADMIN_PASSWORD": self.credentials.password,
            "LABELYARD_ADMIN_API_KEY": self.credentials.api_key,
        }
        log = self.data_dir / "server.log"
        with log.open("w") as file:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "labelyard",
                    "serve",
                    "--data-dir",
                    str(self.data_dir),
                    "--port",
                    str(self._port),
                ],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if "http" not in line:
            raise RuntimeError(f"The server did not start: {log.read_text()[-2000:]}")
        self.url = line.split(" ")[-1].strip()
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                if urllib3.request("GET", f"{self.url}/readyz", retries=False, timeout=2).status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                time.sleep(0.05)
        raise RuntimeError(f"The server does not answer: {log.read_text()[-2000:]}")

    def stop(self) -> None:
        """Ends the server as SIGTERM does."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def wait(self) -> None:
        """Blocks until the server ends."""
        assert self._process is not None
        self._process.wait()

    def sign_in_link(self, to: str) -> str:
        """A link that opens a page of the web app, signed in, once."""
        answer = urllib3.request(
            "POST",
            f"{self.url}/api/v1/sign-in-links",
            json={"to": to},
            headers={"Authorization": f"Bearer {self.credentials.api_key}"},
        )
        url: str = answer.json()["url"]
        return url


def _credentials(data_dir: Path) -> Credentials:
    """The same ones as last time on this folder, else new ones."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data_dir / "demo-credentials.json"
    if path.exists():
        return Credentials(**json.loads(path.read_text()))
    made = Credentials("demo@localhost", secrets.token_urlsafe(9), "ly_" + secrets.token_urlsafe(32))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(made), file)
    return made
