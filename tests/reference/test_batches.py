"""Batches, as the project guide describes them."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

import labelbox as lb
from factories import make_batch, make_rows, make_user, next_rows, states, submit, unique
from labelbox.exceptions import (
    LabelboxError,
    MalformedQueryException,
    ResourceConflict,
    ResourceNotFoundError,
)
from reference import clients


@pytest.fixture
def ids(dataset: lb.Dataset) -> list[str]:
    """The dataset's rows, oldest first."""
    return sorted(row.uid for row in dataset.data_rows())


@pytest.fixture(scope="module")
def texts(client: lb.Client) -> lb.Dataset:
    """A dataset of 1,000 texts."""
    dataset = client.create_dataset(name="texts")
    task = dataset.create_data_rows(
        [{"row_data": f"text {n}", "global_key": unique("t")} for n in range(1000)]
    )
    task.wait_till_done()
    assert task.errors is None
    return dataset


@pytest.fixture
def text_project(client: lb.Client) -> lb.Project:
    """A new text project without rows."""
    return client.create_project(name="texts", media_type=lb.MediaType.Text)


def _names(project: lb.Project) -> list[str]:
    return sorted(batch.name for batch in project.batches())


def test_P_BA_01_ids_or_keys_and_not_both(project: lb.Project, ids: list[str]) -> None:
    for given in ({"data_rows": ids, "global_keys": ["a"]}, {}, {"data_rows": []}, {"data_rows": [1]}):
        with pytest.raises(clients.refusal(ValueError, MalformedQueryException)):
            project.create_batch("b", **given)
    assert _names(project) == []


def test_P_BA_02_P_GB_02_rows_as_ids_objects_and_keys(project: lb.Project, dataset: lb.Dataset) -> None:
    rows = list(dataset.data_rows())
    made = [
        project.create_batch("ids", data_rows=[row.uid for row in rows[:2]]),
        project.create_batch("objects", data_rows=rows[2:3]),
        project.create_batch("keys", global_keys=[row.global_key for row in rows[3:]]),
    ]
    assert [(batch.name, batch.size) for batch in made] == [("ids", 2), ("objects", 1), ("keys", 3)]
    assert all(isinstance(batch.created_at, datetime) for batch in made)
    assert all(isinstance(batch.updated_at, datetime) for batch in made)
    assert [list(batch.failed_data_row_ids) for batch in made] == [[], [], []]
    assert made[0].project().uid == project.uid
    assert project.client.get_project(project.uid).data_row_count == 6


def test_global_keys_take_the_names_that_moving_takes(project: lb.Project, dataset: lb.Dataset) -> None:
    keys = [row.global_key for row in dataset.data_rows()]
    one, other = lb.GlobalKeys(keys[:2]), [lb.GlobalKey(keys[2])]
    assert project.create_batch("list object", global_keys=one).size == 2
    assert project.create_batch("single names", global_keys=other).size == 1
    task = project.create_batches("many-", global_keys=lb.GlobalKeys(keys[3:]))
    task.wait_till_done()
    assert [batch.size for batch in task.result()] == [3]
    for wrong in (keys[0], [1], [lb.UniqueId("a")]):
        with pytest.raises(ValueError):
            project.create_batch("wrong", global_keys=wrong)
        with pytest.raises(ValueError):
            project.create_batches("wrong", global_keys=wrong)


def test_P_BA_03_P_BA_04_P_BA_05_priorities_order_batches(
    server: Any, client: lb.Client, project: lb.Project, ready: lb.Project, ids: list[str]
) -> None:
    other = clients.new_project(client, "ordered")
    other.connect_ontology(ready.ontology())
    other.create_batch("lowest", data_rows=ids[0:2])
    other.create_batch("second", data_rows=ids[2:4], priority=2)
    other.create_batch("first", data_rows=ids[4:6], priority=1)
    assert next_rows(server, other.uid) == [ids[n] for n in (4, 5, 2, 3, 0, 1)]
    listed = {lpo.data_row().uid: lpo.priority for lpo in other.labeling_parameter_overrides()}
    assert listed == dict(zip(ids, [5, 5, 2, 2, 1, 1], strict=True))


