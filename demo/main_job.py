"""What a team does with the platform, through the SDK: project, data, ontology, batch, pre-labels, export."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import labelbox as lb
from demo.scenes import Scene

Result = TypeVar("Result")
PICTURES = {".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp"}


@dataclass
class Step:
    """One line of the table at the end."""

    what: str
    count: int
    unit: str
    seconds: float

    @property
    def rate(self) -> str:
        """How many a second, where that says something."""
        if self.count < 2 or not self.seconds:
            return ""
        rate = self.count / self.seconds
        return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:,.1f}/s"


@dataclass
class MainJob:
    """The job on one server; `steps` says what was done and how long it took."""

    client: lb.Client
    steps: list[Step] = field(default_factory=list)

    def timed(self, what: str, count: int, unit: str, work: Callable[[], Result]) -> Result:
        """Does one step and notes how long it took."""
        started = time.perf_counter()
        result = work()
        self.steps.append(Step(what, count, unit, time.perf_counter() - started))
        return result

    def run(self, pictures: list[Path], scenes: list[Scene] | None) -> Any:
        """Everything up to the point where people label; the project."""
        stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        project = self.timed(
            "project",
            1,
            "",
            lambda: self.client.create_project(name=f"Street scenes {stamp}", media_type=lb.MediaType.Image),
        )
        dataset = self.timed(
            "dataset", 1, "", lambda: self.client.create_dataset(name=f"Street pictures {stamp}")
        )
        keys = [f"{path.name} {stamp}" for path in pictures]
        self.timed(
            "data rows, uploaded", len(pictures), "pictures", lambda: self._upload(dataset, pictures, keys)
        )
        ontology = self.timed("ontology", 1, "", self._ontology)
        project.connect_ontology(ontology)
        self.timed(
            "batch",
            len(keys),
            "rows",
            lambda: project.create_batch("first batch", global_keys=keys, priority=1),
        )
        if scenes is not None:
            lines = [line for scene, key in zip(scenes, keys, strict=True) for line in scene.pre_labels(key)]
            self.timed(
                "pre-labels, imported", len(lines), "annotations", lambda: self._pre_label(project, lines)
            )
        return project

    def export(self, project: Any) -> list[dict[str, Any]]:
        """The project's data rows with all that belongs to them."""

        def stream() -> list[dict[str, Any]]:
            task = project.export(
                params={
                    "attachments": True,
                    "metadata_fields": True,
                    "data_row_details": True,
                    "project_details": True,
                    "label_details": True,
                    "performance_details": True,
                }
            )
            task.wait_till_done(check_frequency=0.2)
            return [entry.json for entry in task.get_buffered_stream()] if task.has_result() else []

        rows = self.timed("export", 0, "rows", stream)
        self.steps[-1].count = len(rows)
        return rows

    def _upload(self, dataset: Any, pictures: list[Path], keys: list[str]) -> None:
        tag = "tag"
        items = [
            {
                "row_data": str(path),
                "external_id": path.name,
                "global_key": key,
                "metadata_fields": [{"name": tag, "value": "demo"}],
                "attachments": [{"type": "RAW_TEXT", "value": f"Camera picture {path.name}", "name": "note"}],
            }
            for path, key in zip(pictures, keys, strict=True)
        ]
        task = dataset.create_data_rows(items)
        task.wait_till_done(timeout_seconds=3600, check_frequency=0.2)
        if task.errors:
            raise RuntimeError(f"Some pictures were refused: {task.errors[:3]}")

    def _ontology(self) -> Any:
        option, question, tool = lb.Option, lb.Classification, lb.Tool
        kinds = question.Type
        builder = lb.OntologyBuilder(
            tools=[
                tool(
                    tool=tool.Type.BBOX,
                    name="Car",
                    color="#3c78d8",
                    classifications=[
                        question(
                            class_type=kinds.RADIO,
                            name="Colour",
                            options=[
                                option(name) for name in ("red", "blue", "yellow", "white", "dark", "green")
                            ],
                        )
                    ],
                ),
                tool(tool=tool.Type.POLYGON, name="Road", color="#8e7cc3"),
                tool(tool=tool.Type.LINE, name="Lane", color="#e69138"),
                tool(tool=tool.Type.POINT, name="Sign", color="#cc0000"),
                tool(tool=tool.Type.SEGMENTATION, name="Sky", color="#45b5d6"),
            ],
            classifications=[
                question(
                    class_type=kinds.RADIO,
                    name="Weather",
                    options=[
                        option("sunny"),
                        option(
                            "rainy",
                            options=[
                                question(
                                    class_type=kinds.RADIO,
                                    name="How heavy",
                                    options=[option("light"), option("heavy")],
                                )
                            ],
                        ),
                    ],
                ),
                question(
                    class_type=kinds.CHECKLIST,
                    name="Visible",
                    options=[option("people"), option("traffic lights"), option("road works")],
                ),
                question(class_type=kinds.TEXT, name="Notes"),
            ],
        )
        return self.client.create_ontology("Street scenes", builder.asdict(), media_type=lb.MediaType.Image)

    def _pre_label(self, project: Any, lines: list[dict[str, Any]]) -> None:
        job = lb.MALPredictionImport.create_from_objects(
            client=self.client, project_id=project.uid, name="a model's guesses", predictions=lines
        )
        job.wait_until_done(sleep_time_seconds=0.3, show_progress=True)
        if job.errors:
            raise RuntimeError(f"Some pre-labels were refused: {job.errors[:3]}")


def pictures_in(folder: Path) -> list[Path]:
    """The pictures of a folder, by name. Raises RuntimeError with a sentence when there are none."""
    if not folder.is_dir():
        raise RuntimeError(f"There is no folder {folder}.")
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES and path.is_file())
    if not found:
        raise RuntimeError(f"There are no pictures in {folder}.")
    return found
