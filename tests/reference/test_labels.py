"""Label, as the API reference describes it."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest

import labelbox as lb
from conftest import RunningServer
from factories import reserve
from reference import clients
from reference.labeling import Labeler, administrator, car, counts, eventually, label_of


@pytest.fixture
def row(dataset: lb.Dataset) -> lb.DataRow:
    """One of the dataset's rows."""
    found: lb.DataRow = dataset.data_row_for_external_id("row 0")
    return found


def exported(project: lb.Project, **params: bool) -> list[dict[str, Any]]:
    """The lines of an export."""
    task = project.export(params=params)
    task.wait_till_done(timeout_seconds=60)
    assert not task.has_errors()
    return [line.json for line in task.get_buffered_stream()]


def test_R_PJ_24_create_label(ready: lb.Project, row: lb.DataRow) -> None:
    label = ready.create_label(data_row=row, label="house")
    assert isinstance(label, lb.Label) and label.label == "house"
    assert list(ready.labels()) == [label]


def test_R_LB_01_R_LB_08_R_LB_09_R_LB_11_a_label_and_what_belongs_to_it(
    client: lb.Client, ready: lb.Project, row: lb.DataRow
) -> None:
    label = clients.make_label(ready, row, "house")
    assert isinstance(label, lb.Label)
    assert list(ready.labels()) == [label] == list(row.labels())
    assert label.project() == ready
    assert label.data_row() == row
    assert label.created_by() == client.get_user()


def test_R_LB_02_a_hundred_annotations_in_one_label(server: RunningServer, ready: lb.Project) -> None:
    boss = administrator(server, ready)
    made = boss.label(boss.next_rows()[0], *(car(number, size=10) for number in range(100)))
    legacy = json.loads(label_of(ready, made).label)
    assert [entry["bbox"]["left"] for entry in legacy["objects"]] == list(range(100))


def test_R_LB_02_a_hundred_annotations_in_an_export(server: RunningServer, ready: lb.Project) -> None:
    boss = administrator(server, ready)
    made = boss.label(boss.next_rows()[0], *(car(number, size=10) for number in range(100)))
    (found,) = [
        label
        for line in exported(ready)
        for label in line["projects"][ready.uid]["labels"]
        if label["id"] == made
    ]
    assert [entry["bounding_box"]["left"] for entry in found["annotations"]["objects"]] == list(range(100))


@pytest.mark.parametrize("text", ['{"Car": []}', 'a "quoted" house ☃', "x" * 10_000])
def test_R_LB_03_the_text_comes_back(ready: lb.Project, row: lb.DataRow, text: str) -> None:
    assert clients.make_label(ready, row, text).label == text
    assert next(iter(ready.labels())).label == text


def test_R_LB_04_seconds_to_label(ready: lb.Project, row: lb.DataRow) -> None:
    assert clients.make_label(ready, row, "a").seconds_to_label == 0.0
    label = clients.make_label(ready, row, "b", 12.25)
    assert label_of(ready, label.uid).seconds_to_label == 12.25


def test_R_LB_04_other_seconds(ready: lb.Project, row: lb.DataRow) -> None:
    label = clients.make_label(ready, row, "b", 12.25)
    assert clients.updated(label, seconds_to_label=3.5).seconds_to_label == 3.5
    with pytest.raises(lb.exceptions.MalformedQueryException, match="-1"):
        label.update(seconds_to_label=-1.0)
    assert label_of(ready, label.uid).seconds_to_label == 3.5


def test_R_LB_05_agreement_needs_a_second_label(ready: lb.Project, row: lb.DataRow) -> None:
    first = clients.make_label(ready, row, "house")
    assert first.agreement is None
    second = clients.make_label(ready, row, "hous")
    third = clients.make_label(ready, row, "house")
    eventually(lambda: label_of(ready, first.uid).agreement == pytest.approx((80 + 100) / 2))
    assert label_of(ready, second.uid).agreement == pytest.approx(80)
    second.delete()
    eventually(lambda: label_of(ready, first.uid).agreement == pytest.approx(100))
    third.delete()
    eventually(lambda: label_of(ready, first.uid).agreement is None)