@pytest.mark.parametrize(
    ("priority", "expected"),
    [
        ("abcd", LabelboxError),
        (None, LabelboxError),
        (0, MalformedQueryException),
        (6, MalformedQueryException),
    ],
)
def test_P_BA_03_other_priorities_are_refused(
    project: lb.Project, ids: list[str], priority: Any, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        project.create_batch("b", data_rows=ids, priority=priority)
    assert _names(project) == [] and project.client.get_project(project.uid).data_row_count == 0


def test_P_BA_06_consensus_settings_come_back_as_they_were_given(project: lb.Project, ids: list[str]) -> None:
    given = {"number_of_labels": 3, "coverage_percentage": 0.1}
    batch = project.create_batch("b", data_rows=ids, consensus_settings=given)
    assert batch.consensus_settings == given
    assert project.client.get_batch(project.uid, batch.uid).consensus_settings == given


def test_P_BA_07_a_tenth_of_1000_rows_needs_three_labels(
    server: Any, text_project: lb.Project, texts: lb.Dataset
) -> None:
    batch = text_project.create_batch(
        "all",
        data_rows=list(texts.data_rows()),
        consensus_settings={"number_of_labels": 3, "coverage_percentage": 0.1},
    )
    assert batch.size == 1000
    remaining = server.graphql(
        "mutation($d: ReserveDataRowsInput!) { reserveDataRows(data: $d) { remaining } }",
        d={"projectId": text_project.uid, "queueType": "LabelingQueue", "first": 1},
    )["reserveDataRows"]["remaining"]
    assert remaining == 900 + 100 * 3


def test_P_BM_01_P_BM_03_what_create_batches_refuses(
    server: Any, project: lb.Project, dataset: lb.Dataset, ids: list[str]
) -> None:
    keys = [row.global_key for row in dataset.data_rows()]
    too_many = [f"c{n:024}" for n in range(1_000_001)]
    for given in ({"data_rows": too_many}, {"data_rows": ids, "global_keys": keys}, {}):
        with pytest.raises(clients.refusal(ValueError, MalformedQueryException)):
            project.create_batches("b", **given)
    document = """mutation($p: ID!, $i: CreateBatchesInput!) { project(where: {id: $p}) {
      createBatches(input: $i) { tasks { batchUuid } } } }"""
    for given, words in (
        ({"dataRowIds": too_many}, "1000001"),
        ({"dataRowIds": ids, "globalKeys": keys}, "not both"),
        ({"dataRowIds": too_many[:3]}, "No valid data rows"),
        ({"globalKeys": [*keys, "no such key"]}, "no such key"),
    ):
        answer = server.answer(document, p=project.uid, i={"batchNamePrefix": "b", **given})
        assert answer["errors"][0]["extensions"]["code"] == "MALFORMED_REQUEST"
        assert words in answer["errors"][0]["message"]
    assert _names(project) == []


def test_P_BM_04_P_BM_06_P_BM_07_P_BM_08_a_task_for_many_batches(
    project: lb.Project, dataset: lb.Dataset
) -> None:
    rows = list(dataset.data_rows())
    task = project.create_batches("demo-", global_keys=[row.global_key for row in rows[:4]])
    task.wait_till_done()
    assert task.errors() is None
    assert [(batch.name, batch.size) for batch in task.result()] == [("demo-0000", 4)]
    task = project.create_batches("other-", data_rows=rows)
    task.wait_till_done()
    assert [(batch.name, batch.size) for batch in task.result()] == [("other-0000", 2)]


def test_P_BM_05_a_taken_name_makes_nothing(project: lb.Project, ids: list[str]) -> None:
    project.create_batch("many-0000", data_rows=ids[:1])
    with pytest.raises(ResourceConflict):
        project.create_batches("many-", data_rows=ids)
    with pytest.raises(ResourceConflict):
        project.create_batch("many-0000", data_rows=ids)
    assert _names(project) == ["many-0000"]
    assert project.client.get_project(project.uid).data_row_count == 1


def test_a_batch_that_stays_empty_leaves_no_name_behind(project: lb.Project, ids: list[str]) -> None:
    project.create_batch("all", data_rows=ids)
    task = project.create_batches("again-", data_rows=ids)
    task.wait_till_done()
    (error,) = task.errors().values()
    assert error == {"error": "No valid data rows to add to project"}
    assert task.result() == []
    assert _names(project) == ["all"]


def test_P_BD_01_P_BD_02_P_BD_03_batches_of_a_dataset(
    text_project: lb.Project, texts: lb.Dataset, client: lb.Client
) -> None:
    task = text_project.create_batches_from_dataset("set-", texts.uid)
    task.wait_till_done()
    assert task.errors() is None
    assert [(batch.name, batch.size) for batch in task.result()] == [("set-0000", 1000)]
    with pytest.raises(MalformedQueryException, match="already"):
        text_project.create_batches_from_dataset("none-", texts.uid)
    dataset = client.create_dataset(name="growing")
    for number in range(2):
        made = dataset.create_data_rows([{"row_data": f"text {n}"} for n in range(3)])
        made.wait_till_done()
        task = text_project.create_batches_from_dataset(f"part-{number}-", dataset.uid)
        task.wait_till_done()
        assert [(batch.name, batch.size) for batch in task.result()] == [(f"part-{number}-0000", 3)]
    with pytest.raises(clients.refusal(ResourceNotFoundError, TypeError)):
        text_project.create_batches_from_dataset("no-", "c" + "0" * 24)
    assert text_project.client.get_project(text_project.uid).data_row_count == 1006


def test_P_GB_01_P_GB_03_P_GB_04_150_batches_are_listed(text_project: lb.Project, texts: lb.Dataset) -> None:
    rows = list(texts.data_rows())[:150]
    made = {text_project.create_batch(f"b {n}", data_rows=[row]).uid for n, row in enumerate(rows)}
    listed = list(text_project.batches())
    assert {batch.uid for batch in listed} == made and len(listed) == 150
    assert {batch.name for batch in listed} == {f"b {n}" for n in range(150)}
    found = text_project.client.get_batch(text_project.uid, listed[77].uid)
    assert (found.uid, found.name) == (listed[77].uid, listed[77].name)
    for project_id, batch_id in ((text_project.uid, "c" + "0" * 24), ("c" + "0" * 24, listed[0].uid)):
        with pytest.raises(clients.refusal(ResourceNotFoundError, IndexError, TypeError)):
            text_project.client.get_batch(project_id, batch_id)


def test_what_create_batch_refuses_changes_nothing(
    server: Any, client: lb.Client, project: lb.Project, ids: list[str]
) -> None:
    nowhere = "c" + "0" * 24
    with pytest.raises(
        MalformedQueryException, match="No valid data rows to be added from the list provided!"
    ):
        project.create_batch("b", data_rows=[nowhere])
    with pytest.raises(MalformedQueryException, match="global keys do not exist: no such key"):
        project.create_batch("b", global_keys=["no such key"])
    for settings in (
        {"numberOfLabels": 0, "coveragePercentage": 1},
        {"numberOfLabels": 2, "coveragePercentage": 2},
    ):
        with pytest.raises(AssertionError, match="MALFORMED_REQUEST"):
            make_batch(server, project.uid, ids, consensusSettings=settings)
    with pytest.raises(ValueError, match="100,000"):
        project.create_batch("b", data_rows=[f"{n}" for n in range(100_001)])
    with pytest.raises(MalformedQueryException, match="blank"):
        project.create_batch("  ", data_rows=ids)
    assert _names(project) == []
    made = project.create_batch("b", data_rows=[*ids, nowhere])
    assert (made.size, made.failed_data_row_ids) == (6, [nowhere])
    with pytest.raises(MalformedQueryException, match="No valid data rows to add to project"):
        project.create_batch("c", data_rows=ids)
    text = client.create_project(name="text", media_type=lb.MediaType.Text)
    with pytest.raises(MalformedQueryException, match="media type"):
        text.create_batch("b", data_rows=ids)
    labeler = lb.Client(make_user(server)[1], endpoint=client.endpoint).get_project(text.uid)
    with pytest.raises(lb.exceptions.AuthorizationError):
        labeler.create_batch("b", data_rows=ids)
    assert _names(text) == []
    text.delete()
    with pytest.raises(ResourceNotFoundError):
        text.create_batch("b", data_rows=ids)


def test_a_refused_large_batch_leaves_its_name_free(text_project: lb.Project, texts: lb.Dataset) -> None:
    keys = [row.global_key for row in texts.data_rows()]
    with pytest.raises(MalformedQueryException, match="no such key"):
        text_project.create_batch("large", global_keys=[*keys, "no such key"])
    with pytest.raises(MalformedQueryException, match="between 1 and 5"):
        text_project.create_batch("large", global_keys=keys, priority=7)
    assert _names(text_project) == []
    assert text_project.create_batch("large", global_keys=keys).size == 1000


def test_names_of_any_length_and_script(project: lb.Project, ids: list[str]) -> None:
    name = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(10_000)) + "'\"🚗\\"
    assert project.create_batch(name, data_rows=ids[:3]).name == name
    with pytest.raises(ResourceConflict):
        project.create_batch(name, data_rows=ids[3:])
    with pytest.raises(MalformedQueryException, match="20001"):
        project.create_batch("x" * 20_001, data_rows=ids[3:])


