"""Long lists of ids arrive as they were sent, and what does not belong in them is refused as in short ones."""

from __future__ import annotations

from typing import Any

import pytest

from labelyard import errors
from labelyard.app import binding
from labelyard.plumbing.documents import Documents

CREATE = """mutation X($p: ID!, $input: CreateBatchesInput!) { project(where: {id: $p}) {
  createBatches(input: $input) { tasks { taskId } } } }"""
PROCESSED = """query X($ids: [ID!], $keys: [ID!]) {
  queryAllDataRowsHaveBeenProcessed(dataRowIds: $ids, globalKeys: $keys) { allDataRowsHaveBeenProcessed } }"""
KEYS = [f"key {number}" for number in range(5_000)]


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents(binding())


def _input(documents: Documents, keys: list[Any]) -> Any:
    given = {"p": "c1", "input": {"batchNamePrefix": "b", "globalKeys": keys, "priority": 2}}
    return documents.variables(documents.get(CREATE, None), given).coerced["input"]


def test_a_long_list_inside_an_input_arrives_whole(documents: Documents) -> None:
    found = _input(documents, KEYS)
    assert found["globalKeys"] == KEYS
    assert (found["batchNamePrefix"], found["priority"]) == ("b", 2)


def test_long_lists_that_are_variables_arrive_whole(documents: Documents) -> None:
    found = documents.variables(documents.get(PROCESSED, None), {"ids": KEYS, "keys": None}).coerced
    assert (found["ids"], found["keys"]) == (KEYS, None)


def test_numbers_among_long_ids_become_texts_as_in_short_lists(documents: Documents) -> None:
    assert _input(documents, [*KEYS, 7])["globalKeys"] == [*KEYS, "7"]
    assert _input(documents, [7])["globalKeys"] == ["7"]


@pytest.mark.parametrize("wrong", [None, True, {"id": "x"}, ["x"]])
def test_what_is_no_id_is_refused_in_a_long_list_too(documents: Documents, wrong: Any) -> None:
    with pytest.raises(errors.InvalidDocument):
        _input(documents, [*KEYS, wrong])


def test_a_long_list_does_not_hide_a_wrong_neighbour(documents: Documents) -> None:
    given = {"p": "c1", "input": {"batchNamePrefix": "b", "globalKeys": KEYS, "priority": "high"}}
    with pytest.raises(errors.InvalidDocument, match="priority"):
        documents.variables(documents.get(CREATE, None), given)