def test_R_LB_05_P_BA_06_labelers_of_a_consensus_agree_by_their_boxes(
    client: lb.Client, server: RunningServer, project: lb.Project, dataset: lb.Dataset
) -> None:
    ontology = lb.OntologyBuilder(tools=[lb.Tool(lb.Tool.Type.BBOX, "Car")])
    project.connect_ontology(client.create_ontology("cars", ontology.asdict(), media_type=lb.MediaType.Image))
    rows = [row.uid for row in dataset.data_rows()]
    batch = project.create_batch(
        "consensus", rows[:1], consensus_settings={"number_of_labels": 3, "coverage_percentage": 1.0}
    )
    assert batch.consensus_settings == {"number_of_labels": 3, "coverage_percentage": 1.0}
    lefts = (0, 0, 50)
    labelers = [Labeler.new(server, project) for _ in lefts]
    made = []
    for labeler, left in zip(labelers, lefts, strict=True):
        assert labeler.next_rows() == rows[:1]
        made.append(labeler.label(rows[0], car(left)))
    third = 100 / 3
    expected = [(100 + third) / 2, (100 + third) / 2, third]
    eventually(lambda: label_of(project, made[2]).agreement is not None)
    assert [label_of(project, label).agreement for label in made] == pytest.approx(expected)
    performance = list(project.labeler_performance())
    assert [entry.count for entry in performance] == [1, 1, 1]
    consensus = sorted(entry.consensus for entry in performance)
    assert consensus == pytest.approx(sorted(expected))


def test_R_LB_10_reviews_are_listed_without_a_filter(ready: lb.Project, row: lb.DataRow) -> None:
    label = clients.make_label(ready, row, "house")
    made = [label.create_review(score=score) for score in (1, -1)]
    assert list(label.reviews()) == made
    with pytest.raises(lb.exceptions.InvalidQueryError):
        label.reviews(where=lb.Review.score > 0)


def test_R_LB_12_the_text_is_changed(server: RunningServer, ready: lb.Project) -> None:
    boss = administrator(server, ready)
    label = label_of(ready, boss.label(boss.next_rows()[0], car(10)))
    before = label.updated_at
    assert clients.updated(label, label="a house").label == "a house"
    found = label_of(ready, label.uid)
    assert found.label == "a house" and found.updated_at > before and found.created_at == label.created_at
    with pytest.raises(
        clients.refusal(lb.exceptions.LabelboxError, "OperationNotAllowedException"),
        match="agreement",
    ):
        label.update(agreement=50.0)
    assert label_of(ready, label.uid).agreement is None


def test_R_LB_13_bulk_delete_leaves_the_others(ready: lb.Project, row: lb.DataRow) -> None:
    labels = [clients.make_label(ready, row, str(number)) for number in range(4)]
    lb.Label.bulk_delete(labels[:3])
    assert list(ready.labels()) == labels[3:] == list(row.labels())
    with pytest.raises(lb.exceptions.InvalidQueryError):
        lb.Label.bulk_delete([labels[3], row])  # type: ignore[list-item]
    assert list(ready.labels()) == labels[3:]


def test_R_LB_14_a_deleted_label_has_its_row_labeled_again(
    server: RunningServer, ready: lb.Project, row: lb.DataRow
) -> None:
    label = clients.make_label(ready, row, "house")
    assert counts(ready)["Unlabeled"] == 5
    label.delete()
    assert list(ready.labels()) == list(row.labels()) == []
    assert counts(ready)["Unlabeled"] == 6
    waiting = {task["dataRow"]["id"] for task in reserve(server, ready.uid, first=6)["tasks"]}
    assert row.uid in waiting


def test_R_LB_14_a_row_that_keeps_a_label_is_not_labeled_again(ready: lb.Project, row: lb.DataRow) -> None:
    first, second = (clients.make_label(ready, row, text) for text in ("a", "b"))
    second.delete()
    assert list(ready.labels()) == [first] and counts(ready)["Unlabeled"] == 5


def test_R_LB_16_R_LB_17_a_review_needs_a_score(ready: lb.Project, row: lb.DataRow) -> None:
    label = clients.make_label(ready, row, "house")
    review = label.create_review(score=1)
    assert isinstance(review, lb.Review)
    assert (review.label(), review.project(), review.score) == (label, ready, 1.0)
    refused = clients.refusal(lb.exceptions.LabelboxError, lb.exceptions.MalformedQueryException)
    with pytest.raises(refused):
        label.create_review()
    assert list(label.reviews()) == [review]