def test_remove_delete_and_size(server: Any, ready: lb.Project) -> None:
    (batch,) = ready.batches()
    row = next_rows(server, ready.uid)[0]
    label = submit(server, ready.uid, row)
    with pytest.raises(LabelboxError):
        batch.delete()
    batch.remove_queued_data_rows()
    found = states(server, ready.uid)
    assert (found["All"], found["Unlabeled"], found["InReview"]) == (1, 0, 1)
    assert ready.client.get_batch(ready.uid, batch.uid).size == 1
    assert batch.delete_labels()["deletedLabelIds"] == [label["id"]]
    batch.delete()
    assert list(ready.batches()) == []
    assert states(server, ready.uid)["All"] == 0


def test_X_25_16_threads_make_batches_of_the_same_rows(
    server: Any, client: lb.Client, project: lb.Project
) -> None:
    rows = make_rows(server, 400)

    def make(number: int) -> int:
        own = lb.Client(server.key, endpoint=client.endpoint).get_project(project.uid)
        part = rows[number * 20 : number * 20 + 100]
        try:
            return own.create_batch(f"b {number % 12}", data_rows=part[:: -1 if number % 2 else 1]).size
        except (ResourceConflict, MalformedQueryException):
            return 0

    with ThreadPoolExecutor(16) as pool:
        sizes = list(pool.map(make, range(16)))
    batches = list(project.batches())
    assert [name for name, count in Counter(batch.name for batch in batches).items() if count > 1] == []
    inside = states(server, project.uid)["All"]
    assert sum(sizes) == sum(batch.size for batch in batches) == inside
    assert client.get_project(project.uid).data_row_count == inside
    listed = [lpo.data_row().uid for lpo in project.labeling_parameter_overrides()]
    assert len(listed) == len(set(listed)) == inside
