"""LabelImport and MALPredictionImport: the import format, sections 1 and 6.4."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import labelbox as lb
from labelbox.exceptions import ResourceNotFoundError
from labelbox.schema.annotation_import import check_import_lines

UID = "c" + "1" * 24
LINE = {"dataRow": {"globalKey": "g"}, "name": "boat", "bbox": {}}
KINDS: list[tuple[Any, str, str]] = [
    (lb.LabelImport, "CreateLabelImport", "createLabelImport"),
    (
        lb.MALPredictionImport,
        "CreateModelAssistedLabelingPredictionImport",
        "createModelAssistedLabelingPredictionImport",
    ),
]


@pytest.mark.parametrize(("kind", "operation", "root"), KINDS)
def test_three_sources(
    server: Any,
    client: lb.Client,
    values: Callable[..., Any],
    tmp_path: Path,
    kind: Any,
    operation: str,
    root: str,
) -> None:
    found = {root: values(kind, name="job", state="RUNNING", progress="0%")}
    server.on(operation, found)
    server.on(operation + "FromFile", found)
    file = tmp_path / "a.ndjson"
    file.write_text(json.dumps(LINE))
    assert type(kind.create_from_objects(client, UID, "job", [LINE])) is kind
    kind.create_from_file(client, UID, "job", file)
    kind.create(client, UID, "job", path=str(file))
    kind.create_from_url(client, UID, "job", "https://a.b/c")
    sent = [request for request in server.requests if request.operation == operation + "FromFile"]
    assert [json.loads(request.parts["1"][1]) for request in sent] == [LINE] * 3
    assert server.calls(operation) == [{"projectId": UID, "name": "job", "fileUrl": "https://a.b/c"}]
    with pytest.raises(FileNotFoundError):
        kind.create_from_file(client, UID, "job", tmp_path / "none")
    for sources in ({}, {"path": "a", "url": "b"}):
        with pytest.raises(ValueError, match="exactly one"):
            kind.create(client, UID, "job", **sources)


def _with(**given: Any) -> dict[str, Any]:
    return {**LINE, **given}


WRONG: list[tuple[list[Any], str]] = [
    ([], "empty"),
    ([{"name": "boat"}], "line 0: dataRow is missing"),
    ([LINE, _with(dataRow={})], "line 1: dataRow must have exactly one"),
    ([_with(dataRow={"id": "a", "globalKey": "b"})], "exactly one"),
    ([LINE] * 5001, "5001 annotations of 'boat'"),
]


@pytest.mark.parametrize(("lines", "text"), WRONG)
def test_what_is_checked_before_the_upload(lines: list[Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        check_import_lines(lines)


def test_all_faults_are_told_at_once_up_to_a_hundred() -> None:
    with pytest.raises(ValueError, match="dataRow") as caught:
        check_import_lines([{} for _ in range(150)])
    assert str(caught.value).count("missing") == 100


def test_up_to_5000_of_one_name_and_any_number_of_names_pass() -> None:
    check_import_lines([LINE] * 5000 + [_with(name=str(n)) for n in range(5000)])


@pytest.mark.parametrize("given", ["text", {"a": 1}, [1], [["nested"]]])
def test_what_is_no_list_of_lines(client: lb.Client, given: Any) -> None:
    with pytest.raises(TypeError):
        lb.LabelImport.create_from_objects(client, UID, "job", given)


def test_waiting_and_results(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    server.files["/errors"] = b'{"uuid": "u", "status": "FAILURE"}\n'
    server.files["/statuses"] = b'{"uuid": "v", "status": "SUCCESS"}\n{"uuid": "u", "status": "FAILURE"}'
    urls = {"errorFileUrl": server.origin + "/errors", "statusFileUrl": server.origin + "/statuses"}
    running = values(lb.LabelImport, UID, name="job", state="RUNNING", progress="42%")
    done = values(lb.LabelImport, UID, name="job", state="FINISHED", progress="100%", **urls)
    server.on("LabelImport", {"labelImport": running}, {"labelImport": done})
    job = lb.LabelImport.from_name(client, UID, "job")
    assert job.progress == "42%"
    job.wait_until_done(sleep_time_seconds=0.01, show_progress=True)
    assert job.state is lb.AnnotationImportState.FINISHED
    assert [row["uuid"] for row in job.errors] == ["u"]
    assert [row["status"] for row in job.statuses] == ["SUCCESS", "FAILURE"]


def test_a_failed_import_and_a_missing_one(
    server: Any, client: lb.Client, values: Callable[..., Any]
) -> None:
    failed = values(lb.MALPredictionImport, UID, name="job", state="FAILED")
    server.on("ModelAssistedLabelingPredictionImport", {"modelAssistedLabelingPredictionImport": failed})
    job = lb.MALPredictionImport.from_name(client, UID, "job")
    with pytest.raises(ValueError, match="Import failed"):
        _ = job.errors
    server.on("LabelImport", {"labelImport": None})
    with pytest.raises(ResourceNotFoundError):
        lb.LabelImport.from_name(client, UID, "other")
