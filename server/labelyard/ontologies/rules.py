"""Changes of an ontology's document; none changes what it is given."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.ontologies.records import Normalized

_LISTS = ("tools", "classifications", "options")


def kind_of(node: Normalized) -> str:
    """What kind of feature a node is."""
    return str(node.get("tool") or node.get("type") or "option")


def renamed(node: Normalized, title: str) -> Normalized:
    """The feature with another name; imports and exports go on calling an option by its value."""
    if "tool" in node:
        return {**node, "name": title}
    if "type" in node:
        return {**node, "name": title, "instructions": title}
    return {**node, "label": title}


def inserted(document: Normalized, node: Normalized, position: int) -> Normalized:
    """The document with a tool or question at a place among its kin. Raises Malformed for an option."""
    if "tool" not in node and "type" not in node:
        raise errors.Malformed("An option cannot stand by itself in an ontology; put its question there.")
    name = "tools" if "tool" in node else "classifications"
    kin = list(document[name])
    kin.insert(position, node)
    return {**document, name: kin}


def without(document: Normalized, feature_id: str) -> tuple[Normalized, Normalized, int]:
    """The document without a feature of its top, the feature, and where it was; nothing may relate to it any more.

    Raises NotFound when it is not there.
    """
    for name in ("tools", "classifications"):
        for position, node in enumerate(document[name]):
            if node["featureSchemaId"] == feature_id:
                kin = [other for other in document[name] if other is not node]
                if name == "tools":
                    kin = [_without_constraints(tool, feature_id) for tool in kin]
                return {**document, name: kin}, node, position
    raise errors.NotFound(f"The ontology has no feature with id {feature_id} at its top.")


def _without_constraints(tool: Normalized, feature_id: str) -> Normalized:
    definition = tool.get("definition") or {}
    if "constraints" not in definition:
        return tool
    pairs = [pair for pair in definition["constraints"] if feature_id not in pair]
    return {**tool, "definition": {**definition, "constraints": pairs}}


def replaced(value: Normalized, node: Normalized) -> tuple[Normalized, bool]:
    """The document with the feature's new content, each place keeping its own id, and whether it is in there."""
    found = False
    changed = dict(value)
    for name in _LISTS:
        if name not in value:
            continue
        kin = []
        for other in value[name]:
            if other.get("featureSchemaId") == node["featureSchemaId"]:
                kin.append({**node, "schemaNodeId": other["schemaNodeId"]})
                found = True
            else:
                entry, inside = replaced(other, node)
                kin.append(entry)
                found = found or inside
        changed[name] = kin
    return changed, found


def nodes(document: Normalized, archived: list[Normalized]) -> dict[str, list[dict[str, Any]]]:
    """Tools, classifications and relationships at the top, with whether they are archived."""
    found: dict[str, list[dict[str, Any]]] = {"tools": [], "classifications": [], "relationships": []}
    marked = [(node, False) for node in [*document["tools"], *document["classifications"]]]
    for node, gone in [*marked, *((node, True) for node in archived)]:
        name = "classifications" if "tool" not in node else "tools"
        name = "relationships" if node.get("tool") == "edge" else name
        found[name].append({**node, "archived": gone})
    return found
