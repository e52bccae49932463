"""A folder and a COCO file go in; every format comes out again with the same numbers."""

from __future__ import annotations

import csv
import json
import random
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import globox
import pytest
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

import labelbox as lb
from factories import unique

from .conftest import SIZES, Shell

OUTLINE = [1.5, 2.0, 30.0, 3.0, 28.25, 40.5]
OUTLINE_BOX = (1.5, 2.0, 28.5, 38.5)
CAR = (3.5, 4.25, 20.5, 10.0)


@dataclass
class Imported:
    """The folder in a project of its own, labeled."""

    name: str
    shell: Shell
    coco: Path

    def export(self, form: str, to: Path, *more: str) -> str:
        """Exports; what it printed."""
        done = self.shell("export", self.name, "--format", form, "--to", to, *more)
        assert done.code == 0, done.err
        return done.out


@pytest.fixture
def imported(
    shell: Shell, folder: Path, coco_document: Callable[[], dict[str, Any]], tmp_path: Path
) -> Imported:
    """The four pictures with the labels of the COCO file."""
    path = tmp_path / "instances.json"
    path.write_text(json.dumps(coco_document()))
    name = unique("shell")
    done = shell("import", folder, "--dataset", name, "--project", name, "--annotations", path)
    assert done.code == 0, done.err
    assert "4 data rows made" in done.out and "7 annotations became labels" in done.out
    assert "1 files left out: .txt (not image)" in done.out and "1 hidden files left out" in done.out
    return Imported(name, shell, path)


def rle(annotation: dict[str, Any]) -> dict[str, Any]:
    shape = annotation["segmentation"]
    return {"size": shape["size"], "counts": shape["counts"].encode()}


def test_coco_comes_back_as_it_went_in(imported: Imported, tmp_path: Path) -> None:
    imported.export("coco", tmp_path / "out.json")
    before, after = COCO(str(imported.coco)), COCO(str(tmp_path / "out.json"))
    assert {image["file_name"]: (image["width"], image["height"]) for image in after.imgs.values()} == SIZES
    names = {category["id"]: category["name"] for category in after.cats.values()}
    assert sorted(names.values()) == ["Car", "House", "Road", "Tree"]

    def on(file: str, name: str) -> list[dict[str, Any]]:
        found = [
            each
            for each in after.anns.values()
            if names[each["category_id"]] == name and after.imgs[each["image_id"]]["file_name"] == file
        ]
        return sorted(found, key=lambda each: -each["area"])

    assert len(after.anns) == 7
    (car,) = on("north/1.png", "Car")
    assert (tuple(car["bbox"]), car["segmentation"], car["area"]) == (CAR, [], 205.0)
    (whole,) = on("south/3.png", "Car")
    assert whole["bbox"] == [0, 0, 20, 20]
    (road,) = on("north/1.png", "Road")
    assert road["segmentation"] == [OUTLINE] and tuple(road["bbox"]) == OUTLINE_BOX
    (x1, y1), (x2, y2), (x3, y3) = zip(OUTLINE[::2], OUTLINE[1::2], strict=True)
    assert road["area"] == pytest.approx(abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) / 2, abs=1e-9)
    trees, houses = on("north/2.png", "Tree"), on("south/1.png", "House")
    assert (len(trees), len(houses)) == (2, 2)
    for made, number in zip([*trees, *houses], (3, 4, 5, 6), strict=True):
        given = before.annToRLE({**before.anns[number], "image_id": before.anns[number]["image_id"]})
        assert coco_mask.iou([given], [rle(made)], [0])[0][0] == 1.0
        assert made["area"] == float(coco_mask.area(given))


