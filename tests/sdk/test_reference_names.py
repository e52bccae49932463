"""Every class, field, relationship, method and argument that the API reference 2.4 prints is there."""

from __future__ import annotations

import importlib
import inspect
import tomllib
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

import labelbox
from labelbox.orm.db_object import BulkDeletable, Deletable, Updateable
from labelbox.orm.model import Field, ToMany, ToOne

# Module and class -> fields, to-one and to-many relationships as the reference types them.
CLASSES: dict[str, tuple[str, str, str]] = {
    "asset_metadata.AssetMetadata": ("meta_type meta_value", "", ""),
    "benchmark.Benchmark": (
        "created_at last_activity average_agreement completed_count",
        "created_by reference_label",
        "",
    ),
    "bulk_import_request.BulkImportRequest": (
        "name state input_file_url error_file_url status_file_url created_at",
        "project created_by",
        "",
    ),
    "data_row.DataRow": (
        "external_id row_data updated_at created_at",
        "dataset created_by organization",
        "labels metadata predictions",
    ),
    "dataset.Dataset": (
        "name description updated_at created_at",
        "created_by organization",
        "projects data_rows",
    ),
    "label.Label": (
        "label seconds_to_label agreement benchmark_agreement is_benchmark_reference",
        "project data_row created_by",
        "reviews",
    ),
    "labeling_frontend.LabelingFrontend": ("name description iframe_url_path", "", "projects"),
    "labeling_frontend.LabelingFrontendOptions": (
        "customization_options",
        "project labeling_frontend organization",
        "",
    ),
    "project.LabelingParameterOverride": ("priority number_of_labels", "data_row", ""),
    "ontology.Ontology": (
        "name description updated_at created_at normalized object_schema_count classification_schema_count",
        "created_by",
        "projects",
    ),
    "organization.Organization": ("updated_at created_at name", "", "users projects webhooks"),
    "prediction.Prediction": (
        "updated_at created_at label agreement",
        "organization prediction_model data_row project",
        "",
    ),
    "prediction.PredictionModel": (
        "updated_at created_at name slug version",
        "created_by organization",
        "created_predictions",
    ),
    "project.Project": (
        "name description updated_at created_at setup_complete last_activity_time "
        "auto_audit_number_of_labels auto_audit_percentage",
        "created_by organization labeling_frontend active_prediction_model ontology",
        "datasets reviews labeling_frontend_options labeling_parameter_overrides webhooks benchmarks "
        "predictions",
    ),
    "review.Review": ("created_at updated_at score", "created_by organization project label", ""),
    "task.Task": (
        "updated_at created_at name status completion_percentage",
        "created_by organization",
        "",
    ),
    "user.User": (
        "updated_at created_at email name nickname intercom_hash picture is_viewer is_external_viewer",
        "organization",
        "created_tasks projects",
    ),
    "webhook.Webhook": ("updated_at created_at url topics status", "", ""),
}


def _class(name: str) -> Any:
    module, _, kind = name.partition(".")
    return getattr(importlib.import_module(f"labelbox.schema.{module}"), kind)


@pytest.mark.parametrize("name", CLASSES)
def test_fields_and_relationships(name: str) -> None:
    fields, to_one, to_many = (names.split() for names in CLASSES[name])
    found = _class(name)
    for names, kind in ((fields, Field), (to_one, ToOne), (to_many, ToMany)):
        assert [n for n in names if not isinstance(getattr(found, n), kind)] == []
    assert list(inspect.signature(found.__init__).parameters)[1:3] == ["client", "field_values"]


BASES = {
    "data_row.DataRow": (Updateable, BulkDeletable),
    "dataset.Dataset": (Updateable, Deletable),
    "label.Label": (Updateable, BulkDeletable),
    "project.Project": (Updateable, Deletable),
    "review.Review": (Updateable, Deletable),
    "webhook.Webhook": (Updateable,),
}


@pytest.mark.parametrize("name", BASES)
def test_what_can_be_updated_and_deleted(name: str) -> None:
    assert all(issubclass(_class(name), base) for base in BASES[name])
    assert hasattr(_class(name), "update")
    assert hasattr(_class(name), "delete")


