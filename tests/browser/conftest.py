"""A real Chromium for the browser tests, signed in to the running server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tools.browser import chromium as find_chromium

from browser.desk import Desk

FLAGS = [
    "--no-sandbox",
    # Canvas on the processor: what a machine without a graphics card does, and what can be measured.
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    assert path is not None, "python tools/browser.py finds a Chromium, or says what to do"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, server: Any) -> Iterator[BrowserContext]:
    """A browser of its own for one test: nobody is signed in yet."""
    made = chromium.new_context(base_url=server.url, viewport={"width": 1366, "height": 800}, locale="en-GB")
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, server: Any) -> Iterator[Page]:
    """A page of a person who has signed in. Fails the test when the page threw an error."""
    answer = context.request.post(
        f"{server.url}/api/v1/session",
        data={"email": server.email, "password": server.password},
        headers={"X-Labelyard": "1"},
    )
    assert answer.ok, answer.text()
    opened = context.new_page()
    thrown: list[str] = []
    opened.on("pageerror", lambda error: thrown.append(str(error)))
    yield opened
    assert thrown == []


@pytest.fixture
def desk(page: Page, image_project: Any) -> Desk:
    """The labeling screen of a project with pictures."""
    return Desk(page, image_project)
