"""Prediction and PredictionModel of the legacy editor, as the API reference describes them."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

import labelbox as lb
from labelbox import Prediction, PredictionModel
from labelbox.exceptions import InvalidQueryError
from reference import clients


@pytest.fixture
def row(dataset: lb.Dataset) -> lb.DataRow:
    """The first picture."""
    return next(iter(dataset.data_rows()))


def test_R_PR_01_R_PR_03_R_PR_04_R_PR_05_R_PR_06_R_PR_07_R_PR_08_R_PR_09_R_PR_10_a_prediction(
    client: lb.Client, project: lb.Project, row: lb.DataRow
) -> None:
    model = project.create_prediction_model("Street eyes", 12)
    made = project.create_prediction("any text: {]", row)
    assert isinstance(made, Prediction)
    assert isinstance(made.updated_at, datetime) and isinstance(made.created_at, datetime)
    assert made.label == "any text: {]"
    assert made.agreement is None
    assert made.organization().uid == client.get_organization().uid
    assert made.prediction_model().uid == model.uid
    assert made.data_row().uid == row.uid
    assert made.project().uid == project.uid


def test_R_PR_02_a_project_of_any_kind_will_do(client: lb.Client, ready: lb.Project, row: lb.DataRow) -> None:
    for project in (ready, clients.project_of_any_kind(client, "no ontology")):
        model = project.create_prediction_model("m", 1)
        assert project.create_prediction("x", row, model).label == "x"


def test_R_PR_02_a_project_of_another_media_type_will_do(client: lb.Client, row: lb.DataRow) -> None:
    texts = client.create_project(name="other media", media_type=lb.MediaType.Text)
    model = texts.create_prediction_model("m", 1)
    assert texts.create_prediction("x", row, model).label == "x"


def test_R_PM_01_R_PM_02_R_PM_03_R_PM_04_R_PM_05_R_PM_06_R_PM_07_R_PM_08_a_model(
    client: lb.Client, project: lb.Project
) -> None:
    made = project.create_prediction_model("Street Eyes 2!", 42)
    assert isinstance(made, PredictionModel)
    assert isinstance(made.updated_at, datetime) and isinstance(made.created_at, datetime)
    assert (made.name, made.slug, made.version) == ("Street Eyes 2!", "street-eyes-2", 42)
    assert made.created_by().uid == client.get_user().uid
    assert made.organization().uid == client.get_organization().uid


def test_R_PM_09_R_PJ_21_R_PJ_22_R_PJ_26_R_PJ_28_R_DR_13_lists(project: lb.Project, row: lb.DataRow) -> None:
    assert project.active_prediction_model() is None
    first_model = project.create_prediction_model("first", 1)
    assert project.active_prediction_model().uid == first_model.uid
    first = project.create_prediction("1", row)
    second_model = project.create_prediction_model("second", 1)
    assert project.active_prediction_model().uid == second_model.uid
    second = project.create_prediction("2", row)
    third = project.create_prediction("3", row, first_model)
    everything = [first.uid, second.uid, third.uid]
    assert [prediction.uid for prediction in project.predictions()] == everything
    assert [prediction.uid for prediction in row.predictions()] == everything
    assert [made.uid for made in first_model.created_predictions()] == [first.uid, third.uid]
    assert [made.uid for made in second_model.created_predictions()] == [second.uid]
    assert [made.uid for made in project.predictions(where=Prediction.label == "2")] == [second.uid]
    ordered = project.predictions(order_by=Prediction.label.desc)
    assert [made.label for made in ordered] == ["3", "2", "1"]


def test_R_PJ_27_without_an_active_model(project: lb.Project, row: lb.DataRow) -> None:
    with pytest.raises(InvalidQueryError, match="has no active prediction model"):
        project.create_prediction("x", row)
    assert list(project.predictions()) == []


def test_R_PJ_21_disconnected_again(project: lb.Project) -> None:
    model = project.create_prediction_model("m", 1)
    project.active_prediction_model.disconnect(model)
    assert project.active_prediction_model() is None
    project.active_prediction_model.connect(model)
    assert project.active_prediction_model().uid == model.uid


def test_R_PJ_21_disconnected_by_no_name(project: lb.Project) -> None:
    project.create_prediction_model("m", 1)
    project.active_prediction_model.disconnect()
    assert project.active_prediction_model() is None


def test_R_DR_13_predictions_go_with_their_data_row(
    client: lb.Client, project: lb.Project, dataset: lb.Dataset
) -> None:
    gone, stays, *_ = dataset.data_rows()
    model = project.create_prediction_model("m", 1)
    project.create_prediction("x", gone)
    kept = project.create_prediction("y", stays)
    gone.delete()
    assert [made.uid for made in project.predictions()] == [kept.uid]
    assert [made.uid for made in model.created_predictions()] == [kept.uid]


def test_R_PR_05_any_text_is_kept_as_it_is(project: lb.Project, row: lb.DataRow) -> None:
    project.create_prediction_model("m", 1)
    for text in ("", "näïve ☃ \n\t\"quoted\" 'and' \\", json.dumps({"objects": []}), "x" * 100_000):
        assert project.create_prediction(text, row).label == text
