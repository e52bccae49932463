"""Exports as a stream of rows (3.x and newer)."""

from __future__ import annotations

from typing import Any

from annotations import Annotations
from job import equal


class Exports(Annotations):
    """Everything out again."""

    def export_streamed(self) -> str:
        """All rows with labels, metadata and attachments, one line each."""
        wanted = {
            "attachments": True,
            "metadata_fields": True,
            "data_row_details": True,
            "project_details": True,
            "label_details": True,
            "performance_details": True,
        }
        task = self.project.export(params=wanted)
        task.wait_till_done()
        equal((task.status, task.has_errors(), task.has_result()), ("COMPLETE", False, True))
        exported = {row["data_row"]["id"]: row for row in self._streamed(task)}
        equal(len(exported), 113 + len(self.pictures))
        self._check_exported(exported[self.rows[self.pictures[0].name].uid])
        return f"{len(exported)} rows"

    def _streamed(self, task: Any) -> list[Any]:
        return [output.json for output in task.get_buffered_stream()]

    def _check_exported(self, row: dict[str, Any]) -> None:
        equal(row["data_row"]["global_key"], self._key(self.pictures[0].name))
        equal(row["data_row"]["details"]["dataset_id"], self.dataset.uid)
        equal([entry["value"] for entry in row["attachments"]], ["seen at noon"])
        assert "tag" in {field["schema_name"] for field in row["metadata_fields"]}
        (label,) = row["projects"][self.project.uid]["labels"]
        (car,) = label["annotations"]["objects"]
        equal((car["name"], car["bounding_box"]["width"]), ("Car", 300))
        (weather,) = label["annotations"]["classifications"]
        equal(weather["radio_answer"]["name"], "rainy")
        equal(label["label_details"]["created_by"], self.client.get_user().email)
        equal(row["projects"][self.project.uid]["project_details"]["batch_name"], "second")

    def export_filtered(self) -> str:
        """By status, by key, by batch, by time; filters are AND."""
        queued = self.project.export(filters={"workflow_status": "ToLabel"})
        queued.wait_till_done()
        equal(len(self._streamed(queued)), 113)
        one = self.project.export(
            filters={
                "global_keys": [self._key(self.pictures[0].name)],
                "last_activity_at": ["2000-01-01 00:00:00", "2050-01-01 00:00:00"],
            }
        )
        one.wait_till_done()
        equal([row["data_row"]["id"] for row in self._streamed(one)], [self.rows[self.pictures[0].name].uid])
        batch = self.project.export(filters={"batch_ids": [self.batch.uid]})
        batch.wait_till_done()
        equal(len(self._streamed(batch)), 110)
        return "113, 1, 110 rows"

    def export_dataset(self) -> str:
        """Data rows of a dataset, without any project."""
        task = self.dataset.export(params={"metadata_fields": True})
        task.wait_till_done()
        equal(len(self._streamed(task)), len(self.pictures) + 1)
        return f"{len(self.pictures) + 1} rows"
