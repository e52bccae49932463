"""Review, and what reviews add up to, as the API reference describes it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import labelbox as lb
from labelbox.schema.review import Review
from reference import clients


@pytest.fixture
def labels(ready: lb.Project, dataset: lb.Dataset) -> list[lb.Label]:
    """Ten labels of one row."""
    row = dataset.data_row_for_external_id("row 0")
    return [clients.make_label(ready, row, str(number)) for number in range(10)]


def test_R_RV_01_R_RV_05_R_RV_06_R_RV_07_R_RV_08_R_RV_09_R_RV_10_R_RV_11_a_review_and_what_belongs_to_it(
    client: lb.Client, ready: lb.Project, labels: list[lb.Label]
) -> None:
    review = labels[0].create_review(score=-0.25)
    assert isinstance(review, Review)
    for moment in (review.created_at, review.updated_at):
        assert isinstance(moment, datetime) and moment.tzinfo is UTC
    assert review.score == -0.25
    assert review.created_by() == client.get_user()
    assert review.organization() == client.get_organization()
    assert review.project() == ready
    assert review.label() == labels[0]
    second = labels[0].create_review(score=1.0)  # several by the same user are allowed
    assert list(labels[0].reviews()) == [review, second]


def test_R_RV_02_a_deleted_review_is_listed_nowhere(
    client: lb.Client, ready: lb.Project, labels: list[lb.Label]
) -> None:
    gone, left = (labels[0].create_review(score=score) for score in (1.0, -1.0))
    gone.delete()
    assert list(labels[0].reviews()) == [left]
    assert clients.is_gone(client, "review", gone.uid)


def test_R_RV_11_R_PJ_15_a_review_goes_with_its_label_and_its_row(
    ready: lb.Project, dataset: lb.Dataset
) -> None:
    rows = list(dataset.data_rows())[:3]
    labels = [clients.make_label(ready, row, "x") for row in rows]
    _, of_row, left = (label.create_review(score=1.0) for label in labels)
    labels[0].delete()
    assert list(ready.reviews()) == [of_row, left]
    rows[1].delete()
    assert list(ready.reviews()) == [left]
    assert left.label() == labels[2]


@pytest.mark.ours
def test_a_review_of_a_deleted_label_is_gone(labels: list[lb.Label]) -> None:
    review = labels[0].create_review(score=1.0)
    labels[0].delete()
    for call in (review.label, review.delete):
        with pytest.raises(lb.exceptions.ResourceNotFoundError):
            call()


def test_R_RV_03_another_score(ready: lb.Project, labels: list[lb.Label]) -> None:
    review = labels[0].create_review(score=1.0)
    before = review.updated_at
    assert clients.updated(review, score=-1.0).score == -1.0
    (found,) = labels[0].reviews()
    assert found.score == -1.0 and found.updated_at > before and found.created_at == review.created_at


def test_R_PJ_15_reviews_of_a_project(ready: lb.Project, labels: list[lb.Label]) -> None:
    made = [labels[number].create_review(score=1.0) for number in (0, 0, 4)]
    assert list(ready.reviews()) == made
    made[1].delete()
    assert list(ready.reviews()) == [made[0], made[2]]


def test_R_PJ_15_reviews_by_score(ready: lb.Project, labels: list[lb.Label]) -> None:
    good, bad, neutral = (labels[0].create_review(score=score) for score in (1.0, -1.0, 0.0))
    assert list(ready.reviews(where=Review.score > 0.0)) == [good]
    assert list(ready.reviews(where=Review.score < 0.0)) == [bad]
    assert list(ready.reviews(where=Review.score == 0.0)) == [neutral]
    assert list(ready.reviews(order_by=Review.score.asc)) == [bad, neutral, good]


def test_R_RV_04_R_PJ_41_labels_by_net_score(ready: lb.Project, labels: list[lb.Label]) -> None:
    assert ready.review_metrics(None) == 10
    for label, score in zip(labels[1:], [0.0] * 4 + [1.0] * 2 + [-1.0] * 3, strict=True):
        label.create_review(score=score)
    assert [ready.review_metrics(net) for net in (Review.NetScore.Negative, Review.NetScore.Zero)] == [3, 4]
    assert ready.review_metrics(Review.NetScore.Positive) == 2
    assert ready.review_metrics(None) == 1
    labels[5].create_review(score=-1.0)  # 1 and -1 are 0 together
    assert ready.review_metrics(Review.NetScore.Positive) == 1
    assert ready.review_metrics(Review.NetScore.Zero) == 5
    labels[9].delete()
    assert ready.review_metrics(Review.NetScore.Negative) == 2


def test_R_RV_12_R_PJ_42_the_members_and_nothing_else(ready: lb.Project) -> None:
    assert [member.name for member in Review.NetScore] == ["Negative", "Zero", "Positive"]
    for net in (None, *Review.NetScore):
        assert ready.review_metrics(net) == 0
    with pytest.raises(lb.exceptions.InvalidQueryError):
        ready.review_metrics(12)  # type: ignore[arg-type]


def test_R_RV_01_labelers_may_not_review(
    client: lb.Client, labels: list[lb.Label], client_of: Callable[[str], lb.Client]
) -> None:
    labels[0].client = client_of("Labeler")
    refused = clients.refusal(lb.exceptions.ResourceNotFoundError, lb.exceptions.InvalidQueryError)
    with pytest.raises(refused):
        labels[0].create_review(score=1.0)  # somebody else's label is not there for a labeler
    labels[0].client = client
    assert list(labels[0].reviews()) == []


def test_reviews_other_texts_and_pre_labels_are_activity_of_the_project(
    client: lb.Client, ready: lb.Project, labels: list[lb.Label]
) -> None:
    row = labels[0].data_row()
    box = {"bbox": {"top": 1, "left": 2, "height": 3, "width": 4}}
    tool = ready.ontology().normalized["tools"][0]["featureSchemaId"]
    line = {"uuid": str(uuid.uuid4()), "schemaId": tool, "dataRow": {"id": row.uid}, **box}

    def pre_label() -> None:
        job = ready.upload_annotations("pre-labels", [line])
        assert job.errors == []

    acts: list[Callable[[], object]] = [
        lambda: labels[0].create_review(score=1.0),
        lambda: next(labels[0].reviews()).update(score=-1.0),
        lambda: next(labels[0].reviews()).delete(),
        lambda: labels[0].update(label="other"),
        pre_label,
        lambda: next(ready.bulk_import_requests()).delete(),
    ]
    for act in acts:
        time.sleep(1.1)  # the project's clock moves once a second at most
        before = client.get_project(ready.uid).last_activity_time
        act()
        assert client.get_project(ready.uid).last_activity_time > before
