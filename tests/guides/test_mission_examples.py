"""The examples of the project guide, each completed to a small script; names begin with the line in the document."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3

import labelbox as lb
from conftest import RunningServer
from factories import next_rows
from labelbox.exceptions import LabelboxError, ResourceNotFoundError
from labelbox.schema.quality_mode import QualityMode

pytestmark = pytest.mark.usefixtures("emptied")

KEYS = [f"street-{number}" for number in range(1, 7)]
MEDIA = [
    "Audio",
    "Conversational",
    "Dicom",
    "Document",
    "Geospatial_Tile",
    "Html",
    "Image",
    "Json",
    "Simple_Tile",
    "Text",
    "Video",
]


@pytest.fixture
def empty(client: lb.Client, dataset: lb.Dataset) -> lb.Project:
    """A project that no data row has been sent to; the dataset is there."""
    return client.create_project(name="empty", media_type=lb.MediaType.Image)


def priorities(project: lb.Project) -> dict[str, int]:
    """By global key, as the guide reads them."""
    project_lpos = list(project.labeling_parameter_overrides())
    return {lpo.data_row().global_key: lpo.priority for lpo in project_lpos}


def test_P8_client(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELBOX_ENDPOINT", f"{server.url}/graphql")
    client = lb.Client(api_key=server.key)
    assert client.get_user().email == server.email


@pytest.mark.parametrize("name", MEDIA)
def test_P14_to_P28_create_project(client: lb.Client, name: str) -> None:
    project = client.create_project(
        name="<project_name>", description="<project_description>", media_type=getattr(lb.MediaType, name)
    )
    assert client.get_project(project.uid).media_type is getattr(lb.MediaType, name)
    assert project.description == "<project_description>"


def test_P29_create_project_with_benchmarks(client: lb.Client) -> None:
    project = client.create_project(
        name="<project_name>", media_type=lb.MediaType.Image, quality_modes=[QualityMode.Benchmark]
    )
    assert (project.is_benchmark_enabled, project.is_consensus_enabled) == (True, False)


@pytest.mark.parametrize(
    "given", [{"quality_modes": [QualityMode.Consensus]}, {"quality_mode": QualityMode.Consensus}], ids=str
)
def test_P31_create_project_with_consensus(client: lb.Client, given: dict[str, Any]) -> None:
    project = client.create_project(name="<project_name>", media_type=lb.MediaType.Image, **given)
    assert (project.is_benchmark_enabled, project.is_consensus_enabled) == (False, True)
    assert (project.auto_audit_number_of_labels, project.auto_audit_percentage) == (3, 0)


def test_P35_get_project(client: lb.Client, project: lb.Project) -> None:
    assert client.get_project(project.uid) == project


def test_P38_get_project_by_name(client: lb.Client, project: lb.Project) -> None:
    assert client.get_projects(where=lb.Project.name == "Street scenes").get_one() == project
    assert client.get_projects(where=lb.Project.name == "no such name").get_one() is None


def test_P47_create_batch_with_global_keys(empty: lb.Project) -> None:
    batch = empty.create_batch(name="<batch_name>", global_keys=["street-1", "street-2"], priority=5)
    assert (batch.name, batch.size) == ("<batch_name>", 2)
    assert empty.get_overview().to_label == 2


def test_P53_create_batch_with_consensus_settings(empty: lb.Project, rows: list[lb.DataRow]) -> None:
    settings = {"number_of_labels": 3, "coverage_percentage": 0.1}
    batch = empty.create_batch(
        name="<batch_name>", data_rows=[row.uid for row in rows], consensus_settings=settings, priority=1
    )
    assert batch.consensus_settings == settings and batch.size == 6


def test_P43_one_of_global_keys_and_data_rows(empty: lb.Project, rows: list[lb.DataRow]) -> None:
    assert empty.create_batch(name="objects", data_rows=rows[:1]).size == 1
    with pytest.raises(ValueError):
        empty.create_batch(name="both", data_rows=rows[1:2], global_keys=["street-2"])
    with pytest.raises(ValueError):
        empty.create_batch(name="neither")
    assert [batch.name for batch in empty.batches()] == ["objects"]


def test_P45_no_priority_is_the_lowest(
    server: RunningServer, client: lb.Client, project: lb.Project, rows: list[lb.DataRow]
) -> None:
    other = client.create_project(name="two batches", media_type=lb.MediaType.Image)
    other.connect_ontology(project.ontology())
    other.create_batch(name="without", data_rows=rows[:3])
    other.create_batch(name="with", data_rows=rows[3:], priority=4)
    assert next_rows(server, other.uid) == [row.uid for row in rows[3:] + rows[:3]]


def test_P64_create_batches(empty: lb.Project) -> None:
    task = empty.create_batches(name_prefix="demo-create-batches-", global_keys=KEYS, priority=5)
    task.wait_till_done()
    assert task.errors() is None
    assert [batch.name for batch in task.result()] == ["demo-create-batches-0000"]
    with pytest.raises(Exception, match="demo-create-batches-0000"):
        empty.create_batches(name_prefix="demo-create-batches-", global_keys=KEYS)
    assert len(list(empty.batches())) == 1


def test_P75_create_batches_from_dataset(client: lb.Client, empty: lb.Project, dataset: lb.Dataset) -> None:
    dataset = client.get_dataset(dataset.uid)
    empty.create_batch(name="some", global_keys=KEYS[:2])
    task = empty.create_batches_from_dataset(name_prefix="demo-", dataset_id=dataset.uid, priority=5)
    task.wait_till_done()
    assert task.errors() is None
    assert [(batch.name, batch.size) for batch in task.result()] == [("demo-0000", 4)]


def test_P85_batches(empty: lb.Project) -> None:
    for number, key in enumerate(KEYS[:3]):
        empty.create_batch(name=f"batch {number}", global_keys=[key])
    batches = empty.batches()
    assert next(batches).name == "batch 0"
    assert [batch.name for batch in batches] == ["batch 0", "batch 1", "batch 2"]
    assert len(list(batches)) == 3


def test_P101_get_batch(client: lb.Client, project: lb.Project) -> None:
    project_id, batch_id = project.uid, next(project.batches()).uid
    batch = client.get_batch(project_id, batch_id)
    assert (batch.uid, batch.name, batch.size) == (batch_id, "all pictures", 6)


def test_P105_connect_ontology(empty: lb.Project, project: lb.Project) -> None:
    ontology = project.ontology()
    empty.connect_ontology(ontology)
    assert empty.ontology().uid == ontology.uid


def test_P117_members(server: RunningServer, project: lb.Project, capsys: pytest.CaptureFixture[str]) -> None:
    members = project.members()
    member = next(members)
    print(member.user(), member.role(), member.access_from)
    for member in members:
        print(member.user().uid, member.user().email, member.role().name, member.access_from, sep="\t")
    lines = capsys.readouterr().out.splitlines()[1:]
    assert f"{server.email}\tAdmin\tORGANIZATION" in [line.partition("\t")[2] for line in lines]
    assert len(lines) == len(list(members))


def test_P135_upsert_instructions(client: lb.Client, project: lb.Project, tmp_path: Path) -> None:
    same = client.create_project(name="same ontology", media_type=lb.MediaType.Image)
    same.connect_ontology(project.ontology())
    for name in ("how.pdf", "how.html"):
        (tmp_path / name).write_text("Draw a box around each car.")
        project.upsert_instructions(str(tmp_path / name))
    assert "how.html" in str(
        client.execute(
            "query($id: ID!) { project(where: {id: $id}) { ontology { options } } }", {"id": same.uid}
        )
    )


def test_P140_task_queues(project: lb.Project) -> None:
    task_queues = project.task_queues()
    found = [(queue.name, queue.queue_type, queue.data_row_count) for queue in task_queues]
    assert found == [
        ("Initial labeling task", "INITIAL_LABELING_QUEUE", 6),
        ("Initial review task", "MANUAL_REVIEW_QUEUE", 0),
        ("Rework", "MANUAL_REWORK_QUEUE", 0),
    ]


def test_P147_P149_P150_move_data_rows_to_task_queue(project: lb.Project, rows: list[lb.DataRow]) -> None:
    _, review, rework = project.task_queues()
    with pytest.raises(LabelboxError):
        project.move_data_rows_to_task_queue(
            data_row_ids=lb.GlobalKeys(["street-1", "street-2"]), task_queue_id=rework.uid
        )
    for row in rows[:3]:
        project.create_label(data_row=row, label="x")
    project.move_data_rows_to_task_queue(
        data_row_ids=lb.GlobalKeys(["street-1", "street-2"]), task_queue_id=rework.uid
    )
    project.move_data_rows_to_task_queue(
        data_row_ids=lb.UniqueIds([rows[1].uid, rows[2].uid]), task_queue_id=None
    )
    assert [queue.data_row_count for queue in project.task_queues()] == [3, 0, 1]
    project.move_data_rows_to_task_queue(lb.UniqueIds([rows[2].uid]), task_queue_id=review.uid)
    overview = project.get_overview()
    assert (overview.to_label, overview.in_review, overview.in_rework, overview.done) == (3, 1, 1, 1)


def test_P158_P160_the_range_of_priorities_and_the_length_of_a_list(project: lb.Project) -> None:
    lowest, highest = -2_147_483_648, 2_147_483_647
    project.set_labeling_parameter_overrides(
        [(lb.GlobalKey("street-1"), lowest), (lb.GlobalKey("street-2"), highest)]
    )
    found = priorities(project)
    assert (found["street-1"], found["street-2"]) == (lowest, highest)
    for priority in (lowest - 1, highest + 1):
        with pytest.raises(ValueError):
            project.set_labeling_parameter_overrides([(lb.GlobalKey("street-1"), priority)])
    with pytest.raises(ValueError, match="1,000"):
        project.set_labeling_parameter_overrides([(lb.GlobalKey("street-1"), 1)] * 1_001)
    assert priorities(project) == found


def test_P167_to_P204_set_data_row_priority(project: lb.Project) -> None:
    export_task = project.export_v2(params={"data_row_details": True})
    export_task.wait_till_done()
    assert export_task.errors is None
    global_keys = [item["data_row"]["global_key"] for item in export_task.result]
    lpos = []
    priority = 1
    for global_key in global_keys:
        lpos.append((lb.GlobalKey(global_key), priority))
        priority += 1
    project.set_labeling_parameter_overrides(lpos)
    assert priorities(project) == {key: number for number, key in enumerate(global_keys, start=1)}
    assert sorted(global_keys) == KEYS


def test_P190_priority_by_data_row_ids(project: lb.Project, rows: list[lb.DataRow]) -> None:
    data_row_ids = [rows[0].uid, rows[1].uid]
    lpos = [(lb.UniqueId(dr_id), priority) for priority, dr_id in enumerate(data_row_ids, start=1)]
    project.set_labeling_parameter_overrides(lpos)
    found = priorities(project)
    assert (found["street-1"], found["street-2"]) == (1, 2)


def test_P196_priority_by_data_row_objects(project: lb.Project, rows: list[lb.DataRow]) -> None:
    lpos = [(data_row, priority) for priority, data_row in enumerate(rows[:2], start=1)]
    project.set_labeling_parameter_overrides(lpos)
    found = priorities(project)
    assert (found["street-1"], found["street-2"]) == (1, 2)


@pytest.mark.parametrize("form", ["global keys", "data row ids", "data row objects"])
def test_P211_P215_P219_update_data_row_labeling_priority(
    project: lb.Project, rows: list[lb.DataRow], form: str
) -> None:
    given: dict[str, Any] = {
        "global keys": lb.GlobalKeys(["street-1", "street-2"]),
        "data row ids": lb.UniqueIds([row.uid for row in rows[:2]]),
        "data row objects": rows[:2],
    }
    project.update_data_row_labeling_priority(data_rows=given[form], priority=1)
    assert priorities(project) == {key: 1 if key in KEYS[:2] else 5 for key in KEYS}


def test_P228_P232_project_tags(client: lb.Client, project: lb.Project) -> None:
    organization = client.get_organization()
    made = [
        organization.create_resource_tag({"text": text, "color": "008856"}) for text in ("first", "second")
    ]
    tags = project.update_project_resource_tags([tag.uid for tag in made])
    assert {tag.uid for tag in tags} == {tag.uid for tag in made}
    tags = project.get_resource_tags()
    assert {(tag.uid, tag.color, tag.text) for tag in tags} == {
        (made[0].uid, "008856", "first"),
        (made[1].uid, "008856", "second"),
    }


def test_P250_P255_P260_mal_imports(project: lb.Project, lines: list[dict[str, Any]]) -> None:
    for name, line in zip(("kept", "deleted"), lines, strict=False):
        project.upload_annotations(name, [line]).wait_until_done(1)
    import_requests = project.bulk_import_requests()
    job_id = next(request.uid for request in import_requests if request.name == "deleted")
    import_request = [  # noqa: RUF015 - as the guide writes it
        import_request for import_request in project.bulk_import_requests() if import_request.uid == job_id
    ][0]
    import_request.delete()
    assert [request.name for request in project.bulk_import_requests()] == ["kept"]


def test_P267_to_P285_export_the_labels(project: lb.Project, rows: list[lb.DataRow]) -> None:
    project.create_label(data_row=rows[0], label="x")
    export_params = {
        "attachments": True,
        "metadata_fields": True,
        "data_row_details": True,
        "project_details": True,
        "performance_details": True,
    }
    filters = {"last_activity_at": ["2000-01-01 00:00:00", "2050-01-01 00:00:00"]}
    export_task = project.export_v2(params=export_params, filters=filters)
    export_task.wait_till_done()
    if export_task.errors:
        print(export_task.errors)
    export_json = export_task.result
    assert len(export_json) == 6
    (labeled,) = (row for row in export_json if row["data_row"]["id"] == rows[0].uid)
    (label,) = labeled["projects"][project.uid]["labels"]
    assert "seconds_to_create" in label["performance_details"]
    assert {"attachments", "metadata_fields", "media_attributes"} <= set(labeled)


def test_P289_to_P304_export_the_queued_data_rows(project: lb.Project, rows: list[lb.DataRow]) -> None:
    project.create_label(data_row=rows[0], label="x")
    export_params = {
        "attachments": True,
        "metadata_fields": True,
        "data_row_details": True,
        "project_details": True,
    }
    task = project.export_v2(params=export_params, filters={"workflow_status": "ToLabel"})
    task.wait_till_done()
    assert task.errors is None
    assert {row["data_row"]["id"] for row in task.result} == {row.uid for row in rows[1:]}
    assert task.result[0]["data_row"]["id"]


def test_P308_to_P315_export_the_issues(project: lb.Project) -> None:
    for url in (project.export_issues(), project.export_issues(status="Resolved")):
        assert urllib3.request("GET", url).json() == []
    assert "status=Open" in project.export_issues(status="Open")


def test_P317_update_a_project(client: lb.Client, project: lb.Project) -> None:
    project.update(name="Project Name", description="New description")
    found = client.get_project(project.uid)
    assert (found.name, found.description) == ("Project Name", "New description")


def test_P320_delete_a_project(client: lb.Client, project: lb.Project, rows: list[lb.DataRow]) -> None:
    project.create_label(data_row=rows[0], label="x")
    project.delete()
    with pytest.raises(ResourceNotFoundError):
        client.get_project(project.uid)
    assert list(rows[0].labels()) == []


def test_P331_to_P349_the_basics(client: lb.Client, project: lb.Project) -> None:
    assert (project.name, project.description) == ("Street scenes", "")
    for moment in (
        project.updated_at,
        project.created_at,
        client.get_project(project.uid).last_activity_time,
    ):
        assert isinstance(moment, datetime) and moment.tzinfo is UTC
    assert isinstance(project.auto_audit_number_of_labels, int)
    assert isinstance(project.auto_audit_percentage, float)
    assert project.created_by() == client.get_user()
    assert project.organization() == client.get_organization()


def test_P354_ontology(project: lb.Project) -> None:
    ontology = project.ontology()
    assert isinstance(ontology, lb.Ontology) and ontology.name == "Street scenes"


def test_P359_benchmarks(project: lb.Project, rows: list[lb.DataRow]) -> None:
    made = project.create_label(data_row=rows[0], label="x").create_benchmark()
    benchmarks = project.benchmarks()
    assert next(benchmarks) == made and list(benchmarks) == [made]


def test_P370_webhooks(client: lb.Client, project: lb.Project) -> None:
    made = lb.Webhook.create(client, [lb.Webhook.LABEL_CREATED], "https://example.com/hook", "s", project)
    webhooks = project.webhooks()
    assert next(webhooks) == made and list(webhooks) == [made]


def test_P383_P394_data_row_priority(project: lb.Project, rows: list[lb.DataRow]) -> None:
    lpos = project.labeling_parameter_overrides()
    assert next(lpos).priority == 5
    assert {lpo.data_row().uid for lpo in lpos} == {row.uid for row in rows}
    assert len(list(lpos)) == 6


def test_P398_get_label_count(project: lb.Project, rows: list[lb.DataRow]) -> None:
    assert project.get_label_count() == 0
    for row in rows[:2]:
        project.create_label(data_row=row, label="x")
    project.move_data_rows_to_task_queue(lb.UniqueIds([rows[0].uid]), None)
    assert project.get_label_count() == 2
