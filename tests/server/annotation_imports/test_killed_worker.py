"""A worker that is killed in the middle of an import and of exports: its successor goes on, nothing is twice."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from server.annotation_imports.conftest import ndjson
from server.exports.test_exports import finish, order, stream

_BOXES, _POINTS = 5_000, 2_500


def test_a_killed_worker_is_succeeded(
    server: Any, image_project: Any, run_import: Any, start_import: Any, finish_import: Any
) -> None:
    lines: list[dict[str, Any]] = []
    for row in image_project.data_row_ids:
        box = {"top": 1, "left": 1, "height": 5, "width": 5}
        lines += [
            {"uuid": f"b{n} {row}", "dataRow": {"id": row}, "name": "Car", "bbox": box} for n in range(_BOXES)
        ]
        lines += [
            {"uuid": f"p{n} {row}", "dataRow": {"id": row}, "name": "Sign", "point": {"x": 1, "y": 1}}
            for n in range(_POINTS)
        ]
    assert run_import("labelImport", image_project.id, "first", lines)["state"] == "FINISHED"

    second = start_import("labelImport", image_project.id, "second", lines)["id"]
    exports = [order(server, image_project.id)["taskId"] for _ in range(5)]
    progress = 0
    while progress < 10:
        found = server.graphql("query($id: ID!) { labelImport(where: {id: $id}) { progress } }", id=second)
        progress = int(found["labelImport"]["progress"].rstrip("%"))
    assert progress < 80, "the import should still be reading its lines"
    os.kill(_worker_of(server.process.pid), signal.SIGKILL)

    finished = finish_import("labelImport", second)
    assert finished["state"] == "FINISHED"
    statuses = ndjson(finished["statusFileUrl"])
    assert [status["uuid"] for status in statuses] == [line["uuid"] for line in lines]
    assert {status["status"] for status in statuses} == {"SUCCESS"}
    assert ndjson(finished["errorFileUrl"]) == []
    for task_id in exports:
        finish(server, task_id)
        ids = [json.loads(line)["data_row"]["id"] for line in stream(server, task_id).splitlines()]
        assert ids == sorted(image_project.data_row_ids)
    last = order(server, image_project.id)["taskId"]
    finish(server, last)
    for line in stream(server, last).splitlines():
        labels = json.loads(line)["projects"][image_project.id]["labels"]
        assert len(labels) == 2, "one label of each import"
        for label in labels:
            features = [entry["feature_id"] for entry in label["annotations"]["objects"]]
            assert len(set(features)) == len(features) == _BOXES + _POINTS


def _worker_of(server_pid: int) -> int:
    """The process that works for a server, once it is there."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
                command = (stat.parent / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == server_pid and b"labelyard\0work\0" in command:
                return int(stat.parent.name)
        time.sleep(0.05)
    raise AssertionError("The server has no worker.")