# Method -> its arguments, with defaults where the reference prints them.
METHODS: dict[str, str] = {
    "bulk_import_request.BulkImportRequest.refresh": "",
    "bulk_import_request.BulkImportRequest.wait_until_done": "sleep_time_seconds=30",
    "data_row.DataRow.bulk_delete": "data_rows",
    "data_row.DataRow.create_metadata": "meta_type meta_value",
    "dataset.Dataset.create_data_rows": "items",
    "dataset.Dataset.data_row_for_external_id": "external_id",
    "dataset.Dataset.data_rows_for_external_id": "external_id limit=10",
    "label.Label.bulk_delete": "labels",
    "label.Label.create_benchmark": "",
    "ontology.Ontology.classifications": "",
    "ontology.Ontology.tools": "",
    "project.Project.create_prediction": "label data_row prediction_model=None",
    "project.Project.create_prediction_model": "name version",
    "project.Project.enable_model_assisted_labeling": "toggle=True",
    "project.Project.export_labels": "timeout_seconds=60",
    "project.Project.extend_reservations": "queue_type",
    "project.Project.labeler_performance": "",
    "project.Project.labels": "datasets=None order_by=None",
    "project.Project.review_metrics": "net_score",
    "project.Project.set_labeling_parameter_overrides": "data",
    "project.Project.setup": "labeling_frontend labeling_frontend_options",
    "project.Project.unset_labeling_parameter_overrides": "data_rows",
    "project.Project.upload_annotations": "name annotations validate=True",
    "project.Project.upsert_instructions": "instructions_file",
    "project.Project.upsert_review_queue": "quota_factor",
    "task.Task.refresh": "",
    "task.Task.wait_till_done": "timeout_seconds=60",
    "webhook.Webhook.create": "client topics url secret project",
    "webhook.Webhook.delete": "",
    "webhook.Webhook.update": "topics=None url=None status=None",
    "bulk_import_request.get_mal_schemas": "ontology",
    "bulk_import_request.parse_classification": "tool",
}


@pytest.mark.parametrize("name", METHODS)
def test_methods_and_their_arguments(name: str) -> None:
    module, *path = name.split(".")
    found: Any = importlib.import_module(f"labelbox.schema.{module}")
    for step in path:
        found = getattr(found, step)
    expected = [part.partition("=") for part in METHODS[name].split()]
    parameters = [p for p in inspect.signature(found).parameters.values() if p.name != "self"]
    assert [p.name for p in parameters[: len(expected)]] == [part[0] for part in expected]
    defaults = [str(p.default) for p in parameters[: len(expected)] if p.default is not p.empty]
    assert defaults == [part[2] for part in expected if part[1]]
    # What newer clients added comes after, and can be left out.
    assert all(p.default is not p.empty for p in parameters[len(expected) :])


TAKING_ATTRIBUTES = [
    ("dataset.Dataset", "create_data_row"),
    ("label.Label", "create_review"),
    ("project.Project", "create_label"),
]


@pytest.mark.parametrize(("name", "method"), TAKING_ATTRIBUTES)
def test_methods_that_take_attributes(name: str, method: str) -> None:
    parameters = inspect.signature(getattr(_class(name), method)).parameters.values()
    assert any(p.kind is p.VAR_KEYWORD for p in parameters)


ENUMS = {
    "asset_metadata.AssetMetadata.MetaType": {"VIDEO", "IMAGE", "TEXT", "IMAGE_OVERLAY"},
    "enums.BulkImportRequestState": {"RUNNING", "FAILED", "FINISHED"},
    "review.Review.NetScore": {"Negative", "Zero", "Positive"},
    "webhook.Webhook.Status": {"ACTIVE", "INACTIVE", "REVOKED"},
}


@pytest.mark.parametrize("name", ENUMS)
def test_enums(name: str) -> None:
    module, *path = name.split(".")
    found: Any = importlib.import_module(f"labelbox.schema.{module}")
    for step in path:
        found = getattr(found, step)
    assert issubclass(found, Enum)
    assert {member.name for member in found} == ENUMS[name]
    assert all(member.value == member.name for member in found)


def test_the_version_is_that_of_the_package() -> None:
    package = Path(labelbox.__file__).parents[1] / "pyproject.toml"
    assert tomllib.loads(package.read_text())["project"]["version"] == labelbox.__version__
