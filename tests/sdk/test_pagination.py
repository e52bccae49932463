"""PaginatedCollection: R-PG-01 to R-PG-06, X-30."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

import labelbox as lb

UID = "c" + "1" * 24


@pytest.fixture
def datasets(server: Any, values: Callable[..., Any]) -> Any:
    """A server with 250 datasets."""
    rows = [values(lb.Dataset, f"c{n:024}", name=f"d{n}") for n in range(250)]

    def page(request: Any) -> Any:
        found = re.search(r"skip: (\d+), first: (\d+)", request.query)
        assert found is not None
        skip, first = int(found[1]), int(found[2])
        return {"datasets": rows[skip : skip + first]}

    server.on("Datasets", page)
    return server


def test_R_PG_01_02_every_item_once_in_pages_of_100(datasets: Any, client: lb.Client) -> None:
    found = list(client.get_datasets())
    assert [d.name for d in found] == [f"d{n}" for n in range(250)]
    assert all(type(d) is lb.Dataset for d in found)
    assert len(datasets.requests) == 3


def test_R_PG_02_nothing_is_read_ahead_or_twice(datasets: Any, client: lb.Client) -> None:
    collection = client.get_datasets()
    assert datasets.requests == []
    assert next(collection).name == "d0"
    assert [d.name for d in collection.get_many(3)] == ["d0", "d1", "d2"]
    assert next(collection).name == "d1"
    assert len(datasets.requests) == 1
    assert len(list(collection)) == len(list(collection)) == 250
    assert len(datasets.requests) == 3


def test_R_PG_02_a_page_that_is_just_full_is_followed_by_an_empty_one(server: Any, client: lb.Client) -> None:
    full = [{"id": f"{n}"} for n in range(100)]
    server.on("Datasets", {"datasets": full}, {"datasets": []})
    assert len(list(client.get_datasets())) == 100
    assert len(server.requests) == 2


def test_R_PG_03_the_constructor_is_that_of_the_reference(server: Any, client: lb.Client) -> None:
    names = list(inspect.signature(lb.PaginatedCollection.__init__).parameters)
    assert names[1:6] == ["client", "query", "params", "dereferencing", "obj_class"]
    server.on("Mine", {"project": {"labels": [{"n": 1}, {"n": 2}]}})
    found: Any = lb.PaginatedCollection(
        client,
        "query Mine($id: ID!) { project(where: {id: $id}) { labels(skip: %d, first: %d) { n } } }",
        {"id": UID},
        ["project", "labels"],
        lambda _, each: each["n"],
    )
    assert list(found) == [1, 2]
    assert server.calls("Mine") == [{"id": UID}]


def test_X_30_cursor_paging_ends_with_a_null_cursor(
    server: Any, client: lb.Client, values: Callable[..., Any]
) -> None:
    pages = {
        None: {"nodes": [values(lb.Ontology, "a" * 25), values(lb.Ontology, "b" * 25)], "nextCursor": "two"},
        "two": {"nodes": [values(lb.Ontology, "c" * 25)], "nextCursor": None},
    }
    server.on("Ontologies", lambda request: {"ontologies": pages[request.variables["from"]]})
    assert [o.uid[0] for o in client.get_ontologies("x")] == ["a", "b", "c"]
    assert [call["from"] for call in server.calls("Ontologies")] == [None, "two"]
    assert server.calls("Ontologies")[0]["first"] == 100


def test_R_DS_07_data_rows_page_by_cursor_of_500(
    server: Any, client: lb.Client, values: Callable[..., Any]
) -> None:
    dataset = lb.Dataset(client, values(lb.Dataset, UID))
    empty = {"datasetDataRows": {"nodes": [], "pageInfo": {"startCursor": None, "hasNextPage": False}}}
    server.on("DatasetDataRows", empty)
    where = (lb.DataRow.external_id == "e") & (lb.DataRow.global_key != "g")
    assert list(dataset.data_rows(where, from_cursor="after this")) == []
    expected = {"externalId": "e", "globalKey_not": "g"}
    assert server.calls("DatasetDataRows") == [
        {"id": UID, "where": expected, "from": "after this", "first": 500}
    ]


def test_X_09_order_by(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    dataset = lb.Dataset(client, values(lb.Dataset, UID))
    server.on("DatasetDataRows", {"dataset": {"dataRows": []}})
    list(dataset.data_rows(order_by=(lb.DataRow.created_at, lb.Field.Order.Desc)))
    list(dataset.data_rows(order_by=lb.DataRow.external_id.asc))
    orders = [re.search(r"orderBy: (\w+)", request.query) for request in server.requests]
    assert [order[1] for order in orders if order] == ["createdAt_DESC", "externalId_ASC"]
