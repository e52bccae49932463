"""The graph of a workflow: the standard one fits, and what does not is named."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from labelyard import errors
from labelyard.workflow import graph

Change = Callable[[dict[str, Any]], Any]


def _drop(kind: str) -> Change:
    def change(config: dict[str, Any]) -> None:
        config["nodes"] = [node for node in config["nodes"] if node["definitionId"] != kind]

    return change


def test_the_standard_graph_fits_and_is_the_same_again() -> None:
    standard = graph.standard_graph("c1")
    assert graph.check_graph(copy.deepcopy(standard)) == standard == graph.standard_graph("c1")
    assert graph.standard_graph("c2")["nodes"][0]["id"] != standard["nodes"][0]["id"]


def test_kinds_that_are_not_known_are_kept() -> None:
    config = graph.standard_graph("c1")
    config["nodes"].append({"id": "new", "definitionId": "something_new"})
    config["edges"].append(
        {"id": "e", "source": config["nodes"][2]["id"], "target": "new", "sourceHandle": "out"}
    )
    assert graph.check_graph(config)["nodes"][-1]["definitionId"] == "something_new"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_drop(graph.LABELING), "exactly one initial_labeling_task, not 0"),
        (_drop(graph.REWORK), "exactly one initial_rework_task, not 0"),
        (lambda c: c["nodes"].append(c["nodes"][0]), "exactly one initial_labeling_task, not 2"),
        (lambda c: c["edges"].pop(0), "no edge leads on from node"),
        (lambda c: c["edges"].pop(), "no edge leads to node"),
        (lambda c: c["edges"][0].update(target="nowhere"), "'nowhere'"),
        (lambda c: c["edges"][0].update(sourceHandle="up"), "sourceHandle"),
        (lambda c: c["edges"][0].update(source=[1]), "the source of edge"),
        (lambda c: c["edges"][2].update(target=c["nodes"][0]["id"]), "where rows begin"),
        (lambda c: c["nodes"][2].update(label="x" * 51), "at most 50 characters"),
        (lambda c: c["nodes"][2].update(filterLogic="xor"), "filterLogic"),
        (lambda c: c["nodes"][2].update(id=7), "has no id"),
        (lambda c: c["nodes"][2].update(config={}), "config of node .* is not a list"),
        (lambda c: c["nodes"][2].update(config=["x"]), "has no field"),
        (
            lambda c: c["nodes"][2].update(config=[{"field": "maxContributionsPerUser", "value": -1}]),
            "maxContributionsPerUser",
        ),
        (lambda c: c.update(nodes=[{}] * 1001), "1001"),
        (lambda c: c.update(nodes="x"), "lists of nodes and edges"),
        (lambda c: c.pop("edges"), "lists of nodes and edges"),
    ],
)
def test_what_does_not_fit_is_named(change: Change, words: str) -> None:
    config = graph.standard_graph("c1")
    change(config)
    with pytest.raises(errors.Malformed, match=words):
        graph.check_graph(config)
