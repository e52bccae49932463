"""kill -9 of everything while work is under way: what was acknowledged is there afterwards, nothing is there twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
import urllib3
from demo.server_process import ServerProcess

import labelbox as lb
from conftest import RunningServer
from factories import finished, make_label_project, reserve, submit

ROWS = int(os.environ.get("LABELYARD_KILL_ROWS", "30000"))


@pytest.fixture
def own_server(tmp_path: Path) -> Any:
    """A server that a test may kill."""
    with ServerProcess(tmp_path) as process:
        yield process


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


def _items(count: int) -> list[dict[str, str]]:
    return [{"row_data": f"https://example.com/{n}.jpg", "global_key": f"key {n}"} for n in range(count)]


def test_X_34_an_import_goes_on_after_kill_9(own_server: ServerProcess) -> None:
    server = _running(own_server)
    client = lb.Client(server.key, endpoint=f"{server.url}/graphql")
    dataset = client.create_dataset(name="many rows")
    task = dataset.create_data_rows(_items(ROWS))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        count = server.graphql("query($d: ID!) { dataset(where: {id: $d}) { rowCount } }", d=dataset.uid)
        if count["dataset"]["rowCount"] or task.status != "IN_PROGRESS":
            break
        time.sleep(0.01)
    _kill_everything(own_server)
    own_server.start()
    server = _running(own_server)
    ended = finished(server, task.uid, seconds=120)
    assert (ended["status"], ended["completionPercentage"]) == ("COMPLETE", 100)
    client = lb.Client(server.key, endpoint=f"{server.url}/graphql")
    rows = list(client.get_dataset(dataset.uid).data_rows())
    assert len(rows) == ROWS
    assert len({row.global_key for row in rows}) == ROWS
    assert client.get_dataset(dataset.uid).row_count == ROWS
    result = urllib3.request("GET", ended["result"]).json()
    assert len(result["createdDataRows"]) == ROWS and result["errors"] == []


def test_X_34_an_export_goes_on_after_kill_9(own_server: ServerProcess) -> None:
    server = _running(own_server)
    client = lb.Client(server.key, endpoint=f"{server.url}/graphql")
    dataset = client.create_dataset(name="many rows")
    dataset.create_data_rows(_items(ROWS)).wait_till_done(check_frequency=0.2)
    task = dataset.export(params={"data_row_details": True})
    query = "query($id: ID!) { task(where: {id: $id}) { status completionPercentage } }"
    done = 0
    deadline = time.monotonic() + 60
    while not done and time.monotonic() < deadline:
        done = server.graphql(query, id=task.uid)["task"]["completionPercentage"]
    _kill_everything(own_server)
    assert 0 < done < 100, "a part of the export was stored, and not all of it"
    own_server.start()
    server = _running(own_server)
    assert finished(server, task.uid, seconds=120)["status"] == "COMPLETE"
    client = lb.Client(server.key, endpoint=f"{server.url}/graphql")
    keys: list[str] = []
    lb.ExportTask.get_task(client, task.uid).get_buffered_stream().start(
        lambda output: keys.append(output.json["data_row"]["global_key"])
    )
    assert len(keys) == ROWS
    assert len(set(keys)) == ROWS


def test_labels_that_were_acknowledged_survive_kill_9(own_server: ServerProcess) -> None:
    server = _running(own_server)
    project_id, ids, _ = make_label_project(server, 400)
    acknowledged: dict[str, str] = {}
    stop = threading.Event()

    def work() -> None:
        try:
            while not stop.is_set() and (tasks := reserve(server, project_id)["tasks"]):
                row = tasks[0]["dataRow"]["id"]
                made = submit(server, project_id, row, idempotencyKey=f"once {row}")
                acknowledged[row] = made["id"]
        except (urllib3.exceptions.HTTPError, AssertionError, ValueError):
            return  # the server was killed under the request

    worker = threading.Thread(target=work)
    worker.start()
    while len(acknowledged) < 60:
        time.sleep(0.01)
    _kill_everything(own_server)
    stop.set()
    worker.join(30)
    before = dict(acknowledged)
    own_server.start()
    server = _running(own_server)
    listing = "query($p: ID!) { project(where: {id: $p}) { labels(first: 1000) { id dataRow { id } } } }"
    found = {
        label["dataRow"]["id"]: label["id"]
        for label in server.graphql(listing, p=project_id)["project"]["labels"]
    }
    assert before.items() <= found.items()
    assert len(found) <= len(before) + 1  # one may have been committed whose answer was lost
    for row, label_id in before.items():  # an outbox that sends again gets the same answer
        assert submit(server, project_id, row, idempotencyKey=f"once {row}")["id"] == label_id
        break
    while tasks := reserve(server, project_id, first=3)["tasks"]:
        for task in tasks:
            submit(server, project_id, task["dataRow"]["id"])
    labels = server.graphql(listing, p=project_id)["project"]["labels"]
    assert sorted(label["dataRow"]["id"] for label in labels) == sorted(ids)


def test_X_34_a_gentle_stop_and_a_second_start(own_server: ServerProcess) -> None:
    server = _running(own_server)
    project_id, ids, _ = make_label_project(server, 2)
    submit(server, project_id, ids[0])
    own_server.stop()
    assert psutil.pid_exists(own_server.pid) is False or psutil.Process(own_server.pid).status() == "zombie"
    own_server.start()
    server = _running(own_server)
    seen = server.graphql(
        "query($p: ID!) { project(where: {id: $p}) { labelCount dataRowCount } }", p=project_id
    )
    assert seen == {"project": {"labelCount": 1, "dataRowCount": 2}}
