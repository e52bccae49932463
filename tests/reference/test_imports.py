"""BulkImportRequest and its checks, as the two documents describe them: rows R-BIR, R-PJ-60 to 64, P-MI, R-EX-09, R-EX-14."""

from __future__ import annotations

import json
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3

import labelbox as lb
from factories import unique
from labelbox import exceptions
from labelbox.schema.bulk_import_request import BulkImportRequest, get_mal_schemas, parse_classification
from labelbox.schema.enums import BulkImportRequestState


@pytest.fixture
def lines(ready: lb.Project, dataset: lb.Dataset) -> list[dict[str, Any]]:
    """A box for each row."""
    (tool,) = ready.ontology().normalized["tools"]
    return [
        {
            "uuid": str(uuid.uuid4()),
            "schemaId": tool["featureSchemaId"],
            "dataRow": {"id": row.uid},
            "bbox": {"top": 10, "left": 20, "height": 30, "width": 40},
        }
        for row in dataset.data_rows()
    ]


def test_R_BIR_01_R_BIR_02_R_BIR_03_R_BIR_04_R_BIR_08_R_BIR_09_R_BIR_10_R_PJ_60_R_PJ_63(
    client: lb.Client, ready: lb.Project, lines: list[dict[str, Any]]
) -> None:
    name = unique("import")
    request = ready.upload_annotations(name, lines)
    assert isinstance(request, BulkImportRequest)
    assert request.name == name and request.state is BulkImportRequestState.RUNNING
    assert isinstance(request.created_at, datetime) and request.created_at.tzinfo == UTC
    assert request.project() == ready and request.created_by() == client.get_user()
    request.wait_until_done(sleep_time_seconds=1)
    assert request.state is BulkImportRequestState.FINISHED
    broken = ready.upload_annotations(
        unique("import"), [{**lines[0], "uuid": str(uuid.uuid4()), "bbox": {"top": -1}}], validate=False
    )
    broken.wait_until_done(sleep_time_seconds=1)
    assert broken.state is BulkImportRequestState.FINISHED
    assert [entry["status"] for entry in broken.statuses] == ["FAILURE"]


def test_R_BIR_04_R_EN_01_a_file_that_cannot_be_read_fails(client: lb.Client, ready: lb.Project) -> None:
    url = client.upload_data(b"\x89PNG\r\n not lines at all \xff\xfe")
    request = ready.upload_annotations(unique("import"), url, validate=False)
    request.wait_until_done(sleep_time_seconds=1)
    assert request.state is BulkImportRequestState.FAILED


def test_R_BIR_05_R_BIR_06_R_BIR_07_R_BIR_11_R_BIR_12_R_BIR_13_R_BIR_14_files(
    ready: lb.Project, lines: list[dict[str, Any]]
) -> None:
    bad = {**lines[1], "dataRow": {"id": "c" + "0" * 24}}
    request = ready.upload_annotations(unique("import"), [lines[0], bad, *lines[2:]], validate=False)
    sent = urllib3.request("GET", request.input_file_url).data.decode()
    assert [json.loads(line) for line in sent.splitlines()] == [lines[0], bad, *lines[2:]]
    if request.state is BulkImportRequestState.RUNNING:
        assert request.error_file_url is None and request.status_file_url is None
    deadline = time.monotonic() + 30
    while request.state is BulkImportRequestState.RUNNING and time.monotonic() < deadline:
        request.refresh()
    request.wait_until_done(1)
    statuses = urllib3.request("GET", request.status_file_url).data.decode().splitlines()
    assert [json.loads(line)["status"] for line in statuses].count("SUCCESS") == 5
    assert len(statuses) == 6
    (failed,) = (
        json.loads(line) for line in urllib3.request("GET", request.error_file_url).data.decode().splitlines()
    )
    assert failed["uuid"] == bad["uuid"] and failed["status"] == "FAILURE" and failed["errors"]


def test_R_BIR_15_R_BIR_16_R_BIR_17_schemas(ready: lb.Project) -> None:
    ontology = ready.ontology()
    normalized = ontology.normalized
    schemas = get_mal_schemas(ontology)
    ids = {node["featureSchemaId"] for node in normalized["tools"] + normalized["classifications"]}
    assert set(schemas) == ids
    (weather,) = normalized["classifications"]
    parsed = parse_classification(weather)
    assert parsed["featureSchemaId"] == weather["featureSchemaId"]
    answers = {option["featureSchemaId"] for option in weather["options"]}
    assert set(parsed["options"]) == answers
    for kind in ("checklist", "text"):
        assert (
            parse_classification({**weather, "type": kind})["featureSchemaId"] == weather["featureSchemaId"]
        )
    assert parse_classification({**weather, "type": "dropdown"}) is None


