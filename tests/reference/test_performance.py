"""Who has labeled how much and how well, as the API reference describes it; quality settings of the project guide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import labelbox as lb
from conftest import RunningServer
from labelbox.schema.quality_mode import QualityMode
from reference import clients
from reference.labeling import Labeler, administrator, car, eventually, label_of


def test_R_PJ_37_one_labeler(client: lb.Client, ready: lb.Project, dataset: lb.Dataset) -> None:
    assert list(ready.labeler_performance()) == []
    row = dataset.data_row_for_external_id("row 0")
    clients.make_label(ready, row, "house", 7.5)
    (found,) = ready.labeler_performance()
    assert (found.count, found.user) == (1, client.get_user())
    assert found.last_activity_time.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - found.last_activity_time) < timedelta(seconds=30)
    assert (found.seconds_per_label, found.total_time_labeling) == (7.5, 7.5)


def test_labels_of_a_deleted_row_count_nowhere(
    ready: lb.Project, dataset: lb.Dataset, labeled: list[str]
) -> None:
    dataset.client.get_data_row(labeled[0]).delete()
    (found,) = ready.labeler_performance()
    assert found.count == ready.get_label_count() == len(list(ready.labels())) == 2


def test_R_PJ_38_what_is_told_of_each(client: lb.Client, server: RunningServer, ready: lb.Project) -> None:
    boss, worker = administrator(server, ready), Labeler.new(server, ready)
    rows = boss.next_rows(3)
    for row in rows[:2]:
        label_of(ready, boss.label(row, car(0))).create_benchmark()
    assert set(worker.next_rows(2)) == set(rows[:2])
    worker.label(rows[0], car(0))
    last = worker.label(rows[1], car(300))
    eventually(lambda: label_of(ready, last).benchmark_agreement is not None)
    found = {entry.user: entry for entry in ready.labeler_performance()}
    mine = found.pop(client.get_user())
    (theirs,) = found.values()
    assert theirs._fields == (
        "user",
        "count",
        "seconds_per_label",
        "total_time_labeling",
        "consensus",
        "average_benchmark_agreement",
        "last_activity_time",
    )
    assert (theirs.count, theirs.seconds_per_label, theirs.total_time_labeling) == (2, 1.0, 2.0)
    assert (theirs.consensus, theirs.average_benchmark_agreement) == (50, 50)
    assert (mine.consensus, mine.average_benchmark_agreement) == (50, None)


def test_R_PJ_20_the_benchmarks_of_a_project(server: RunningServer, ready: lb.Project) -> None:
    boss = administrator(server, ready)
    assert list(ready.benchmarks()) == []
    made = [label_of(ready, boss.label(row, car(0))).create_benchmark() for row in boss.next_rows(2)]
    assert list(ready.benchmarks()) == made


def test_P_CR_14_the_quality_modes() -> None:
    assert {mode.value for mode in QualityMode} == {"BENCHMARK", "CONSENSUS"}


@pytest.mark.parametrize(
    ("modes", "numbers", "flags"),
    [
        ({QualityMode.Consensus}, (3, 0), (False, True)),
        ({QualityMode.Benchmark}, (1, 1), (True, False)),
        (None, (3, 0), (True, True)),
    ],
)
def test_P_CR_15_a_consensus_project(
    client: lb.Client,
    modes: set[QualityMode] | None,
    numbers: tuple[int, float],
    flags: tuple[bool, bool],
) -> None:
    given = {} if modes is None else {"quality_modes": modes}
    made = client.create_project(name="quality", media_type=lb.MediaType.Image, **given)
    found = client.get_project(made.uid)
    assert (found.auto_audit_number_of_labels, found.auto_audit_percentage) == numbers
    assert (found.is_benchmark_enabled, found.is_consensus_enabled) == flags
