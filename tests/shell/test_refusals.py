"""What people get wrong: one sentence, an exit code, and nothing half done."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import labelbox as lb
from conftest import ImageProject
from factories import unique

from .conftest import Shell


def names(sdk: lb.Client) -> tuple[int, int]:
    """How many datasets and projects there are."""
    return len(list(sdk.get_datasets())), len(list(sdk.get_projects()))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["{tmp}/nowhere"], "There is no file or folder"),
        (["{tmp}/empty"], "There is nothing to import in"),
        (["{folder}", "--annotations", "{tmp}/x.json"], "give --project NAME"),
        (["{folder}", "--project", "p", "--annotations", "{tmp}/x.json"], "There is no file or folder"),
        (["{folder}", "--project", "p", "--annotations", "{tmp}/broken.json"], "is no COCO file"),
        (
            ["{folder}", "--project", "p", "--annotations", "{tmp}/broken.ndjson"],
            "line 1 is not a JSON object",
        ),
        (
            ["{folder}", "--project", "p", "--annotations", "{tmp}/broken.csv"],
            "needs the columns name and file",
        ),
        (
            ["{folder}", "--project", "p", "--annotations", "{tmp}/yolo"],
            "a classes.txt with a name in each line",
        ),
        (
            ["{folder}", "--project", "p", "--annotations", "{tmp}/empty", "--format", "voc"],
            "no voc annotation",
        ),
        (["{folder}", "--project", "p", "--annotations", "{tmp}/yolo", "--format", "coco"], "is a folder"),
        (["{folder}", "--project", "p", "--annotations", "{tmp}/empty"], "It is not clear what"),
        (["{folder}", "--project", "p", "--ontology", "{tmp}/broken.json"], "is no ontology"),
        (["{tmp}/broken.csv"], "needs a column row_data"),
        (["{folder}", "--format", "coco"], "there are no --annotations"),
        (["{folder}", "--project", " "], "must not be blank"),
    ],
)
def test_an_import_that_cannot_be_makes_nothing(
    shell: Shell, sdk: lb.Client, folder: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "yolo").mkdir()
    (tmp_path / "yolo" / "1.txt").write_text("0 0.5 0.5 0.1 0.1\n")
    (tmp_path / "broken.json").write_text('{"images": 3}')
    (tmp_path / "broken.ndjson").write_text("[]\n")
    (tmp_path / "broken.csv").write_text("a,b\n1,2\n")
    before = names(sdk)
    given = [part.format(tmp=tmp_path, folder=folder) for part in arguments]
    done = shell("import", *given, "--dataset", unique("dataset"))
    assert done.code == 1 and sentence in done.err and "Traceback" not in done.err, done.err
    assert names(sdk) == before


@pytest.mark.parametrize(
    "arguments", [["import", "x"], ["export"], ["export", "p", "--to", "x", "--format", "png"]]
)
def test_wrong_options_end_with_code_2(shell: Shell, arguments: list[str]) -> None:
    done = shell(*arguments)
    assert done.code == 2 and "usage:" in done.err


def test_keys_and_servers_that_are_not_there(shell: Shell, folder: Path, tmp_path: Path) -> None:
    command = ["import", folder, "--dataset", "d"]
    assert "does not take this API key" in shell(*command, LABELBOX_API_KEY="never-a-key").err
    assert "There is no API key in" in shell(*command, LABELBOX_API_KEY="never a key").err
    assert "set LABELBOX_API_KEY" in shell(*command, LABELBOX_API_KEY="").err
    assert (
        "No Labelyard server answers at http://127.0.0.1:9/graphql"
        in shell(*command, "--endpoint", "http://127.0.0.1:9").err
    )
    assert "is no http or https address" in shell(*command, "--endpoint", "127.0.0.1:8080").err
    assert "cannot be read" in shell(*command, "--api-key-file", tmp_path / "none").err
    (tmp_path / "key").write_text(shell.environment["LABELBOX_API_KEY"] + "\n")
    done = shell(
        "export",
        "no such project",
        "--to",
        tmp_path / "x",
        "--api-key-file",
        tmp_path / "key",
        LABELBOX_API_KEY="",
    )
    assert done.code == 1 and "There is no project 'no such project'" in done.err
    done = shell("export", "c" + "0" * 24, "--to", tmp_path / "x")
    assert done.code == 1 and "no projects with the id" in done.err
    done = shell(*command[:3], "c" + "0" * 24)
    assert done.code == 1 and "no datasets with the id" in done.err
    assert not (tmp_path / "x").exists()


def test_a_project_of_texts_has_no_boxes(shell: Shell, sdk: lb.Client, folder: Path, tmp_path: Path) -> None:
    name = unique("texts")
    done = shell("import", folder, "--dataset", name, "--project", name, "--media-type", "text")
    assert (
        done.code == 0 and "1 data rows sent" in done.out and "4 files left out: .png (not text)" in done.out
    )
    done = shell("export", name, "--format", "voc", "--to", tmp_path / "x")
    assert done.code == 1 and "is for Text data; voc is for images" in done.err
    assert shell("export", name, "--to", tmp_path / "x").code == 0
    assert len((tmp_path / "x").read_text().splitlines()) == 1


def test_refused_annotations_are_named_and_the_others_go_in(
    shell: Shell, folder: Path, coco_document: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    document = coco_document()
    document["images"].append({"id": 99, "file_name": "gone.png", "width": 5, "height": 5})
    document["images"].append({"id": 98, "file_name": "1.png", "width": 5, "height": 5})
    document["annotations"] += [
        {"id": 20, "image_id": 10, "category_id": 7, "bbox": [500, 500, 9, 9]},
        {"id": 21, "image_id": 99, "category_id": 7, "bbox": [1, 1, 2, 2]},
        {"id": 22, "image_id": 98, "category_id": 7, "bbox": [1, 1, 2, 2]},
        {"id": 23, "image_id": 10, "category_id": 4711, "bbox": [1, 1, 2, 2]},
        {"id": 24, "image_id": 10, "category_id": 3, "segmentation": [[1, 2, 3, 4]]},
        {"id": 25, "image_id": 10, "category_id": 7, "bbox": [1, float("nan"), 2, 2]},
    ]
    (tmp_path / "in.json").write_text(json.dumps(document))
    (folder / "empty.png").write_bytes(b"")
    (folder / "broken.png").write_text("this is a text")
    name = unique("refused")
    command = ["import", folder, "--dataset", name, "--project", name, "--annotations", tmp_path / "in.json"]
    done = shell(*command, "--errors", tmp_path / "errors.csv")
    assert done.code == 1 and "7 annotations became labels" in done.out, done.out + done.err
    with (tmp_path / "errors.csv").open(newline="") as file:
        found = {(line["file"], line["place"]): line["reason"] for line in csv.DictReader(file)}
    reasons = {
        ("north/1.png", "annotation 20"): "outside the picture of 64 x 48",
        ("gone.png", "in.json"): "there is no file 'gone.png'",
        ("1.png", "in.json"): "can be any of 2 files",
        ("north/1.png", "annotation 23"): "There is no category 4711",
        ("north/1.png", "annotation 24"): "an outline of 4 numbers",
        ("north/1.png", "annotation 25"): "nan is no place in a picture",
        ("empty.png", ""): "The file is empty",
        ("broken.png", ""): "did not enter the project",
    }
    assert found.keys() == reasons.keys()
    assert {place: part for place, part in reasons.items() if part not in found[place]} == {}


def test_two_datasets_of_one_name_ask_for_the_id(shell: Shell, sdk: lb.Client, folder: Path) -> None:
    name = unique("twice")
    first, second = sdk.create_dataset(name=name), sdk.create_dataset(name=name)
    done = shell("import", folder, "--dataset", name)
    assert done.code == 1 and first.uid in done.err and second.uid in done.err
    assert shell("import", folder, "--dataset", first.uid).code == 0
    assert len(list(first.data_rows())) == 4 and len(list(second.data_rows())) == 0


def test_an_ontology_that_is_there_decides(
    shell: Shell, sdk: lb.Client, folder: Path, coco_document: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    (tmp_path / "in.json").write_text(json.dumps(coco_document()))
    tools = [{"tool": "polygon", "name": "Car"}, {"tool": "rectangle", "name": "Road"}]
    (tmp_path / "ontology.json").write_text(json.dumps({"tools": tools}))
    name = unique("decided")
    command = ["import", folder, "--dataset", name, "--project", name, "--annotations", tmp_path / "in.json"]
    done = shell(*command, "--ontology", tmp_path / "ontology.json")
    assert done.code == 1 and "1 annotations became labels" in done.out
    assert "the tool 'Car' is a polygon, the annotation a box" in done.err
    assert "the ontology of the project has no tool 'Tree'" in done.err
    assert "1 polygons taken as box, as the ontology has them" in done.out
    again = shell(*command, "--ontology", tmp_path / "ontology.json")
    assert again.code == 1 and "has an ontology" in again.err


def test_rows_of_a_table(shell: Shell, sdk: lb.Client, folder: Path, tmp_path: Path) -> None:
    (folder / "rows.csv").write_text(
        "row_data,global_key,external_id,metadata.tag,metadata.split\n"
        f"north/1.png,{unique('key')},first,blue,train\n"
        "https://example.com/2.jpg,,,,\n"
        "north/nowhere.png,,,,\n"
        "north/2.png,,,,no such split\n"
    )
    name = unique("table")
    done = shell("import", folder / "rows.csv", "--dataset", name)
    assert done.code == 1 and "2 data rows made" in done.out
    assert "There is no file 'north/nowhere.png'" in done.err and "'no such split' is no option" in done.err
    (dataset,) = sdk.get_datasets(where=lb.Dataset.name == name)
    rows = {row.external_id: row for row in dataset.data_rows()}
    assert rows.keys() == {"first", "https://example.com/2.jpg"}
    assert "blue" in {field["value"] for field in rows["first"].metadata_fields}


def test_an_export_replaces_nothing_unasked(
    shell: Shell, image_project: ImageProject, tmp_path: Path
) -> None:
    name = image_project.id
    (tmp_path / "there.json").write_text("mine")
    done = shell("export", name, "--format", "coco", "--to", tmp_path / "there.json")
    assert done.code == 1 and "--force replaces it" in done.err
    assert (tmp_path / "there.json").read_text() == "mine"
    assert shell("export", name, "--format", "coco", "--to", tmp_path / "there.json", "--force").code == 0
    assert json.loads((tmp_path / "there.json").read_text())["images"] == []
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    done = shell("export", name, "--format", "yolo", "--to", tmp_path / "mine", "--force")
    assert done.code == 1 and "is no earlier export" in done.err
    for _ in range(2):
        assert shell("export", name, "--images", "--to", tmp_path / "tree", "--force").code == 0
    assert len(list((tmp_path / "tree" / "images").iterdir())) == 6
    assert len((tmp_path / "tree" / "export.ndjson").read_text().splitlines()) == 6
    assert "There is no folder" in shell("export", name, "--to", tmp_path / "no" / "x").err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "there.json", "tree"]


def test_stopping_an_import_and_going_on(shell: Shell, sdk: lb.Client, tmp_path: Path) -> None:
    top = tmp_path / "many"
    top.mkdir()
    Image.effect_noise((500, 400), 90).save(tmp_path / "one.png")
    content = (tmp_path / "one.png").read_bytes()
    for number in range(1500):
        (top / f"{number:04d}.png").write_bytes(content)
    name = unique("stopped")
    with subprocess.Popen(
        [sys.executable, "-m", "labelyard", "import", str(top), "--dataset", name],
        env={**os.environ, **shell.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not list(sdk.get_datasets(where=lb.Dataset.name == name)) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "stopped. The same command goes on with what is missing." in err and "Traceback" not in err
    done = shell("import", top, "--dataset", name)
    assert done.code == 0, done.err
    (dataset,) = sdk.get_datasets(where=lb.Dataset.name == name)
    assert sum(1 for _ in dataset.data_rows()) == 1500


def test_stopping_an_export_leaves_nothing(shell: Shell, sdk: lb.Client, tmp_path: Path) -> None:
    top = tmp_path / "many"
    top.mkdir()
    for number in range(600):
        Image.new("L", (8, 8), number % 256).save(top / f"{number}.png")
    name = unique("exported")
    assert shell("import", top, "--dataset", name, "--project", name).code == 0
    with subprocess.Popen(
        [sys.executable, "-m", "labelyard", "export", name, "--images", "--to", str(tmp_path / "out")],
        env={**os.environ, **shell.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".out.*")) and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "stopped. Nothing was written" in err and "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["many"]
