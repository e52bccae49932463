"""Search items: what they are read as, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from labelyard.formats.search_filter import Condition, SearchRefused, read_query, read_span


def test_items_become_conditions() -> None:
    (rows, days, tag) = read_query(
        {
            "scope": None,
            "query": [
                {"type": "data_row_id", "operator": "is not", "ids": ["a", "b\0"]},
                {
                    "type": "data_row_created_at",
                    "value": {
                        "operator": "BETWEEN",
                        "timezone": "Europe/Berlin",
                        "value": {"min": "2025-01-31", "max": "2025-01-31"},
                    },
                },
                {
                    "type": "metadata",
                    "schemaId": "s",
                    "operator": "BETWEEN",
                    "value": {"min": 1, "max": 2.5},
                },
            ],
        }
    )
    assert (rows.kind, rows.values, rows.negated) == (Condition.DATA_ROW, ["a"], True)
    assert days.span is not None and days.span.start is not None and days.span.end is not None
    assert days.span.start.astimezone(UTC) == datetime(2025, 1, 30, 23, tzinfo=UTC)
    assert (days.span.end - days.span.start).total_seconds() == pytest.approx(86_400, abs=0.001)
    assert tag.metadata is not None and (tag.metadata.least, tag.metadata.most) == (1, 2.5)


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("all", "list"),
        ([{"type": "colour"}], "colour"),
        ([{"type": "dataset", "ids": []}], "needs a list"),
        ([{"type": "dataset", "ids": ["a"] * 2_001}], "2001"),
        ([{"type": "dataset", "ids": ["a"], "operator": "like"}], "like"),
        ([{"type": "task_queue_status", "status": "Lost"}], "Lost"),
        ([{"type": "labeled_at", "value": {"operator": "BETWEEN", "value": "x"}}], "BETWEEN"),
        (
            [{"type": "labeled_at", "value": {"operator": "LESS_THAN_OR_EQUAL", "value": "yesterday"}}],
            "yesterday",
        ),
        (
            [
                {
                    "type": "labeled_at",
                    "value": {"operator": "LESS_THAN_OR_EQUAL", "value": "2025-01-01", "timezone": "Mars"},
                }
            ],
            "Mars",
        ),
        ([{"type": "metadata", "value": "x"}], "schemaId"),
        ([{"type": "metadata", "schemaId": "s", "operator": "contains", "value": 4}], "contains"),
        ([{"type": "task_queue_not_exist"}] * 101, "101"),
    ],
)
def test_what_cannot_be_read_is_named(query: Any, word: str) -> None:
    with pytest.raises(SearchRefused, match=word):
        read_query(query)


def test_an_end_without_a_time_is_the_whole_day() -> None:
    span = read_span(None, "2025-01-31")
    assert span.start is None and span.end == datetime(2025, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC)
