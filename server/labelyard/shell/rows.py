"""The data rows of an import: the files of a folder or the lines of a table, and which one an annotation means."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from labelyard.shell.annotations import NotUsable, Size
from labelyard.shell.problems import CannotRun, Problems

ENDINGS = {
    "image": {"jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "webp", "avif", "tif", "tiff"},
    "video": {"mp4", "m4v", "mov", "webm"},
    "audio": {"mp3", "wav", "m4a", "ogg", "flac"},
    "text": {"txt"},
    "document": {"pdf"},
    "html": {"html", "htm"},
    "dicom": {"dcm"},
}
"""The endings of the files that are imported, by media type."""

_TABLES = {".csv", ".ndjson", ".jsonl"}
_COLUMNS = ("row_data", "global_key", "external_id")
_ALIKE = {"labels": "images", "annotations": "images", "jpegimages": "images"}
"""Folders whose files belong together, by name: YOLO's and Pascal VOC's."""


@dataclass(slots=True)
class Row:
    """A data row to be: `path` is its external id, `file` where its bytes are, None for an address."""

    path: str
    row_data: str
    file: Path | None = None
    global_key: str | None = None
    more: dict[str, Any] = field(default_factory=dict)
    uid: str | None = None

    def reference(self) -> dict[str, str] | None:
        """How a line of annotations names the row; None when it is not known at the server."""
        if self.global_key is not None:
            return {"globalKey": self.global_key}
        return None if self.uid is None else {"id": self.uid}

    def size(self) -> Size:
        """The upright picture's width and height. Raises NotUsable when there is no picture file here."""
        if self.file is None:
            raise NotUsable(f"the size of {self.path} is not known: the picture is not among the files here")
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(self.file) as picture:
                turned = picture.getexif().get(0x0112, 1) >= 5  # the EXIF orientations that swap the sides
                width, height = picture.size
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
            raise NotUsable(f"the size of {self.path} is not known: the file is no picture") from None
        return (height, width) if turned else (width, height)


class Rows:
    """All rows, found by the names that annotation files give them."""

    def __init__(self) -> None:
        self.all: list[Row] = []
        self._by_name: dict[str, list[Row]] = {}
        self._by_stem: dict[str, list[Row]] = {}
        self._by_key: dict[str, Row] = {}

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.all)

    def add(self, row: Row) -> None:
        """Takes a row in. Raises NotUsable when its global key is taken by an earlier row."""
        if row.global_key is not None:
            if row.global_key in self._by_key:
                raise NotUsable(f"the global key {row.global_key!r} is used twice")
            self._by_key[row.global_key] = row
        self.all.append(row)
        name = _parts(row.path)[-1]
        self._by_name.setdefault(name, []).append(row)
        self._by_stem.setdefault(name.rpartition(".")[0] or name, []).append(row)

    def with_key(self, global_key: str) -> Row | None:
        """The row with that global key."""
        return self._by_key.get(global_key)

    def find(self, *names: str) -> Row:
        """The row that the first fitting name means: a path, or the end of one, with or without the file's ending.

        Raises NotUsable when there is none or more than one.
        """
        for name in names:
            parts = _parts(name)
            for candidates in (self._by_name.get(parts[-1], []), self._by_stem.get(parts[-1], [])):
                fitting = [
                    (shared, row) for row in candidates if (shared := _shared(parts, _parts(row.path)))
                ]
                if fitting:
                    best = max(shared for shared, _ in fitting)
                    found = [row for shared, row in fitting if shared == best]
                    if len(found) > 1:
                        several = ", ".join(row.path for row in found[:3])
                        raise NotUsable(f"{name!r} can be any of {len(found)} files: {several}")
                    return found[0]
        raise NotUsable(f"there is no file {names[0]!r} among those imported")


