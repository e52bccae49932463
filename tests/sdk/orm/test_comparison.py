"""`where` clauses: X-06, X-07."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from labelbox import Dataset, MediaType, Project
from labelbox.exceptions import InvalidAttributeError, InvalidQueryError
from labelbox.orm.comparison import flat_where_input, where_input

SUFFIXES = [
    (Project.name == "a", {"name": "a"}),
    (Project.name != "a", {"name_not": "a"}),
    (Project.auto_audit_percentage < 1.5, {"autoAuditPercentage_lt": 1.5}),
    (Project.auto_audit_percentage > 1.5, {"autoAuditPercentage_gt": 1.5}),
    (Project.auto_audit_number_of_labels <= 2, {"autoAuditNumberOfLabels_lte": 2}),
    (Project.auto_audit_number_of_labels >= 2, {"autoAuditNumberOfLabels_gte": 2}),
    (Project.uid == "c1", {"id": "c1"}),
    (Project.media_type == MediaType.Image, {"allowedMediaType": "IMAGE"}),
]


@pytest.mark.parametrize(("clause", "expected"), SUFFIXES)
def test_X_06_suffixes(clause: Any, expected: dict[str, Any]) -> None:
    assert where_input(clause, Project) == expected


def test_X_05_dates_travel_as_utc() -> None:
    naive = datetime(2024, 1, 2, 3, 4, 5)
    east = datetime(2024, 1, 2, 5, 4, 5, tzinfo=timezone(timedelta(hours=2)))
    exact = datetime(2024, 1, 2, 3, 4, 5, 6000, UTC)
    assert where_input(Project.created_at > naive, Project) == {"createdAt_gt": "2024-01-02T03:04:05Z"}
    assert where_input(Project.created_at > east, Project) == {"createdAt_gt": "2024-01-02T03:04:05Z"}
    assert where_input(Project.created_at == exact, Project) == {"createdAt": "2024-01-02T03:04:05.006000Z"}


def test_X_07_and_is_nested_as_written() -> None:
    clause = (Project.name == "a") & (Project.description != "b") & (Project.data_row_count > 3)
    inner = {"AND": [{"name": "a"}, {"description_not": "b"}]}
    assert where_input(clause, Project) == {"AND": [inner, {"dataRowCount_gt": 3}]}
    flat = {"name": "a", "description_not": "b", "dataRowCount_gt": 3}
    assert flat_where_input(clause, Project) == flat


def test_X_07_the_same_field_may_have_two_operators() -> None:
    clause = (Project.name > "a") & (Project.name < "c")
    assert where_input(clause, Project) == {"AND": [{"name_gt": "a"}, {"name_lt": "c"}]}


REFUSED = [
    (Project.name == "a") | (Project.name == "b"),
    ~(Project.name == "a"),
    (Project.name == "a") & ~(Project.description == "b"),
    (Project.name == "a") & (Project.name == "b"),
    (Project.name > "a") & ((Project.description == "x") & (Project.name > "b")),
    "name == a",
]


@pytest.mark.parametrize("clause", REFUSED)
@pytest.mark.parametrize("compile_clause", [where_input, flat_where_input])
def test_X_07_or_not_and_repeats_are_refused(clause: Any, compile_clause: Any) -> None:
    with pytest.raises(InvalidQueryError):
        compile_clause(clause, Project)


def test_X_07_a_field_of_another_class_is_refused() -> None:
    with pytest.raises(InvalidAttributeError) as caught:
        where_input(Dataset.name == "a", Project)
    assert caught.value.db_object_type is Project


def test_a_clause_can_be_used_twice() -> None:
    clause = Project.name == "a"
    assert where_input(clause, Project) == where_input(clause, Project) == {"name": "a"}
    assert where_input(None, Project) is None
