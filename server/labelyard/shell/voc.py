"""Pascal VOC: an XML file for each picture, with boxes. Read and written by globox.

Corners are taken as they stand, in pixels from the edge, as the common tools do; VOC's own files count from 1.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

from globox import Annotation as BoxesOfPicture
from globox import BoundingBox, ParsingError

from labelyard.shell.annotations import Annotation, NotUsable, box_of
from labelyard.shell.problems import Problems
from labelyard.shell.rows import Rows
from labelyard.shell.writer import Picture, Writer


def read(path: Path, rows: Rows, problems: Problems) -> Iterator[Annotation]:
    """The annotations of a folder of XML files, or of one."""
    top = path if path.is_dir() else path.parent
    for file in sorted(top.rglob("*.xml")) if path.is_dir() else [path]:
        relative = file.relative_to(top)
        try:
            root = ElementTree.parse(file).getroot()
            named = root.findtext("filename") or relative.name
            # a file name without folders is beside its XML file, in the folder of pictures that goes with it
            row = rows.find((relative.parent / named).as_posix(), relative.with_suffix("").as_posix())
        except (NotUsable, OSError, ElementTree.ParseError) as reason:
            problems.add(relative.as_posix(), f"Its annotations were left out: {reason}.")
            continue
        for number, node in enumerate(root.iter("object"), 1):
            place = f"{relative.as_posix()}, object {number}"
            try:
                box = BoundingBox.from_xml(node)
            except (ParsingError, ValueError, AssertionError):
                problems.add(row.path, "It has no name, or no box that makes sense.", place)
                continue
            yield Annotation(box.label, row, place, box=box.ltwh)


class VocWriter(Writer):
    """Writes `Annotations/` and the list of pictures; the pictures belong into `JPEGImages/`."""

    holds = ("box",)

    def __init__(self, target: Path, images: str, names: list[str]) -> None:
        super().__init__(target, images, names)
        lists = target / "ImageSets" / "Main"
        lists.mkdir(parents=True)
        (target / "Annotations").mkdir()
        self._list = (lists / "trainval.txt").open("w", encoding="utf-8")

    def write(self, picture: Picture, annotations: list[Annotation]) -> None:
        size = picture.needed_size()
        shapes = [each for each in annotations if each.answer is None]
        boxes = []
        for each in shapes:
            left, top, width, height = box_of(each)
            boxes.append(
                BoundingBox(label=each.name, xmin=left, ymin=top, xmax=left + width, ymax=top + height)
            )
        root = BoxesOfPicture(Path(picture.file).name, size, boxes).to_pascal_voc()
        folder = Path(self.images, Path(picture.file).parent).as_posix()
        _inserted(root, 0, "folder", folder)
        size_node = root.find("size")
        assert size_node is not None
        _inserted(size_node, len(size_node), "depth", "3")
        for node in root.iter("object"):
            for number, (tag, text) in enumerate(
                (("pose", "Unspecified"), ("truncated", "0"), ("difficult", "0")), 1
            ):
                _inserted(node, number, tag, text)  # readers of VOC ask for them
        ElementTree.indent(root)
        stem = Path(picture.file).with_suffix("")
        file = self.target / "Annotations" / stem.with_name(stem.name + ".xml")
        file.parent.mkdir(parents=True, exist_ok=True)
        ElementTree.ElementTree(root).write(file, encoding="utf-8")
        self._list.write(f"{stem.as_posix()}\n")

    def close(self) -> None:
        self._list.close()


def _inserted(parent: ElementTree.Element, place: int, tag: str, text: str) -> None:
    node = ElementTree.Element(tag)
    node.text = text
    parent.insert(place, node)