def read_rows(source: Path, dataset: str, media_type: str, keys: str, problems: Problems) -> Rows:
    """The rows of a folder, of one file, or of a table. `keys` is `path` or `none`. Raises CannotRun."""
    if not source.exists():
        raise CannotRun(f"There is no file or folder {source}.")
    rows = Rows()
    if source.is_file() and source.suffix.lower() in _TABLES:
        found = _table_rows(source, dataset, keys, problems)
    else:
        found = _file_rows(source, dataset, media_type, keys, problems)
    for row in found:
        try:
            rows.add(row)
        except NotUsable as reason:
            problems.add(row.path, f"{reason}.")
    if not rows:
        problems.report()
        raise CannotRun(f"There is nothing to import in {source}.")
    return rows


def _file_rows(source: Path, dataset: str, media_type: str, keys: str, problems: Problems) -> Iterator[Row]:
    top = source if source.is_dir() else source.parent
    left_out: Counter[str] = Counter()
    for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
        relative = path.relative_to(top)
        if not path.is_file():
            continue
        if any(part.startswith(".") for part in relative.parts):
            left_out["hidden"] += 1
        elif path.suffix.lower()[1:] not in ENDINGS[media_type]:
            left_out[path.suffix.lower() or "without ending"] += 1
        elif path.stat().st_size == 0:
            problems.add(relative.as_posix(), "The file is empty.")
        else:
            name = relative.as_posix()
            yield Row(name, str(path), path, f"{dataset}/{name}" if keys == "path" else None)
    for ending, count in sorted(left_out.items()):
        problems.note(
            f"files left out: {ending} (not {media_type})" if ending != "hidden" else "hidden files left out",
            count,
        )


def _table_rows(source: Path, dataset: str, keys: str, problems: Problems) -> Iterator[Row]:
    lines = _csv_lines(source) if source.suffix.lower() == ".csv" else _ndjson_lines(source, problems)
    for number, values in lines:
        row_data = values.pop("row_data", None)
        if not row_data:
            problems.add(source.name, "The line has no row_data.", f"line {number}")
            continue
        file = None
        if isinstance(row_data, str) and "://" not in row_data:
            file = source.parent / row_data
            if not file.is_file():
                problems.add(source.name, f"There is no file {row_data!r}.", f"line {number}")
                continue
        external = values.pop("external_id", None)
        path = str(external or (row_data if isinstance(row_data, str) else f"line {number}"))
        key = values.pop("global_key", None) or (f"{dataset}/{path}" if keys == "path" else None)
        yield Row(path, row_data if file is None else str(file), file, key, values)


def _csv_lines(source: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="", strict=True)
            columns = reader.fieldnames or []
            unknown = [c for c in columns if c not in _COLUMNS and not c.startswith("metadata.")]
            if "row_data" not in columns or unknown:
                raise CannotRun(
                    f"The table {source} needs a column row_data, and may have global_key, external_id and"
                    f" metadata.<name>; it has {', '.join(columns) or 'none'}."
                )
            for values in reader:
                if "" in values:
                    raise CannotRun(f"Line {reader.line_num} of {source} has more values than columns.")
                row: dict[str, Any] = {name: values[name] for name in _COLUMNS if values.get(name)}
                metadata = [
                    {"name": name.removeprefix("metadata."), "value": value}
                    for name, value in values.items()
                    if name.startswith("metadata.") and value
                ]
                yield reader.line_num, {**row, **({"metadata_fields": metadata} if metadata else {})}
    except (UnicodeDecodeError, csv.Error) as error:
        raise CannotRun(f"{source} is no CSV file in UTF-8: {error}.") from None


def _ndjson_lines(source: Path, problems: Problems) -> Iterator[tuple[int, dict[str, Any]]]:
    with source.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                values = json.loads(line)
            except ValueError:
                values = None
            if isinstance(values, dict):
                yield number, values
            else:
                problems.add(source.name, "The line is not a JSON object.", f"line {number}")


def _parts(name: str) -> list[str]:
    path = unquote(urlsplit(name).path) if "://" in name else name
    return [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")] or [name]


def _shared(name: list[str], path: list[str]) -> int:
    """How many parts at the end two paths share, when one is the end of the other; else 0. The file is not compared."""
    one, other = ([_ALIKE.get(part.lower(), part) for part in parts[-2::-1]] for parts in (name, path))
    length = min(len(one), len(other))
    return length + 1 if one[:length] == other[:length] else 0
