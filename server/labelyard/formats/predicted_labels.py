"""Labels in the spelling of 2.4 (`bbox`, `schemaId`, `title` …), read into our label document.

A prediction of the legacy editor is any text. When it is a label, in this spelling or in that of the label document,
labelers start from it.
"""

from collections.abc import Callable
from typing import Any

import orjson

from labelyard.formats.annotations import read_label_document
from labelyard.formats.feature_index import FeatureIndex
from labelyard.formats.geometry import Size
from labelyard.formats.refusals import AnnotationRefused

_PARTS = ("objects", "classifications", "relationships")
_GEOMETRIES = {"bbox": "bounding_box", "polygon": "polygon", "line": "line", "point": "point"}
_LEGACY_NAMES = {"featureId": "feature_id", "schemaId": "feature_schema_id", "title": "name"}


def read_predicted_label(
    text: str, index: FeatureIndex, *, new_id: Callable[[], str], size: Size | None, media_type: str
) -> dict[str, Any] | None:
    """The label document in a prediction, checked against the ontology; None when there is none in it.

    Masks are left out: their pixels are behind addresses that are not ours.
    """
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(given, dict) or not any(isinstance(given.get(part), list) for part in _PARTS):
        return None
    try:
        document = {
            "objects": [
                read for entry in given.get("objects") or () if (read := _object(entry, index)) is not None
            ],
            "classifications": [_classification(entry) for entry in given.get("classifications") or ()],
            "relationships": [_relationship(entry) for entry in given.get("relationships") or ()],
        }
        checked = read_label_document(document, index, new_id=new_id, size=size, media_type=media_type)
    except (AnnotationRefused, AttributeError, TypeError):
        return None
    return checked.document


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    return {_LEGACY_NAMES.get(name, name): value for name, value in entry.items()}


def _object(entry: dict[str, Any], index: FeatureIndex) -> dict[str, Any] | None:
    """An object with its geometry; None for a mask."""
    named = _named(entry)
    geometry = {
        ours: named[name]
        for legacy, ours in _GEOMETRIES.items()
        for name in (legacy, ours)
        if named.get(name) is not None
    }
    if not geometry:
        return None
    read = {
        "feature_id": named.get("feature_id"),
        "name": named.get("name"),
        "classifications": [_classification(nested) for nested in named.get("classifications") or ()],
        **geometry,
    }
    if named.get("feature_schema_id") in index.tools:
        read["feature_schema_id"] = named["feature_schema_id"]
    return read


def _classification(entry: dict[str, Any]) -> dict[str, Any]:
    named = _named(entry)
    read = {name: named.get(name) for name in ("feature_id", "feature_schema_id", "name")}
    answer = named.get("answer", named.get("answers"))
    if isinstance(answer, str):
        read["text_answer"] = {"content": answer}
    elif isinstance(answer, list):
        read["checklist_answers"] = [_answer(chosen) for chosen in answer]
    elif isinstance(answer, dict):
        read["radio_answer"] = _answer(answer)
    elif "radio_answer" in named:
        read["radio_answer"] = _answer(named["radio_answer"])
    elif "checklist_answers" in named:
        read["checklist_answers"] = [_answer(chosen) for chosen in named["checklist_answers"]]
    else:
        read["text_answer"] = named.get("text_answer")
    return read


def _answer(entry: dict[str, Any]) -> dict[str, Any]:
    named = _named(entry)
    read = {name: named.get(name) for name in ("feature_id", "feature_schema_id", "name")}
    read["classifications"] = [_classification(nested) for nested in named.get("classifications") or ()]
    return read


def _relationship(entry: dict[str, Any]) -> dict[str, Any]:
    named = _named(entry)
    ends = named.pop("data", None)
    if isinstance(ends, dict):
        named[f"{named.pop('relationshipType', 'unidirectional')}_relationship"] = ends
    return named
