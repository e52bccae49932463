"""Labels, setup, queue, imports and webhooks of the API reference 2.4; names begin with the line in the document."""

from __future__ import annotations

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3

import labelbox
from conftest import RunningServer
from factories import next_rows
from guides.conftest import Served
from labelbox import Client, DataRow, Dataset, Label, OntologyBuilder, Project, Webhook
from labelbox.exceptions import InvalidQueryError, LabelboxError, UuidError
from labelbox.schema.enums import BulkImportRequestState
from labelbox.schema.review import Review

pytestmark = pytest.mark.usefixtures("emptied")


def test_R578_bulk_delete_of_labels(project: Project, rows: list[DataRow]) -> None:
    made = [project.create_label(data_row=row, label="x") for row in rows[:3]]
    Label.bulk_delete(made[:2])
    assert list(project.labels()) == made[2:]


def test_R584_create_benchmark(project: Project, rows: list[DataRow]) -> None:
    label = project.create_label(data_row=rows[0], label="x")
    benchmark = label.create_benchmark()
    assert benchmark.reference_label() == label and list(project.benchmarks()) == [benchmark]


def test_R590_create_review(project: Project, rows: list[DataRow]) -> None:
    label = project.create_label(data_row=rows[0], label="x")
    review = label.create_review(score=1.0)
    assert (review.score, review.label(), review.project()) == (1.0, label, project)
    with pytest.raises(LabelboxError):
        label.create_review()
    assert list(label.reviews()) == [review]


def test_R744_a_builder_and_the_first_frontend(client: Client) -> None:
    project = client.create_project(name="legacy")
    builder = OntologyBuilder(tools=[labelbox.Tool(labelbox.Tool.Type.POINT, "Bolt")])
    frontend = list(client.get_labeling_frontends())[0]  # noqa: RUF015 - as the reference writes it
    project.setup(frontend, builder.asdict())
    project.refresh()
    assert isinstance(project.setup_complete, datetime)
    assert project.labeling_frontend() == frontend
    (options,) = project.labeling_frontend_options()
    assert json.loads(options.customization_options) == builder.asdict()
    assert [tool.name for tool in project.ontology().tools()] == ["Bolt"]
    assert OntologyBuilder.from_project(project).asdict() == project.ontology().normalized


def test_R1035_create_label(project: Project, rows: list[DataRow]) -> None:
    label = project.create_label(data_row=rows[0], label="two cars", seconds_to_label=3.5)
    assert list(project.labels()) == [label] and label.seconds_to_label == 3.5


def test_R1041_R1053_R1055_create_prediction_and_its_model(project: Project, rows: list[DataRow]) -> None:
    with pytest.raises(InvalidQueryError):
        project.create_prediction("two cars", rows[0])
    model = project.create_prediction_model("eyes", 42)
    assert project.active_prediction_model() == model
    prediction = project.create_prediction("two cars", rows[0])
    assert prediction.prediction_model() == model and list(project.predictions()) == [prediction]


def test_R1066_enable_model_assisted_labeling(project: Project) -> None:
    assert project.enable_model_assisted_labeling() is True
    assert project.enable_model_assisted_labeling(toggle=False) is False


def test_R1074_export_labels(project: Project, rows: list[DataRow]) -> None:
    project.create_label(data_row=rows[0], label="two cars")
    url = project.export_labels(timeout_seconds=60)
    exported = urllib3.request("GET", url).json()
    assert [entry["Label"] for entry in exported] == ["two cars"]


def test_R1084_extend_reservations(project: Project) -> None:
    assert project.extend_reservations("LabelingQueue") == 0
    assert project.extend_reservations("ReviewQueue") == 0


def test_R1090_labeler_performance(client: Client, project: Project, rows: list[DataRow]) -> None:
    project.create_label(data_row=rows[0], label="x", seconds_to_label=2.0)
    (performance,) = project.labeler_performance()
    assert (performance.user, performance.count, performance.total_time_labeling) == (
        client.get_user(),
        1,
        2.0,
    )


def test_R1096_labels_of_datasets_in_an_order(
    project: Project, dataset: Dataset, rows: list[DataRow]
) -> None:
    made = [project.create_label(data_row=row, label="x") for row in rows[:2]]
    assert list(project.labels(datasets=[dataset], order_by=Label.created_at.desc)) == made[::-1]
    assert list(project.labels(datasets=[])) == []


def test_R1105_review_metrics(project: Project, rows: list[DataRow]) -> None:
    project.create_label(data_row=rows[0], label="x").create_review(score=-1.0)
    assert project.review_metrics(Review.NetScore.Negative) == 1
    assert project.review_metrics(None) == 0


