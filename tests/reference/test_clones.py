"""A project as a whole: its clone, its overview, the labels that stand for its rows, work done elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

import labelbox as lb
from factories import next_rows, submit
from labelbox.exceptions import AuthorizationError, MalformedQueryException


def test_a_clone_has_the_settings_and_no_rows(ready: lb.Project, labeled: list[str], client_of: Any) -> None:
    ready.update(description="all streets")
    workflow = ready.get_workflow()
    workflow.config["nodes"][2]["label"] = "Second look"
    workflow.update_config()
    clone = ready.clone()
    assert (clone.name, clone.description, clone.media_type) == (
        "streets (clone)",
        "all streets",
        lb.MediaType.Image,
    )
    assert clone.ontology().uid == ready.ontology().uid
    assert clone.labeling_frontend().uid == ready.labeling_frontend().uid
    assert clone.get_workflow().config == ready.get_workflow().config
    assert (clone.auto_audit_number_of_labels, clone.auto_audit_percentage) == (
        ready.auto_audit_number_of_labels,
        ready.auto_audit_percentage,
    )
    assert (clone.get_label_count(), clone.data_row_count, list(clone.batches())) == (0, 0, [])
    assert ready.get_label_count() == 3
    with pytest.raises(AuthorizationError):
        client_of("Labeler").get_project(ready.uid).clone()


def test_the_winning_label_of_a_row(server: Any, ready: lb.Project, labeled: list[str]) -> None:
    row = ready.client.get_data_row(labeled[0])
    (label,) = [label for label in ready.labels() if label.data_row().uid == labeled[0]]
    assert row.get_winning_label_id(ready.uid) == label.uid
    assert ready.client.get_data_row(labeled[4]).get_winning_label_id(ready.uid) is None


def test_work_done_elsewhere_is_kept_as_it_was_told(ready: lb.Project) -> None:
    entries = [
        {
            "taskId": "task 1",
            "label": {"submittedBy": {"email": "ann@example.com"}, "autoQA": {"status": "Approve"}},
        },
        {
            "taskId": "task 1",
            "review": {"reviewedBy": {"email": "bob@example.com"}, "rating": {"score": 4, "comment": "good"}},
        },
    ]
    submission = ready.sync_external_project(entries).submission_id
    found = ready.client.execute(
        "query($p: ID!) { project(where: {id: $p}) { externalSubmissions { id entries } } }", {"p": ready.uid}
    )
    assert found["project"]["externalSubmissions"] == [{"id": submission, "entries": entries}]
    for wrong in ([], [{"taskId": "task 2"}]):
        with pytest.raises(MalformedQueryException):
            ready.sync_external_project(wrong)


def test_an_overview_of_some_batches(server: Any, ready: lb.Project, dataset: lb.Dataset) -> None:
    rows = next_rows(server, ready.uid)
    other = ready.client.create_project(name="two batches", media_type=lb.MediaType.Image)
    other.connect_ontology(ready.ontology())
    first = other.create_batch("first", data_rows=rows[:2])
    second = other.create_batch("second", data_rows=rows[2:])
    submit(server, other.uid, rows[0])
    some = other.get_overview(details=True, batch_ids=[first.uid])
    assert (some.to_label, some.in_review, some.total_data_rows, some.issues) == (
        1,
        {"data": [{"Initial review task": 1}], "total": 1},
        2,
        None,
    )
    rest = other.get_overview(details=True, batch_ids=[second.uid])
    assert (rest.to_label, rest.in_review["data"]) == (4, [{"Initial review task": 0}])
    assert other.get_overview().total_data_rows == 6
