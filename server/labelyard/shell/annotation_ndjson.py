"""NDJSON: lines of the import format, passed on with their row matched, and lines of an export.

Plain JSON, read here; nothing of a line that the server knows is lost on the way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labelyard.shell.annotations import Annotation, NotUsable, from_export, mask_address
from labelyard.shell.problems import CannotRun, Problems
from labelyard.shell.rows import Row, Rows


def read(path: Path, rows: Rows, problems: Problems) -> Iterator[Annotation]:
    """The annotations of an NDJSON file. Raises CannotRun when its first line is not JSON."""
    try:
        with path.open("rb") as file:
            for number, text in enumerate(file, 1):
                if not text.strip():
                    continue
                place = f"line {number}"
                line = _decoded(text)
                if line is None:
                    if number == 1:
                        raise CannotRun(f"{path} is no NDJSON file: line 1 is not a JSON object.")
                    problems.add(path.name, "The line is not a JSON object.", place)
                elif isinstance(line.get("data_row"), dict) and "projects" in line:
                    yield from _of_export(line, rows, problems, f"{path.name}, {place}")
                else:
                    yield _of_import(line, rows, f"{path.name}, {place}")
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}.") from None


def _decoded(text: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _of_import(line: dict[str, Any], rows: Rows, place: str) -> Annotation:
    """A line of the import format. A row that is not among those imported may be at the server: it will say."""
    named = line.get("dataRow")
    key = named.get("globalKey") if isinstance(named, dict) else None
    row: Row | None = None
    if isinstance(key, str):
        row = rows.with_key(key)
        if row is None:
            try:
                row = rows.find(key)
            except NotUsable:
                row = None
    name = line.get("name")
    return Annotation(name if isinstance(name, str) else "", row, place, line=line)


def _of_export(line: dict[str, Any], rows: Rows, problems: Problems, place: str) -> Iterator[Annotation]:
    data_row = line["data_row"]
    names = [data_row[key] for key in ("external_id", "global_key", "row_data") if data_row.get(key)]
    try:
        row = rows.with_key(data_row.get("global_key") or "") or rows.find(*names)
    except NotUsable as reason:
        problems.add(names[0], f"Its annotations were left out: {reason}.", place)
        return
    labels = [label for project in line["projects"].values() for label in project["labels"]]
    if len(labels) > 1:
        problems.note("further labels of one picture left out", len(labels) - 1)
    for label in labels[:1]:
        annotations = label["annotations"]
        for exported in [*annotations.get("objects", []), *annotations.get("classifications", [])]:
            if mask_address(exported):
                only_address = "An export has only the address of a mask; COCO and CSV files hold masks."
                problems.add(row.path, only_address, place)
                continue
            made = from_export(exported, None, None)
            if made is None:
                problems.add(row.path, f"A {exported.get('annotation_kind')} cannot be imported.", place)
                continue
            made.row, made.place, made.id = row, place, ""
            yield made
