"""Exports: X-32, P-SP-02, P-SP-03, P-QX-03."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import labelbox as lb
from labelbox.exceptions import ExportTaskException, LabelboxError

UID = "c" + "1" * 24
LINES = [{"data_row": {"id": f"row {n}", "row_data": "é" * (n % 7)}} for n in range(1000)]
# The last line of a stream may lack its end.
STREAM = "\n".join(json.dumps(line, ensure_ascii=False) for line in LINES).encode()


@pytest.fixture
def project(client: lb.Client, values: Callable[..., Any]) -> lb.Project:
    return lb.Project(client, values(lb.Project, UID))


@pytest.fixture
def export(server: Any, values: Callable[..., Any]) -> Any:
    """A server with one finished export whose result stream is cut into files of 1,000 bytes."""

    def file(request: Any) -> Any:
        start = int(request.variables["offset"])
        assert isinstance(request.variables["offset"], str)
        end = min(start + 1000, len(STREAM))
        server.files[f"/file/{start}"] = STREAM[start:end]
        chunk = {
            "offsets": {"start": str(start), "end": str(end - 1)},
            "lines": {"start": "0", "end": "0"},
            "file": f"/file/{start}",
        }
        return {"task": {"exportFileFromOffset": chunk}}

    def header(request: Any) -> Any:
        of_result = request.variables["streamType"] == "RESULT"
        sizes = {"totalSize": str(len(STREAM)), "totalLines": "1000"} if of_result else None
        return {"task": {"exportMetadataHeader": sizes}}

    handle = {"taskId": "t", "isStreamable": True}
    server.on("ExportDataRowsInProject", {"exportDataRowsInProject": handle})
    running, done = (
        values(lb.Task, "t", status=s, type="export-data-rows") for s in ("IN_PROGRESS", "COMPLETE")
    )
    server.on("Task", {"task": running}, {"task": running}, {"task": done})
    server.on("TaskExportMetadataHeader", header)
    server.on("TaskExportFileFromOffset", file)
    return server


def test_X_32_a_stream_is_read_file_by_file(export: Any, project: lb.Project) -> None:
    task = project.export(task_name="nightly", params={"label_details": True})
    assert isinstance(task, lb.ExportTask)
    assert task.has_result() is False
    with pytest.raises(ExportTaskException, match="not ready"):
        task.get_buffered_stream()
    task.wait_till_done()
    assert task.status == "COMPLETE"
    assert task.has_result() is True
    assert task.has_errors() is False
    assert task.errors is None
    assert task.get_total_file_size(lb.StreamType.RESULT) == len(STREAM)
    assert task.get_total_lines(lb.StreamType.RESULT) == 1000
    assert task.get_total_lines(lb.StreamType.ERRORS) is None
    assert [output.json for output in task.get_buffered_stream()] == LINES
    seen: list[Any] = []
    task.get_buffered_stream(stream_type=lb.StreamType.RESULT).start(
        stream_handler=lambda o: seen.append(o.json)
    )
    assert seen == LINES
    sent = export.calls("ExportDataRowsInProject")[0]["input"]
    assert (sent["taskName"], sent["streamable"], sent["isStreamableReady"]) == ("nightly", True, True)
    assert sent["filters"] == {"projectId": UID, "searchQuery": {"scope": None, "query": []}}
    assert sent["params"]["includeLabelDetails"] is True


def test_X_32_files_are_read_without_the_key(export: Any, project: lb.Project) -> None:
    task = project.export()
    task.wait_till_done()
    list(task.get_buffered_stream())
    gets = [request for request in export.requests if request.path.startswith("/file/")]
    assert len(gets) > 40
    assert all("authorization" not in request.headers for request in gets)


def test_P_SP_02_03_export_v2_gives_lists(export: Any, project: lb.Project) -> None:
    task = project.export_v2(params={"data_row_details": True})
    task.wait_till_done()
    assert task.errors is None
    assert task.result == LINES
    assert export.calls("ExportDataRowsInProject")[0]["input"]["streamable"] is False


def test_P_SP_02_export_v2_of_a_server_that_does_not_stream(
    server: Any, project: lb.Project, values: Callable[..., Any]
) -> None:
    server.files["/result"] = STREAM
    found = values(lb.Task, "t", status="COMPLETE", type="export-data-rows", result=server.origin + "/result")
    server.on("ExportDataRowsInProject", {"exportDataRowsInProject": {"taskId": "t", "isStreamable": False}})
    server.on("Task", {"task": found})
    task = project.export_v2()
    assert task.result == LINES
    assert task.errors is None


def test_X_32_a_file_of_the_wrong_length(export: Any, project: lb.Project) -> None:
    task = project.export()
    task.wait_till_done()
    chunk = {"offsets": {"start": "0", "end": "9"}, "lines": {"start": "0", "end": "0"}, "file": "/short"}
    export.files["/short"] = b"abc"
    export.on("TaskExportFileFromOffset", {"task": {"exportFileFromOffset": chunk}})
    with pytest.raises(LabelboxError, match="3 bytes, not 10"):
        list(task.get_buffered_stream())


def test_a_failed_export(server: Any, project: lb.Project, values: Callable[..., Any]) -> None:
    server.on("ExportDataRowsInProject", {"exportDataRowsInProject": {"taskId": "t", "isStreamable": True}})
    server.on("Task", {"task": values(lb.Task, "t", status="FAILED", type="export-data-rows")})
    with pytest.raises(ExportTaskException, match="Task failed"):
        _ = project.export().result


def test_result_urls(server: Any, export: Any, project: lb.Project, values: Callable[..., Any]) -> None:
    server.on("TaskOrganization", {"task": {"organization": values(lb.Organization, "org")}})
    task = project.export()
    assert task.result_url == f"{server.origin}/api/v1/export-results/t/org"
    assert task.errors_url is None


def test_exports_of_datasets_and_data_rows(
    server: Any, client: lb.Client, values: Callable[..., Any]
) -> None:
    server.on("ExportDataRowsInCatalog", {"exportDataRowsInCatalog": {"taskId": "t", "isStreamable": True}})
    server.on("Task", {"task": values(lb.Task, "t", status="COMPLETE")})
    lb.Dataset(client, values(lb.Dataset, UID, name="d")).export()
    lb.DataRow.export(client, global_keys=["a", "b"])
    lb.DataRow.export(client, data_rows=["r"])
    sent = [call["input"] for call in server.calls("ExportDataRowsInCatalog")]
    assert [each["taskName"] for each in sent] == [
        "Export v2: dataset - d",
        "Export v2: data rows 2",
        "Export v2: data rows 1",
    ]
    assert [each["filters"]["searchQuery"]["query"] for each in sent] == [
        [{"ids": [UID], "operator": "is", "type": "dataset"}],
        [{"ids": ["a", "b"], "operator": "is", "type": "global_key"}],
        [{"ids": ["r"], "operator": "is", "type": "data_row_id"}],
    ]
    wrong: list[dict[str, Any]] = [{}, {"data_rows": ["a"], "global_keys": ["b"]}, {"data_rows": []}]
    for given in wrong:
        with pytest.raises(ValueError, match=r"data.row"):
            lb.DataRow.export(client, **given)