def test_R_PJ_25_a_label_needs_a_data_row(ready: lb.Project) -> None:
    with pytest.raises(clients.refusal(lb.exceptions.InvalidQueryError, lb.exceptions.LabelboxError)):
        ready.create_label(label="house")
    assert list(ready.labels()) == []


def test_R_PJ_39_labels_of_some_datasets(client: lb.Client, ready: lb.Project, row: lb.DataRow) -> None:
    other = client.create_dataset(name="other")
    label = clients.make_label(ready, row, "house")
    mine = row.dataset()
    assert mine is not None
    assert list(ready.labels(datasets=[])) == []
    assert list(ready.labels(datasets=[mine])) == [label]
    assert list(ready.labels(datasets=[other])) == []
    assert list(ready.labels(datasets=[mine, other])) == [label] == list(ready.labels())


def test_R_PJ_40_labels_in_the_order_of_a_field(ready: lb.Project, row: lb.DataRow) -> None:
    labels = [clients.make_label(ready, row, str(number)) for number in range(3)]
    assert list(ready.labels(order_by=lb.Label.created_at.asc)) == labels
    assert list(ready.labels(order_by=lb.Label.created_at.desc)) == labels[::-1]


def test_R_PJ_31_R_PJ_32_R_PJ_33_the_labels_as_a_file(
    client: lb.Client, ready: lb.Project, row: lb.DataRow
) -> None:
    clients.make_label(ready, row, "house")
    url = ready.export_labels(timeout_seconds=60)
    assert url is not None
    rows = _fetched(url)
    assert [(entry["DataRow ID"], entry["Label"]) for entry in rows] == [(row.uid, "house")]
    assert (rows[0]["Agreement"], rows[0]["Benchmark Agreement"]) == (-1, -1)
    clients.make_label(ready, row, "mouse")
    again = ready.export_labels(timeout_seconds=60)
    assert again is not None
    assert [entry["Label"] for entry in _fetched(again)] == ["house", "mouse"]
    at_once = ready.export_labels(timeout_seconds=0)
    assert at_once is None or len(_fetched(at_once)) == 2


def _fetched(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.loads(answer.read())


def test_P_EX_04_performance_in_the_export(server: RunningServer, ready: lb.Project) -> None:
    boss, worker = administrator(server, ready), Labeler.new(server, ready)
    row = boss.next_rows()[0]
    reference = boss.label(row, car(0))
    label_of(ready, reference).create_benchmark()
    worker.next_rows(1)
    other = worker.label(row, car(50))
    eventually(lambda: label_of(ready, other).benchmark_agreement is not None)
    lines = exported(ready, performance_details=True, project_details=True)
    place = next(line["projects"][ready.uid] for line in lines if line["data_row"]["id"] == row)
    details = {label["id"]: label["performance_details"] for label in place["labels"]}
    third = pytest.approx(1 / 3)
    assert details[reference] == {
        "seconds_to_create": 1.0,
        "seconds_to_review": 0.0,
        "skipped": False,
        "consensus_score": third,
    }
    assert details[other] == {
        **details[reference],
        "consensus_score": third,
        "benchmark_score": third,
        "benchmark_reference_label": reference,
    }
    assert place["project_details"]["selected_label_id"] == reference
    assert place["project_details"]["consensus_expected_label_count"] == 1


def test_the_first_label_wins_a_consensus_unless_a_reviewer_chooses_another(
    server: RunningServer, ready: lb.Project, row: lb.DataRow
) -> None:
    first, second = (clients.make_label(ready, row, text) for text in ("a", "b"))

    def selected() -> str:
        lines = exported(ready, project_details=True)
        place = next(line["projects"][ready.uid] for line in lines if line["data_row"]["id"] == row.uid)
        chosen: str = place["project_details"]["selected_label_id"]
        return chosen

    assert selected() == first.uid
    choose = "mutation($l: ID!) { chooseConsensusWinner(data: {labelId: $l}) { id } }"
    server.graphql(choose, l=second.uid)
    assert selected() == second.uid
    second.delete()
    assert selected() == first.uid
    assert server.code(choose, l=second.uid) == "RESOURCE_NOT_FOUND"