def test_boxes_come_back_through_globox(imported: Imported, tmp_path: Path) -> None:
    told = imported.export("yolo", tmp_path / "yolo", "--images")
    assert "1 polygons written as the boxes around them" in told and "4 masks written as the boxes" in told
    imported.export("voc", tmp_path / "voc", "--images")
    yolo = globox.AnnotationSet.from_yolo_v5(
        tmp_path / "yolo/labels/north", image_folder=tmp_path / "yolo/images/north", image_extension=".png"
    )
    names = (tmp_path / "yolo/classes.txt").read_text().split()

    for found, label in ((yolo["1.png"], lambda name: names[int(name)]), (voc_of(tmp_path), str)):
        boxes = {label(box.label): box.ltwh for box in found.boxes}
        assert boxes == {"Car": pytest.approx(CAR, abs=1e-9), "Road": pytest.approx(OUTLINE_BOX, abs=1e-9)}
    for file, size in SIZES.items():
        for tree in ("yolo/images", "voc/JPEGImages"):
            with Image.open(tmp_path / tree / file) as picture:
                assert picture.size == size
        root = ElementTree.parse(tmp_path / "voc/Annotations" / file.replace(".png", ".xml")).getroot()
        assert root.findtext("filename") == Path(file).name
        assert (root.findtext("size/width"), root.findtext("size/height")) == tuple(map(str, size))
        assert all(node.findtext("difficult") == "0" for node in root.iter("object"))
    assert (tmp_path / "voc/ImageSets/Main/trainval.txt").read_text().split() == [
        file.removesuffix(".png") for file in sorted(SIZES)
    ]


def voc_of(top: Path) -> globox.Annotation:
    return globox.Annotation.from_pascal_voc(top / "voc/Annotations/north/1.xml")


def test_what_was_exported_can_be_imported(imported: Imported, folder: Path, tmp_path: Path) -> None:
    """Each format goes into a project of its own and gives the same table again."""
    imported.export("csv", tmp_path / "first.csv")
    first = table(tmp_path / "first.csv")
    assert len(first) == 7
    for form in ("csv", "coco", "yolo", "voc"):  # of the last two whole trees, pictures and all
        name, out = unique(f"again {form}"), tmp_path / f"out-{form}"
        images = {"yolo": out / "images", "voc": out / "JPEGImages"}.get(form)
        imported.export(form, out, *(["--images"] if images else []))
        source = ["--dataset", name, "--project", name, "--annotations", out, "--format", form]
        done = imported.shell("import", images or folder, *source)
        assert done.code == 0, done.err
        imported.shell("export", name, "--format", "csv", "--to", tmp_path / f"{form}.csv")
        again = table(tmp_path / f"{form}.csv")
        if form in ("yolo", "voc"):
            assert [line[:7] for line in again] == [(*line[:2], "box", *line[3:7]) for line in first]
        else:
            assert again == first


def table(path: Path) -> list[tuple[Any, ...]]:
    """What a table says of shapes, without ids, in an order of its own."""
    with path.open(newline="") as file:
        lines = [
            (
                line["file"],
                line["name"],
                line["kind"],
                *(round(float(line[side]), 6) for side in ("left", "top", "width", "height")),
                line["points"],
                line["mask"],
            )
            for line in csv.DictReader(file)
        ]
    return sorted(lines, key=lambda line: (line[:2], line[3:7], line[2]))


def test_a_second_run_adds_nothing_and_a_third_what_is_new(
    imported: Imported, folder: Path, sdk: lb.Client, tmp_path: Path
) -> None:
    command = ["import", folder, "--dataset", imported.name, "--project", imported.name]
    again = imported.shell(*command, "--annotations", imported.coco)
    assert again.code == 0, again.err
    assert "4 files are there already" in again.out and "0 data rows made" in again.out
    assert "4 files have a label in the project already" in again.out
    Image.new("RGB", (10, 10)).save(folder / "new.png")
    third = imported.shell(*command)
    assert "1 data rows made" in third.out and "1 data rows sent" in third.out
    (dataset,) = sdk.get_datasets(where=lb.Dataset.name == imported.name)
    rows = {row.external_id: row.global_key for row in dataset.data_rows()}
    assert rows == {name: f"{imported.name}/{name}" for name in [*SIZES, "new.png"]}
    (project,) = sdk.get_projects(where=lb.Project.name == imported.name)
    assert len(list(project.labels())) == 4
    imported.export("ndjson", tmp_path / "all.ndjson")
    imported.export("ndjson", tmp_path / "done.ndjson", "--status", "to-label")
    assert len((tmp_path / "all.ndjson").read_text().splitlines()) == 5
    (waiting,) = (tmp_path / "done.ndjson").read_text().splitlines()
    assert json.loads(waiting)["data_row"]["external_id"] == "new.png"


