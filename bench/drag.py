"""One of 10,000 boxes dragged in Chromium, beside a bare canvas page that moves one rectangle."""

from __future__ import annotations

import io
import itertools
import math
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

import labelbox as lb
from bench.figures import Figure, percentile
from bench.stage import ONTOLOGY, Stage, box, first_tool

_BOXES = 10_000
_WIDTH, _HEIGHT = 1280, 800
_SECONDS = 4.0
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",  # what a machine without a graphics card does, as in the browser tests
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
_SAVE = "mutation($d: SaveDraftInput!) { saveDraft(data: $d) { dataRowId } }"
# the times of all frames, from now on
_WATCH = """() => { const times = []; window.benchFrames = times;
  const note = (now) => { times.push(now); requestAnimationFrame(note); }; requestAnimationFrame(note); }"""
_BARE = """<!doctype html><body style="margin:0"><canvas id="still" width="1280" height="800"
  style="position:absolute"></canvas><canvas id="moving" width="1280" height="800" style="position:absolute"></canvas>
<script>
  const still = document.getElementById("still").getContext("2d");
  const moving = document.getElementById("moving").getContext("2d");
  still.strokeStyle = "red";
  for (let i = 0; i < 10000; i++) still.strokeRect(4 + (i % 125) * 10, 4 + Math.floor(i / 125) * 9, 7, 6);
  let held = false, asked = false, at = [0, 0], before = [0, 0];
  const paint = () => { asked = false; moving.clearRect(before[0] - 2, before[1] - 2, 84, 64);
    moving.strokeRect(at[0], at[1], 80, 60); before = at; };
  addEventListener("pointerdown", () => { held = true; });
  addEventListener("pointerup", () => { held = false; });
  addEventListener("pointermove", (event) => { if (!held) return; at = [event.clientX - 40, event.clientY - 30];
    if (!asked) { asked = true; requestAnimationFrame(paint); } });
</script>"""


def measure(stage: Stage) -> list[Figure]:
    """Drags a box in the labeling screen, then a rectangle on a bare page, with real mouse events."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        print("(no Chromium here)", end=" ", flush=True)
        return []
    project_id, row_id = _row_with_boxes(stage)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        try:
            context = browser.new_context(base_url=stage.url, viewport={"width": 1366, "height": 800})
            context.set_default_timeout(120_000)
            page = context.new_page()
            started = time.perf_counter()
            page.goto(stage.server.sign_in_link(f"/projects/{project_id}/label/{row_id}"))
            surface = page.locator("[data-surface][data-painted]")
            surface.wait_for()
            opened = time.perf_counter() - started
            ours = _frames_of_editor(page)
            bare = browser.new_page(viewport={"width": 1366, "height": 800})
            bare.set_content(_BARE)
            limit = _frames(bare, (640, 400))
        finally:
            browser.close()
    return [
        Figure(
            f"drag: one of {_BOXES:,} boxes, mean frame",
            sum(ours) / len(ours),
            "ms",
            sum(limit) / len(limit),
            "a rectangle over a still canvas",
            1000 / 60 * 1.1,
            less_is_better=True,
            note=f"p95 {percentile(ours, 0.95):.1f} ms; opened in {opened:.1f} s",
        )
    ]


def _row_with_boxes(stage: Stage) -> tuple[str, str]:
    """A project with one picture, on which the administrator has a draft of 10,000 boxes; project and data row."""
    client = stage.client
    project = client.create_project(name="bench drag", media_type=lb.MediaType.Image)
    project.connect_ontology(client.create_ontology("bench drag", ONTOLOGY, media_type=lb.MediaType.Image))
    dataset = client.create_dataset(name="bench drag")
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "plain.png"
        data = io.BytesIO()
        Image.new("RGB", (_WIDTH, _HEIGHT), (90, 120, 60)).save(data, "PNG")
        picture.write_bytes(data.getvalue())
        task = dataset.create_data_rows([str(picture)])
        task.wait_till_done(check_frequency=0.1)
    row_id = str(task.created_data_rows[0]["id"])
    _wait_until_probed(stage, row_id)
    project.create_batch("all", data_rows=[row_id])
    tool = first_tool(project)
    objects = [box(tool, number) for number in range(_BOXES - 1)]
    large = box(tool, _BOXES)
    large["bounding_box"] = {"top": 725.0, "left": 600.0, "height": 60.0, "width": 80.0}
    document = {"objects": [*objects, large], "classifications": [], "relationships": []}
    draft = {
        "projectId": project.uid,
        "dataRowId": row_id,
        "annotations": document,
        "secondsToLabel": 1.0,
    }
    stage.graphql(_SAVE, d=draft)
    return project.uid, row_id


def _wait_until_probed(stage: Stage, row_id: str) -> None:
    asked = "query($id: ID!) { dataRow(where: {id: $id}) { processingStatus processingError } }"
    while (row := stage.graphql(asked, id=row_id)["dataRow"])["processingStatus"] == "PROCESSING":
        time.sleep(0.05)
    if row["processingStatus"] != "SUCCESS":
        raise RuntimeError(f"The picture could not be read: {row['processingError']}")


def _frames_of_editor(page: Page) -> list[float]:
    """Milliseconds of each frame while the large box is dragged about."""
    surface = page.locator("[data-surface]")
    view, place = surface.get_attribute("data-view"), surface.bounding_box()
    if view is None or place is None:
        raise RuntimeError("The editor does not say where the picture is.")
    scale, left, top = (float(part) for part in view.split())
    # the rim of the box: a place that no other box covers
    x, y = place["x"] + left + 600 * scale, place["y"] + top + 755 * scale
    page.keyboard.press("v")
    page.mouse.click(x, y)
    selected = page.get_by_role("option", selected=True)
    selected.first.wait_for()
    before = _position(page)
    frames = _frames(page, (x, y))
    if _position(page) == before:
        raise RuntimeError("The box has not moved.")
    return frames


def _position(page: Page) -> Any:
    return page.locator("[data-surface]").screenshot()


def _frames(page: Page, start: tuple[float, float]) -> list[float]:
    """Milliseconds of each frame while the mouse goes round with its button held."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 3, start[1] - 3)
    page.evaluate(_WATCH)
    ends = time.perf_counter() + _SECONDS
    step = 0
    while time.perf_counter() < ends:
        step += 1
        angle = step / 40
        page.mouse.move(start[0] + 200 * math.sin(angle), start[1] - 150 * (1 - math.cos(angle)))
    times: list[float] = page.evaluate("() => window.benchFrames.slice()")
    page.mouse.up()
    return [later - earlier for earlier, later in itertools.pairwise(times)]
