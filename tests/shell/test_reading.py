"""Readers and names on their own: whatever a file holds, there is an annotation or a sentence, never a crash."""

from __future__ import annotations

import json
import string
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from labelyard.shell import annotation_csv, annotation_ndjson, coco, voc, yolo
from labelyard.shell.annotations import Annotation, NotUsable, checked_mask, import_line, kinds, run_lengths
from labelyard.shell.assets import FileNames
from labelyard.shell.classes import Classes, Tools
from labelyard.shell.problems import CannotRun, Problems
from labelyard.shell.rows import Row, Rows

NUMBERS = st.one_of(st.integers(-5, 70), st.floats(), st.text(max_size=3), st.none(), st.booleans())
JSON = st.recursive(
    NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
SHAPES = st.one_of(
    JSON,
    st.lists(st.lists(NUMBERS, max_size=8), max_size=3),
    st.fixed_dictionaries(
        {"size": st.lists(NUMBERS, min_size=2, max_size=2), "counts": st.lists(NUMBERS) | st.text()}
    ),
)


def rows_of(*paths: str) -> Rows:
    rows = Rows()
    for path in paths:
        rows.add(Row(path, path, None, path))
    return rows


def usable(annotation: Annotation) -> bool:
    """Whether it becomes a line of JSON in each of its forms, or a sentence."""
    for kind in kinds(annotation):
        try:
            json.dumps(import_line(annotation, kind, annotation.name, {"globalKey": "a"}), allow_nan=False)
        except NotUsable as reason:
            assert str(reason)
    return True


def read_all(reader: Any, path: Path, rows: Rows) -> tuple[list[Annotation], int]:
    """The annotations, and how many problems were told."""
    problems = Problems()
    try:
        return list(reader(path, rows, problems)), problems.count
    except CannotRun:
        return [], 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.fixed_dictionaries({"bbox": SHAPES, "segmentation": SHAPES}), max_size=3))
def test_coco_of_any_shape(entries: list[dict[str, Any]]) -> None:
    document = {
        "images": [{"id": 1, "file_name": "a.png", "width": 8, "height": 8}],
        "categories": [{"id": 1, "name": "Car"}],
        "annotations": [{"image_id": 1, "category_id": 1, **entry} for entry in entries],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.json")
        path.write_text(json.dumps(document))
        found, told = read_all(coco.read, path, rows_of("a.png"))
    assert len(found) + told == len(entries)
    assert all(usable(each) for each in found)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_coco_and_ndjson_of_any_document(document: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.json")
        path.write_text(json.dumps(document))
        for reader in (coco.read, annotation_ndjson.read):
            found, _ = read_all(reader, path, rows_of("a.png"))
            Classes(found).ontology()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.text(string.digits + ".-eNa", min_size=1, max_size=4), min_size=1, max_size=9), max_size=4
    )
)
def test_yolo_of_any_numbers(lines: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        Image.new("L", (10, 20)).save(top / "a.png")
        (top / "classes.txt").write_text("Car\nTree\n")
        (top / "a.txt").write_text("\n".join(" ".join(line) for line in lines))
        rows = Rows()
        rows.add(Row("a.png", str(top / "a.png"), top / "a.png", "a"))
        found, told = read_all(yolo.read, top, rows)
    assert len(found) + told == len(lines)
    assert all(each.name in ("Car", "Tree") and each.size == (10, 20) and usable(each) for each in found)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["box", "polygon", "mask", "radio", "text", "x", ""]),
            st.text(max_size=6),
            st.text(max_size=8),
        )
    )
)
def test_csv_of_any_values(lines: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.csv")
        with path.open("w", newline="", encoding="utf-8") as file:
            import csv

            writer = csv.writer(file)
            writer.writerow(
                ["file", "name", "kind", "left", "top", "width", "height", "points", "mask", "answer"]
            )
            for kind, left, other in lines:
                writer.writerow(["a.png", "Car", kind, left, other, left, other, other, other, other])
        found, told = read_all(annotation_csv.read, path, rows_of("a.png"))
    assert len(found) + told == len(lines)
    assert all(usable(each) for each in found)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=30), st.binary(max_size=20))
def test_run_lengths_as_text_and_as_numbers(counts: list[int], garbage: bytes) -> None:
    counts = [0, *[max(count, 1) for count in counts]]
    mask = checked_mask([sum(counts), 1], counts)
    assert run_lengths(mask) == counts
    assert checked_mask([sum(counts), 1], mask["counts"].decode()) == mask
    with pytest.raises(NotUsable):
        checked_mask([sum(counts) + 1, 1], mask["counts"].decode())
    with pytest.raises(NotUsable):
        checked_mask([7919, 7919], garbage.decode("latin-1"))


