"""`labelyard export`: the labels of a project, line by line from the server into a file or a tree of files.

The memory it takes does not grow with the project: an export's lines are read as they come, and written at once.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import labelbox as lb
from labelbox.progress_bar import silenced
from labelbox.schema.export_task import ExportTask, StreamType
from labelyard.shell.annotation_csv import CsvWriter
from labelyard.shell.annotations import SHAPES, Annotation, NotUsable, from_export, kinds, mask_address
from labelyard.shell.assets import FileNames, download, fetch_mask
from labelyard.shell.classes import Tools
from labelyard.shell.coco import CocoWriter
from labelyard.shell.commands import STATUSES
from labelyard.shell.connection import connect, find_project, ontology_of
from labelyard.shell.destination import MARK, Destination
from labelyard.shell.problems import CannotRun, Problems
from labelyard.shell.progress import Progress
from labelyard.shell.writer import Picture, Writer

_TASK_SECONDS = 24 * 3600
_AT_ONCE = 64
_FETCHES = 12
_TREES = ("yolo", "voc")
_OF_PICTURES = ("coco", *_TREES)
_IMAGE_FOLDERS = {"voc": "JPEGImages"}
_EVERYTHING = {
    "attachments": True,
    "metadata_fields": True,
    "data_row_details": True,
    "project_details": True,
    "label_details": True,
    "performance_details": True,
}


@dataclass(slots=True)
class Fetched:
    """A line of the export with what it only has addresses of."""

    line: dict[str, Any]
    file: str
    labels: list[tuple[str, list[Annotation]]] = field(default_factory=list)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def run(options: argparse.Namespace) -> int:
    """Runs the command; 0 when everything was written, 1 when something was not. Raises CannotRun."""
    is_folder = options.images or options.format in _TREES
    destination = Destination(options.to, is_folder=is_folder, force=options.force)
    with Problems(options.errors) as problems:
        client = connect(options)
        project = find_project(client, options.project)
        if project is None:
            raise CannotRun(f"There is no project {options.project!r} that this API key can see.")
        if options.format in _OF_PICTURES and project.media_type is not lb.MediaType.Image:
            raise CannotRun(
                f"The project {project.name!r} is for {project.media_type.name} data; {options.format} is for images."
            )
        began = time.monotonic()
        with destination:
            counts = _Export(client, project, options, destination.place, problems).write()
            destination.commit()
        seconds = time.monotonic() - began
        told = ", ".join(f"{count:,} {what}" for what, count in counts.items())
        print(f"{destination.path}: {told}, in {seconds:.1f} s")
        problems.report()
        return 1 if problems.count else 0


class _Export:
    def __init__(
        self,
        client: lb.Client,
        project: lb.Project,
        options: argparse.Namespace,
        place: Path,
        problems: Problems,
    ) -> None:
        self._client = client
        self._project = project
        self._options = options
        self._place = place
        self._problems = problems
        self._names = FileNames()
        self._folder = _IMAGE_FOLDERS.get(options.format, "images")

    def write(self) -> dict[str, int]:
        """Writes everything; how many of what."""
        with silenced():
            task = self._export_task()
        counts = {"data rows": 0}
        lines = self._lines(task)
        with Progress("exporting", task.get_total_lines(StreamType.RESULT) or 0, "rows") as progress:
            if self._options.format == "ndjson":
                for line in self._passed_through(lines):
                    counts["data rows"] += 1
                    progress.add()
                    del line
            else:
                self._convert(lines, counts, progress)
        if self._place.is_dir():
            said = {"project": self._project.uid, "format": self._options.format, **counts}
            (self._place / MARK).write_text(json.dumps(said) + "\n", "utf-8")
        return counts

    def _export_task(self) -> ExportTask:
        wanted = self._options.status
        filters = None if wanted is None else {"workflow_status": STATUSES[wanted]}
        params = _EVERYTHING if self._options.format == "ndjson" else {"project_details": True}
        task = self._project.export("labelyard export", filters, params)
        task.wait_till_done(_TASK_SECONDS, check_frequency=0.5)
        if task.status != "COMPLETE":
            raise CannotRun(f"The export {task.uid} is {task.status} at the server.")
        return task

    def _lines(self, task: ExportTask) -> Iterator[bytes]:
        with silenced():
            stream = task.get_buffered_stream(StreamType.RESULT)
            yield from stream.lines()

    def _passed_through(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        """NDJSON: the server's lines as they are."""
        target = self._place / "export.ndjson" if self._options.images else self._place
        with target.open("wb") as file, ThreadPoolExecutor(_FETCHES, "fetch") as pool:
            for page in _pages(lines):
                for line in page:
                    file.write(line + b"\n")
                if self._options.images:
                    for fetched in pool.map(self._with_picture, [json.loads(line) for line in page]):
                        self._tell(fetched)
                yield from page

    def _convert(self, lines: Iterator[bytes], counts: dict[str, int], progress: Progress) -> None:
        writer = self._writer()
        counts |= {"labeled": 0, "annotations": 0}
        held = (*writer.holds, *(() if self._options.format in _TREES else ("radio", "checklist", "text")))
        try:
            with ThreadPoolExecutor(_FETCHES, "fetch") as pool:
                for page in _pages(lines):
                    decoded = [json.loads(line) for line in page]
                    files = [self._names.of(line) for line in decoded]
                    for fetched in pool.map(self._fetch, decoded, files):
                        self._tell(fetched)
                        self._write_row(writer, fetched, held, counts)
                        counts["data rows"] += 1
                        progress.add()
        finally:
            writer.close()

    def _writer(self) -> Writer:
        names = Tools(ontology_of(self._project) or {"tools": []}).names
        writer: type[Writer]
        name = ""
        match self._options.format:
            case "coco":
                writer, name = CocoWriter, "annotations.json"
            case "csv":
                writer, name = CsvWriter, "annotations.csv"
            case "yolo":
                from labelyard.shell.yolo import YoloWriter  # globox takes a moment to import

                writer = YoloWriter
            case _:
                from labelyard.shell.voc import VocWriter

                writer = VocWriter
        target = self._place / name if name and self._options.images else self._place
        return writer(target, self._folder, names)

    def _write_row(
        self, writer: Writer, fetched: Fetched, held: tuple[str, ...], counts: dict[str, int]
    ) -> None:
        attributes = fetched.line["media_attributes"]
        width, height = attributes.get("width"), attributes.get("height")
        data_row = fetched.line["data_row"]
        for label_id, found in fetched.labels:
            picture = Picture(
                fetched.file,
                (width, height) if width and height else None,
                data_row["id"],
                data_row.get("global_key"),
                label_id,
            )
            kept = [each for each in found if self._is_held(each, held)]
            try:
                writer.write(picture, kept)
            except NotUsable as reason:
                self._problems.add(fetched.file, f"{reason}.")
                continue
            counts["annotations"] += len(kept)
        counts["labeled"] += bool(fetched.labels)

    def _is_held(self, annotation: Annotation, held: tuple[str, ...]) -> bool:
        """Whether the format has a place for it, as it is or as its box; tells what it has none for."""
        kind = kinds(annotation)[0]
        name = self._options.format.upper()
        if annotation.answers and name in ("YOLO", "VOC"):
            self._problems.note(
                f"answers about objects left out: {name} has no place for them", len(annotation.answers)
            )
        if name == "CSV" and _goes_deeper(annotation):
            self._problems.note("answers about answers left out: CSV has no place for them")
        if kind in held:
            return True
        boxed = next((other for other in kinds(annotation) if other in held), None)
        if boxed is None:
            what = f"{kind}s" if kind in SHAPES else f"{kind} answers"
            self._problems.note(f"{what} left out: {name} has no place for them")
            return False
        self._problems.note(f"{kind}s written as the boxes around them: {name} has only boxes")
        return True

    def _with_picture(self, line: dict[str, Any]) -> Fetched:
        fetched = Fetched(line, self._names.of(line))
        self._fetch_picture(fetched)
        return fetched

    def _fetch_picture(self, fetched: Fetched) -> None:
        address = fetched.line["data_row"]["row_data"]
        try:
            download(self._client, address, self._place / self._folder / fetched.file)
        except NotUsable as reason:
            fetched.troubles.append((fetched.file, f"{reason}."))

    def _fetch(self, line: dict[str, Any], file: str) -> Fetched:
        """The labels of a line; its masks, and its picture when it is wanted. Runs in a thread of its own."""
        fetched = Fetched(line, file)
        project = line["projects"][self._project.uid]
        labels = project["labels"]
        if len(labels) > 1 and self._options.format != "csv":
            selected = project.get("project_details", {}).get("selected_label_id")
            fetched.notes += ["labels beside the selected one left out"] * (len(labels) - 1)
            labels = [next((label for label in labels if label["id"] == selected), labels[0])]
        attributes = line["media_attributes"]
        size = (attributes.get("width") or 0, attributes.get("height") or 0)
        for label in labels:
            found = []
            entries = label["annotations"]
            for exported in [*entries.get("objects", []), *entries.get("classifications", [])]:
                try:
                    at = mask_address(exported)
                    made = from_export(exported, size, fetch_mask(self._client, *at) if at else None)
                except NotUsable as reason:
                    fetched.troubles.append((file, f"{exported.get('name')}: {reason}."))
                    continue
                if made is None:
                    fetched.notes.append(
                        f"{exported.get('annotation_kind')}s left out: only pictures are converted"
                    )
                else:
                    found.append(made)
            relationships = len(entries.get("relationships") or [])
            fetched.notes += ["relationships left out: only NDJSON has a place for them"] * relationships
            fetched.labels.append((label["id"], found))
        if self._options.images and fetched.labels:
            self._fetch_picture(fetched)
        return fetched

    def _tell(self, fetched: Fetched) -> None:
        for file, reason in fetched.troubles:
            self._problems.add(file, reason)
        for what in fetched.notes:
            self._problems.note(what)


def _goes_deeper(annotation: Annotation) -> bool:
    given = [annotation.answer, *(entry["answer"] for entry in annotation.answers)]
    options = [
        option
        for answer in given
        for option in (answer if isinstance(answer, list) else [answer])
        if isinstance(option, dict)
    ]
    return any("classifications" in option for option in options)


def _pages(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    page: list[bytes] = []
    for line in lines:
        page.append(line)
        if len(page) == _AT_ONCE:
            yield page
            page = []
    if page:
        yield page
