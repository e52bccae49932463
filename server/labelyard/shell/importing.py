"""`labelyard import`: files become data rows, rows enter a project, annotation files become labels or pre-labels.

First everything is read and checked here, then objects are made, then bytes are sent: a wrong option changes nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import labelbox as lb
from labelbox import exceptions
from labelyard.shell import annotation_csv, annotation_ndjson, coco, sending
from labelyard.shell.annotations import Annotation
from labelyard.shell.classes import Classes, Tools
from labelyard.shell.connection import connect, find_dataset, find_project, ontology_of
from labelyard.shell.problems import CannotRun, Problems
from labelyard.shell.rows import Rows, read_rows
from labelyard.shell.uploading import Standing, find_present, send_to_project, upload_rows

Reader = Callable[[Problems], Iterator[Annotation]]

MEDIA_TYPES = {
    "image": lb.MediaType.Image,
    "video": lb.MediaType.Video,
    "audio": lb.MediaType.Audio,
    "text": lb.MediaType.Text,
    "document": lb.MediaType.Document,
    "html": lb.MediaType.Html,
    "dicom": lb.MediaType.Dicom,
}
_BY_ENDING = {
    ".json": "coco",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".xml": "voc",
    ".txt": "yolo",
}
_OF_FOLDERS = ("yolo", "voc")


def run(options: argparse.Namespace) -> int:
    """Runs the command; 0 when everything went in, 1 when something did not. Raises CannotRun."""
    _check(options)
    with Problems(options.errors) as problems:
        _import(options, problems)
        problems.report()
        return 1 if problems.count else 0


def _import(options: argparse.Namespace, problems: Problems) -> None:
    client = connect(options)
    dataset = find_dataset(client, options.dataset)
    name = options.dataset if dataset is None else dataset.name
    rows = read_rows(options.source, name, options.media_type, options.global_keys, problems)
    reader = _reader(options, rows)
    classes = None if reader is None else _classes(options, reader)
    ontology = _given_ontology(options.ontology)
    project = None if options.project is None else find_project(client, options.project)
    is_new_project = project is None
    current = None if project is None else ontology_of(project)
    _check_project(options, project, current)
    present = find_present(client, rows)

    if dataset is None:
        dataset = client.create_dataset(name=options.dataset)
        print(f"made the dataset {dataset.name!r} ({dataset.uid})")
    if options.project is not None:
        if project is None:
            media_type = MEDIA_TYPES[options.media_type]
            project = client.create_project(name=options.project, media_type=media_type)
            print(f"made the project {project.name!r} ({project.uid})")
        if current is None:
            current = _connect_ontology(client, project, ontology, classes)

    new = [row for row in rows if row.global_key not in present]
    if present:
        print(f"{len(present):,} files are there already")
    began = time.monotonic()
    made = upload_rows(client, dataset, new, problems) if new else 0
    seconds = time.monotonic() - began
    print(
        f"{made:,} data rows made" + (f" in {seconds:.1f} s, {made / seconds:,.0f} a second" if made else "")
    )
    if project is None:
        return
    standing = Standing(project, is_new=is_new_project)
    entered = send_to_project(project, list(rows), standing, problems)
    print(f"{entered:,} data rows sent to the project {project.name!r}")
    if reader is not None and current is not None:
        kind = lb.LabelImport if options.take_as == "labels" else lb.MALPredictionImport
        taken = sending.send_annotations(
            client, project, Tools(current), reader(problems), kind, standing, problems
        )
        print(f"{taken:,} annotations became {options.take_as}")


def _check(options: argparse.Namespace) -> None:
    """What can be said without a server."""
    if options.annotations is None:
        if options.format is not None:
            raise CannotRun("--format says what --annotations is; there are no --annotations.")
    else:
        if options.project is None:
            raise CannotRun("Annotations belong into a project: give --project NAME.")
        if not options.annotations.exists():
            raise CannotRun(f"There is no file or folder {options.annotations}.")
        options.format = options.format or _guessed_format(options.annotations)
        if options.annotations.is_dir() and options.format not in _OF_FOLDERS:
            raise CannotRun(f"{options.annotations} is a folder; {options.format} annotations are one file.")
        if options.media_type != "image":
            raise CannotRun(f"Annotations can be imported for images, not for {options.media_type} data.")
    if options.ontology is not None and options.project is None:
        raise CannotRun("An ontology belongs to a project: give --project NAME.")
    if not options.dataset.strip() or (options.project is not None and not options.project.strip()):
        raise CannotRun("The names of datasets and projects must not be blank.")


def _guessed_format(path: Path) -> str:
    if path.is_dir():
        for ending in (".xml", ".txt"):
            if next(path.rglob(f"*{ending}"), None) is not None:
                return _BY_ENDING[ending]
    elif path.suffix.lower() in _BY_ENDING:
        return _BY_ENDING[path.suffix.lower()]
    raise CannotRun(f"It is not clear what {path} is; say it with --format coco, yolo, voc, csv or ndjson.")


def _reader(options: argparse.Namespace, rows: Rows) -> Reader | None:
    if options.annotations is None:
        return None
    read: Callable[[Path, Rows, Problems], Iterator[Annotation]]
    match options.format:
        case "coco":
            read = coco.read
        case "csv":
            read = annotation_csv.read
        case "ndjson":
            read = annotation_ndjson.read
        case "yolo":
            from labelyard.shell import yolo  # globox takes a moment to import

            read = yolo.read
        case _:
            from labelyard.shell import voc

            read = voc.read
    return partial(read, options.annotations, rows)


def _classes(options: argparse.Namespace, reader: Reader) -> Classes:
    found = Problems()
    classes = Classes(reader(found))
    if not classes.annotations:
        found.report()
        raise CannotRun(
            f"There is no {options.format} annotation in {options.annotations} that belongs to {options.source}."
        )
    return classes


def _given_ontology(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        ontology = json.loads(path.read_bytes())
    except OSError as error:
        raise CannotRun(f"The ontology {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        ontology = None
    if not isinstance(ontology, dict) or not ("tools" in ontology or "classifications" in ontology):
        raise CannotRun(f"{path} is no ontology: that is JSON with tools and classifications.")
    return {"tools": [], "classifications": [], **ontology}


def _check_project(
    options: argparse.Namespace, project: lb.Project | None, current: dict[str, Any] | None
) -> None:
    if project is None:
        return
    if project.media_type not in (MEDIA_TYPES[options.media_type], lb.MediaType.Unknown):
        raise CannotRun(f"The project {project.name!r} is for {project.media_type.name} data.")
    if current is not None and options.ontology is not None:
        raise CannotRun(f"The project {project.name!r} has an ontology; leave --ontology out to use it.")


def _connect_ontology(
    client: lb.Client, project: lb.Project, given: dict[str, Any] | None, classes: Classes | None
) -> dict[str, Any] | None:
    if given is None and not classes:
        print(f"the project {project.name!r} has no ontology yet")
        return None
    wanted = given if given is not None else classes.ontology() if classes else {}
    try:
        ontology = client.create_ontology(project.name, wanted, media_type=project.media_type)
    except (exceptions.MalformedQueryException, exceptions.LabelboxError) as error:
        raise CannotRun(f"The server does not take the ontology: {error}") from None
    project.connect_ontology(ontology)
    normalized: dict[str, Any] = ontology.normalized
    names = [entry["name"] for entry in normalized["tools"]]
    print(
        f"made the ontology {ontology.name!r}: {len(names)} tools, {len(normalized['classifications'])} questions"
    )
    return normalized
