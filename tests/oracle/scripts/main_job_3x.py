"""The main job as labelbox 3.x does it: what it has over newer versions are 2.x's imports and exports."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from endings import Endings
from exports import Exports
from job import equal


class OldWays(Exports):
    """Bulk import requests, export by file, and the queue mode."""

    def queue_mode(self) -> str:
        """Batches, unless datasets are connected."""
        equal(self.project.queue_mode.value, "BATCH")
        return "BATCH"

    def bulk_import(self) -> str:
        """Pre-labels as a bulk import request, deleted again."""
        car = self.ontology.normalized["tools"][0]["featureSchemaId"]
        row = {"id": self.rows["many 005"].uid}
        box = {"left": 10, "top": 20, "width": 300, "height": 200}
        line: dict[str, Any] = {**self._line("Car", row, bbox=box), "schemaId": car}
        del line["name"]
        request = self.project.upload_annotations(f"bulk {self.run_id}", [line])
        request.wait_until_done(sleep_time_seconds=1)
        equal((request.state.value, request.errors), ("FINISHED", []))
        equal(request.uid in self._pre_label_imports(), True)
        request.delete()
        equal(request.uid in self._pre_label_imports(), False)
        return "1 line"

    def _pre_label_imports(self) -> list[str]:
        return [found.uid for found in self.project.bulk_import_requests()]

    def export_labels(self) -> str:
        """A file with every label, the 2.x way."""
        address = self.project.export_labels()
        with urllib.request.urlopen(address, timeout=30) as answer:
            exported = json.load(answer)
        equal({entry["ID"] for entry in exported}, {label.uid for label in self.labels})
        return f"{len(exported)} labels"

    def export_queue(self) -> str:
        """The rows that nobody has labeled."""
        queued = list(self.project.export_queued_data_rows())
        equal(len(queued), 113)
        return f"{len(queued)} rows"

    def export_batch_and_dataset(self) -> str:
        """Data rows as objects."""
        equal(len(list(self.batch.export_data_rows())), 110)
        rows = list(self.dataset.export_data_rows(include_metadata=True))
        equal({row.external_id for row in rows}, {*(path.name for path in self.pictures), "by address"})
        return f"110 and {len(rows)} rows"

    def export_v2(self) -> str:
        """The result as a list."""
        task = self.project.export_v2(params={"label_details": True})
        task.wait_till_done()
        equal((task.status, task.errors), ("COMPLETE", None))
        equal(len(task.result), 113 + len(self.pictures))
        return f"{len(task.result)} rows"


class MainJob(Endings, OldWays):
    """All of it."""


MainJob().run()
