"""A full disk: one clear sentence, nothing acknowledged is lost, and it goes on when there is room again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from demo.server_process import ServerProcess

from conftest import RunningServer
from factories import UPLOAD, make_dataset, make_rows, upload

SIZE = 330_000_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 330 MB that belongs to this test."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:  # nothing may be left for closing, which would fail, too
        try:
            while True:
                file.write(b"\0" * 65_536)
        except OSError:
            return


def _try_upload(server: Any) -> urllib3.BaseHTTPResponse:
    import json

    variables = {"file": None, "contentLength": 1, "sign": False}
    return urllib3.request(
        "POST",
        f"{server.url}/graphql",
        fields=[
            ("operations", (None, json.dumps({"query": UPLOAD, "variables": variables}))),
            ("map", (None, '{"1": ["variables.file"]}')),
            ("1", ("a.bin", os.urandom(200_000), "application/octet-stream")),
        ],
        headers={"Authorization": f"Bearer {server.key}"},
        retries=False,
    )


def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    data = small_disk / "data"
    with ServerProcess(data) as process:
        known = process.credentials
        server = RunningServer(process.url, known.email, known.password, known.api_key, process)
        dataset_id = make_dataset(server)
        ids = make_rows(server, 20, dataset_id)
        filler = small_disk / "filler"
        _fill(filler)
        refused = _try_upload(server)
        assert refused.status == 503, refused.data
        message = refused.json()["errors"][0]["message"]
        assert message == "The server's disk is full; nothing was changed."
        listing = "query($d: ID!) { dataset(where: {id: $d}) { dataRows(first: 100) { id } } }"
        seen = server.graphql(listing, d=dataset_id)["dataset"]["dataRows"]
        assert [row["id"] for row in seen] == ids
        filler.unlink()
        assert upload(server, "a.bin", b"there is room again", "application/octet-stream")["url"]
        more = make_rows(server, 5, dataset_id)
        seen = server.graphql(listing, d=dataset_id)["dataset"]["dataRows"]
        assert [row["id"] for row in seen] == ids + more


def test_a_start_on_a_full_disk_says_so(small_disk: Path) -> None:
    _fill(small_disk / "filler")
    ended = subprocess.run(
        [sys.executable, "-m", "labelyard", "serve", "--data-dir", str(small_disk / "data"), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    lines = [line for line in ended.stderr.splitlines() if line.startswith("labelyard: ")]
    assert ended.returncode == 1 and len(lines) == 1 and "Traceback" not in ended.stderr, ended.stderr
