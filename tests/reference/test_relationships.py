"""Connecting, and creating with related objects (X-15, X-16)."""

from __future__ import annotations

import pytest

import labelbox as lb
from factories import unique
from labelbox import exceptions


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
