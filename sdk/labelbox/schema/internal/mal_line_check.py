"""Checks lines of a legacy annotation import before the upload (import format, section 6.2).

The rules are those of the clients that the API reference describes: image, text and classification lines by
`schemaId`. What depends on the asset, and whether a tool's schema exists, is left to the server, which
answers per line.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from labelbox.exceptions import MALValidationError, UuidError

Schemas = Mapping[str, Mapping[str, Any]]

_ID_LENGTH = 25
_COMMON = {"uuid", "dataRow", "schemaId"}


def check_lines(lines: Iterable[Any], schemas: Schemas, data_row_ids: Collection[str] | None = None) -> None:
    """Raises MALValidationError for the first wrong line, UuidError for a uuid that was there before.

    `schemas` is the answer of `get_mal_schemas`; `data_row_ids` are the data rows of the project when known.
    """
    seen: set[str] = set()
    for index, line in enumerate(lines):
        try:
            _check_line(line, schemas)
            if data_row_ids is not None and line["dataRow"]["id"] not in data_row_ids:
                raise ValueError(f"dataRow.id {line['dataRow']['id']} is not in the project")
        except (ValueError, TypeError, KeyError) as error:
            raise MALValidationError(f"Invalid NDJson on line {index}", error) from error
        name = line["uuid"]
        if name in seen:
            raise UuidError(f"{name} already used in this import job, must be unique for the project.")
        seen.add(name)


def _check_line(line: Any, schemas: Schemas) -> None:
    if not isinstance(line, dict):
        raise TypeError(f"a line must be a JSON object, got {line!r}")
    _need(line, _COMMON)
    if not isinstance(line["uuid"], str):
        raise TypeError(f"uuid must be a string, got {line['uuid']!r}")
    uuid.UUID(line["uuid"])
    data_row = line["dataRow"]
    if not isinstance(data_row, dict):
        raise TypeError(f"dataRow must be an object, got {data_row!r}")
    _check_id(data_row.get("id"), "dataRow.id")
    _check_id(line["schemaId"], "schemaId")
    geometry = next((key for key in _GEOMETRIES if key in line), None)
    if geometry is None:
        _check_answer(line, schemas, _COMMON)
        return
    _only(line, _COMMON | {geometry, "classifications"})
    _GEOMETRIES[geometry](line[geometry])
    nested_schemas = schemas.get(line["schemaId"], {}).get("classifications", {})
    nested_lines = line.get("classifications") or []
    if not isinstance(nested_lines, list):
        raise TypeError("classifications must be a list")
    for nested in nested_lines:
        if not isinstance(nested, dict):
            raise TypeError(f"a classification must be an object, got {nested!r}")
        _need(nested, {"schemaId"})
        _check_answer(nested, nested_schemas, {"schemaId"})


def _check_answer(line: dict[str, Any], schemas: Schemas, common: set[str]) -> None:
    if "answers" in line:
        kind, chosen = "checklist", line["answers"]
        _only(line, common | {"answers", "frames"})
        if not isinstance(chosen, list) or not chosen:
            raise ValueError("answers must be a list of at least one option")
    elif "answer" not in line:
        raise ValueError(f"Unable to construct any annotation from the keys {sorted(line)}")
    elif isinstance(line["answer"], str):
        kind, chosen = "text", []
        _only(line, common | {"answer"})
    elif isinstance(line["answer"], dict):
        kind, chosen = "radio", [line["answer"]]
        _only(line, common | {"answer", "frames"})
    else:
        raise TypeError(f"answer must be a string or an object, got {line['answer']!r}")
    _check_frames(line.get("frames"))
    schema = schemas.get(line["schemaId"])
    if schema is None:
        raise ValueError(f"schema id {line['schemaId']} is not a classification of the ontology")
    if schema["tool"] != kind:
        raise ValueError(f"schema id {line['schemaId']} is a {schema['tool']}, not a {kind}")
    _check_options(chosen, schema["options"])


def _check_options(chosen: list[Any], known: Collection[str]) -> None:
    ids = []
    for option in chosen:
        if not isinstance(option, dict):
            raise TypeError(f"an option must be an object, got {option!r}")
        _check_id(option.get("schemaId"), "schemaId of an option")
        ids.append(option["schemaId"])
    unknown = [each for each in ids if each not in known]
    if unknown:
        raise ValueError(f"the options {unknown} are not in the classification")
    if len(set(ids)) < len(ids):
        raise ValueError("an option is chosen more than once")


def _check_frames(frames: Any) -> None:
    if frames is None:
        return
    if not isinstance(frames, list):
        raise TypeError("frames must be a list")
    for frame in frames:
        _numbers(frame, ("start", "end"))


def _check_mask(mask: Any) -> None:
    _need(_object(mask), {"instanceURI", "colorRGB"})
    if not isinstance(mask["instanceURI"], str):
        raise TypeError("instanceURI must be a string")
    color = mask["colorRGB"]
    if not isinstance(color, (list, tuple)) or len(color) != 3:
        raise ValueError(f"colorRGB must be three numbers, got {color!r}")
    if not all(0 <= int(_finite(channel, "colorRGB")) <= 255 for channel in color):
        raise ValueError(f"colorRGB must be between 0 and 255, got {color!r}")


def _check_location(location: Any) -> None:
    _numbers(location, ("start", "end"))
    start, end = int(location["start"]), int(location["end"])
    if start < 0 or end < 0:
        raise ValueError("the start and end of a location must not be negative")
    if start >= end:
        raise ValueError("a location must start before its end")


def _check_point(point: Any) -> None:
    _numbers(point, ("x", "y"))


def _check_box(box: Any) -> None:
    _numbers(box, ("top", "left", "height", "width"))


def _check_points(least: int) -> Callable[[Any], None]:
    def check(points: Any) -> None:
        if not isinstance(points, list):
            raise TypeError(f"points must be a list, got {points!r}")
        for point in points:
            _check_point(point)
        if len(points) < least:
            raise ValueError(f"at least {least} points are needed, got {len(points)}")

    return check


# In the order in which the kind of a line is decided.
_GEOMETRIES: dict[str, Callable[[Any], None]] = {
    "mask": _check_mask,
    "location": _check_location,
    "point": _check_point,
    "bbox": _check_box,
    "line": _check_points(2),
    "polygon": _check_points(3),
}


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"an object is needed, got {value!r}")
    return value


def _numbers(value: Any, names: Iterable[str]) -> None:
    found = _object(value)
    for name in names:
        if name not in found:
            raise ValueError(f"{name} is missing in {found!r}")
        _finite(found[name], name)


def _finite(value: Any, name: str) -> float:
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise ValueError(f"{name} must be a finite number")
    return found


def _need(line: dict[str, Any], names: set[str]) -> None:
    missing = sorted(names - set(line))
    if missing:
        raise ValueError(f"{', '.join(missing)} missing")


def _only(line: dict[str, Any], allowed: set[str]) -> None:
    extra = sorted(set(line) - allowed)
    if extra:
        raise ValueError(f"extra keys {', '.join(extra)}")


def _check_id(value: Any, name: str) -> None:
    if not isinstance(value, str) or len(value) != _ID_LENGTH:
        raise ValueError(f"{name} must be a string of {_ID_LENGTH} characters, got {value!r}")
