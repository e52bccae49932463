"""Filters and params of exports: P-EX-05 to P-EX-07, P-QX-01, and the export format 1.1, 1.2."""

from __future__ import annotations

from typing import Any

import pytest

import labelbox as lb
from labelbox.schema.export_filters import search_items
from labelbox.schema.export_params import export_params_input


def _items(filters: dict[str, Any] | None) -> list[dict[str, Any]]:
    return search_items(filters, lambda: "Europe/Paris")


def _dates(value: Any, operator: str, timezone: str = "Europe/Paris") -> dict[str, Any]:
    return {"operator": operator, "timezone": timezone, "value": value}


ACCEPTED: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    ({}, []),
    (
        {"last_activity_at": ["2000-01-01 00:00:00", "2050-01-01 00:00:00"]},
        [
            {
                "type": "data_row_last_activity_at",
                "value": _dates({"min": "2000-01-01 00:00:00", "max": "2050-01-01 00:00:00"}, "BETWEEN"),
            }
        ],
    ),
    (
        {"label_created_at": ["2025-01-01", None]},
        [{"type": "labeled_at", "value": _dates("2025-01-01", "GREATER_THAN_OR_EQUAL")}],
    ),
    (
        {"label_created_at": [None, "2025-01-01T02:30:00+0230"]},
        [{"type": "labeled_at", "value": _dates("2025-01-01T00:00:00+0000", "LESS_THAN_OR_EQUAL", "UTC")}],
    ),
    ({"data_row_ids": ["a"]}, [{"ids": ["a"], "operator": "is", "type": "data_row_id"}]),
    ({"global_keys": ["k"]}, [{"ids": ["k"], "operator": "is", "type": "global_key"}]),
    ({"batch_ids": ["b"]}, [{"ids": ["b"], "operator": "is", "type": "batch"}]),
    ({"workflow_status": "ToLabel"}, [{"type": "task_queue_not_exist"}]),
    ({"workflow_status": "InReview"}, [{"type": "task_queue_status", "status": "InReview"}]),
    ({"workflow_status": "Done", "unknown": 1}, [{"type": "task_queue_status", "status": "Done"}]),
]


@pytest.mark.parametrize(("filters", "expected"), ACCEPTED)
def test_P_EX_05_07_filters(filters: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    assert _items(filters) == expected


def test_P_EX_06_all_filters_at_once() -> None:
    found = _items(
        {"global_keys": ["k"], "workflow_status": "Done", "label_created_at": ["2025-01-01", None]}
    )
    assert [item["type"] for item in found] == ["labeled_at", "global_key", "task_queue_status"]


REFUSED: list[dict[str, Any]] = [
    {"last_activity_at": "2000-01-01"},
    {"last_activity_at": ["2000-01-01"]},
    {"last_activity_at": [None, None]},
    {"last_activity_at": ["01.02.2000", None]},
    {"last_activity_at": ["2000-01-01T00:00:00", None]},
    {"data_row_ids": []},
    {"data_row_ids": "a"},
    {"data_row_ids": [1]},
    {"global_keys": [str(n) for n in range(2001)]},
    {"data_row_ids": ["a"], "global_keys": ["b"]},
    {"workflow_status": "Lost"},
    {"workflow_status": ["Done"]},
]


@pytest.mark.parametrize("filters", REFUSED)
def test_P_EX_wrong_filters(filters: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="filter"):
        _items(filters)


def test_the_timezone_is_only_asked_for_when_needed() -> None:
    def never() -> str:
        raise AssertionError

    assert search_items({"workflow_status": "Done"}, never)
    assert search_items({"label_created_at": ["2025-01-01T00:00:00+0000", None]}, never)


def test_P_EX_01_to_04_params() -> None:
    given = {
        "attachments": True,
        "metadata_fields": True,
        "media_type_override": lb.MediaType.Image,
        "other": 1,
    }
    wire = export_params_input(given, of_catalog=False)
    assert wire == {
        "includeAttachments": True,
        "includeEmbeddings": False,
        "includeMetadata": True,
        "includeDataRowDetails": False,
        "includeProjectDetails": False,
        "includePerformanceDetails": False,
        "includeLabelDetails": False,
        "includeInterpolatedFrames": False,
        "mediaTypeOverride": "IMAGE",
    }
    wide = export_params_input({"project_ids": ["p"], "predictions": True}, of_catalog=True)
    assert (wide["projectIds"], wide["modelRunIds"], wide["includePredictions"]) == (["p"], None, True)
    with pytest.raises(ValueError, match="at most 30"):
        export_params_input({"project_ids": ["p"] * 31}, of_catalog=True)
