"""The picture editor: draw, undo, reload, submit, read back; by keyboard; pre-labels; review."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from browser.desk import Desk, Place

pytestmark = pytest.mark.browser

ABOUT = 0.011  # the editor places to a hundredth of a pixel
BRUSH_RADIUS = 16


def option_of(ontology: dict[str, Any], question: str, number: int = 0) -> str:
    """The name of a question's option, wherever in the ontology the question stands."""

    def search(questions: list[dict[str, Any]]) -> str | None:
        for one in questions:
            if question in (one["instructions"], one["name"]):
                return str(one["options"][number]["label"])
            for option in one["options"]:
                if found := search(option.get("options") or []):
                    return found
        return None

    found = search(ontology["classifications"])
    for tool in ontology["tools"]:
        found = found or search(tool["classifications"])
    assert found is not None, f"the ontology has no question {question}"
    return found


def named(annotations: dict[str, Any], name: str) -> dict[str, Any]:
    """The one object of a class."""
    found = [one for one in annotations["objects"] if one["name"] == name]
    assert len(found) == 1, f"{len(found)} of {name}"
    return dict(found[0])


def points(shape: list[dict[str, float]]) -> list[tuple[float, float]]:
    return [(point["x"], point["y"]) for point in shape]


def near(places: list[Place]) -> list[Any]:
    return [pytest.approx((place.x, place.y), abs=ABOUT) for place in places]


def test_every_kind_is_drawn_submitted_and_read_back_number_by_number(desk: Desk) -> None:
    page, ontology = desk.page, desk.project.ontology
    row = desk.open()

    desk.arm("Car")
    car = desk.drag((100, 60), (180, 120))
    colour = option_of(ontology, "Colour")
    desk.question("Colour").get_by_label(colour).check()

    desk.arm("Road")
    road = [desk.click(x, y) for x, y in [(200, 60), (280, 60), (290, 150), (210, 160)]]
    desk.press("Enter")

    desk.arm("Lane")
    lane = [desk.click(x, y) for x, y in [(40, 160), (70, 190), (110, 180)]]
    desk.press("Enter")

    desk.arm("Sign")
    sign = desk.click(60, 40)

    desk.arm("Sky")
    sky = desk.drag((60, 90), (130, 100), steps=1)
    desk.press("v", "Escape")

    desk.question("Weather").get_by_label("rainy").check()
    heavy = option_of(ontology, "How heavy")
    desk.question("How heavy").get_by_label(heavy).check()
    visible = option_of(ontology, "Visible")
    desk.question("Visible").get_by_label(visible).check()
    page.get_by_label("Notes").fill("fog in the hills")

    desk.expect_objects(5)
    desk.submit(row)
    task = desk.wait_for_state(row, "IN_REVIEW", "DONE")
    annotations = task["annotations"]

    box = named(annotations, "Car")["bounding_box"]
    assert (box["left"], box["top"]) == pytest.approx((car[0].x, car[0].y), abs=ABOUT)
    assert (box["left"] + box["width"], box["top"] + box["height"]) == pytest.approx(
        (car[1].x, car[1].y), abs=2 * ABOUT
    )
    (answer,) = named(annotations, "Car")["classifications"]
    assert answer["radio_answer"]["name"] == colour

    ring = points(named(annotations, "Road")["polygon"])
    assert ring == near([*road, road[0]])
    assert points(named(annotations, "Lane")["line"]) == near(lane)
    point = named(annotations, "Sign")["point"]
    assert (point["x"], point["y"]) == pytest.approx((sign.x, sign.y), abs=ABOUT)
    check_mask(desk, named(annotations, "Sky"), *sky)

    answers = {one["name"]: one for one in annotations["classifications"]}
    weather = next(one["radio_answer"] for one in answers.values() if "radio_answer" in one)
    assert weather["name"] == "rainy"
    assert [one["radio_answer"]["name"] for one in weather["classifications"]] == [heavy]
    (checked,) = [one["checklist_answers"] for one in answers.values() if "checklist_answers" in one]
    assert [one["name"] for one in checked] == [visible]
    assert [one["text_answer"]["content"] for one in answers.values() if "text_answer" in one] == [
        "fog in the hills"
    ]
    assert 0 < task["label"]["secondsToLabel"] < 120


def check_mask(desk: Desk, annotation: dict[str, Any], start: Place, end: Place) -> None:
    """The stored picture holds the pixels whose centre the brush went over, and no others."""
    picture = desk.page.request.get(annotation["mask"]["url"])
    assert picture.ok
    stored = np.array(Image.open(io.BytesIO(picture.body())).convert("L")) > 127
    rows, columns = np.mgrid[0 : stored.shape[0], 0 : stored.shape[1]]
    x, y = columns + 0.5, rows + 0.5
    dx, dy = end.x - start.x, end.y - start.y
    along = np.clip(((x - start.x) * dx + (y - start.y) * dy) / (dx * dx + dy * dy), 0, 1)
    away = np.hypot(x - (start.x + along * dx), y - (start.y + along * dy))
    sure = np.abs(away - BRUSH_RADIUS) > 0.05
    assert np.array_equal(stored[sure], (away < BRUSH_RADIUS)[sure])


def test_undo_and_redo_go_through_points_shapes_and_answers(desk: Desk) -> None:
    desk.open()
    desk.arm("Road")
    for x, y in [(40, 40), (120, 40), (120, 110), (60, 150)]:
        desk.click(x, y)
    desk.press("Control+z", "Control+z", "Control+Shift+z", "Enter")
    desk.expect_objects(1)
    assert "3 points" in desk.objects()[0]

    desk.arm("Car")
    desk.drag((150, 50), (220, 100))
    desk.press("v")
    desk.drag((180, 70), (200, 90))
    desk.press("Delete")
    desk.expect_objects(1)
    desk.press("Control+z")
    desk.expect_objects(2)
    desk.press("Control+z", "Control+z")
    desk.expect_objects(1)
    desk.press("Control+z")
    desk.expect_objects(0)
    desk.press(*["Control+y"] * 4)
    desk.expect_objects(1)


