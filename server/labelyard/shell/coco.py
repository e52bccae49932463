"""COCO: one JSON file of images, categories and annotations, with boxes, outlines and run-length masks.

Read and written here: the library that has the other formats drops outlines and masks. What a mask is (run lengths,
how an outline is drawn) comes from pycocotools, the format's own tools.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from labelyard.shell.annotations import Annotation, NotUsable, area_of, box_of, checked_mask
from labelyard.shell.problems import CannotRun, Problems
from labelyard.shell.rows import Row, Rows
from labelyard.shell.writer import Picture, Writer, plain_answer

_PIECE = 1 << 20


def read(path: Path, rows: Rows, problems: Problems) -> Iterator[Annotation]:
    """The annotations of a COCO file. Raises CannotRun when it is none."""
    images, categories, annotations = _document(path)
    found: dict[Any, Row | None] = {}
    for number, entry in enumerate(annotations):
        place = (
            f"annotation {entry.get('id', number + 1)}"
            if isinstance(entry, dict)
            else f"annotation {number + 1}"
        )
        image = images.get(_id(entry, "image_id"))
        if image is None:
            problems.add(path.name, "It belongs to no image of the file.", place)
            continue
        if entry["image_id"] not in found:
            try:
                found[entry["image_id"]] = rows.find(image["file_name"])
            except NotUsable as reason:
                found[entry["image_id"]] = None
                problems.add(image["file_name"], f"Its annotations were left out: {reason}.", path.name)
        row = found[entry["image_id"]]
        if row is None:
            continue
        if _id(entry, "category_id") not in categories:
            problems.add(row.path, f"There is no category {entry.get('category_id')!r}.", place)
            continue
        try:
            yield _annotation(entry, image, categories[entry["category_id"]], row, place, problems)
        except NotUsable as reason:
            problems.add(row.path, f"{reason}.", place)


def _id(entry: Any, key: str) -> Any:
    """A number or text of an entry; None for anything else."""
    found = entry.get(key) if isinstance(entry, dict) else None
    return found if isinstance(found, int | str) else None


def _document(path: Path) -> tuple[dict[Any, dict[str, Any]], dict[Any, str], list[Any]]:
    try:
        document = json.loads(path.read_bytes())
        images = {image["id"]: image for image in document["images"] if isinstance(image["file_name"], str)}
        categories = {category["id"]: str(category["name"]) for category in document["categories"]}
        annotations = document["annotations"]
        if not isinstance(annotations, list):
            raise TypeError
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise CannotRun(
            f"{path} is no COCO file: that is JSON with images, categories and annotations."
        ) from None
    return images, categories, annotations


def _annotation(
    entry: dict[str, Any], image: dict[str, Any], name: str, row: Row, place: str, problems: Problems
) -> Annotation:
    made = Annotation(name, row, place)
    try:
        if "width" in image and "height" in image:
            made.size = (int(image["width"]), int(image["height"]))
        if entry.get("bbox"):
            left, top, width, height = (float(side) for side in entry["bbox"])
            made.box = (left, top, width, height)
        shape = entry.get("segmentation")
        if isinstance(shape, dict):
            made.mask = checked_mask(shape.get("size"), shape.get("counts"))
        elif shape:
            made.rings = [_ring(flat) for flat in shape]
    except NotUsable:
        raise
    except (TypeError, ValueError, OverflowError):
        raise NotUsable("its bbox or segmentation does not have COCO's form") from None
    if entry.get("keypoints"):
        problems.note("keypoint lists left out: a project has no place for them")
    if entry.get("attributes"):
        problems.note("attributes of COCO annotations left out; NDJSON and CSV bring answers in")
    if made.mask is None and not made.rings and made.box is None:
        raise NotUsable("it has neither a bbox nor a segmentation")
    if made.mask is not None or made.rings:
        made.box = None  # the box of an outline follows from it
    return made


def _ring(flat: Any) -> list[tuple[float, float]]:
    numbers = [float(number) for number in flat]
    if len(numbers) < 6 or len(numbers) % 2:
        raise NotUsable(f"an outline of {len(numbers)} numbers is no polygon")
    return list(zip(numbers[::2], numbers[1::2], strict=True))


class CocoWriter(Writer):
    """Writes images and annotations as they come, each to a file of its own, and puts them together at the end."""

    holds = ("box", "polygon", "mask")

    def __init__(self, target: Path, images: str, names: list[str]) -> None:
        super().__init__(target, images, names)
        self._rest = target.with_name(target.name + ".annotations")
        self._file: IO[str] = target.open("w", encoding="utf-8")
        self._annotations: IO[str] = self._rest.open("w", encoding="utf-8")
        self._file.write('{"images":[')
        self._images = self._count = 0

    def write(self, picture: Picture, annotations: list[Annotation]) -> None:
        width, height = picture.needed_size()
        self._images += 1
        image: dict[str, Any] = {
            "id": self._images,
            "file_name": picture.file,
            "width": width,
            "height": height,
        }
        answers = {each.name: plain_answer(each.answer) for each in annotations if each.answer is not None}
        if answers:
            image["attributes"] = answers
        self._file.write(("," if self._images > 1 else "") + json.dumps(image, ensure_ascii=False))
        for each in annotations:
            if each.answer is None:
                self._count += 1
                text = json.dumps(self._entry(each), ensure_ascii=False)
                self._annotations.write(("," if self._count > 1 else "") + text)

    def _entry(self, annotation: Annotation) -> dict[str, Any]:
        shape: Any = [[part for point in ring for part in point] for ring in annotation.rings]
        if annotation.mask is not None:
            shape = {"size": annotation.mask["size"], "counts": annotation.mask["counts"].decode()}
        entry = {
            "id": self._count,
            "image_id": self._images,
            "category_id": self.number_of(annotation.name) + 1,
            "bbox": list(box_of(annotation)),
            "area": area_of(annotation),
            "segmentation": shape,
            "iscrowd": 0,
        }
        if annotation.answers:
            entry["attributes"] = {each["name"]: plain_answer(each["answer"]) for each in annotation.answers}
        return entry

    def close(self) -> None:
        self._annotations.close()
        self._file.write('],"annotations":[')
        with self._rest.open(encoding="utf-8") as rest:
            shutil.copyfileobj(rest, self._file, _PIECE)
        categories = [{"id": number + 1, "name": name} for number, name in enumerate(self.names)]
        self._file.write('],"categories":' + json.dumps(categories, ensure_ascii=False) + "}\n")
        self._file.close()
        self._rest.unlink()
