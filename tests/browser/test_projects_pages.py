"""Signing in, the list of projects, a project's pages: what they show, and where every dead end leads on."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from browser.desk import Desk

pytestmark = pytest.mark.browser


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_signing_in_leads_back_to_the_page_that_was_asked_for(
    context: BrowserContext, server: Any, image_project: Any
) -> None:
    page = context.new_page()
    page.goto(f"/projects/{image_project.id}/rows?state=TO_LABEL")
    expect(page).to_have_url(re.compile(r"/sign-in\?to="))
    sign_in(page, server.email, "not the password")
    expect(page.get_by_role("alert")).to_have_text("This email and password do not fit together.")
    sign_in(page, server.email, server.password)
    expect(page).to_have_url(re.compile(rf"/projects/{image_project.id}/rows\?state=TO_LABEL$"))

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Labelyard")).to_be_visible()
    page.goto("/projects")
    expect(page.get_by_label("Password")).to_be_visible()


def test_a_sign_in_never_leads_to_another_site(context: BrowserContext, server: Any) -> None:
    page = context.new_page()
    page.goto("/sign-in?to=//example.org/elsewhere")
    sign_in(page, server.email, server.password)
    expect(page).to_have_url(f"{server.url}/projects")


def test_an_expired_link_says_so(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/sign-in?expired=1")
    expect(page.get_by_text("That link was used or has expired.")).to_be_visible()


def test_the_list_finds_a_project_and_opens_it(page: Page, image_project: Any) -> None:
    page.goto("/projects")
    link = page.get_by_role("table").locator(f"a[href='/projects/{image_project.id}']")
    name = link.inner_text()
    page.get_by_label("Search the projects").fill("no project is called this")
    expect(page.get_by_text("No project has that name")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Search the projects").fill(name.upper())
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_the_overview_counts_rows_and_starts_labeling(page: Page, image_project: Any) -> None:
    rows = len(image_project.data_row_ids)
    page.goto(f"/projects/{image_project.id}")
    progress = page.get_by_role("region", name="Progress")
    expect(progress.get_by_role("row", name=re.compile("^To label"))).to_contain_text(str(rows))
    expect(progress.get_by_role("row", name=re.compile("^Done"))).to_contain_text("0")
    expect(page.get_by_role("region", name="Batches").get_by_role("row")).not_to_have_count(0)
    queues = page.get_by_role("region", name="Task queues")
    expect(queues.get_by_text("Initial review task")).to_be_visible()
    expect(page.get_by_role("link", name="Start reviewing")).to_have_count(0)

    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/label$"))
    row = Desk(page, image_project).painted()
    assert row in image_project.data_row_ids


def test_counts_move_when_a_row_is_labeled(desk: Desk) -> None:
    page = desk.page
    row = desk.open()
    desk.arm("Sign")
    desk.click(60, 40)
    desk.submit(row)
    desk.wait_for_state(row, "IN_REVIEW")
    page.get_by_role("link", name="Back to the project").or_(
        page.get_by_title("Back to the project")
    ).first.click()
    progress = page.get_by_role("region", name="Progress")
    expect(progress.get_by_role("row", name=re.compile("^In review"))).to_contain_text("1")
    page.get_by_role("link", name="Start reviewing").click()
    assert desk.painted() == row


def test_the_rows_are_listed_searched_and_opened(page: Page, image_project: Any) -> None:
    page.goto(f"/projects/{image_project.id}/rows")
    table = page.get_by_role("table", name="Data rows")
    lines = table.locator("a[role=row]")
    expect(lines).to_have_count(len(image_project.data_row_ids))
    expect(lines.first).to_contain_text("To label")
    picture = lines.first.locator("img")
    expect(picture).to_be_visible()
    page.wait_for_function(
        "() => { const one = document.querySelector('a[role=row] img'); return one && one.naturalWidth > 0 }"
    )

    page.get_by_label("State").select_option("DONE")
    expect(page.get_by_text("No row fits")).to_be_visible()
    page.get_by_role("button", name="Show all rows").click()
    expect(lines).to_have_count(len(image_project.data_row_ids))

    key = lines.last.locator("[role=cell]").nth(1).inner_text().splitlines()[0]
    page.get_by_label("Search the rows").fill(key)
    expect(lines).to_have_count(1)
    lines.first.click()
    expect(page).to_have_url(re.compile(r"/label/c"))
    assert Desk(page, image_project).painted() in image_project.data_row_ids


def test_a_project_that_is_not_there_says_so(page: Page) -> None:
    for path in ("/projects/c000000000000000000000000", "/projects/c000000000000000000000000/label"):
        page.goto(path)
        expect(page.get_by_text("There is no such project")).to_be_visible()
        page.get_by_role("link", name="All projects").click()
        expect(page).to_have_url(re.compile("/projects$"))
    page.goto("/no/such/page")
    expect(page.get_by_text("There is no such page")).to_be_visible()


def test_a_server_that_is_down_says_so_and_is_tried_again(page: Page, image_project: Any) -> None:
    page.route("**/graphql", lambda route: route.abort())
    page.goto(f"/projects/{image_project.id}")
    expect(page.get_by_text("The project could not be loaded")).to_be_visible()
    expect(page.get_by_text("The server cannot be reached.")).to_be_visible()
    page.unroute("**/graphql")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("region", name="Progress")).to_be_visible()


def test_the_first_page_is_small(page: Page) -> None:
    sizes: list[int] = []

    def count(response: Any) -> None:
        if response.url.endswith(".js"):
            sizes.append(len(gzip.compress(response.body(), 9)))

    page.on("response", count)
    page.goto("/projects")
    expect(page.get_by_role("table")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) <= 150_000


def test_the_list_begins_with_the_latest_work_and_searches_all_of_it(
    page: Page, server: Any, image_project: Any
) -> None:
    mark = f"crowd {image_project.id}"
    for number in range(101):
        image_project.client.create_project(name=f"{mark} {number}")
    page.goto("/projects")
    first = page.get_by_role("table").get_by_role("row").nth(1)
    expect(first).to_contain_text(f"{mark} 100")
    page.get_by_label("Search the projects").fill(f"{mark} 0".upper())
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("table").get_by_role("row").nth(1)).to_contain_text(f"{mark} 0")
