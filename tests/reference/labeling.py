"""What the tests of labels share: documents, labelers at work, waiting for what is compared in the background."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import labelbox as lb
from conftest import RunningServer
from factories import make_user, reserve, submit

_SECONDS = 30.0


def car(left: float, top: float = 10.0, size: float = 100.0) -> dict[str, Any]:
    """A box of the tool "Car", a square."""
    return {
        "name": "Car",
        "bounding_box": {"top": top, "left": left, "height": size, "width": size},
        "classifications": [],
    }


def document(*objects: dict[str, Any]) -> dict[str, Any]:
    """A label document with these objects."""
    return {"objects": list(objects), "classifications": [], "relationships": []}


@dataclass(frozen=True)
class Labeler:
    """Somebody who labels in the editor."""

    server: RunningServer
    project: lb.Project
    key: str

    @classmethod
    def new(cls, server: RunningServer, project: lb.Project) -> Labeler:
        """A new member with the role Labeler."""
        return cls(server, project, make_user(server)[1])

    def next_rows(self, count: int = 3) -> list[str]:
        """The ids of the data rows that the editor shows next."""
        tasks = reserve(self.server, self.project.uid, first=count, key=self.key)["tasks"]
        return [task["dataRow"]["id"] for task in tasks]

    def label(self, row_id: str, *objects: dict[str, Any]) -> str:
        """Submits a label of a row; its id."""
        made: str = submit(self.server, self.project.uid, row_id, document(*objects), self.key)["id"]
        return made


def administrator(server: RunningServer, project: lb.Project) -> Labeler:
    """The administrator as a labeler."""
    return Labeler(server, project, server.key)


def label_of(project: lb.Project, label_id: str) -> lb.Label:
    """A label as the project lists it now."""
    return next(label for label in project.labels() if label.uid == label_id)


def counts(project: lb.Project) -> dict[str, int]:
    """Data rows by state."""
    found = project.client.execute(
        "query($p: ID!) { project(where: {id: $p}) { workstreamStateCounts { state count } } }",
        {"p": project.uid},
    )
    return {entry["state"]: entry["count"] for entry in found["project"]["workstreamStateCounts"]}


def eventually(holds: Callable[[], bool]) -> None:
    """Waits for what is done in the background. Raises AssertionError when it never comes."""
    deadline = time.monotonic() + _SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"it did not come true within {_SECONDS} s"
        time.sleep(0.05)
