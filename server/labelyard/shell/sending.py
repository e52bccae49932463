"""Annotations to the server: one NDJSON file, one import job, and what became of each line."""

from __future__ import annotations

import json
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import labelbox as lb
from labelbox.progress_bar import silenced
from labelbox.schema.annotation_import import AnnotationImport
from labelbox.schema.enums import AnnotationImportState
from labelyard.shell.annotations import Annotation, NotUsable, import_line, kinds
from labelyard.shell.classes import Tools
from labelyard.shell.problems import CannotRun, Problems
from labelyard.shell.progress import Progress
from labelyard.shell.uploading import Standing

_UUIDS = uuid.UUID(
    "6d6f9c42-1f5c-4c0e-8a6a-0f2b6d8b7c11"
)  # pre-labels that are sent again replace themselves
_POLL_SECONDS = 0.5


def send_annotations(
    client: lb.Client,
    project: lb.Project,
    tools: Tools,
    annotations: Iterable[Annotation],
    kind: type[lb.LabelImport] | type[lb.MALPredictionImport],
    standing: Standing,
    problems: Problems,
) -> int:
    """Sends what fits the ontology; how many lines the server took.

    Labels go only to data rows that have none, so that a second run adds nothing.
    """
    with tempfile.TemporaryDirectory(prefix="labelyard-import-") as folder:
        path, places = Path(folder, "lines.ndjson"), Path(folder, "places")
        keep = standing.labeled if kind is lb.LabelImport else set()
        count = _write(path, places, project, tools, annotations, keep, standing, problems)
        if not count:
            return 0
        name = f"labelyard import {datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
        print(f"{count:,} annotations are sent as {name!r}", flush=True)
        with Progress("annotations", None, "%") as progress, silenced():
            job: AnnotationImport = kind.create_from_file(client, project.uid, name, path)
            seen = 0
            while job.state is AnnotationImportState.RUNNING:
                time.sleep(_POLL_SECONDS)
                job.refresh()
                percent = int(float((job.progress or "0").rstrip("%") or 0))
                progress.add(percent - seen)
                seen = percent
        if job.state is AnnotationImportState.FAILED:
            raise CannotRun(
                f"The server could not read the annotations; see the import {name!r} of the project."
            )
        refused = {line["uuid"]: line for line in job.errors}
        if refused:
            _tell(places, refused, problems)
        return count - len(refused)


def _write(
    path: Path,
    places: Path,
    project: lb.Project,
    tools: Tools,
    annotations: Iterable[Annotation],
    labeled: set[str],
    standing: Standing,
    problems: Problems,
) -> int:
    count = 0
    left_alone: set[str] = set()
    seen: Counter[uuid.UUID] = Counter()
    with path.open("w", encoding="utf-8") as lines, places.open("w", encoding="utf-8") as index:
        for each in annotations:
            file = each.row.path if each.row is not None else each.place
            reference = each.row.reference() if each.row is not None else (each.line or {}).get("dataRow")
            if not isinstance(reference, dict):
                problems.add(file, "Its data row is not at the server.", each.place)
                continue
            uid = each.row.uid if each.row is not None else None
            uid = uid or reference.get("id") or standing.keys.get(reference.get("globalKey") or "")
            if uid in labeled:
                left_alone.add(uid)
                continue
            try:
                shape, name = tools.choose(each)
                line = import_line(each, shape, name, reference)
                text = json.dumps(line, sort_keys=True, ensure_ascii=False, allow_nan=False)
            except (NotUsable, ValueError) as reason:
                problems.add(file, f"{reason}.", each.place)
                continue
            if shape and shape != kinds(each)[0]:
                problems.note(f"{kinds(each)[0]}s taken as {shape}, as the ontology has them")
            if "uuid" not in line:
                made = uuid.uuid5(_UUIDS, f"{project.uid} {text}")
                seen[made] += 1
                if seen[made] > 1:
                    made = uuid.uuid5(made, str(seen[made]))
                line["uuid"] = str(made)
                text = json.dumps(line, ensure_ascii=False)
            lines.write(f"{text}\n")
            index.write(json.dumps([str(line["uuid"]), file, each.place]) + "\n")
            count += 1
    if left_alone:
        problems.note(
            "files have a label in the project already; their annotations were left alone", len(left_alone)
        )
    return count


def _tell(places: Path, refused: dict[str, dict[str, object]], problems: Problems) -> None:
    with places.open(encoding="utf-8") as index:
        for text in index:
            line_uuid, file, place = json.loads(text)
            line = refused.get(line_uuid)
            if line is not None:
                reasons = line.get("errors") or []
                assert isinstance(reasons, list)
                problems.add(file, " ".join(str(reason["message"]) for reason in reasons), place)