def test_R_PJ_61_R_PJ_62_R_PJ_64_from_an_address_and_from_a_path(
    ready: lb.Project, lines: list[dict[str, Any]], served: tuple[Path, str], tmp_path: Path
) -> None:
    text = "\n".join(json.dumps(line) for line in lines)
    name = f"{uuid.uuid4()}.ndjson"
    (served[0] / name).write_text(text)
    by_address = ready.upload_annotations(unique("import"), f"{served[1]}/{name}")
    assert by_address.input_file_url == f"{served[1]}/{name}"
    by_address.wait_until_done(1)
    assert [entry["status"] for entry in by_address.statuses] == ["SUCCESS"] * 6
    path = tmp_path / "lines.ndjson"
    path.write_text(text)
    for given in (path, str(path)):
        by_path = ready.upload_annotations(unique("import"), given)
        assert urllib3.request("GET", by_path.input_file_url).data.decode() == text
        by_path.wait_until_done(1)
        assert by_path.state is BulkImportRequestState.FINISHED
    with pytest.raises(FileNotFoundError):
        ready.upload_annotations(unique("import"), tmp_path / "nothing.ndjson")
    wrong = [{**lines[0], "bbox": {"top": 1}}]
    with pytest.raises(exceptions.MALValidationError):
        ready.upload_annotations(unique("import"), wrong)
    unchecked = ready.upload_annotations(unique("import"), wrong, validate=False)
    assert [entry["status"] for entry in unchecked.statuses] == ["FAILURE"]


def test_R_EX_09_R_EX_14_what_the_client_refuses_itself(
    ready: lb.Project, lines: list[dict[str, Any]]
) -> None:
    with pytest.raises(exceptions.MALValidationError):
        ready.upload_annotations(unique("import"), [{**lines[0], "schemaId": "too short"}])
    unknown = [{**lines[0], "schemaId": "c" + "0" * 24}]  # as long as ours: only the server knows
    assert [entry["status"] for entry in ready.upload_annotations("unknown tool", unknown).statuses] == [
        "FAILURE"
    ]
    with pytest.raises(exceptions.UuidError):
        ready.upload_annotations(unique("import"), [lines[0], lines[0]])
    with pytest.raises(ValueError):
        ready.upload_annotations(unique("import"), [])
    assert [request.name for request in ready.bulk_import_requests()] == ["unknown tool"]
    twice = ready.upload_annotations(unique("import"), [lines[0], lines[0]], validate=False)
    assert sorted(entry["status"] for entry in twice.statuses) in (
        ["FAILURE", "FAILURE"],
        ["FAILURE", "SUCCESS"],
    )


def test_P_MI_01_P_MI_03_pre_labels_of_the_newer_call_are_managed_by_the_older_one(
    client: lb.Client, ready: lb.Project, lines: list[dict[str, Any]]
) -> None:
    kept, deleted = (
        lb.MALPredictionImport.create_from_objects(client, ready.uid, unique("import"), [line])
        for line in lines[:2]
    )
    older = ready.upload_annotations(unique("import"), [lines[2]])
    labels = lb.LabelImport.create_from_objects(client, ready.uid, unique("import"), [lines[3]])
    for job in (kept, deleted, older, labels):
        job.wait_until_done(1)
    found = BulkImportRequest.from_name(client, ready.uid, deleted.name)
    assert found.uid == deleted.uid and [entry["status"] for entry in found.statuses] == ["SUCCESS"]
    found.delete()
    assert [request.uid for request in ready.bulk_import_requests()] == [kept.uid, older.uid]
    assert list(ready.mal_prediction_imports()) == [kept] and list(ready.label_imports()) == [labels]
    no_longer_pre_labeled = lines[1]["dataRow"]["id"]
    with pytest.raises(exceptions.LabelboxError):
        ready.move_data_rows_to_task_queue(lb.UniqueIds([no_longer_pre_labeled]), None)
    ready.move_data_rows_to_task_queue(lb.UniqueIds([lines[0]["dataRow"]["id"]]), None)
    with pytest.raises(exceptions.ResourceNotFoundError):
        BulkImportRequest.from_name(client, ready.uid, labels.name)


def test_P_MI_01_P_MI_02_P_MI_03_P_MI_04_R_EN_01_jobs_are_listed_and_deleted(
    ready: lb.Project, lines: list[dict[str, Any]]
) -> None:
    assert {state.name: state.value for state in BulkImportRequestState} == {
        "RUNNING": "RUNNING",
        "FINISHED": "FINISHED",
        "FAILED": "FAILED",
    }
    requests = [ready.upload_annotations(unique("import"), [line]) for line in lines[:2]]
    for request in requests:
        request.wait_until_done(1)
    assert {request.uid for request in ready.bulk_import_requests()} == {request.uid for request in requests}
    (one,) = [request for request in ready.bulk_import_requests() if request.uid == requests[0].uid]
    assert one.name == requests[0].name
    one.delete()
    assert [request.uid for request in ready.bulk_import_requests()] == [requests[1].uid]
    name = requests[1].name
    with pytest.raises(exceptions.LabelboxError):
        ready.upload_annotations(name, [lines[2]])
