"""CSV: one line for each annotation or answer. Written and read here: no library has a table with outlines and answers.

Columns: file, global_key, data_row_id, label_id, id, of (the id of the object that an answer belongs to), kind (box,
polygon, mask, line, point, radio, checklist, text), name, left, top, width, height (pixels; the box around any shape
that has an area), points (JSON `[[x, y], …]`), mask (JSON of COCO's compressed run lengths), answer (a checklist's is a
JSON list). Read are file or global_key, and what the kind needs; without kind it is a box.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labelyard.shell.annotations import Annotation, NotUsable, answer_kind, box_of, checked_mask, kinds
from labelyard.shell.problems import CannotRun, Problems
from labelyard.shell.rows import Row, Rows
from labelyard.shell.writer import Picture, Writer, plain_answer

_COLUMNS = [
    *("file", "global_key", "data_row_id", "label_id", "id", "of", "kind", "name"),
    *("left", "top", "width", "height", "points", "mask", "answer"),
]
_ANSWERS = ("radio", "checklist", "text")


def read(path: Path, rows: Rows, problems: Problems) -> Iterator[Annotation]:
    """The annotations of a table. Raises CannotRun when it lacks a column that is needed."""
    objects: list[Annotation] = []
    by_id: dict[tuple[str, str], Annotation] = {}
    answers: list[tuple[str, Annotation]] = []
    for number, values in _lines(path):
        place = f"{path.name}, line {number}"
        named = values.get("global_key") or values.get("file") or ""
        try:
            row = _row(values, rows)
            made = _annotation(values, row)
        except NotUsable as reason:
            problems.add(named or path.name, f"{reason}.", place)
            continue
        made.place = place
        if values.get("of"):
            answers.append((values["of"], made))
            continue
        objects.append(made)
        if values.get("id"):
            by_id[row.path, values["id"]] = made
    for of, made in answers:
        assert made.row is not None
        owner = by_id.get((made.row.path, of))
        if owner is None or made.answer is None:
            problems.add(
                made.row.path, f"There is no object {of!r} that the answer can belong to.", made.place
            )
        else:
            owner.answers.append({"name": made.name, "answer": made.answer})
    yield from objects


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(1 << 30)  # a mask can be long
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = reader.fieldnames or []
            if "name" not in columns or not {"file", "global_key"} & set(columns):
                raise CannotRun(
                    f"The table {path} needs the columns name and file or global_key; it has"
                    f" {', '.join(columns) or 'none'}."
                )
            for values in reader:
                yield reader.line_num, values
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise CannotRun(f"{path} is no CSV file in UTF-8: {error}.") from None


def _row(values: dict[str, str], rows: Rows) -> Row:
    key, file = values.get("global_key"), values.get("file")
    found = rows.with_key(key) if key else None
    names = [name for name in (file, key) if name]
    if not names:
        raise NotUsable("the line names neither a file nor a global_key")
    return found or rows.find(*names)


def _annotation(values: dict[str, str], row: Row) -> Annotation:
    made = Annotation(values.get("name") or "", row)
    if not made.name:
        raise NotUsable("the line has no name")
    kind = values.get("kind") or "box"
    try:
        match kind:
            case "box":
                sides = [float(values[side]) for side in ("left", "top", "width", "height")]
                made.box = (sides[0], sides[1], sides[2], sides[3])
            case "polygon" | "line" | "point":
                points = [(float(x), float(y)) for x, y in json.loads(values["points"])]
                if kind == "polygon":
                    made.rings = [points]
                elif kind == "line":
                    made.path = points
                else:
                    (made.point,) = points
            case "mask":
                mask = json.loads(values["mask"])
                made.mask = checked_mask(mask["size"], mask["counts"])
            case "text":
                made.answer = values["answer"]
            case "radio":
                made.answer = {"name": values["answer"]}
            case "checklist":
                made.answer = [{"name": str(option)} for option in json.loads(values["answer"])]
            case _:
                raise NotUsable(f"{kind!r} is no kind of annotation")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, NotUsable):
            raise
        raise NotUsable(f"the line does not have what a {kind} needs") from None
    return made


class CsvWriter(Writer):
    """Writes the table, every label of every row."""

    holds = ("box", "polygon", "mask", "line", "point")

    def __init__(self, target: Path, images: str, names: list[str]) -> None:
        super().__init__(target, images, names)
        self._file = target.open("w", encoding="utf-8", newline="")
        self._writer = csv.DictWriter(self._file, _COLUMNS, restval="", lineterminator="\n")
        self._writer.writeheader()

    def write(self, picture: Picture, annotations: list[Annotation]) -> None:
        for each in annotations:
            kind = kinds(each)[0]
            line: dict[str, Any] = {"id": each.id, "kind": kind, "name": each.name}
            if kind in _ANSWERS:
                line["answer"] = _text(each.answer)
            elif kind == "mask":
                assert each.mask is not None
                counts = each.mask["counts"].decode()
                line["mask"] = json.dumps({"size": list(each.mask["size"]), "counts": counts})
            elif kind != "box":
                points = [each.point] if each.point else each.rings[0] if each.rings else each.path
                line["points"] = json.dumps(points)
            if kind in ("box", "polygon", "mask"):
                line |= zip(("left", "top", "width", "height"), box_of(each), strict=True)
            self._line(picture, line)
            for entry in each.answers:
                answer = entry["answer"]
                nested = {"of": each.id, "kind": answer_kind(answer), "name": entry["name"]}
                self._line(picture, {**nested, "answer": _text(answer)})

    def _line(self, picture: Picture, values: dict[str, Any]) -> None:
        self._writer.writerow(
            {
                "file": picture.file,
                "global_key": picture.global_key,
                "data_row_id": picture.data_row_id,
                "label_id": picture.label_id,
                **values,
            }
        )

    def close(self) -> None:
        self._file.close()


def _text(answer: Any) -> str:
    plain = plain_answer(answer)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
