"""Connecting, and creating with related objects (X-15, X-16)."""

from __future__ import annotations

import pytest

import labelbox as lb
from factories import unique
from labelbox import exceptions


@pytest.mark.ours
def test_X_15_connecting_what_is_gone_says_so(client: lb.Client, dataset: lb.Dataset) -> None:
    gone = client.create_dataset(name=unique("gone"))
    gone.delete()
    project = client.create_project(name=unique("project"))
    with pytest.raises(exceptions.ResourceNotFoundError):
        project.datasets.connect(gone)
    project.delete()
    with pytest.raises(exceptions.ResourceNotFoundError):
        project.datasets.connect(dataset)
    with pytest.raises(exceptions.ResourceNotFoundError):
        project.create_prediction_model("model", 1)
    assert list(dataset.projects()) == []


@pytest.mark.ours
def test_X_15_X_16_an_object_of_another_class_is_refused(
    client: lb.Client, project: lb.Project, dataset: lb.Dataset
) -> None:
    row = next(iter(dataset.data_rows()))
    with pytest.raises(exceptions.InvalidQueryError, match="datasets needs a Dataset"):
        project.datasets.connect(row)
    with pytest.raises(exceptions.InvalidQueryError, match="labeling_frontend needs a LabelingFrontend"):
        project.labeling_frontend.connect(dataset)
    name = unique("dataset")
    for wrong in ([project], project.uid, dataset):
        with pytest.raises(exceptions.InvalidQueryError, match="projects needs a Project"):
            client.create_dataset(name=name, projects=wrong)
    with pytest.raises(exceptions.InvalidQueryError, match="data_row needs a DataRow"):
        project.create_label(data_row=row.uid)
    assert list(client.get_datasets(where=lb.Dataset.name == name)) == []


@pytest.mark.ours
def test_X_13_what_is_not_the_callers_to_set_is_refused(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset
) -> None:
    row = next(iter(dataset.data_rows()))
    other = client.create_dataset(name=unique("other"))
    refused = exceptions.OperationNotAllowedException
    for change in (
        lambda: ready.update(created_at=ready.updated_at),
        lambda: ready.update(name="renamed", last_activity_time=ready.created_at),
        lambda: ready.update(created_by=client.get_user()),
        lambda: ready.organization.connect(client.get_organization()),
        ready.ontology.disconnect,
        lambda: dataset.update(created_at=ready.created_at),
        lambda: dataset.update(name="renamed", created_by=client.get_user()),
        lambda: row.dataset.connect(other),
        lambda: ready.create_label(data_row=row, label="x", is_benchmark_reference=True),
        lambda: ready.create_label(data_row=row, label="x", agreement=99.0),
    ):
        with pytest.raises(refused):
            change()
    assert client.get_project(ready.uid).name == ready.name
    assert client.get_dataset(dataset.uid).name == dataset.name
    assert row.dataset() == dataset
    assert ready.ontology() is not None
    assert list(ready.labels()) == []


@pytest.mark.ours
def test_X_13_nothing_is_no_value(ready: lb.Project, dataset: lb.Dataset) -> None:
    row = next(iter(dataset.data_rows()))
    label = ready.create_label(data_row=row, label="one")
    review = label.create_review(score=1)
    for change in (
        lambda: ready.update(name=None),
        lambda: dataset.update(name=None),
        lambda: label.update(label=None),
        lambda: label.update(seconds_to_label=None),
        lambda: review.update(score=None),
    ):
        with pytest.raises(exceptions.MalformedQueryException):
            change()
    for values in ({"external_id": None}, {"row_data": None}):
        with pytest.raises(ValueError, match="empty"):
            row.update(**values)
    assert dataset.update(description=None).description == ""
