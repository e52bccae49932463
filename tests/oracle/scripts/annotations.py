"""Pre-labels and labels from NDJSON lines (3.x and newer)."""

from __future__ import annotations

import json
import uuid
from typing import Any

from batches import Batches
from job import equal, exceptions, raises

from labelbox import LabelImport, MALPredictionImport


class Annotations(Batches):
    """From a model or another tool into the project."""

    labels: list[Any]

    def pre_labels(self) -> str:
        """NDJSON lines by tool name and global key, and one that does not fit."""
        key = {"globalKey": self._key(self.pictures[0].name)}
        box = {"left": 10, "top": 20, "width": 300, "height": 200}
        plate = {"name": "Plate", "answer": "AB 123"}
        good = [
            self._line("Car", key, bbox=box, classifications=[plate]),
            self._line(
                "Road", key, polygon=[{"x": 0, "y": 700}, {"x": 600, "y": 400}, {"x": 1200, "y": 700}]
            ),
            self._line("Weather", key, answer={"name": "sunny"}),
        ]
        bad = self._line("Nothing", key, bbox=box)
        name = f"pre {self.run_id}"
        made = MALPredictionImport.create_from_objects(
            client=self.client, project_id=self.project.uid, name=name, predictions=[*good, bad]
        )
        made.wait_until_done(sleep_time_seconds=1)
        equal(made.state.value, "FINISHED")
        statuses = {entry["uuid"]: entry["status"] for entry in made.statuses}
        equal(statuses, {line["uuid"]: "FAILURE" if line is bad else "SUCCESS" for line in [*good, bad]})
        equal([error["uuid"] for error in made.errors], [bad["uuid"]])
        equal(len(made.inputs), 4)
        equal(made.parent_id if hasattr(made, "parent_id") else self.project.uid, self.project.uid)
        again = MALPredictionImport.from_name(self.client, self.project.uid, name)
        equal(again.uid, made.uid)
        return name.replace(self.run_id, "…")

    def pre_labels_from_elsewhere(self) -> str:
        """From a file and from an address."""
        key = {"globalKey": self._key(self.pictures[1].name)}
        path = self.pictures[0].parent / f"{self.run_id}.ndjson"
        for number, source in enumerate(("file", "url")):
            box = {"left": 10 * number, "top": 20, "width": 30, "height": 40}
            path.write_text(json.dumps(self._line("Car", key, bbox=box)))
            given = {"client": self.client, "project_id": self.project.uid, "name": f"{source} {self.run_id}"}
            if source == "file":
                made = MALPredictionImport.create_from_file(**given, path=str(path))
            else:
                made = MALPredictionImport.create_from_url(**given, url=f"{self.pictures_url}/{path.name}")
            made.wait_until_done(sleep_time_seconds=1)
            equal((made.state.value, [entry["status"] for entry in made.statuses]), ("FINISHED", ["SUCCESS"]))
        return "file, url"

    def same_import_again(self) -> str:
        """The name of an import is taken."""
        line = self._line(
            "Weather", {"globalKey": self._key(self.pictures[0].name)}, answer={"name": "sunny"}
        )
        return raises(
            exceptions.ResourceConflict,
            lambda: MALPredictionImport.create_from_objects(
                client=self.client,
                project_id=self.project.uid,
                name=f"pre {self.run_id}",
                predictions=[line],
            ),
        )

    def show_pre_labels(self) -> str:
        """Off and on."""
        equal(self.project.enable_model_assisted_labeling(False), False)
        equal(self.project.enable_model_assisted_labeling(), True)
        return "on"

    def import_labels(self) -> str:
        """Ground truth on all pictures."""
        lines = []
        for path in self.pictures:
            key = {"globalKey": self._key(path.name)}
            lines.append(self._line("Car", key, bbox={"left": 10, "top": 20, "width": 300, "height": 200}))
            lines.append(self._line("Weather", key, answer={"name": "rainy"}))
        made = LabelImport.create_from_objects(
            client=self.client, project_id=self.project.uid, name=f"truth {self.run_id}", labels=lines
        )
        made.wait_until_done(sleep_time_seconds=1)
        equal(made.state.value, "FINISHED")
        equal(made.errors, [])
        equal({entry["status"] for entry in made.statuses}, {"SUCCESS"})
        return f"{len(lines)} annotations"

    def _line(self, name: str, data_row: dict[str, str], **given: Any) -> dict[str, Any]:
        return {"uuid": str(uuid.uuid4()), "name": name, "dataRow": data_row, **given}

    def list_labels(self) -> str:
        """One per picture, by the importer."""
        self.labels = list(self.project.labels())
        equal(len(self.labels), len(self.pictures))
        row_ids = {self.rows[path.name].uid for path in self.pictures}
        equal({label.data_row().uid for label in self.labels}, row_ids)
        equal({label.created_by().uid for label in self.labels}, {self.client.get_user().uid})
        equal(self.project.get_label_count(), len(self.pictures))
        ids = [label.uid for label in self.project.labels(order_by=type(self.labels[0]).created_at.asc)]
        equal(sorted(ids), sorted(label.uid for label in self.labels))
        return f"{len(self.labels)} labels"

    def review(self) -> str:
        """Made and listed at the label."""
        made = self.labels[0].create_review(score=1.0)
        equal([review.uid for review in self.labels[0].reviews()], [made.uid])
        made.delete()
        equal(list(self.labels[0].reviews()), [])
        return "1 review"

    def benchmark(self) -> str:
        """Made, listed, deleted."""
        made = self.labels[0].create_benchmark()
        equal([found.uid for found in self.project.benchmarks()], [made.uid])
        equal(made.reference_label().uid, self.labels[0].uid)
        equal(made.created_by().uid, self.client.get_user().uid)
        made.delete()
        equal(list(self.project.benchmarks()), [])
        return "1 benchmark"

    def labeler_performance(self) -> str:
        """How much everybody has labeled."""
        (found,) = self.project.labeler_performance()
        equal((found.user.uid, found.count), (self.client.get_user().uid, len(self.pictures)))
        return f"{found.count} labels"