def test_R1120_set_labeling_parameter_overrides(project: Project, rows: list[DataRow]) -> None:
    data_row_1, data_row_2 = rows[:2]
    assert project.set_labeling_parameter_overrides([(data_row_1, 2, 3), (data_row_2, 1, 4)]) is True
    found = {o.data_row(): (o.priority, o.number_of_labels) for o in project.labeling_parameter_overrides()}
    assert (found[data_row_1], found[data_row_2]) == ((2, 3), (1, 4))


def test_R1133_R1134_relative_priorities_before_rows_without_one(
    client: Client, server: RunningServer, project: Project, dataset: Dataset, rows: list[DataRow]
) -> None:
    connected = client.create_project(name="rows of a dataset, without priorities")
    connected.connect_ontology(project.ontology())
    connected.datasets.connect(dataset)
    deadline = time.monotonic() + 30
    while connected.data_row_count < 6 and time.monotonic() < deadline:
        connected.refresh()
    data_row_1, data_row_2, data_row_3 = rows[3:]
    connected.set_labeling_parameter_overrides([(data_row_1, 5, 1), (data_row_2, 2, 1), (data_row_3, 10, 1)])
    order = next_rows(server, connected.uid)
    assert order[:3] == [data_row_2.uid, data_row_1.uid, data_row_3.uid]
    assert set(order) == {row.uid for row in rows}


def test_R1159_unset_labeling_parameter_overrides(project: Project, rows: list[DataRow]) -> None:
    project.set_labeling_parameter_overrides([(rows[0], 2, 3), (rows[1], 1, 4)])
    assert project.unset_labeling_parameter_overrides(rows[:1]) is True
    found = {o.data_row(): o.number_of_labels for o in project.labeling_parameter_overrides()}
    assert found[rows[1]] == 4 and found.get(rows[0], 1) == 1


def test_R1169_upload_annotations_in_three_ways(
    project: Project, lines: list[dict[str, Any]], served: Served, tmp_path: Path
) -> None:
    (tmp_path / "boxes.ndjson").write_text(json.dumps(lines[1]))
    (served.folder / "boxes.ndjson").write_text(json.dumps(lines[2]))
    requests = [
        project.upload_annotations(name="objects", annotations=lines[:1]),
        project.upload_annotations(name="path", annotations=tmp_path / "boxes.ndjson"),
        project.upload_annotations(name="url", annotations=f"{served.url}/boxes.ndjson", validate=False),
    ]
    for request in requests:
        request.wait_until_done(sleep_time_seconds=1)
        assert (request.state, request.errors) == (BulkImportRequestState.FINISHED, [])
    with pytest.raises(UuidError):
        project.upload_annotations(name="twice", annotations=[lines[0], lines[0]])
    assert len(list(project.bulk_import_requests())) == 3


def test_R1181_upsert_instructions(client: Client, project: Project, tmp_path: Path) -> None:
    for name in ("how.text", "how.txt", "how.pdf", "how.html"):
        (tmp_path / name).write_text("Draw a box around each car.")
        project.upsert_instructions(str(tmp_path / name))
    (tmp_path / "how.docx").write_text("x")
    with pytest.raises(ValueError):
        project.upsert_instructions(str(tmp_path / "how.docx"))
    bare = client.create_project(name="not set up")
    with pytest.raises(ValueError):
        bare.upsert_instructions(str(tmp_path / "how.pdf"))


def test_R1191_upsert_review_queue(project: Project) -> None:
    project.upsert_review_queue(0.6)
    for outside in (1.001, -0.001):
        with pytest.raises(ValueError):
            project.upsert_review_queue(outside)


def test_R1425_R1446_R1450_a_webhook(client: Client, project: Project, served: Served) -> None:
    webhook = Webhook.create(client, [Webhook.Topic.LABEL_CREATED], f"{served.url}/hook", "secret", project)
    assert list(project.webhooks()) == [webhook]
    webhook.update(topics=[Webhook.Topic.LABEL_DELETED])
    assert (webhook.topics, webhook.url) == (["LABEL_DELETED"], f"{served.url}/hook")
    webhook.update(status=Webhook.Status.REVOKED)
    assert webhook.status == "REVOKED"
    webhook.delete()
    assert webhook.status == "INACTIVE"
    with pytest.raises(ValueError):
        Webhook.create(client, ["LABEL_EATEN"], f"{served.url}/hook", "secret", None)
