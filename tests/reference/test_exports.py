"""Exports, as the project guide describes them: rows P-EX, P-QX, P-SP, X-32."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import labelbox as lb
from labelbox import exceptions
from reference import clients

ISSUE = "mutation($data: CreateIssueInput!) { createIssue(data: $data) { id } }"
COMMENT = "mutation($data: CreateCommentInput!) { createComment(data: $data) { id } }"
FORMAT = "%Y-%m-%d %H:%M:%S"


def _rows(project: lb.Project, params: dict[str, Any] | None = None, **filters: Any) -> list[dict[str, Any]]:
    task = project.export_v2(params=params or {}, filters=filters)
    task.wait_till_done()
    assert task.errors is None
    return list(task.result)


def _moment(**delta: float) -> str:
    return (datetime.now(UTC) + timedelta(**delta)).strftime(FORMAT)


def test_P_EX_01_P_EX_02_P_EX_08_P_EX_09_attachments_and_metadata(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset
) -> None:
    row = dataset.data_row_for_external_id("row 1")
    row.create_attachment("RAW_TEXT", "seen at noon", "remark")
    client.get_data_row_metadata_ontology().bulk_upsert(
        [
            lb.DataRowMetadata(
                global_key=row.global_key, fields=[lb.DataRowMetadataField(name="tag", value="noon")]
            )
        ]
    )
    rows = _rows(ready, {"attachments": True, "metadata_fields": True})
    assert {found["data_row"]["id"] for found in rows} == {found.uid for found in dataset.data_rows()}
    assert all(isinstance(found["attachments"], list) for found in rows)
    (mine,) = [found for found in rows if found["data_row"]["id"] == row.uid]
    assert mine["attachments"] == [{"type": "RAW_TEXT", "value": "seen at noon", "name": "remark"}]
    (field,) = mine["metadata_fields"]
    assert (field["schema_name"], field["value"]) == ("tag", "noon")
    plain = _rows(ready)
    assert not any("attachments" in found or "metadata_fields" in found for found in plain)


def test_P_EX_03_P_SP_01_P_SP_02_P_SP_03_P_SP_04_details(ready: lb.Project, dataset: lb.Dataset) -> None:
    task = ready.export_v2(params={"data_row_details": True, "project_details": True})
    task.wait_till_done()
    assert task.errors is None
    rows = task.result
    assert {row["data_row"]["global_key"] for row in rows} == {f"{dataset.uid} {n}" for n in range(6)}
    for row in rows:
        assert row["data_row"]["details"]["dataset_name"] == "pictures"
        details = row["projects"][ready.uid]["project_details"]
        assert (details["batch_name"], details["priority"], details["workflow_status"]) == (
            "all",
            5,
            "TO_LABEL",
        )
        assert details["workflow_history"] == [] or isinstance(details["workflow_history"], list)
        assert "consensus_expected_label_count" in details


def test_the_text_of_2_7_is_read_back_as_it_was_sent_and_told_apart_in_exports(
    server: Any, ready: lb.Project, dataset: lb.Dataset
) -> None:
    row = dataset.data_row_for_external_id("row 0")
    new = "mutation($d: CreateDataRowAttachmentInput!) { createDataRowAttachment(data: $d) { type value } }"
    values = ("a note", "https://example.com/a.txt")
    for value in values:
        made = server.graphql(new, d={"dataRowId": row.uid, "type": "TEXT", "value": value})
        assert made["createDataRowAttachment"] == {"type": "TEXT", "value": value}
    (line,) = _rows(ready, {"attachments": True}, data_row_ids=[row.uid])
    assert [(a["type"], a["value"]) for a in line["attachments"]] == [
        ("RAW_TEXT", values[0]),
        ("TEXT_URL", values[1]),
    ]


def test_P_EX_05_P_EX_06_P_EX_07_filters_by_time(ready: lb.Project, dataset: lb.Dataset) -> None:
    first, second = dataset.data_row_for_external_id("row 0"), dataset.data_row_for_external_id("row 1")
    clients.make_label(ready, first, "text")
    labeled = _rows(ready, label_created_at=[_moment(minutes=-5), _moment(minutes=5)])
    assert [row["data_row"]["id"] for row in labeled] == [first.uid]
    assert _rows(ready, label_created_at=[_moment(days=-3), _moment(days=-2)]) == []
    assert len(_rows(ready, last_activity_at=["2000-01-01 00:00:00", "2050-01-01 00:00:00"])) == 6
    assert _rows(ready, last_activity_at=[_moment(days=1), None]) == []
    both = _rows(
        ready,
        last_activity_at=["2000-01-01 00:00:00", "2050-01-01 00:00:00"],
        data_row_ids=[second.uid],
    )
    assert [row["data_row"]["id"] for row in both] == [second.uid]
    neither = _rows(ready, label_created_at=[_moment(minutes=-5), None], data_row_ids=[second.uid])
    assert neither == []
    for wrong in (
        {"last_activity_at": ["yesterday", None]},
        {"data_row_ids": []},
        {"workflow_status": "Lost"},
    ):
        with pytest.raises(ValueError):
            ready.export_v2(filters=wrong)


def test_P_QX_01_P_QX_02_P_QX_03_only_what_is_queued(ready: lb.Project, dataset: lb.Dataset) -> None:
    done = dataset.data_row_for_external_id("row 0")
    clients.make_label(ready, done, "text")
    task = ready.export_v2(
        params={
            "attachments": True,
            "metadata_fields": True,
            "data_row_details": True,
            "project_details": True,
        },
        filters={"workflow_status": "ToLabel"},
    )
    task.wait_till_done()
    assert task.errors is None
    queued = {row["data_row"]["id"] for row in task.result}
    assert task.result[0]["data_row"]["id"] in queued
    assert queued == {row.uid for row in dataset.data_rows()} - {done.uid}
    for status in ("InReview", "InRework", "Done"):
        ids = {row["data_row"]["id"] for row in _rows(ready, workflow_status=status)}
        assert ids == ({done.uid} if status == "InReview" else set())


def test_X_32_a_streamed_export(ready: lb.Project, dataset: lb.Dataset) -> None:
    task = ready.export(params={"data_row_details": True})
    task.wait_till_done()
    assert task.has_result() and not task.has_errors()
    found = [entry.json for entry in task.get_buffered_stream()]
    assert {row["data_row"]["id"] for row in found} == {row.uid for row in dataset.data_rows()}
    nothing = ready.export(filters={"workflow_status": "Done"})
    nothing.wait_till_done()
    assert not nothing.has_result()


def test_an_export_of_a_project_that_is_not_mine(client: lb.Client) -> None:
    project = client.create_project(name="gone")
    project.delete()
    with pytest.raises(exceptions.LabelboxError):
        project.export_v2()


def test_P_EX_05_whatever_happens_to_a_row_is_its_activity(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset
) -> None:
    rows = [dataset.data_row_for_external_id(f"row {n}") for n in range(6)]
    labels = [clients.make_label(ready, row, "text") for row in rows]

    def raise_issue(row: lb.DataRow) -> str:
        data = {"projectId": ready.uid, "dataRowId": row.uid, "content": "blurred"}
        return str(client.execute(ISSUE, {"data": data})["createIssue"]["id"])

    issue = raise_issue(rows[5])
    acts: list[tuple[lb.DataRow, Any]] = [
        (rows[0], lambda: labels[0].create_review(score=1.0)),
        (rows[1], lambda: ready.move_data_rows_to_task_queue(lb.UniqueIds([rows[1].uid]), None)),
        (rows[2], lambda: _tag(client, rows[2])),
        (
            rows[3],
            lambda: raise_issue(rows[3]),
        ),
        (rows[4], lambda: labels[4].update(label="another text")),
        (rows[5], lambda: client.execute(COMMENT, {"data": {"issueId": issue, "content": "still"}})),
    ]
    for row, act in acts:
        time.sleep(1.1)
        before = _moment()
        act()
        active = _rows(ready, last_activity_at=[before, None])
        assert [found["data_row"]["id"] for found in active] == [row.uid]
        elsewhere = client.get_catalog().export_v2(
            filters={"last_activity_at": [before, None], "data_row_ids": [each.uid for each in rows]}
        )
        elsewhere.wait_till_done()
        assert [found["data_row"]["id"] for found in elsewhere.result] == [row.uid]


def _tag(client: lb.Client, row: lb.DataRow) -> None:
    fields = [lb.DataRowMetadataField(name="tag", value="new")]
    client.get_data_row_metadata_ontology().bulk_upsert(
        [lb.DataRowMetadata(global_key=row.global_key, fields=fields)]
    )


def test_rows_that_cannot_be_exported_are_errors(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset
) -> None:
    row = dataset.data_row_for_external_id("row 0")
    stranger = client.create_dataset(name="elsewhere").create_data_row(row_data="https://example.com/a.jpg")
    ids = [row.uid, stranger.uid, "c" + "0" * 24]
    expected = [
        {
            "data_row_id": stranger.uid,
            "error": f"The data row with id {stranger.uid} is not in this project.",
        },
        {"data_row_id": ids[2], "error": f"The data row with id {ids[2]} does not exist."},
    ]
    task = ready.export_v2(filters={"data_row_ids": ids})
    task.wait_till_done()
    assert (task.status, [found["data_row"]["id"] for found in task.result]) == ("COMPLETE", [row.uid])
    assert task.errors == expected
    streamed = ready.export(filters={"data_row_ids": ids})
    streamed.wait_till_done()
    assert streamed.has_errors()
    found = [entry.json for entry in streamed.get_buffered_stream(stream_type=lb.StreamType.ERRORS)]
    assert found == expected
    keys = client.get_catalog().export_v2(filters={"global_keys": [row.global_key, "no such key"]})
    keys.wait_till_done()
    assert keys.errors == [
        {"global_key": "no such key", "error": "The data row with global key no such key does not exist."}
    ]


def test_only_rows_of_one_media_type(client: lb.Client, dataset: lb.Dataset) -> None:
    dataset.create_data_rows([{"row_data": "https://example.com/a.mp4"}]).wait_till_done()
    for kind, count in ((lb.MediaType.Video, 1), (lb.MediaType.Image, 6), (None, 7)):
        task = dataset.export_v2(params={"media_type_override": kind})
        task.wait_till_done()
        assert len(task.result) == count


def test_older_exports_of_data_rows(client: lb.Client, ready: lb.Project, dataset: lb.Dataset) -> None:
    rows = {row.uid: row for row in dataset.data_rows()}
    labeled = dataset.data_row_for_external_id("row 0")
    _tag(client, labeled)
    clients.make_label(ready, labeled, "text")
    queued = ready.export_queued_data_rows()
    assert {row["id"] for row in queued} == set(rows) - {labeled.uid}
    one = queued[0]
    assert (one["rowData"], one["externalId"], one["globalKey"], one["metadataFields"]) == (
        rows[one["id"]].row_data,
        rows[one["id"]].external_id,
        rows[one["id"]].global_key,
        [],
    )
    exported = {row.uid: row for row in dataset.export_data_rows(include_metadata=True)}
    assert set(exported) == set(rows)
    assert [field["value"] for field in exported[labeled.uid].metadata_fields] == ["new"]
    assert exported[labeled.uid].created_at == rows[labeled.uid].created_at
    known = rows[labeled.uid].media_attributes  # those of the picture itself may have been found since
    assert exported[labeled.uid].media_attributes.items() >= known.items()
    (batch,) = ready.batches()
    assert {row.uid for row in batch.export_data_rows()} == set(rows)
    later = dataset.create_data_row(row_data="https://example.com/later.jpg")
    assert later.uid in {row.uid for row in dataset.export_data_rows()}
    gone = client.create_project(name="gone")
    gone.delete()
    with pytest.raises(exceptions.ResourceNotFoundError):
        gone.export_queued_data_rows()
