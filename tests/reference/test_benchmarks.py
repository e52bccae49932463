"""Benchmark, as the API reference describes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import labelbox as lb
from conftest import RunningServer
from reference import clients
from reference.labeling import Labeler, administrator, car, counts, eventually, label_of


def test_R_BEN_01_R_BEN_04_R_BEN_08_R_BEN_09_R_LB_15_R_LB_07_a_label_becomes_a_benchmark(
    client: lb.Client, server: RunningServer, ready: lb.Project
) -> None:
    boss = administrator(server, ready)
    label = label_of(ready, boss.label(boss.next_rows()[0], car(10)))
    assert label.is_benchmark_reference is False
    benchmark = label.create_benchmark()
    assert isinstance(benchmark, lb.Benchmark)
    assert isinstance(benchmark.created_at, datetime) and benchmark.created_at.tzinfo is UTC
    assert benchmark.created_by() == client.get_user()
    assert benchmark.reference_label() == label
    label = clients.fresh(label, ready.labels())
    assert label.is_benchmark_reference is True
    assert label.create_benchmark() == benchmark  # marked already
    assert list(ready.benchmarks()) == [benchmark]


def test_R_BEN_10_R_LB_07_a_deleted_benchmark_leaves_the_label(
    client: lb.Client, server: RunningServer, ready: lb.Project
) -> None:
    boss, worker = administrator(server, ready), Labeler.new(server, ready)
    row = boss.next_rows()[0]
    label = label_of(ready, boss.label(row, car(10)))
    benchmark = label.create_benchmark()
    assert worker.next_rows(1) == [row]
    compared = worker.label(row, car(10))
    eventually(lambda: label_of(ready, compared).benchmark_agreement == 100)
    benchmark.delete()
    assert list(ready.benchmarks()) == []
    assert clients.fresh(label, ready.labels()).is_benchmark_reference is False
    assert label_of(ready, compared).benchmark_agreement is None
    assert clients.is_gone(client, "benchmark", benchmark.uid)


def test_R_BEN_02_the_second_labelers_first_rows_are_benchmark_rows(
    server: RunningServer, ready: lb.Project
) -> None:
    boss, worker = administrator(server, ready), Labeler.new(server, ready)
    rows = boss.next_rows(5)
    marked = {rows[0], rows[1], rows[4]}
    for row in rows:
        label = label_of(ready, boss.label(row, car(10)))
        if row in marked:
            label.create_benchmark()
    before = counts(ready)
    first = worker.next_rows(4)
    assert set(first[:3]) == marked and first[3] not in rows
    assert counts(ready) == before  # they count in no total
    for row in first:
        worker.label(row, car(10))
    assert worker.next_rows(4) == []
    assert boss.next_rows(5) == []  # its author gets no benchmark of his own
    after = counts(ready)
    assert (after["All"], after["Unlabeled"], after["Done"] + after["InReview"]) == (6, 0, 6)
    assert len(list(ready.labels())) == 5 + 4


def test_R_BEN_03_R_BEN_05_R_BEN_06_R_BEN_07_R_LB_06_others_are_compared_with_it(
    server: RunningServer, ready: lb.Project
) -> None:
    boss = administrator(server, ready)
    row = boss.next_rows()[0]
    benchmark = label_of(ready, boss.label(row, car(0))).create_benchmark()
    assert (benchmark.average_agreement, benchmark.completed_count) == (None, 0)
    expected, seen_before = [], benchmark.last_activity
    for left, agreement in (
        (0, 100.0),
        (300, 0.0),
        (50, 100 / 3),
    ):  # identical, disjoint, half over each other
        worker = Labeler.new(server, ready)
        assert worker.next_rows(1) == [row]
        made = worker.label(row, car(left))
        expected.append(agreement)
        eventually(lambda made=made: label_of(ready, made).benchmark_agreement is not None)
        assert label_of(ready, made).benchmark_agreement == pytest.approx(agreement)
        (benchmark,) = ready.benchmarks()
        assert benchmark.completed_count == len(expected)
        assert benchmark.average_agreement == pytest.approx(sum(expected) / len(expected))
        assert benchmark.last_activity > seen_before
        seen_before = benchmark.last_activity
    reference = benchmark.reference_label()
    assert reference is not None and reference.benchmark_agreement is None


def test_R_BEN_05_R_BEN_07_changed_and_deleted_labels_are_compared_anew(
    client: lb.Client, server: RunningServer, ready: lb.Project
) -> None:
    boss, worker = administrator(server, ready), Labeler.new(server, ready)
    row = boss.next_rows()[0]
    label_of(ready, boss.label(row, car(0))).create_benchmark()
    worker.next_rows(1)
    made = label_of(ready, worker.label(row, car(300)))
    eventually(lambda: label_of(ready, made.uid).benchmark_agreement == 0)
    made.update(
        label='{"objects": [{"title": "Car", "bbox": {"top": 10, "left": 0, "height": 100, "width": 100}}]}'
    )
    eventually(lambda: label_of(ready, made.uid).benchmark_agreement == 100)
    (benchmark,) = ready.benchmarks()
    assert (benchmark.average_agreement, benchmark.completed_count) == (100, 1)
    made.delete()
    eventually(lambda: next(iter(ready.benchmarks())).completed_count == 0)
    (after,) = ready.benchmarks()
    assert after.average_agreement is None and after.last_activity > benchmark.last_activity


def test_R_BEN_09_another_label_of_the_row_takes_the_place_of_the_reference(
    dataset: lb.Dataset, ready: lb.Project
) -> None:
    row = dataset.data_row_for_external_id("row 0")
    first, second = (clients.make_label(ready, row, text) for text in ("house", "hous"))
    earlier = first.create_benchmark()
    eventually(lambda: label_of(ready, second.uid).benchmark_agreement == pytest.approx(80))
    later = second.create_benchmark()
    assert list(ready.benchmarks()) == [later] and later != earlier
    eventually(lambda: label_of(ready, first.uid).benchmark_agreement == pytest.approx(80))
    assert [label_of(ready, label.uid).is_benchmark_reference for label in (first, second)] == [False, True]
    assert label_of(ready, second.uid).benchmark_agreement is None
    second.delete()
    assert list(ready.benchmarks()) == []  # a reference that is gone has none any more


def test_R_BEN_01_labelers_may_not_and_skips_cannot(
    server: RunningServer, ready: lb.Project, dataset: lb.Dataset, client_of: Callable[[str], lb.Client]
) -> None:
    row = administrator(server, ready).next_rows()[0]
    skip = server.graphql(
        "mutation($d: SkipDataRowInput!) { skipDataRow(data: $d) { id } }",
        d={"projectId": ready.uid, "dataRowId": row, "secondsToLabel": 1},
    )["skipDataRow"]["id"]
    with pytest.raises(
        clients.refusal(lb.exceptions.LabelboxError, "OperationNotAllowedException"), match=skip
    ):
        label_of(ready, skip).create_benchmark()
    label = clients.make_label(ready, dataset.data_row_for_external_id("row 3"), "a house")
    label.client = client_of("Labeler")
    with pytest.raises(lb.exceptions.AuthorizationError):
        label.create_benchmark()
    assert list(ready.benchmarks()) == []


def test_P_GN_01_benchmarks_of_a_project(server: RunningServer, ready: lb.Project) -> None:
    boss = administrator(server, ready)
    made = [label_of(ready, boss.label(row, car(10))).create_benchmark() for row in boss.next_rows(3)]
    benchmarks = ready.benchmarks()
    assert list(benchmarks) == made
    for benchmark in ready.benchmarks():
        assert benchmark.completed_count == 0
    assert list(ready.benchmarks(order_by=lb.Benchmark.created_at.desc)) == made[::-1]
    assert list(ready.benchmarks(where=lb.Benchmark.completed_count > 0)) == []
