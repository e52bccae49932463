"""YOLO: a text file for each picture, one line for each object, its class by number, its place as shares.

Boxes are read and written by globox. A line of more numbers than a box has is an outline (YOLO's segmentation form) and
is read here, because globox keeps only its box.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import yaml
from globox import Annotation as BoxesOfPicture
from globox import BoundingBox, ParsingError

from labelyard.shell.annotations import Annotation, NotUsable, Size, box_of
from labelyard.shell.problems import CannotRun, Problems
from labelyard.shell.rows import Rows
from labelyard.shell.writer import Picture, Writer

_NO_ANNOTATIONS = {"classes.txt", "labels.txt", "train.txt", "val.txt", "test.txt", "readme.txt"}
_NAMES = ("data.yaml", "dataset.yaml", "classes.txt", "obj.names", "classes.names")
_DECIMALS = 6  # of a pixel: shares of 1 lose the last digits of a double, nothing else does


def read(path: Path, rows: Rows, problems: Problems) -> Iterator[Annotation]:
    """The annotations of a folder of text files, or of one. Raises CannotRun when nothing names the classes."""
    top = path if path.is_dir() else path.parent
    names = _class_names(top)
    files = sorted(top.rglob("*.txt")) if path.is_dir() else [path]
    for file in files:
        if file.name.lower() in _NO_ANNOTATIONS:
            continue
        relative = file.relative_to(top).as_posix()
        try:
            row = rows.find(relative.removesuffix(".txt"))
            size = row.size()
            lines = file.read_text("utf-8").splitlines()
        except (NotUsable, OSError, UnicodeDecodeError) as reason:
            problems.add(relative, f"Its annotations were left out: {reason}.")
            continue
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    made = _annotation(line, names, size)
                except NotUsable as reason:
                    problems.add(row.path, f"{reason}.", f"{relative}, line {number}")
                    continue
                made.row, made.place, made.size = row, f"{relative}, line {number}", size
                yield made


def _annotation(line: str, names: dict[int, str], size: Size) -> Annotation:
    values = line.split()
    try:
        name = names.get(int(values[0]))
    except ValueError:
        raise NotUsable(f"{values[0]!r} is no number of a class") from None
    if name is None:
        raise NotUsable(f"there is no class with the number {values[0]}; there are {len(names)}")
    width, height = size
    try:
        if len(values) >= 7 and len(values) % 2:
            numbers = [float(value) for value in values[1:]]
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            ring = [(round(x * width, _DECIMALS), round(y * height, _DECIMALS)) for x, y in pairs]
            return Annotation(name, rings=[ring])
        box = BoundingBox.from_yolo_v5(line, image_size=size)
    except (ParsingError, AssertionError, ValueError):
        raise NotUsable(f"{line.strip()[:60]!r} is no line of YOLO: class, x, y, width, height") from None
    left, top, wide, high = (round(side, _DECIMALS) for side in box.ltwh)
    return Annotation(name, box=(left, top, wide, high))


def _class_names(top: Path) -> dict[int, str]:
    for folder in [top, *top.resolve().parents[:2]]:
        for file in (folder / name for name in _NAMES):
            if file.is_file():
                try:
                    names = _names_in(file)
                except (yaml.YAMLError, UnicodeDecodeError, TypeError, ValueError) as error:
                    raise CannotRun(f"{file} does not name classes: {error}.") from None
                if names:
                    return names
    raise CannotRun(
        f"YOLO has numbers for classes, and nothing in {top} or above it says their names:"
        " a classes.txt with a name in each line, or a data.yaml, is needed."
    )


def _names_in(file: Path) -> dict[int, str]:
    if file.suffix == ".yaml":
        names = (yaml.safe_load(file.read_text("utf-8")) or {}).get("names") or {}
        pairs = names.items() if isinstance(names, dict) else enumerate(names)
        return {int(number): str(name) for number, name in pairs}
    lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    return {number: line for number, line in enumerate(lines) if line}


class YoloWriter(Writer):
    """Writes `labels/`, `classes.txt` and `data.yaml`; the pictures belong into `images/`."""

    holds = ("box",)

    def write(self, picture: Picture, annotations: list[Annotation]) -> None:
        size = picture.needed_size()
        boxes = []
        for each in annotations:
            if each.answer is None:
                left, top, width, height = box_of(each)
                self.number_of(each.name)
                boxes.append(
                    BoundingBox(label=each.name, xmin=left, ymin=top, xmax=left + width, ymax=top + height)
                )
        file = self.target / "labels" / Path(picture.file).with_suffix(".txt")
        file.parent.mkdir(parents=True, exist_ok=True)
        text = BoxesOfPicture(picture.file, size, boxes).to_yolo_v5(label_to_id=self._numbers)
        file.write_text(f"{text}\n" if text else "", "utf-8")

    def close(self) -> None:
        (self.target / "labels").mkdir(exist_ok=True)
        (self.target / "classes.txt").write_text("".join(f"{name}\n" for name in self.names), "utf-8")
        names = "".join(
            f"  {number}: {json.dumps(name, ensure_ascii=False)}\n" for number, name in enumerate(self.names)
        )
        # the same pictures twice, so that training starts; who has a split of their own names it here
        text = f"path: .\ntrain: {self.images}\nval: {self.images}\nnames:\n{names}"
        (self.target / "data.yaml").write_text(text, "utf-8")
