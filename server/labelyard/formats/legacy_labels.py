"""Label texts of 2.x clients, read as label documents so that labels can be compared (reference/export.md 4).

Two spellings are known: the one of the 2.4 export (`objects` and `classifications`), and the older XY one (a tool's
name with a list of geometries, a question's name with the answer).
"""

from typing import Any

import orjson

from labelyard.formats.annotations import empty_document
from labelyard.formats.geometry import HUGE


def read_legacy_label(text: str) -> dict[str, Any]:
    """The label document that a text stands for; a text in no known spelling is one free text answer.

    Only what a comparison needs is read: names, places, answers.
    """
    try:
        given = orjson.loads(text)
        if isinstance(given, dict):
            document = (
                _of_export(given) if "objects" in given or "classifications" in given else _of_xy(given)
            )
            if any(document.values()) or not any(given.values()):
                return document
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        pass  # not one of ours: whatever it is, it is a text
    return {**empty_document(), "classifications": [{"name": "", "text_answer": {"content": text}}]}


def _of_export(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "objects": [_object(entry) for entry in given.get("objects") or ()],
        "classifications": [_classification(entry) for entry in given.get("classifications") or ()],
        "relationships": [_relationship(entry) for entry in given.get("relationships") or ()],
    }


def _object(entry: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = {
        "feature_id": entry.get("featureId"),
        "name": _name(entry),
        "classifications": [_classification(nested) for nested in entry.get("classifications") or ()],
    }
    if "bbox" in entry:
        sides = ("top", "left", "height", "width")
        read["bounding_box"] = {side: _number(entry["bbox"][side]) for side in sides}
    elif "polygon" in entry:
        read["polygon"] = _points(entry["polygon"], 3)
    elif "line" in entry:
        read["line"] = _points(entry["line"], 2)
    elif "point" in entry:
        (read["point"],) = _points([entry["point"]], 1)
    return read


def _classification(entry: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = {"name": _name(entry)}
    answer = entry.get("answer")
    if "answers" in entry:
        read["checklist_answers"] = [_answer(one) for one in entry["answers"]]
    elif isinstance(answer, dict):
        read["radio_answer"] = _answer(answer)
    else:
        read["text_answer"] = {"content": str(answer or "")}
    return read


def _answer(entry: dict[str, Any]) -> dict[str, Any]:
    nested = [_classification(question) for question in entry.get("classifications") or ()]
    return {"name": _name(entry), "classifications": nested}


def _relationship(entry: dict[str, Any]) -> dict[str, Any]:
    kind = f"{entry.get('relationshipType', 'unidirectional')}_relationship"
    ends = {"source": entry["data"]["source"], "target": entry["data"]["target"]}
    return {"name": _name(entry), kind: ends}


def _name(entry: dict[str, Any]) -> str:
    return str(entry.get("title") or entry.get("value") or entry.get("schemaId"))


def _of_xy(given: dict[str, Any]) -> dict[str, Any]:
    document = empty_document()
    for name, value in given.items():
        if isinstance(value, str):
            document["classifications"].append({"name": name, "text_answer": {"content": value}})
            continue
        for number, entry in enumerate(value):
            place = entry["geometry"]
            read: dict[str, Any] = {"feature_id": f"{name} {number}", "name": name, "classifications": []}
            if isinstance(place, dict):
                (read["point"],) = _points([place], 1)
            else:
                read["polygon"] = _points(place, 3)
            document["objects"].append(read)
    return document


def _points(entries: list[dict[str, Any]], least: int) -> list[dict[str, float]]:
    points = [{"x": _number(entry["x"]), "y": _number(entry["y"])} for entry in entries]
    if len(points) < least:
        raise ValueError(f"{len(points)} points instead of {least}")
    return points


def _number(value: Any) -> float:
    number = float(value)
    if not -HUGE < number < HUGE:
        raise ValueError(f"{value!r} is not a usable number")
    return number
