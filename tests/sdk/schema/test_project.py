"""Project: what its methods send, and what they refuse without a request."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import labelbox as lb
from labelbox.exceptions import (
    InvalidQueryError,
    LabelboxError,
    OperationNotAllowedException,
    ProcessingWaitTimeout,
    ResourceNotFoundError,
)

UID = "c" + "1" * 24
ROW = "c" + "2" * 24


@pytest.fixture
def project(client: lb.Client, values: Callable[..., Any]) -> lb.Project:
    found = values(
        lb.Project, UID, name="p", setupComplete="2024-01-01T00:00:00.000Z", allowedMediaType="IMAGE"
    )
    return lb.Project(client, found)


@pytest.fixture
def row(client: lb.Client, values: Callable[..., Any]) -> lb.DataRow:
    return lb.DataRow(client, values(lb.DataRow, ROW))


@pytest.fixture
def task(values: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **given: {"task": values(lb.Task, "t" * 25, **{"status": "COMPLETE", **given})}


def test_R_PJ_43_P_SP_overrides_of_both_documents(server: Any, project: lb.Project, row: lb.DataRow) -> None:
    done = {"project": {"setLabelingParameterOverrides": {"success": True}}}
    server.on("SetLabelingParameterOverrides", done)
    overrides = [(row, 2, 3), (row, -5), (lb.GlobalKey("g"), 2**31 - 1), (lb.UniqueId("u"), 1, 7)]
    assert project.set_labeling_parameter_overrides(overrides) is True
    assert server.calls("SetLabelingParameterOverrides")[0]["data"] == [
        {"dataRow": {"id": ROW}, "priority": 2, "numLabels": 3}
    ]
    assert server.calls("SetLabelingParameterOverrides")[0]["named"] == [
        {"dataRowIdentifier": {"id": ROW, "idType": "ID"}, "priority": -5},
        {"dataRowIdentifier": {"id": "g", "idType": "GKEY"}, "priority": 2**31 - 1},
        {"dataRowIdentifier": {"id": "u", "idType": "ID"}, "priority": 1},
    ]


def test_R_PJ_44_46_P_LP_wrong_overrides(server: Any, project: lb.Project, row: lb.DataRow) -> None:
    wrong: list[tuple[Any, type[Exception]]] = [
        ((row, "1", 2), TypeError),
        ((row, 1.5), TypeError),
        ((row, True), TypeError),
        (("not a row", 1), TypeError),
        ((row,), TypeError),
        ((row, 0, 1), ValueError),
        ((row, 1, 0), ValueError),
        ((lb.GlobalKey("g"), 2**31), ValueError),
    ]
    for override, expected in wrong:
        with pytest.raises(expected):
            project.set_labeling_parameter_overrides([override])
    with pytest.raises(ValueError, match="1,000"):
        project.set_labeling_parameter_overrides([(row, 1)] * 1001)
    assert server.requests == []


def test_P_UP_priorities_of_many(server: Any, project: lb.Project, row: lb.DataRow, task: Any) -> None:
    server.on(
        "CreateQueuePriorityUpdateTask", {"project": {"createQueuePriorityUpdateTask": {"taskId": "t"}}}
    )
    server.on("Task", task())
    for rows in (lb.GlobalKeys(["g"]), lb.UniqueIds([ROW]), [row], [ROW]):
        assert project.update_data_row_labeling_priority(data_rows=rows, priority=1) is True
    names = [call["data"]["dataRowIdentifiers"] for call in server.calls("CreateQueuePriorityUpdateTask")]
    assert names == [{"ids": ["g"], "idType": "GKEY"}] + [{"ids": [ROW], "idType": "ID"}] * 3
    with pytest.raises(TypeError):
        project.update_data_row_labeling_priority(lb.UniqueIds([ROW]), "1")  # type: ignore[arg-type]


def test_P_MV_moves_wait_and_tell_why_they_failed(server: Any, project: lb.Project, task: Any) -> None:
    server.on("CreateBulkAddRowsToQueueTask", {"project": {"createBulkAddRowsToQueueTask": {"taskId": "t"}}})
    server.on("Task", task(status="IN_PROGRESS"), task())
    project.move_data_rows_to_task_queue(lb.GlobalKeys(["g"]), None)
    data = {"queueId": None, "dataRowIdentifiers": {"ids": ["g"], "idType": "GKEY"}}
    assert server.calls("CreateBulkAddRowsToQueueTask")[0]["data"] == data
    server.on("Task", task(status="FAILED", type="send-to-task-queue", result='[{"reason": "no label"}]'))
    with pytest.raises(LabelboxError, match="no label"):
        project.move_data_rows_to_task_queue(data_row_ids=lb.UniqueIds([ROW]), task_queue_id="q")
    with pytest.raises(TypeError):
        project.move_data_rows_to_task_queue("c1", None)


PROCESSED = {"queryAllDataRowsHaveBeenProcessed": {"allDataRowsHaveBeenProcessed": True}}


def test_P_BA_create_batch(
    server: Any, project: lb.Project, row: lb.DataRow, values: Callable[..., Any]
) -> None:
    settings = {"numberOfLabels": 3, "coveragePercentage": 0.1}
    batch = values(lb.Batch, "b" * 25, name="b", size=1, consensusSettingsJson=settings)
    server.on("QueryAllDataRowsHaveBeenProcessed", PROCESSED)
    server.on("CreateBatchV2", {"project": {"createBatchV2": {"batch": batch, "failedDataRowIds": ["x"]}}})
    given = {"number_of_labels": 3, "coverage_percentage": 0.1}
    made = project.create_batch("b", data_rows=[row, "c3"], consensus_settings=given)
    assert (made.name, made.failed_data_row_ids, made.consensus_settings) == ("b", ["x"], given)
    sent = server.calls("CreateBatchV2")[0]["input"]
    assert sent == {"name": "b", "priority": 5, "consensusSettings": settings, "dataRowIds": [ROW, "c3"]}
    project.create_batch("b", global_keys=["g"], priority=1)
    sent = server.calls("CreateBatchV2")[1]["input"]
    assert (sent["globalKeys"], sent["priority"], "dataRowIds" in sent) == (["g"], 1, False)


def test_P_BA_a_large_batch_is_made_in_the_background(
    server: Any, project: lb.Project, values: Callable[..., Any], task: Any
) -> None:
    server.on("QueryAllDataRowsHaveBeenProcessed", PROCESSED)
    server.on("CreateEmptyBatch", {"project": {"createEmptyBatch": {"id": "b"}}})
    server.on("AddDataRowsToBatchAsync", {"project": {"addDataRowsToBatchAsync": {"taskId": "t"}}})
    server.on("Task", task(type="add-data-rows-to-batch"))
    server.on("ProjectBatch", {"project": {"batches": {"nodes": [values(lb.Batch, "b" * 25, size=1000)]}}})
    assert project.create_batch("b", global_keys=[f"g{n}" for n in range(1000)]).size == 1000
    assert len(server.calls("AddDataRowsToBatchAsync")[0]["input"]["globalKeys"]) == 1000


def test_P_BA_wrong_batches(server: Any, project: lb.Project, values: Callable[..., Any]) -> None:
    wrong: list[dict[str, Any]] = [
        {},
        {"data_rows": ["a"], "global_keys": ["b"]},
        {"data_rows": []},
        {"global_keys": [str(n) for n in range(100_001)]},
        {"data_rows": [1]},
        {"data_rows": ["a"], "consensus_settings": {"votes": 3}},
        {"data_rows": ["a"], "consensus_settings": {"number_of_labels": 3, "coverage_percentage": 10}},
    ]
    for given in wrong:
        with pytest.raises(ValueError):
            project.create_batch("b", **given)
    auto = lb.Project(project.client, values(lb.Project, UID, uploadType="AUTO"))
    with pytest.raises(ValueError, match="generates"):
        auto.create_batch("b", ["a"])
    assert server.requests == []


def test_P_BA_data_rows_that_never_are_processed(server: Any, project: lb.Project) -> None:
    waiting = {"queryAllDataRowsHaveBeenProcessed": {"allDataRowsHaveBeenProcessed": False}}
    server.on("QueryAllDataRowsHaveBeenProcessed", waiting)
    project._wait_processing_max_seconds = 0.3
    with pytest.raises(ProcessingWaitTimeout):
        project.create_batch("b", ["a"])


@pytest.mark.parametrize("is_idle", [True, False])
def test_P_BM_many_names_travel_once_when_nothing_is_being_looked_into(
    server: Any, project: lb.Project, is_idle: bool
) -> None:
    keys = [f"g{n}" for n in range(1001)]
    server.on(
        "QueryAllDataRowsHaveBeenProcessed",
        lambda request: {
            "queryAllDataRowsHaveBeenProcessed": {
                "allDataRowsHaveBeenProcessed": is_idle or bool(request.variables["globalKeys"])
            }
        },
    )
    server.on("CreateBatches", {"project": {"createBatches": {"tasks": []}}})
    project.create_batches("p", global_keys=keys)
    asked = server.calls("QueryAllDataRowsHaveBeenProcessed")
    assert asked == [{"globalKeys": []}] + ([] if is_idle else [{"globalKeys": keys}])
    assert len(server.calls("CreateBatches")[0]["input"]["globalKeys"]) == 1001


def test_P_BM_many_batches(server: Any, project: lb.Project, task: Any, values: Callable[..., Any]) -> None:
    server.on("QueryAllDataRowsHaveBeenProcessed", PROCESSED)
    tasks = [{"batchUuid": "b0", "taskId": "t0"}, {"batchUuid": "b1", "taskId": "t1"}]
    server.on("CreateBatches", {"project": {"createBatches": {"tasks": tasks}}})
    failed = task(status="FAILED", type="add-data-rows-to-batch", result='["taken"]')
    failed["task"]["id"] = "t1"
    server.on("Task", lambda request: task() if request.variables["id"] == "t0" else failed)
    server.on("ProjectBatch", {"project": {"batches": {"nodes": [values(lb.Batch, "b" * 25, name="p0000")]}}})
    made = project.create_batches("p", global_keys=["a", "b"])
    made.wait_till_done()
    assert made.errors() == {"t1": ["taken"]}
    assert [batch.name for batch in made.result()] == ["p0000"]
    assert server.calls("ProjectBatch") == [{"projectId": UID, "batchId": "b0"}]
    with pytest.raises(ValueError, match="1,000,000"):
        project.create_batches("p", global_keys=map(str, range(1_000_001)))
    with pytest.raises(ValueError, match="together"):
        project.create_batches("p", data_rows=["a"], global_keys=["b"])


def test_P_GB_03_an_unknown_batch(server: Any, client: lb.Client) -> None:
    server.on("ProjectBatch", {"project": {"batches": {"nodes": []}}})
    with pytest.raises(ResourceNotFoundError):
        client.get_batch(UID, "b")


def test_R_PJ_56_57_setup(server: Any, project: lb.Project, values: Callable[..., Any]) -> None:
    editor = lb.LabelingFrontend(project.client, values(lb.LabelingFrontend, ROW, name="Editor"))
    server.on("UpdateProjectLabelingFrontend", {"updateProject": {"id": UID}})
    server.on("Organization", {"organization": values(lb.Organization, "o" * 25)})
    server.on("CreateLabelingFrontendOptions", {"createLabelingFrontendOptions": {"id": "x"}})
    server.on(
        "UpdateProject", {"updateProject": values(lb.Project, UID, setupComplete="2024-01-01T00:00:00.000Z")}
    )
    options: dict[str, Any] = {"tools": [], "classifications": []}
    project.setup(editor, options)
    project.setup(editor, "as it is")
    sent = [call["data"]["customizationOptions"] for call in server.calls("CreateLabelingFrontendOptions")]
    assert sent == [json.dumps(options), "as it is"]
    moment = datetime.fromisoformat(server.calls("UpdateProject")[0]["data"]["setupComplete"])
    assert abs((datetime.now(UTC) - moment).total_seconds()) < 10
    assert project.setup_complete == datetime(2024, 1, 1, tzinfo=UTC)


def test_P_ON_01_connect_ontology_of_another_media_type(
    server: Any, project: lb.Project, values: Callable[..., Any]
) -> None:
    ontology = lb.Ontology(project.client, values(lb.Ontology, mediaType="TEXT"))
    with pytest.raises(ValueError, match="Text"):
        project.connect_ontology(ontology)
    assert server.requests == []


def test_R_PJ_65_to_68_instructions(
    server: Any, project: lb.Project, values: Callable[..., Any], tmp_path: Path
) -> None:
    editor = values(lb.LabelingFrontend, name="Editor")
    server.on("ProjectLabelingFrontend", {"project": {"labelingFrontend": editor}})
    server.on("UploadFile", {"uploadFile": {"url": "http://f/1", "filename": None}})
    server.on("SetProjectInstructions", {"setProjectInstructions": {"id": UID, "ontology": None}})
    for suffix in (".text", ".txt", ".pdf", ".html"):
        (tmp_path / f"a{suffix}").write_bytes(b"x")
        project.upsert_instructions(str(tmp_path / f"a{suffix}"))
    assert server.calls("SetProjectInstructions") == [{"projectId": UID, "instructionsUrl": "http://f/1"}] * 4
    with pytest.raises(ValueError, match="must end with"):
        project.upsert_instructions("a.docx")
    fresh = values(lb.Project, UID)
    server.on("Project", {"project": fresh})
    with pytest.raises(ValueError, match="has not been set up"):
        lb.Project(project.client, fresh).upsert_instructions(tmp_path / "a.pdf")


def test_R_PJ_34_35_reservations(server: Any, project: lb.Project) -> None:
    server.on("ExtendReservations", {"extendReservations": 4})
    assert project.extend_reservations("LabelingQueue") == 4
    assert project.extend_reservations("ReviewQueue") == 4
    with pytest.raises(InvalidQueryError):
        project.extend_reservations("OtherQueue")


def test_R_PJ_69_review_quota(server: Any, project: lb.Project) -> None:
    server.on("UpsertReviewQueue", {"upsertReviewQueue": {"id": "x"}})
    for quota in (0, 0.6, 1):
        project.upsert_review_queue(quota)
    assert [call["quotaFactor"] for call in server.calls("UpsertReviewQueue")] == [0, 0.6, 1]
    for quota in (1.001, -0.001):
        with pytest.raises(ValueError, match="range"):
            project.upsert_review_queue(quota)


def test_R_PJ_41_42_review_metrics(server: Any, project: lb.Project) -> None:
    server.on("ProjectReviewMetrics", {"project": {"reviewMetrics": {"labelAggregate": {"count": 2}}}})
    assert project.review_metrics(None) == 2
    assert project.review_metrics(lb.Review.NetScore.Negative) == 2
    assert [c["netScore"] for c in server.calls("ProjectReviewMetrics")] == ["None", "Negative"]
    with pytest.raises(InvalidQueryError):
        project.review_metrics(12)  # type: ignore[arg-type]


def test_R_PJ_37_38_labeler_performance(server: Any, project: lb.Project, values: Callable[..., Any]) -> None:
    found = {
        "user": values(lb.User, email="a@b.c"),
        "count": 1,
        "secondsPerLabel": 2.0,
        "totalTimeLabeling": 2.0,
        "consensus": None,
        "averageBenchmarkAgreement": 50.0,
        "lastActivityTime": "2024-01-01T00:00:00.000Z",
    }
    server.on("ProjectLabelerPerformance", {"project": {"labelerPerformance": [found]}})
    (performance,) = project.labeler_performance()
    assert performance._fields == (
        "user",
        "count",
        "seconds_per_label",
        "total_time_labeling",
        "consensus",
        "average_benchmark_agreement",
        "last_activity_time",
    )
    assert (performance.user.email, performance.count) == ("a@b.c", 1)
    assert performance.last_activity_time == datetime(2024, 1, 1, tzinfo=UTC)


def test_overview(server: Any, project: lb.Project) -> None:
    counts = [
        {"state": s, "count": n}
        for n, s in enumerate(["All", "Unlabeled", "Labeled", "InReview", "InRework"])
    ]
    queues = [{"queueType": "MANUAL_REVIEW_QUEUE", "name": "Initial review task", "dataRowCount": 3}]
    found = {"workstreamStateCounts": counts, "taskQueues": queues, "issues": {"totalCount": 7}}
    server.on("ProjectWorkstreamStateCounts", {"project": {**found, "completedDataRowCount": 0}})
    overview = project.get_overview()
    assert isinstance(overview, lb.ProjectOverview)
    assert (overview.to_label, overview.total_data_rows, overview.skipped, overview.issues) == (1, 0, 0, 7)
    detailed = project.get_overview(details=True, batch_ids=["b"])
    assert detailed.in_review == {"data": [{"Initial review task": 3}], "total": 3}
    assert detailed.in_rework == {"data": [], "total": 4}
    assert detailed.issues is None
    with pytest.raises(ValueError, match="1,000"):
        project.get_overview(batch_ids=[])
    for wrong in ("b", [1]):
        with pytest.raises(ValueError, match="list of ids"):
            project.get_overview(batch_ids=wrong)


def test_R_PJ_31_33_export_labels(server: Any, project: lb.Project) -> None:
    waiting = {"exportLabels": {"downloadUrl": None, "createdAt": None, "shouldPoll": True}}
    ready = {"exportLabels": {"downloadUrl": "http://f/l.json", "createdAt": None, "shouldPoll": False}}
    server.on("ExportLabels", waiting, ready)
    assert project.export_labels() == "http://f/l.json"
    server.on("ExportLabels", waiting)
    assert project.export_labels(timeout_seconds=0) is None


def test_P_IS_export_issues(server: Any, project: lb.Project) -> None:
    server.on(
        "ProjectIssueExportUrl",
        lambda r: {"project": {"issueExportUrl": f"u?status={r.variables['status']}"}},
    )
    assert project.export_issues(status="Open") == "u?status=Open"
    project.export_issues()
    assert [c["status"] for c in server.calls("ProjectIssueExportUrl")] == ["Open", None]
    with pytest.raises(ValueError, match="Closed"):
        project.export_issues(status="Closed")


def test_R_PJ_24_25_create_label(server: Any, project: lb.Project, row: lb.DataRow, values: Any) -> None:
    server.on("CreateLabel", {"createLabel": values(lb.Label, label="l", secondsToLabel=0.0)})
    project.create_label(label="l", data_row=row)
    assert server.calls("CreateLabel")[0]["data"] == {
        "label": "l",
        "secondsToLabel": 0.0,
        "dataRow": {"connect": {"id": ROW}},
        "project": {"connect": {"id": UID}},
        "type": {"connect": {"name": "Any"}},
    }
    with pytest.raises(InvalidQueryError):
        project.create_label(label="l")


def test_R_PJ_26_27_predictions(server: Any, project: lb.Project, row: lb.DataRow, values: Any) -> None:
    server.on("ProjectActivePredictionModel", {"project": {"activePredictionModel": None}})
    with pytest.raises(InvalidQueryError, match="'p' has no active prediction model"):
        project.create_prediction("l", row)
    model = values(lb.PredictionModel, "m" * 25)
    server.on("ProjectActivePredictionModel", {"project": {"activePredictionModel": model}})
    server.on("CreatePrediction", {"createPrediction": values(lb.Prediction, label="l")})
    assert project.create_prediction("l", row).label == "l"
    assert server.calls("CreatePrediction")[0]["predictionModelId"] == "m" * 25


def test_quality_modes_cannot_be_changed(server: Any, project: lb.Project) -> None:
    with pytest.raises(OperationNotAllowedException):
        project.update(quality_modes={lb.QualityMode.Benchmark})
    with pytest.raises(TypeError):
        project.update(media_type="IMAGE")
    assert server.requests == []
