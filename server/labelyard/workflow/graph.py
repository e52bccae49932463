"""The graph of a workflow as clients read and write it: the standard one, and what every other must be like.

Nodes are steps, edges say where a data row goes from a step; the source handle of an edge is `if` for what passes,
`else` for what does not (workflow.md 5).
"""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from labelyard import errors

LABELING, REWORK, REVIEW = "initial_labeling_task", "initial_rework_task", "review_task"
SEND_TO_REWORK, DONE = "send_to_rework", "done"
_INITIAL = (LABELING, REWORK)
_ENDS = (DONE, SEND_TO_REWORK, "custom_rework_task")
_KINDS = (*_INITIAL, REVIEW, *_ENDS, "logic", "auto_qa")
_HANDLES = ("if", "else", "out")
_MOST_NODES = 1_000
_LONGEST_LABEL = 50
_NAMESPACE = uuid.UUID("6f2d0c3e-93a4-5b0e-8f64-2f1d5f9a7c10")


def standard_graph(project_id: str) -> dict[str, Any]:
    """Labeling, then review: what is approved is done, what is rejected is labeled again and reviewed again."""
    places = {
        LABELING: ("Initial labeling task", 0, 0),
        REWORK: ("Rework", 0, 200),
        REVIEW: ("Initial review task", 300, 0),
        DONE: ("Done", 600, 0),
        SEND_TO_REWORK: ("Rework", 600, 200),
    }
    ids = {kind: str(uuid.uuid5(_NAMESPACE, f"{project_id} {kind}")) for kind in places}
    nodes: list[dict[str, Any]] = [
        {
            "id": ids[kind],
            "position": {"x": x, "y": y},
            "definitionId": kind,
            "label": label,
            "filterLogic": "or" if kind == REVIEW else "and",
            "customFields": {},
            "config": [],
            "filters": [],
        }
        for kind, (label, x, y) in places.items()
    ]
    ways = (
        (LABELING, "if", REVIEW),
        (REWORK, "if", REVIEW),
        (REVIEW, "if", DONE),
        (REVIEW, "else", SEND_TO_REWORK),
    )
    edges = [
        {
            "id": str(uuid.uuid5(_NAMESPACE, f"{project_id} {source} {handle}")),
            "source": ids[source],
            "target": ids[target],
            "sourceHandle": handle,
            "targetHandle": "in",
        }
        for source, handle, target in ways
    ]
    return {"nodes": nodes, "edges": edges}


def check_graph(config: Any) -> dict[str, Any]:
    """The graph. Raises Malformed naming everything that is wrong with it."""
    if not isinstance(config, dict) or not all(
        isinstance(config.get(part), list) and all(isinstance(entry, dict) for entry in config[part])
        for part in ("nodes", "edges")
    ):
        raise errors.Malformed("A workflow is an object with lists of nodes and edges.")
    if len(config["nodes"]) > _MOST_NODES:
        raise errors.Malformed(f"A workflow has at most {_MOST_NODES} nodes, not {len(config['nodes'])}.")
    problems = [*_of_nodes(config["nodes"]), *_of_edges(config["nodes"], config["edges"])]
    if problems:
        raise errors.Malformed("The workflow is not valid: " + "; ".join(problems[:20]), errors=problems)
    return {"nodes": config["nodes"], "edges": config["edges"]}


def _of_nodes(nodes: list[dict[str, Any]]) -> list[str]:
    problems = []
    for node in nodes:
        name = f"node {node.get('id')!r}"
        if not isinstance(node.get("id"), str) or not node["id"]:
            problems.append(f"{name} has no id")
        if not isinstance(node.get("definitionId"), str):
            problems.append(f"{name} has no definitionId")
        label = node.get("label")
        if label is not None and (not isinstance(label, str) or len(label) > _LONGEST_LABEL):
            problems.append(f"the label of {name} is not a text of at most {_LONGEST_LABEL} characters")
        if node.get("filterLogic", "and") not in ("and", "or", None):
            problems.append(f"filterLogic of {name} is neither and nor or")
        for part in ("config", "filters"):
            if not isinstance(node.get(part, []), list):
                problems.append(f"{part} of {name} is not a list")
        problems += _of_config(name, node.get("config"))
    twice = [key for key, count in Counter(str(node.get("id")) for node in nodes).items() if count > 1]
    problems += [f"there is more than one node {key!r}" for key in twice]
    kinds = Counter(node.get("definitionId") for node in nodes)
    problems += [
        f"there must be exactly one {kind}, not {kinds[kind]}" for kind in _INITIAL if kinds[kind] != 1
    ]
    return problems


def _of_config(name: str, entries: Any) -> list[str]:
    problems = []
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or not isinstance(entry.get("field"), str):
            problems.append(f"an entry in the config of {name} has no field")
        elif entry["field"] == "maxContributionsPerUser":
            value = entry.get("value")
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
                problems.append(
                    f"maxContributionsPerUser of {name} is not a whole number of at least 0: {value!r}"
                )
    return problems


def _of_edges(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> list[str]:
    kinds = {node.get("id"): node.get("definitionId") for node in nodes if isinstance(node.get("id"), str)}
    problems = []
    for edge in edges:
        name = f"edge {edge.get('id')!r}"
        for end in ("source", "target"):
            if not isinstance(edge.get(end), str) or edge[end] not in kinds:
                problems.append(f"the {end} of {name} is not a node: {edge.get(end)!r}")
        if edge.get("sourceHandle") not in _HANDLES:
            problems.append(f"sourceHandle of {name} is none of {', '.join(_HANDLES)}")
    sources = {edge.get("source") for edge in edges if isinstance(edge.get("source"), str)}
    targets = {edge.get("target") for edge in edges if isinstance(edge.get("target"), str)}
    for key, kind in kinds.items():
        if kind in _INITIAL and key in targets:
            problems.append(f"an edge leads to node {key!r}, where rows begin")
        if kind not in _INITIAL and key not in targets:
            problems.append(f"no edge leads to node {key!r}")
        if kind in _KINDS and kind not in _ENDS and key not in sources:
            problems.append(f"no edge leads on from node {key!r}")
    return problems
