"""Dataset and Task, as the API reference describes them: rows R-DS, R-TK."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import urllib3

import labelbox as lb
from factories import unique
from labelbox import exceptions
from labelbox.schema.task import Task
from reference import clients

URL = "https://example.com/photos/img_01.jpg"


def test_R_DS_01_R_DS_02_R_DS_03_R_DS_04_R_DS_05_R_DS_11_fields_and_update(client: lb.Client) -> None:
    name = unique("dataset")
    made = client.create_dataset(name=name)
    assert (made.name, made.description) == (name, "")
    assert isinstance(made.created_at, datetime) and isinstance(made.updated_at, datetime)
    before = made.updated_at
    made.update(name=f"{name} b", description="changed")
    assert (made.name, made.description) == (f"{name} b", "changed") and made.updated_at >= before
    found = client.get_dataset(made.uid)
    assert (found.name, found.description) == (f"{name} b", "changed")
    with pytest.raises(exceptions.InvalidAttributeError):
        made.update(colour="red")


def test_R_DS_06_R_PJ_12_datasets_of_a_project(
    client: lb.Client, project: lb.Project, dataset: lb.Dataset
) -> None:
    assert list(dataset.projects()) == []
    project.datasets.connect(dataset)
    assert [found.uid for found in dataset.projects()] == [project.uid]
    assert [found.uid for found in project.datasets()] == [dataset.uid]
    with pytest.raises(exceptions.InvalidQueryError):
        dataset.projects.connect(project)
    project.datasets.disconnect(dataset)
    assert list(dataset.projects()) == [] and list(project.datasets()) == []


def test_R_DS_07_data_rows_filtered_and_ordered(dataset: lb.Dataset) -> None:
    (found,) = dataset.data_rows(where=lb.DataRow.external_id == "row 3")
    assert found.external_id == "row 3"
    names = [f"row {n}" for n in range(6)]
    assert [row.external_id for row in dataset.data_rows(order_by=lb.DataRow.external_id.asc)] == names
    assert [row.external_id for row in dataset.data_rows(order_by=lb.DataRow.external_id.desc)] == names[::-1]
    assert sorted(row.external_id for row in dataset.data_rows()) == names


def test_R_DS_08_R_DS_09_who_and_where(client: lb.Client, dataset: lb.Dataset) -> None:
    assert dataset.created_by() == client.get_user()
    assert dataset.organization() == client.get_organization()


def test_R_DS_10_delete_takes_it_out_of_its_projects(project: lb.Project, dataset: lb.Dataset) -> None:
    project.datasets.connect(dataset)
    dataset.delete()
    assert list(project.datasets()) == []


def test_R_DS_10_delete(client: lb.Client, dataset: lb.Dataset) -> None:
    row = next(dataset.data_rows())
    dataset.delete()
    assert list(client.get_datasets(where=lb.Dataset.name == unique(""))) == []
    assert dataset.uid not in {found.uid for found in client.get_datasets()}
    with pytest.raises(exceptions.ResourceNotFoundError):
        client.get_dataset(dataset.uid)
    until(lambda: _is_gone(client, row.uid))


def test_R_DS_10_X_21_a_deleted_dataset_is_empty_at_once(client: lb.Client) -> None:
    dataset = client.create_dataset(name=unique("dataset"))
    items = [{"row_data": f"https://example.com/{n}.jpg", "external_id": "the same"} for n in range(3_000)]
    clients.add_rows(dataset, items)
    assert len(dataset.data_rows_for_external_id("the same")) == 10
    dataset.delete()
    assert dataset.data_rows().get_one() is None
    with pytest.raises(exceptions.ResourceNotFoundError):
        dataset.data_row_for_external_id("the same")


def test_R_DS_12_R_DS_13_R_DS_14_create_data_row(client: lb.Client) -> None:
    made = client.create_dataset(name=unique("dataset"))
    row = made.create_data_row(row_data=URL)
    assert row.row_data == URL
    assert [found.uid for found in made.data_rows()] == [row.uid]


def test_R_DS_13_R_DS_14_a_data_row_that_cannot_be(client: lb.Client) -> None:
    made = client.create_dataset(name=unique("dataset"))
    with pytest.raises(clients.refusal(exceptions.InvalidQueryError, ValueError)):
        made.create_data_row(external_id="no data")
    with pytest.raises(exceptions.InvalidAttributeError):
        made.create_data_row(row_data=URL, flavour="sweet")
    assert list(made.data_rows()) == []


def test_R_DS_15_R_DS_16_R_DS_17_R_DS_19_R_DS_21_R_DR_05_create_data_rows(
    client: lb.Client, served: tuple[Path, str], tmp_path: Path
) -> None:
    path = tmp_path / "picture.jpg"
    path.write_bytes(sorted(served[0].glob("*.jpg"))[0].read_bytes())
    made = client.create_dataset(name=unique("dataset"))
    task = made.create_data_rows(
        [{lb.DataRow.row_data: URL}, {"row_data": f"{URL}2", "external_id": "second"}, str(path)]
    )
    assert isinstance(task, Task) and task.status in ("IN_PROGRESS", "COMPLETE")
    (found,) = client.get_user().created_tasks(where=Task.uid == task.uid)
    assert found.uid == task.uid
    task.wait_till_done()
    assert task.status == "COMPLETE" and getattr(task, "errors", None) is None  # 2.x has no errors of tasks
    rows = {row.external_id: row for row in made.data_rows()}
    assert set(rows) == {None, "second", str(path)}
    assert rows[None].row_data == URL
    assert urllib3.request("GET", rows[str(path)].row_data).data == path.read_bytes()


def test_R_DS_18_R_DS_20_R_DS_22_items_that_cannot_be(client: lb.Client) -> None:
    made = client.create_dataset(name=unique("dataset"))
    for items in (
        [{"external_id": "a"}],
        [{"row_data": URL}, {"external_id": "a"}],
        [],
        [7],
        ["/no/such/file"],
    ):
        with pytest.raises(exceptions.InvalidQueryError):
            made.create_data_rows(items)
    with pytest.raises(exceptions.InvalidAttributeError):
        made.create_data_rows([{"row_data": URL, "flavour": "sweet"}])
    made.delete()
    with pytest.raises(exceptions.LabelboxError):
        task = made.create_data_rows([{"row_data": URL}])
        task.wait_till_done()
        if task.errors or task.status != "COMPLETE":
            raise exceptions.LabelboxError(str(task.errors))


def test_R_DS_23_R_DS_24_R_DS_25_by_external_id(client: lb.Client, caplog: pytest.LogCaptureFixture) -> None:
    made = client.create_dataset(name=unique("dataset"))
    rows = [made.create_data_row(row_data=URL, external_id=name) for name in ("one", "two", "two", "two")]
    assert made.data_row_for_external_id("one").uid == rows[0].uid
    with pytest.raises(exceptions.ResourceNotFoundError):
        made.data_row_for_external_id("none")
    with caplog.at_level(logging.WARNING):
        assert made.data_row_for_external_id("two").external_id == "two"
    assert "two" in caplog.text
    assert {row.uid for row in made.data_rows_for_external_id("two")} == {row.uid for row in rows[1:]}
    assert len(made.data_rows_for_external_id("two", limit=2)) == 2


def test_R_DS_26_R_TK_06_R_TK_10_R_TK_11_five_thousand_rows(client: lb.Client) -> None:
    made = client.create_dataset(name=unique("dataset"))
    items = ({"row_data": f"{URL}?{n}", "external_id": str(n)} for n in range(5_000))
    # a published client from 3.x on reads what it is given twice
    task = made.create_data_rows(items if clients.surroundings() is None else list(items))
    seen = {task.status}
    shares = [task.completion_percentage]
    deadline = time.monotonic() + 60
    while task.status == "IN_PROGRESS" and time.monotonic() < deadline:
        task.refresh()
        seen.add(task.status)
        shares.append(task.completion_percentage)
    assert seen == {"IN_PROGRESS", "COMPLETE"} and shares == sorted(shares)
    assert shares[-1] == 100 and all(0 <= share <= 100 for share in shares)
    assert {row.external_id for row in made.data_rows()} == {str(n) for n in range(5_000)}
    started = time.monotonic()
    task.wait_till_done()
    assert time.monotonic() - started < 5


def test_R_DS_27_a_film_keeps_its_length_and_type(client: lb.Client, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\x00\x00\x00\x20ftypisom" + bytes(range(256)) * 40)
    url = client.upload_file(str(film))
    head = urllib3.request("HEAD", url)
    assert head.status == 200
    assert (int(head.headers["content-length"]), head.headers["content-type"]) == (
        film.stat().st_size,
        "video/mp4",
    )


def test_R_TK_01_R_TK_02_R_TK_03_R_TK_04_R_TK_05_R_TK_07_R_TK_08_R_TK_09_a_task(
    client: lb.Client, client_of: Callable[[str], lb.Client]
) -> None:
    made = client.create_dataset(name=unique("dataset"))
    task = made.create_data_rows([{"row_data": URL}])
    assert isinstance(task, Task)
    assert isinstance(task.created_at, datetime) and isinstance(task.updated_at, datetime)
    assert task.created_at.tzinfo == UTC and task.name == "JSON Import"
    assert task.status in ("IN_PROGRESS", "COMPLETE", "FAILED")
    task.wait_till_done()
    task.refresh()
    assert (task.status, task.completion_percentage) == ("COMPLETE", 100)
    assert task.created_by() == client.get_user()
    assert task.organization() == client.get_organization()


def test_X_20_X_31_X_33_each_bad_row_says_its_reason(client: lb.Client, dataset: lb.Dataset) -> None:
    key = f"{dataset.uid} 0"
    task = dataset.create_data_rows(
        [{"row_data": URL, "global_key": key}, {"row_data": URL, "external_id": "fine"}]
    )
    task.wait_till_done()
    assert task.status == "COMPLETE"
    (error,) = task.errors
    assert error["message"] == f"Duplicate global key: '{key}'"
    assert [row["globalKey"] for row in error["failedDataRows"]] == [key]
    assert [row["external_id"] for row in task.created_data_rows] == ["fine"]


def until(ready: Callable[[], bool], seconds: float = 20) -> None:
    """Asks until it is so. Raises AssertionError when it never is."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _is_gone(client: lb.Client, data_row_id: str) -> bool:
    return clients.is_gone(client, "dataRow", data_row_id)
