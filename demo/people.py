"""The labeler and the reviewer, played by the public API (`make demo ONCE=1`)."""

from __future__ import annotations

from typing import Any

import labelbox as lb

RESERVE = """mutation ReserveDataRows($data: ReserveDataRowsInput!) {
  reserveDataRows(data: $data) { tasks { dataRow { id } annotations annotationsFrom label { id } } }
}"""
SUBMIT = """mutation SubmitLabel($data: SubmitLabelInput!) { submitLabel(data: $data) { id annotations } }"""
SKIP = """mutation SkipDataRow($data: SkipDataRowInput!) { skipDataRow(data: $data) { id skipped } }"""
APPROVE = """mutation ApproveDataRow($data: ReviewDataRowInput!) { approveDataRow(data: $data) { state } }"""
REJECT = """mutation RejectDataRow($data: ReviewDataRowInput!) { rejectDataRow(data: $data) { state } }"""


class People:
    """Somebody who labels everything and somebody who reviews it."""

    def __init__(self, client: lb.Client, project: Any) -> None:
        self._client = client
        self._project = project
        self.labels: dict[str, dict[str, Any]] = {}
        self.skipped: set[str] = set()

    def label_everything(self) -> int:
        """Moves a box of each pre-label, answers a question, submits; skips the very last row."""
        note = next(c for c in self._project.ontology().normalized["classifications"] if c["name"] == "Notes")
        rows = next(iter(self._project.batches())).size
        while tasks := self._reserve("LabelingQueue"):
            for task in tasks:
                row = task["dataRow"]["id"]
                if len(self.labels) + len(self.skipped) == rows - 1:
                    self._do(SKIP, "skipDataRow", row, secondsToLabel=1.5)
                    self.skipped.add(row)
                    continue
                document = task["annotations"] or {"objects": [], "classifications": [], "relationships": []}
                for annotation in document["objects"]:
                    if "bounding_box" in annotation:
                        annotation["bounding_box"]["left"] += 1
                document["classifications"].append(
                    {
                        "feature_schema_id": note["featureSchemaId"],
                        "name": "Notes",
                        "text_answer": {"content": f"row {len(self.labels)}"},
                    }
                )
                made = self._do(SUBMIT, "submitLabel", row, annotations=document, secondsToLabel=2.0)
                self.labels[row] = made["annotations"]
        return len(self.labels) + len(self.skipped)

    def review_everything(self) -> tuple[int, int]:
        """Rejects the first row with a remark, has it reworked, then approves all; rows rejected and approved."""
        rejected = approved = 0
        while tasks := self._reserve("ReviewQueue"):
            for task in tasks:
                row = task["dataRow"]["id"]
                if not rejected and row in self.labels:
                    self._do(REJECT, "rejectDataRow", row, comment="Please look at the boxes again.")
                    rejected += 1
                    self._rework(row)
                else:
                    self._do(APPROVE, "approveDataRow", row)
                    approved += 1
        return rejected, approved

    def _rework(self, row: str) -> None:
        task = next(task for task in self._reserve("LabelingQueue") if task["dataRow"]["id"] == row)
        made = self._do(SUBMIT, "submitLabel", row, annotations=task["annotations"], secondsToLabel=1.0)
        self.labels[row] = made["annotations"]

    def _reserve(self, queue: str) -> list[dict[str, Any]]:
        data = {"projectId": self._project.uid, "queueType": queue, "first": 10}
        tasks: list[dict[str, Any]] = self._client.execute(RESERVE, {"data": data})["reserveDataRows"][
            "tasks"
        ]
        return tasks

    def _do(self, document: str, root: str, row: str, **more: Any) -> dict[str, Any]:
        data = {"projectId": self._project.uid, "dataRowId": row, **more}
        answer: dict[str, Any] = self._client.execute(document, {"data": data})[root]
        return answer


def check_export(rows: list[dict[str, Any]], project_id: str, people: People) -> None:
    """Compares an export with what was labeled, row by row. Raises RuntimeError naming the first difference."""
    expected = set(people.labels) | people.skipped
    if {row["data_row"]["id"] for row in rows} != expected:
        raise RuntimeError(f"The export has {len(rows)} rows, {len(expected)} were labeled.")
    for row in rows:
        row_id = row["data_row"]["id"]
        part = row["projects"][project_id]
        if part["project_details"]["workflow_status"] != "DONE":
            raise RuntimeError(f"Row {row_id} is {part['project_details']['workflow_status']}, not DONE.")
        if len(part["labels"]) != 1:
            raise RuntimeError(f"Row {row_id} has {len(part['labels'])} labels, not 1.")
        label = part["labels"][0]
        if label["performance_details"]["skipped"] is not (row_id in people.skipped):
            raise RuntimeError(f"Row {row_id}: skipped is {label['performance_details']['skipped']}.")
        if row_id in people.labels and _plain(label["annotations"]) != _plain(people.labels[row_id]):
            raise RuntimeError(f"Row {row_id}: the exported annotations are not those that were submitted.")
        if row["metadata_fields"][0]["value"] != "demo" or not row["attachments"]:
            raise RuntimeError(f"Row {row_id} has lost its metadata or its attachment.")


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    """Annotations without the host in the addresses of masks, which exports carry in full."""
    objects = []
    for annotation in document["objects"]:
        mask = annotation.get("mask")
        plain = dict(annotation)
        if mask:
            plain["mask"] = {"url": "/api/v1/" + mask["url"].partition("/api/v1/")[2]}
        objects.append(plain)
    return {"objects": objects, "classifications": document["classifications"]}