def test_a_reload_loses_nothing(desk: Desk) -> None:
    row = desk.open()
    desk.arm("Car")
    desk.drag((100, 60), (180, 120))
    desk.arm("Sky")
    desk.drag((60, 90), (130, 100))
    desk.press("v", "Escape")
    desk.question("Weather").get_by_label("sunny").check()
    before = desk.objects()
    # Before the server can have answered, and again after it has.
    desk.page.reload()
    assert desk.painted() == row
    desk.expect_lines(before)
    desk.expect_saved()
    desk.page.reload()
    assert desk.painted() == row
    desk.expect_objects(2)
    expect(desk.question("Weather").get_by_label("sunny")).to_be_checked()
    desk.expect_lines(before)


def test_the_keyboard_alone_labels_and_submits(desk: Desk) -> None:
    row = desk.open()
    desk.arm("Car")
    desk.press("Enter", *["ArrowRight"] * 3, "Shift+ArrowDown", *["Alt+ArrowRight"] * 2, "Alt+Shift+ArrowUp")
    first = desk.objects()[0]
    desk.press("Enter")
    desk.expect_objects(2)
    # Tab goes round: from the second object back to the first, whose colour is then answered.
    desk.press("v", "Tab", "Alt+1")
    expect(desk.question("Colour").get_by_role("radio").first).to_be_checked()
    desk.press("Escape", "Alt+1")
    expect(desk.question("Weather").get_by_role("radio").first).to_be_checked()
    desk.press("w")
    desk.page.keyboard.press("ArrowDown")
    expect(desk.question("Weather").get_by_role("radio").nth(1)).to_be_checked()
    desk.press("Escape", "e")
    desk.painted(after=row)
    cars = desk.wait_for_state(row, "IN_REVIEW", "DONE")["annotations"]["objects"]
    one, other = (car["bounding_box"] for car in cars)
    assert one["left"] - other["left"] == pytest.approx(3, abs=ABOUT)
    assert one["top"] - other["top"] == pytest.approx(10, abs=ABOUT)
    assert one["width"] - other["width"] == pytest.approx(2, abs=ABOUT)
    assert one["height"] - other["height"] == pytest.approx(-10, abs=ABOUT)
    assert len(cars[0]["classifications"]) == 1 and "Car 1" in first


def label_row(desk: Desk) -> str:
    """Labels one row with a single car; returns the row."""
    row = desk.open()
    desk.arm("Car")
    desk.drag((100, 60), (180, 120))
    desk.press("v", "Escape")
    desk.question("Weather").get_by_label("sunny").check()
    desk.submit(row)
    desk.wait_for_state(row, "IN_REVIEW")
    return row


def test_review_corrects_approves_and_rejects_with_a_remark(desk: Desk) -> None:
    page = desk.page
    rows = [label_row(desk), label_row(desk)]
    first = desk.open("review")
    assert first in rows
    desk.expect_objects(1)
    desk.arm("Sign")
    desk.click(60, 40)
    desk.press("v", "a")
    second = desk.painted(after=first)
    approved = desk.wait_for_state(first, "DONE")
    assert sorted(one["name"] for one in approved["annotations"]["objects"]) == ["Car", "Sign"]

    assert second in rows
    page.keyboard.press("r")
    page.keyboard.type("The car is too wide")
    page.keyboard.press("Control+Enter")
    rejected = desk.wait_for_state(second, "IN_REWORK")
    assert [one["name"] for one in rejected["annotations"]["objects"]] == ["Car"]
    assert rejected["comments"][0]["content"] == "The car is too wide"
    expect(page.get_by_text("Nothing left to review")).to_be_visible()

    # The remark is there when the row comes back to the one who labels it again.
    desk.open("label", second)
    expect(page.get_by_text("The car is too wide")).to_be_visible()
    desk.expect_objects(1)


def test_prelabels_are_shown_as_such_and_can_be_corrected(desk: Desk) -> None:
    import labelbox

    row = desk.project.data_row_ids[0]
    boxes = [{"top": 50, "left": 40 + 70 * i, "height": 40, "width": 60} for i in range(3)]
    predictions = [
        {
            "uuid": f"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6{i}",
            "name": "Car",
            "bbox": box,
            "dataRow": {"id": row},
        }
        for i, box in enumerate(boxes)
    ]
    upload = labelbox.MALPredictionImport.create_from_objects(
        client=desk.project.client, project_id=desk.project.id, name="prelabels", predictions=predictions
    )
    upload.wait_until_done(sleep_time_seconds=1)
    assert not upload.errors

    desk.open("label", row)
    expect(desk.page.get_by_text("Pre-labels: check and correct")).to_be_visible()
    assert [", pre-label" in one for one in desk.objects()] == [True, True, True]
    desk.click(70, 70)
    desk.press("ArrowRight", "ArrowRight")
    assert [", pre-label" in one for one in desk.objects()] == [False, True, True]
    desk.press("Tab", "Delete")
    desk.expect_objects(2)
    desk.press("Control+Enter")
    annotations = desk.wait_for_state(row, "IN_REVIEW", "DONE")["annotations"]
    stored = [one["bounding_box"] for one in annotations["objects"]]
    assert stored == [
        pytest.approx({"top": 50, "left": 42, "height": 40, "width": 60}),
        pytest.approx({"top": 50, "left": 180, "height": 40, "width": 60}),
    ]
