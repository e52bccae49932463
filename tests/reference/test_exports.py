"""Exports, as the project guide describes them: rows P-EX, P-QX, P-SP, X-32."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import labelbox as lb
from labelbox import exceptions

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


def test_P_EX_05_P_EX_06_P_EX_07_filters_by_time(ready: lb.Project, dataset: lb.Dataset) -> None:
    first, second = dataset.data_row_for_external_id("row 0"), dataset.data_row_for_external_id("row 1")
    ready.create_label(data_row=first, label="text")
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
    ready.create_label(data_row=done, label="text")
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
