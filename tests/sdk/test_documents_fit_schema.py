"""Every document that the SDK sends fits the server's SDL.

The documents are collected by calling the SDK against a real HTTP server that answers from the SDL: whatever
a document selects comes back with a value of its type. The SDL is the server's own, or the file that
LABELYARD_SDL names.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import labelbox as lb
from group_calls import call_group_methods
from labelbox.orm.model import Entity
from labelbox.schema.role import ProjectRole
from labelbox.sdk_methods import SDK_METHODS
from labelbox.utils import title_case

graphql = pytest.importorskip("graphql", reason="graphql-core compares the documents with the SDL")

ROOT = Path(__file__).parents[2]
UID = "c" + "1" * 24


def _sdl() -> str | None:
    """The whole SDL: from the file that is named, else as the server puts its rooms together."""
    named = os.environ.get("LABELYARD_SDL")
    if named:
        return Path(named).read_text()
    if not any((ROOT / "server" / "labelyard").rglob("schema.graphql")):
        return None
    found: str = importlib.import_module("labelyard.app").binding().sdl
    return found


@pytest.fixture(scope="module")
def schema() -> Any:
    text = _sdl()
    if text is None:
        pytest.skip("there is no server/labelyard/**/schema.graphql to compare with, nor LABELYARD_SDL")
    return graphql.build_schema(text, assume_valid_sdl=True)


_BY_NAME: dict[str, Any] = {
    "status": "COMPLETE",
    "state": "FINISHED",
    "normalized": {"tools": [], "classifications": [], "featureSchemaId": UID},
    "role": "NONE",
    "color": "9EC5FF",
    "timezone": "UTC",
    "shouldPoll": False,
    "allDataRowsHaveBeenProcessed": True,
    "jobStatus": "COMPLETE",
    "kind": "CustomMetadataString",
    "totalSize": 0,
    "totalLines": 0,
    "cancelableTaskTypes": ["ExportDataRows"],
    "type": "export-data-rows",
}
_BY_TYPE: dict[str, Any] = {
    "ID": UID,
    "String": "text",
    "Int": 1,
    "Float": 1.0,
    "Boolean": True,
    "DateTime": "2024-01-01T00:00:00.000Z",
}


def _value(kind: Any, name: str) -> Any:
    """A value of an output type; lists have one item, cursors are at their end."""
    nullable = graphql.get_nullable_type(kind)
    if name in ("nextCursor", "endCursor", "startCursor", "after"):
        return None
    if name == "name" and str(nullable) == "String":
        return "None"
    if graphql.is_list_type(nullable):
        return _BY_NAME.get(name) or [_value(nullable.of_type, name)]
    if graphql.is_composite_type(nullable):
        return {}
    if graphql.is_enum_type(nullable):
        wanted = _BY_NAME.get(name)
        return wanted if wanted in nullable.values else next(iter(nullable.values))
    if name in _BY_NAME:
        return _BY_NAME[name]
    return _BY_TYPE.get(nullable.name, {})


def _resolve(_source: Any, info: Any, **_arguments: Any) -> Any:
    return _value(info.return_type, info.field_name)


@pytest.fixture
def answered(server: Any, schema: Any, reply: Any) -> Any:
    """The server, answering each document out of the SDL; a document that does not fit is an error."""

    def answer(request: Any) -> Any:
        document = graphql.parse(request.query)
        variables = dict(request.variables)
        if "file" in variables:
            variables["file"] = "upload"
        errors = graphql.validate(schema, document)
        if errors:
            return misfit(errors)
        result = graphql.execute_sync(
            schema, document, variable_values=variables, field_resolver=_resolve, type_resolver=_first_type
        )
        return misfit(result.errors) if result.errors else result.data

    def misfit(errors: Any) -> Any:
        return reply({"errors": [{"message": str(error), "extensions": {"code": "X"}} for error in errors]})

    server.fallback = answer
    server.files["/text"] = b""
    return server


def _first_type(_value: Any, info: Any, kind: Any) -> str:
    return str(info.schema.get_possible_types(kind)[0].name)


def _exercise(client: lb.Client, file: Path) -> None:
    """Calls every method of the SDK that sends a document."""
    for calls in (_organization, _project, _queue, _dataset, _ontology, _imports, _exports, _labels, _keys):
        calls(client, file)


def _organization(client: lb.Client, _file: Path) -> None:
    organization, user = client.get_organization(), client.get_user()
    role = client.get_roles()["NONE"]
    project = client.get_project(UID)
    organization.invite_user("new@example.org", role, [ProjectRole(project, role)])
    for invite in organization.invites():
        invite.cancel()
        invite.create_link()
    organization.invite_users(["a@example.org"], role, [project])
    list(project.invites())
    organization.invite_limit()
    organization.create_resource_tag({"text": "a", "color": "#008856"}).update(text="b")
    organization.get_resource_tags()
    organization.remove_user(user)
    user.update_org_role(role)
    user.upsert_project_role(project, role)
    list(client.get_users(lb.User.email == "a"))
    call_group_methods(client, user, role, project)
    hook = lb.Webhook.create(client, [lb.Webhook.LABEL_CREATED], "https://example.org", "secret", project)
    hook.update(topics=["LABEL_UPDATED"], url="https://example.org/2", status="ACTIVE")
    hook.delete()


def _project(client: lb.Client, file: Path) -> None:
    project = client.create_project(name="p", description="d", media_type=lb.MediaType.Image)
    list(client.get_projects((lb.Project.name == "p") & (lb.Project.created_at > project.created_at)))
    project.update(name="q", media_type=lb.MediaType.Image)
    list(project.members())
    project.update_project_resource_tags([UID])
    project.get_resource_tags()
    project.clone()
    frontend = client.get_labeling_frontends(where=lb.LabelingFrontend.name == "Editor").get_one()
    assert frontend is not None
    project.setup(frontend, {"tools": [], "classifications": []})
    project.connect_ontology(client.get_ontology(UID))
    with pytest.warns(UserWarning, match="may not show instructions"):
        project.upsert_instructions(file)
    project.enable_model_assisted_labeling()
    project.datasets.connect(client.get_dataset(UID))
    project.datasets.disconnect(client.get_dataset(UID))
    project.labeling_frontend.disconnect()
    list(project.labeler_performance())
    project.review_metrics(None)
    project.review_metrics(lb.Review.NetScore.Zero)
    project.get_label_count()
    project.get_overview()
    project.get_overview(details=True, batch_ids=[UID])
    client.delete_project_memberships(UID, [UID])
    project.delete()


def _queue(client: lb.Client, _file: Path) -> None:
    project, row = client.get_project(UID), client.get_data_row(UID)
    project.upload_type = lb.UploadType.Manual
    batch = project.create_batch(
        "b", [row], consensus_settings={"number_of_labels": 3, "coverage_percentage": 0.1}
    )
    project.create_batch("large", [f"{n}" for n in range(1000)])
    list(project.batches())
    task = project.create_batches("prefix", global_keys=["a"])
    task.wait_till_done()
    task.errors()
    task.result()
    project.create_batches_from_dataset("prefix", UID)
    batch.project()
    batch.created_by()
    batch.remove_queued_data_rows()
    batch.delete_labels(set_labels_as_template=True)
    batch.export()
    batch.delete()
    project.task_queues()
    project.move_data_rows_to_task_queue(lb.GlobalKeys(["a"]), None)
    project.set_labeling_parameter_overrides([(row, 2, 3), (lb.GlobalKey("a"), -1), (lb.UniqueId("b"), 5)])
    project.update_data_row_labeling_priority(lb.UniqueIds(["a"]), 1)
    project.unset_labeling_parameter_overrides([row])
    project.extend_reservations("LabelingQueue")
    project.clear_queue_reservations(UID)
    project.bulk_assign_data_rows(UID, [UID], ["FREE", "RESERVED"])
    project.clone_workflow_from(UID)
    project.delete_labels_by_user(UID)
    project.upsert_review_queue(0.5)
    params = {"source_project_id": UID, "annotations_ontology_mapping": {"a": "b"}, "batch_priority": 5}
    client.send_to_annotate_from_catalog(UID, UID, "batch", lb.GlobalKeys(["a"]), params)


def _dataset(client: lb.Client, file: Path) -> None:
    project = client.get_project(UID)
    dataset = client.create_dataset(name="d", projects=project)
    list(client.get_datasets(lb.Dataset.name != "x"))
    dataset.update(description="new")
    row = dataset.create_data_row(
        row_data=str(file),
        external_id="e",
        attachments=[{"type": "RAW_TEXT", "value": "v", "name": "n"}],
        media_type=lb.MediaType.Text,
    )
    task = dataset.create_data_rows([str(file), {lb.DataRow.row_data: "https://example.org/a.jpg"}])
    task.wait_till_done()
    assert task.result and task.errors
    dataset.upsert_data_rows([{"key": lb.GlobalKey("a"), "external_id": "x"}])
    dataset.data_row_for_external_id("e")
    list(dataset.data_rows(order_by=lb.DataRow.created_at.asc))
    list(dataset.data_rows((lb.DataRow.external_id == "a") & (lb.DataRow.global_key != "b")))
    row.update(external_id="f")
    row.create_metadata("TEXT", "v")
    attachment = row.create_attachment("IMAGE", "https://example.org/a.png", "overlay")
    attachment.update(name="n")
    attachment.delete()
    row.get_winning_label_id(UID)
    row.delete()
    dataset.delete()
    metadata = client.get_data_row_metadata_ontology()
    field = lb.DataRowMetadataField(value="v", schema_id=UID)
    metadata.bulk_upsert(
        [lb.DataRowMetadata(data_row_id=UID, fields=[field]), lb.DataRowMetadata("key", None)]
    )
    metadata.bulk_delete([lb.DeleteDataRowMetadata(UID, [UID])])
    metadata.bulk_export([UID])
    metadata.create_schema("s", lb.DataRowMetadataKind.enum, ["a", "b"])
    metadata.custom_fields = metadata.fields
    metadata.update_schema("None", "t")
    metadata.custom_fields = metadata.fields
    metadata.delete_schema("None")


def _ontology(client: lb.Client, _file: Path) -> None:
    builder = lb.OntologyBuilder(tools=[lb.Tool(lb.Tool.Type.BBOX, "boat")])
    client.create_ontology("o", builder.asdict(), lb.MediaType.Image)
    client.create_ontology("e", builder.asdict(), ontology_kind=lb.OntologyKind.ModelEvaluation)
    list(client.get_ontologies("o"))
    client.create_feature_schema(builder.tools[0].asdict())
    list(client.get_feature_schemas("o"))
    client.get_feature_schema(UID)


def _imports(client: lb.Client, file: Path) -> None:
    project = client.get_project(UID)
    line = {"uuid": "c9a7b5ee-6a35-4a5c-9ac6-6a5e6cc0b1e2", "dataRow": {"id": UID}, "name": "boat"}
    project.upload_annotations("objects", [line], validate=False)
    project.upload_annotations("file", file, validate=False)
    request = project.upload_annotations("url", "https://example.org/a.ndjson", validate=False)
    list(project.bulk_import_requests())
    lb.BulkImportRequest.from_name(client, UID, "url").refresh()
    request.delete()
    labels = lb.LabelImport.create_from_objects(client, UID, "objects", [line])
    lb.LabelImport.create_from_url(client, UID, "url", "https://example.org/a.ndjson")
    lb.LabelImport.from_name(client, UID, "objects")
    labels.refresh()
    list(project.label_imports())
    predictions = lb.MALPredictionImport.create_from_file(client, UID, "file", file)
    lb.MALPredictionImport.create_from_url(client, UID, "url", "https://example.org/a.ndjson")
    lb.MALPredictionImport.from_name(client, UID, "file")
    list(project.mal_prediction_imports())
    predictions.refresh()
    predictions.delete()


def _exports(client: lb.Client, _file: Path) -> None:
    project = client.get_project(UID)
    project.export_labels()
    project.export_issues("Open")
    filters = {"last_activity_at": ["2000-01-01", None], "global_keys": ["a"], "workflow_status": "InReview"}
    task = project.export(filters=filters, params={"attachments": True})
    task.has_result()
    list(task.get_buffered_stream())
    assert task.result_url
    project.export_v2(params={"label_details": True})
    client.get_dataset(UID).export(params={"project_ids": [UID], "all_projects": False})
    client.get_catalog().export_v2(filters={"data_row_ids": [UID]})
    lb.DataRow.export(client, global_keys=["a"])
    other = client.get_task_by_id(UID)
    other.status = "IN_PROGRESS"
    with pytest.raises(lb.LabelboxError, match="only a task in progress"):
        client.cancel_task(UID)


def _labels(client: lb.Client, _file: Path) -> None:
    project, row = client.get_project(UID), client.get_data_row(UID)
    label = project.create_label(data_row=row, label="text", seconds_to_label=3.0)
    label.update(label="other")
    label.create_review(score=1).update(score=-1)
    label.create_review(score=1).delete()
    benchmark = label.create_benchmark()
    benchmark.delete()
    list(project.labels(datasets=[client.get_dataset(UID)], order_by=lb.Label.created_at.desc))
    list(project.reviews(where=lb.Review.score > 0))
    model = project.create_prediction_model("m", 1)
    project.create_prediction("l", row, model)
    project.create_prediction("l", row)
    label.delete()


def _keys(client: lb.Client, _file: Path) -> None:
    client.get_data_row_ids_for_global_keys(["a"])
    client.get_data_row_by_global_key("a")
    client.assign_global_keys_to_data_rows([{"data_row_id": UID, "global_key": "a"}])
    client.clear_global_keys(["a"])
    client.get_data_row_ids_for_external_ids(["a"])


RELATED = [
    *("Project", "Dataset", "DataRow", "Label", "Review", "Benchmark", "BulkImportRequest", "LabelImport"),
    *("MALPredictionImport", "LabelingFrontend", "LabelingFrontendOptions", "Ontology", "Organization"),
    *(
        "Prediction",
        "PredictionModel",
        "Task",
        "User",
        "Webhook",
        "LabelingParameterOverride",
        "ProjectMember",
    ),
]
RELATIONSHIPS = [(name, relation.name) for name in RELATED for relation in Entity.named(name).relationships()]


def test_X_28_every_call_sends_documents_that_fit_and_names_its_method(
    answered: Any, client: lb.Client, tmp_path: Path
) -> None:
    file = tmp_path / "a.html"
    file.write_text('{"dataRow": {"id": "x"}}')
    _exercise(client, file)
    assert len(set(answered.operations())) > 100

    entities = [Entity.named(name) for name in {name for name, _ in RELATIONSHIPS} | {"Batch"}]
    relations = {e.type_name() + title_case(r.graphql_name) for e in entities for r in e.relationships()}
    unnamed = {
        each.operation
        for each in answered.requests
        if each.query and "x-sdk-method" not in each.headers and not each.operation.startswith("Update")
    }
    assert unnamed - relations == set()
    assert all(":" in method for method in SDK_METHODS.values())


@pytest.mark.parametrize(("entity_name", "relation_name"), RELATIONSHIPS)
def test_every_relationship_fits(
    answered: Any, client: lb.Client, values: Callable[..., Any], entity_name: str, relation_name: str
) -> None:
    source = Entity.named(entity_name)(client, values(Entity.named(entity_name)))
    relation = next(r for r in source.relationships() if r.name == relation_name)
    found = getattr(source, relation_name)()
    if relation.to_many:
        found = found.get_one()
    assert isinstance(found, relation.destination_type)
    assert relation.cache == (answered.requests == [])
