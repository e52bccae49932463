"""A server that may fetch from this machine, and pictures that are served to it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from demo import scenes
from demo.server_process import ServerProcess


@dataclass(frozen=True)
class Surroundings:
    """What a script is told."""

    url: str
    key: str
    pictures: Path
    pictures_url: str


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surroundings]:
    """A running server, six pictures in a folder, and the folder's address.

    The server is one of its own: the others may not fetch from loopback addresses, as a server in the world may not.
    """
    pictures = tmp_path_factory.mktemp("oracle") / "pictures"
    pictures.mkdir()
    scenes.render(pictures, 6)
    handler = functools.partial(_Quiet, directory=str(pictures))
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABELYARD_FETCH_ALLOW", "127.0.0.0/8")
        process = ServerProcess(tmp_path_factory.mktemp("oracle-server"))
        process.start()
    try:
        address = f"http://127.0.0.1:{web.server_address[1]}"
        yield Surroundings(process.url, process.credentials.api_key, pictures, address)
    finally:
        process.stop()
        web.shutdown()
