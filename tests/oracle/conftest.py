"""A server that may fetch from this machine, and pictures that are served to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from demo.server_process import ServerProcess

from oracle.reference_rows import serving_pictures


@dataclass(frozen=True)
class Surroundings:
    """What a script is told."""

    url: str
    key: str
    pictures: Path
    pictures_url: str


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surroundings]:
    """A running server, six pictures in a folder, and the folder's address.

    The server is one of its own: the others may not fetch from loopback addresses, as a server in the world may not.
    """
    pictures = tmp_path_factory.mktemp("oracle") / "pictures"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABELYARD_FETCH_ALLOW", "127.0.0.0/8")
        process = ServerProcess(tmp_path_factory.mktemp("oracle-server"))
        process.start()
    try:
        with serving_pictures(pictures) as address:
            yield Surroundings(process.url, process.credentials.api_key, pictures, address)
    finally:
        process.stop()
