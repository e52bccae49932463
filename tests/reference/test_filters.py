"""`where` clauses on what objects have shown: their own times, and what is no clause (X-06)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

import labelbox as lb
from labelbox import exceptions
from reference import clients


def test_X_04_X_06_an_objects_own_time_finds_it(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset
) -> None:
    row = next(iter(dataset.data_rows()))
    label = clients.make_label(ready, row, "one")
    review = label.create_review(score=1)
    shown = client.get_project(ready.uid)
    listed: list[tuple[Any, Callable[..., Iterable[Any]]]] = [
        (shown, client.get_projects),
        (client.get_dataset(dataset.uid), client.get_datasets),
        (row, dataset.data_rows),
        (label, row.labels),
        (review, ready.reviews),
    ]
    for thing, those in listed:
        for field in (type(thing).created_at, type(thing).updated_at):
            moment = getattr(thing, field.name)
            for clause, holds in (
                (field == moment, True),
                (field >= moment, True),
                (field <= moment, True),
                (field != moment, False),
                (field > moment, False),
                (field < moment, False),
            ):
                assert (thing in those(where=clause)) is holds, (thing, field, clause.operator)


@pytest.mark.ours
def test_R_CLI_35_what_is_no_clause_is_refused(client: lb.Client, dataset: lb.Dataset) -> None:
    named = lb.Project.name == "x"
    for nothing in (True, lb.Project.name, "name", named & True):
        with pytest.raises(exceptions.InvalidQueryError, match="where clause"):
            next(client.get_projects(where=nothing))
    with pytest.raises(exceptions.InvalidQueryError, match="where clause"):
        next(dataset.data_rows(where="row 1"))
