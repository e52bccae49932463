"""Reviews and what they add up to."""

from __future__ import annotations

from typing import Any

from factories import make_label_project, make_user, reserve, submit

CREATE = "mutation($d: CreateReviewInput!) { createReview(data: $d) { id score label { id } project { id } createdBy { id } } }"
METRICS = """query($p: ID!) { project(where: {id: $p}) { reviewMetrics { none: labelAggregate(netScore: None) { count }
  negative: labelAggregate(netScore: Negative) { count } zero: labelAggregate(netScore: Zero) { count }
  positive: labelAggregate(netScore: Positive) { count } } } }"""

ROWS = (
    "query($p: ID!) { project(where: {id: $p}) { dataRows(first: 10) { nodes { dataRow { id } state } } } }"
)


def _review(server: Any, label_id: str, score: float | None) -> dict[str, Any]:
    given = {"label": {"connect": {"id": label_id}}, "score": score}
    made: dict[str, Any] = server.graphql(CREATE, d=given)["createReview"]
    return made


def test_R_PJ_41_net_scores_count_labels(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 6)
    labels = [submit(server, project_id, row)["id"] for row in ids]
    for label, scores in zip(labels[1:], [(1, -1), (1,), (1, 1), (-1,), (0,)], strict=True):
        for score in scores:
            _review(server, label, score)
    counts = server.graphql(METRICS, p=project_id)["project"]["reviewMetrics"]
    assert {name: entry["count"] for name, entry in counts.items()} == {
        "none": 1,
        "negative": 1,
        "zero": 2,
        "positive": 2,
    }


def test_R_LB_16_R_RV_02_R_RV_03_made_changed_and_taken_back(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    label = submit(server, project_id, ids[0])["id"]
    review = _review(server, label, 1.0)
    me = server.graphql("{ user { id } }")["user"]["id"]
    assert (review["score"], review["label"]["id"], review["project"]["id"], review["createdBy"]["id"]) == (
        1.0,
        label,
        project_id,
        me,
    )
    update = (
        "mutation($r: ID!, $d: UpdateReviewInput!) { updateReview(where: {id: $r}, data: $d) { id score } }"
    )
    assert server.graphql(update, r=review["id"], d={"score": -1})["updateReview"]["score"] == -1.0
    listing = """query($l: ID!, $p: ID!) { label(where: {id: $l}) { reviews { id } }
      project(where: {id: $p}) { reviews(where: {score_lt: 0}) { id } } }"""
    seen = server.graphql(listing, l=label, p=project_id)
    assert seen["label"]["reviews"] == seen["project"]["reviews"] == [{"id": review["id"]}]
    server.graphql(update, r=review["id"], d={"deleted": True})
    seen = server.graphql(listing, l=label, p=project_id)
    assert seen["label"]["reviews"] == seen["project"]["reviews"] == []
    assert server.code(update, r=review["id"], d={"score": 1}) == "RESOURCE_NOT_FOUND"


def test_R_LB_17_a_score_is_required_and_a_labeler_may_not(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 1)
    label = submit(server, project_id, ids[0])["id"]
    assert server.code(CREATE, d={"label": {"connect": {"id": label}}}) == "MALFORMED_REQUEST"
    _, key = make_user(server)
    assert (
        server.code(CREATE, key, d={"label": {"connect": {"id": label}}, "score": 1}) == "AUTHORIZATION_ERROR"
    )
    assert (
        server.graphql("query($l: ID!) { label(where: {id: $l}) { reviews { id } } }", l=label)["label"][
            "reviews"
        ]
        == []
    )


def test_R_LB_16_a_review_takes_the_row_off_the_review_queue(server: Any) -> None:
    project_id, ids, _ = make_label_project(server, 3)
    labels = [submit(server, project_id, row)["id"] for row in ids]
    assert _states(server, project_id) == dict.fromkeys(ids, "IN_REVIEW")
    for label, score in zip(labels, (1.0, -0.5, 0.0), strict=True):
        _review(server, label, score)
    expected = dict(zip(ids, ("DONE", "IN_REWORK", "DONE"), strict=True))
    assert _states(server, project_id) == expected
    _review(server, labels[0], -1.0)  # what is done stays done
    assert _states(server, project_id) == expected
    assert [task["dataRow"]["id"] for task in reserve(server, project_id)["tasks"]] == [ids[1]]
    assert reserve(server, project_id, "ReviewQueue")["tasks"] == []


def _states(server: Any, project_id: str) -> dict[str, str]:
    rows = server.graphql(ROWS, p=project_id)["project"]["dataRows"]["nodes"]
    return {row["dataRow"]["id"]: row["state"] for row in rows}