def test_answers_lines_and_points_by_csv_and_ndjson(
    shell: Shell, folder: Path, sdk: lb.Client, tmp_path: Path
) -> None:
    """Answers about the picture and about an object; the ontology is made of them."""
    (tmp_path / "in.csv").write_text(
        "file,id,of,kind,name,left,top,width,height,points,answer\n"
        "north/1.png,a,,box,Car,1,2,3.5,4,,\n"
        "north/1.png,,a,radio,Colour,,,,,,red\n"
        'north/1.png,,a,checklist,Damage,,,,,,"[""front"", ""back""]"\n'
        'north/2.png,,,line,Lane,,,,,"[[1, 2], [3.5, 4]]",\n'
        'south/1.png,,,point,Sign,,,,,"[[5, 6.5]]",\n'
        "south/1.png,,,text,Notes,,,,,,a note\n"
        "south/1.png,,,radio,Weather,,,,,,rainy\n"
    )
    name = unique("answers")
    done = shell("import", folder, "--dataset", name, "--project", name, "--annotations", tmp_path / "in.csv")
    assert done.code == 0, done.err
    assert shell("export", name, "--format", "csv", "--to", tmp_path / "out.csv").code == 0
    with (tmp_path / "out.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    found = {(line["file"], line["kind"], line["name"]): line for line in lines}
    car = found["north/1.png", "box", "Car"]
    assert found["north/1.png", "radio", "Colour"]["of"] == car["id"]
    assert json.loads(found["north/1.png", "checklist", "Damage"]["answer"]) == ["front", "back"]
    assert json.loads(found["north/2.png", "line", "Lane"]["points"]) == [[1, 2], [3.5, 4]]
    assert json.loads(found["south/1.png", "point", "Sign"]["points"]) == [[5, 6.5]]
    assert found["south/1.png", "text", "Notes"]["answer"] == "a note"
    told = shell("export", name, "--format", "coco", "--to", tmp_path / "out.json").out
    assert "1 lines left out" in told and "1 points left out" in told
    document = json.loads((tmp_path / "out.json").read_text())
    assert document["annotations"][0]["attributes"] == {"Colour": "red", "Damage": ["front", "back"]}
    assert shell("export", name, "--to", tmp_path / "out.ndjson").code == 0
    second = unique("from an export")
    into = ["import", folder, "--dataset", second, "--project", second]
    assert shell(*into, "--annotations", tmp_path / "out.ndjson").code == 0
    assert shell("export", second, "--format", "csv", "--to", tmp_path / "again.csv").code == 0
    with (tmp_path / "again.csv").open(newline="") as file:
        again = {(line["file"], line["kind"], line["name"]): line for line in csv.DictReader(file)}
    same = ("left", "width", "points", "answer")
    assert {key: [line[c] for c in same] for key, line in again.items()} == {
        key: [line[c] for c in same] for key, line in found.items()
    }


def test_pre_labels_sent_twice_are_there_once(
    shell: Shell, folder: Path, sdk: lb.Client, tmp_path: Path
) -> None:
    name = unique("pre-labels")
    lines = [
        {
            "name": "Car",
            "dataRow": {"globalKey": file},
            "bbox": {"left": random.randrange(5), "top": 1, "width": 5, "height": 5},
        }
        for file in SIZES
    ]
    (tmp_path / "in.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    command = ["import", folder, "--dataset", name, "--project", name, "--as", "pre-labels"]
    for _ in range(2):
        done = shell(*command, "--annotations", tmp_path / "in.ndjson")
        assert done.code == 0 and "4 annotations became pre-labels" in done.out, done.err
    (project,) = sdk.get_projects(where=lb.Project.name == name)
    reserved = sdk.execute(
        """mutation($d: ReserveDataRowsInput!) { reserveDataRows(data: $d) { tasks { annotations } } }""",
        {"d": {"projectId": project.uid, "queueType": "LabelingQueue", "first": 4}},
    )["reserveDataRows"]["tasks"]
    assert [len(task["annotations"]["objects"]) for task in reserved] == [1, 1, 1, 1]
