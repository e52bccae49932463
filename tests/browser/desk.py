"""The labeling screen as a person uses it: pixels of the picture in, keys in, what is shown out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

SURFACE = "[data-surface]"

LABELING_TASK = """
query LabelingTask($projectId: ID!, $dataRowId: ID!) {
  labelingTask(projectId: $projectId, dataRowId: $dataRowId) {
    dataRow { id rowData } state annotations annotationsFrom comments { content }
    label { id skipped secondsToLabel }
  }
}
"""


@dataclass(frozen=True)
class Place:
    """A whole pixel of the screen, and what it is in the picture."""

    screen: tuple[float, float]
    x: float
    y: float


class Desk:
    """One page with the editor on it."""

    def __init__(self, page: Page, project: Any) -> None:
        self.page = page
        self.project = project

    def open(self, mode: str = "label", data_row_id: str | None = None) -> str:
        """Goes to the queue or to one row; returns the id of the row that was painted."""
        self.page.goto(f"/projects/{self.project.id}/{mode}" + (f"/{data_row_id}" if data_row_id else ""))
        return self.painted()

    def painted(self, after: str | None = None) -> str:
        """Waits until a picture (another one than `after`) is painted; returns its data row's id."""
        other = f':not([data-painted="{after}"])' if after else ""
        surface = self.page.locator(f"{SURFACE}[data-painted]{other}")
        surface.wait_for()
        row = surface.get_attribute("data-painted")
        assert row is not None
        return row

    def place(self, x: float, y: float) -> Place:
        """The screen's pixel nearest to a pixel of the picture."""
        surface = self.page.locator(SURFACE)
        view = surface.get_attribute("data-view")
        box = surface.bounding_box()
        assert view is not None and box is not None
        scale, left, top = (float(part) for part in view.split())
        screen = (round(box["x"] + left + x * scale), round(box["y"] + top + y * scale))
        return Place(screen, (screen[0] - box["x"] - left) / scale, (screen[1] - box["y"] - top) / scale)

    def click(self, x: float, y: float) -> Place:
        place = self.place(x, y)
        self.page.mouse.click(*place.screen)
        return place

    def drag(
        self, start: tuple[float, float], end: tuple[float, float], steps: int = 3
    ) -> tuple[Place, Place]:
        first, last = self.place(*start), self.place(*end)
        self.page.mouse.move(*first.screen)
        self.page.mouse.down()
        self.page.mouse.move(*last.screen, steps=steps)
        self.page.mouse.up()
        return first, last

    def press(self, *chords: str) -> None:
        for chord in chords:
            self.page.keyboard.press(chord)

    def arm(self, tool: str) -> None:
        """Arms a class by its digit."""
        names = [one["name"] for one in self.project.ontology["tools"]]
        self.press(str(names.index(tool) + 1))

    def question(self, title: str) -> Locator:
        return self.page.get_by_role("group", name=re.compile(f"^{title}"))

    def objects(self) -> list[str]:
        """What the object list says, such as `Car 1, rectangle, 300 × 160`."""
        return [str(one.get_attribute("aria-label")) for one in self.lines().all()]

    def lines(self) -> Locator:
        return self.page.get_by_role("listbox", name="Objects").get_by_role("option")

    def expect_objects(self, count: int) -> None:
        expect(self.lines()).to_have_count(count)

    def expect_lines(self, lines: list[str]) -> None:
        """Waits until the list says this: the size of a mask is known when its pixels have come."""
        self.expect_objects(len(lines))
        for i, line in enumerate(lines):
            expect(self.lines().nth(i)).to_have_attribute("aria-label", line)

    def expect_saved(self) -> None:
        expect(self.page.locator("[data-save=saved]")).to_be_visible()

    def task(self, data_row_id: str) -> dict[str, Any]:
        """What the server says of a row, asked with the page's own session."""
        answer = self.page.request.post(
            "/graphql",
            data={
                "query": LABELING_TASK,
                "variables": {"projectId": self.project.id, "dataRowId": data_row_id},
            },
            headers={"X-Labelyard": "1"},
        )
        body = answer.json()
        assert "errors" not in body, body
        task: dict[str, Any] = body["data"]["labelingTask"]
        return task

    def wait_for_state(self, data_row_id: str, *states: str, seconds: float = 15) -> dict[str, Any]:
        """Waits until the server has heard of a decision."""
        waited = 0.0
        while (task := self.task(data_row_id))["state"] not in states:
            assert waited < seconds, f"{data_row_id} stays {task['state']}"
            self.page.wait_for_timeout(200)
            waited += 0.2
        return task

    def submit(self, row: str) -> str:
        """Submits by key; returns the row painted next."""
        self.press("Control+Enter")
        return self.painted(after=row)
