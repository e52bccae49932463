"""What happens around a label: saving, skipping, tabs, connections that fail."""

from __future__ import annotations

import contextlib
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Error, Route, expect

from browser.desk import Desk

pytestmark = pytest.mark.browser


def test_a_killed_tab_loses_nothing(desk: Desk, context: BrowserContext) -> None:
    # No draft reaches the server: what comes back comes from this computer.
    def refuse_drafts(route: Route) -> None:
        if "saveDraft" in (route.request.post_data or ""):
            route.abort()
        else:
            route.continue_()

    context.route("**/graphql", refuse_drafts)
    row = desk.open()
    desk.arm("Car")
    desk.drag((100, 60), (180, 120))
    desk.drag((30, 30), (60, 50))
    expect(desk.page.locator("[data-save=kept]")).to_be_visible()
    before = desk.objects()
    # The tab's process ends as the system would end it when memory runs out.
    with desk.page.expect_event("crash"), contextlib.suppress(Error):
        desk.page.goto("chrome://crash")

    again = Desk(context.new_page(), desk.project)
    assert again.open() == row
    again.expect_lines(before)


def test_skip_can_be_taken_back_and_is_sent_when_it_is_not(desk: Desk) -> None:
    row = desk.open()
    desk.arm("Sign")
    desk.click(60, 40)
    desk.press("s")
    desk.painted(after=row)
    desk.page.get_by_role("button", name="Undo").click()
    other = desk.painted()
    assert other == row or desk.painted(after=other) == row
    desk.expect_objects(1)
    assert desk.task(row)["state"] == "TO_LABEL"
    desk.press("s")
    desk.painted(after=row)
    task = desk.wait_for_state(row, "SKIPPED", "IN_REVIEW", "DONE")
    assert task["label"] is None or task["label"]["skipped"]


def test_a_picture_that_is_none_says_so_and_can_be_skipped(desk: Desk) -> None:
    page = desk.page
    row = desk.open()
    picture = urlsplit(desk.task(row)["dataRow"]["rowData"]).path
    page.route(
        lambda url: urlsplit(url).path == picture,
        lambda route: route.fulfill(body="this is a text", content_type="text/plain"),
    )
    page.reload()
    expect(page.get_by_text("This file is not a picture that a browser can show.")).to_be_visible()
    page.get_by_role("button", name="Skip it").click()
    desk.painted()
    task = desk.wait_for_state(row, "SKIPPED", "IN_REVIEW", "DONE")
    assert task["label"] is None or task["label"]["skipped"]


def test_two_tabs_get_different_rows_and_keep_their_work(desk: Desk, context: BrowserContext) -> None:
    first = desk.open()
    other = Desk(context.new_page(), desk.project)
    second = other.open()
    assert second != first
    desk.arm("Sign")
    desk.click(60, 40)
    other.arm("Car")
    other.drag((100, 60), (180, 120))
    third = other.submit(second)
    assert third not in (first, second)
    # The first tab does not offer what the second one has finished or holds.
    fourth = desk.submit(first)
    assert fourth not in (first, second, third)
    names = {
        row: [one["name"] for one in desk.wait_for_state(row, "IN_REVIEW", "DONE")["annotations"]["objects"]]
        for row in (first, second)
    }
    assert names == {first: ["Sign"], second: ["Car"]}


def test_a_submit_without_connection_is_sent_after_a_reload(desk: Desk, context: BrowserContext) -> None:
    online = {"now": True}

    def flaky(route: Route) -> None:
        if not online["now"] and "submitLabel" in (route.request.post_data or ""):
            route.abort()
        else:
            route.continue_()

    context.route("**/graphql", flaky)
    row = desk.open()
    desk.arm("Car")
    desk.drag((100, 60), (180, 120))
    online["now"] = False
    desk.submit(row)
    expect(desk.page.get_by_text("Offline. 1 finished row is kept here")).to_be_visible()
    assert desk.task(row)["state"] == "TO_LABEL"
    online["now"] = True
    desk.page.goto("/projects")
    task = desk.wait_for_state(row, "IN_REVIEW", "DONE")
    assert [one["name"] for one in task["annotations"]["objects"]] == ["Car"]


def test_every_key_is_on_the_sheet_and_buttons_show_theirs(desk: Desk) -> None:
    page = desk.page
    desk.open()
    expect(page.get_by_role("button", name="Submit")).to_contain_text("Ctrl")
    expect(page.get_by_role("button", name="Skip")).to_contain_text("S")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    for line in ("Submit, go to the next row", "Undo", "Hide all annotations while held", "Next object"):
        expect(sheet.get_by_text(line)).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    # Letters stay letters where somebody writes.
    page.get_by_label("Notes").fill("")
    page.get_by_label("Notes").press_sequentially("see bus")
    expect(page.get_by_label("Notes")).to_have_value("see bus")
    desk.press("Escape", "/")
    page.keyboard.type("sig")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Draw Sign", exact=False).first).to_have_attribute(
        "aria-pressed", "true"
    )