def test_yolo_outlines_names_and_confidence(tmp_path: Path) -> None:
    Image.new("L", (10, 20)).save(tmp_path / "a.png")
    (tmp_path / "labels").mkdir()
    (tmp_path / "data.yaml").write_text("train: x\nnames:\n  0: Car\n  2: 'Two words'\n")
    (tmp_path / "labels" / "a.txt").write_text(
        "2 0.1 0.1 0.5 0.1 0.5 0.5\n0 0.5 0.5 0.2 0.2 0.9\n1 0.5 0.5 0.2 0.2\n"
    )
    rows = Rows()
    rows.add(Row("a.png", "", tmp_path / "a.png", "a"))
    problems = Problems()
    outline, box = yolo.read(tmp_path / "labels", rows, problems)
    assert (outline.name, outline.rings) == ("Two words", [[(1.0, 2.0), (5.0, 2.0), (5.0, 10.0)]])
    assert (box.name, box.box) == ("Car", (4.0, 8.0, 2.0, 4.0))
    assert problems.count == 1


def test_voc_objects_that_make_no_sense(tmp_path: Path) -> None:
    good = "<object><name>Car</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>4.5</xmax><ymax>8</ymax></bndbox></object>"
    (tmp_path / "a.xml").write_text(
        f"<annotation><filename>a.png</filename>{good}{good.replace('<ymax>8', '<ymax>1')}"
        "<object><name>Car</name></object></annotation>"
    )
    (tmp_path / "b.xml").write_text("<annotation>")
    problems = Problems()
    (found,) = voc.read(tmp_path, rows_of("JPEGImages/a.png"), problems)
    assert found.box == (1.0, 2.0, 3.5, 6.0) and problems.count == 3


def test_which_file_a_name_means() -> None:
    rows = rows_of("images/train/1.jpg", "images/val/1.jpg", "images/val/2.jpg")
    assert rows.find("train/1.jpg").path == "images/train/1.jpg"
    assert rows.find("labels/val/1").path == "images/val/1.jpg"
    assert rows.find("/home/me/data/images/val/2.jpg").path == "images/val/2.jpg"
    assert rows.find("nothing", "2").path == "images/val/2.jpg"
    for wrong, why in (
        ("1.jpg", "any of 2"),
        ("test/2.jpg", "no file"),
        ("3.jpg", "no file"),
        ("", "no file"),
    ):
        with pytest.raises(NotUsable, match=why):
            rows.find(wrong)


def test_exported_files_stay_below_their_folder() -> None:
    names = FileNames()

    def of(external_id: str, uid: str = "c1", kind: str = "image/png") -> str:
        row = {"id": uid, "external_id": external_id, "row_data": "https://example.com/x"}
        return names.of({"data_row": row, "media_attributes": {"mime_type": kind}})

    assert of("a/b.jpg") == "a/b.jpg"
    assert of("a/b.png", "c2") == "a/b-c2.png"
    assert of("../../etc/passwd", "c3") == "etc/passwd.png"
    assert of("/abs\\..\\x.y z", "c4") == "abs/x.y z.png"
    assert of("C:\\pictures\\q.jpg") == "C_/pictures/q.jpg"
    assert of("..", "c5") == "c5.png"
    assert of("A/B.jpg", "c6") == "A/B-c6.jpg"


def test_a_class_of_several_shapes_gets_several_tools() -> None:
    ring = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0)]
    given = [
        Annotation("Car", rings=[ring]),
        Annotation("Car", box=(1, 2, 3, 4)),
        Annotation("Tree", rings=[ring], size=(9, 9)),
        Annotation("Tree", rings=[ring, ring], size=(9, 9)),
        Annotation(
            "Weather", answer={"name": "rainy", "classifications": [{"name": "How", "answer": "a lot"}]}
        ),
        Annotation("Weather", answer=[{"name": "sunny"}, {"name": "windy"}]),
    ]
    ontology = Classes(given).ontology()
    tools = {tool["name"]: tool["tool"] for tool in ontology["tools"]}
    assert tools == {"Car": "polygon", "Car (box)": "rectangle", "Tree": "superpixel"}
    (weather,) = ontology["classifications"]
    assert weather["type"] == "checklist" and len(weather["options"]) == 3
    chosen = [Tools(ontology).choose(each) for each in given[:4]]
    assert chosen == [("polygon", "Car"), ("box", "Car (box)"), ("mask", "Tree"), ("mask", "Tree")]
