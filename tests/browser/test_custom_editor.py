"""A page of one's own in the labeling screen, through labeling-api.js; and what was given along with a row."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.desk import Desk
from labelbox.schema.labeling_frontend import LabelingFrontend

PAGE = """<!doctype html><title>own page</title><script src="{server}/static/labeling-api.js"></script>
<p id="asset"></p><p id="label"></p><p id="options"></p><p id="templates"></p>
<button id="cat">cat</button><button id="next">next</button><button id="skip">skip</button><button id="back">back</button>
<script>
let asset; let first;
const show = (id, value) => {{ document.getElementById(id).textContent = value ?? "none"; }};
Labelbox.currentAsset().subscribe((given) => {{
  if (!given) return;
  asset = given;
  show("asset", given.id); show("label", given.label); show("templates", JSON.stringify(given.labelTemplates));
}});
Labelbox.getTemplateCustomization().subscribe((given) => show("options", given.tools.length));
const on = (id, act) => document.getElementById(id).addEventListener("click", act);
on("cat", () => Labelbox.setLabelForAsset(JSON.stringify({{animal: "cat"}})).then(() => {{ first = asset; }}));
on("next", () => Labelbox.fetchNextAssetToLabel());
on("skip", () => Labelbox.skip());
on("back", () => fetch("/").catch(() => 0).then(() => Labelbox.setLabelAsCurrentAsset(window.labelId)));
</script>"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def own_page(tmp_path: Path, server: Any) -> Iterator[str]:
    """The address of a page on another origin that uses the labeling API."""
    (tmp_path / "page.html").write_text(PAGE.format(server=server.url))
    web = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(tmp_path))
    )
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_address[1]}/page.html"
    web.shutdown()


def test_R_LF_08_R_LF_06_a_page_of_ones_own_labels_and_skips(
    page: Page, image_project: Any, own_page: str
) -> None:
    client, project = image_project.client, image_project.project
    made = client.execute(
        "mutation($d: CreateLabelingFrontendInput!) { createLabelingFrontend(data: $d) { id } }",
        {"d": {"name": "Own page", "description": "", "iframeUrlPath": own_page}},
    )["createLabelingFrontend"]["id"]
    (frontend,) = client.get_labeling_frontends(where=LabelingFrontend.iframe_url_path == own_page)
    assert frontend.uid == made
    project.setup(frontend, {"tools": [{"tool": "rectangle", "name": "Animal"}], "classifications": []})
    model = project.create_prediction_model("eyes", 1)
    project.create_prediction("a guess", client.get_data_row(image_project.data_row_ids[0]), model)

    page.goto(f"/projects/{project.uid}/label")
    inside = page.frame_locator("iframe")
    asset, label = inside.locator("#asset"), inside.locator("#label")
    expect(asset).to_have_text(image_project.data_row_ids[0])
    expect(label).to_have_text("none")
    expect(inside.locator("#options")).to_have_text("1")
    expect(inside.locator("#templates")).to_contain_text("a guess")
    inside.locator("#cat").click()
    expect(label).to_have_text('{"animal":"cat"}')
    expect(asset).to_have_text(image_project.data_row_ids[0])  # it stays until the page asks for the next one
    (saved,) = project.labels()
    assert saved.label == '{"animal":"cat"}' and saved.data_row().uid == image_project.data_row_ids[0]
    assert saved.created_by() == client.get_user()
    inside.locator("#next").click()
    expect(asset).to_have_text(image_project.data_row_ids[1])
    inside.locator("#skip").click()
    expect(asset).to_have_text(image_project.data_row_ids[2])
    page.get_by_role("button", name=re.compile("^Skip")).click()  # the host's own button
    expect(asset).to_have_text(image_project.data_row_ids[3])
    assert sorted(each.label for each in project.labels()) == ["Skip", "Skip", '{"animal":"cat"}']


def test_a_page_may_not_speak_for_the_one_that_is_registered(
    page: Page, image_project: Any, own_page: str
) -> None:
    """Only the registered page's window and origin are answered; it never gets a key."""
    client, project = image_project.client, image_project.project
    client.execute(
        "mutation($d: CreateLabelingFrontendInput!) { createLabelingFrontend(data: $d) { id } }",
        {"d": {"name": "Own page", "description": "", "iframeUrlPath": own_page}},
    )
    (frontend, *_) = client.get_labeling_frontends(where=LabelingFrontend.iframe_url_path == own_page)
    project.labeling_frontend.connect(frontend)
    page.goto(f"/projects/{project.uid}/label")
    expect(page.frame_locator("iframe").locator("#asset")).to_have_text(image_project.data_row_ids[0])
    page.evaluate(
        """window.postMessage({ch: "lbx", v: 1, id: 1, method: "setLabelForAsset", args: ["x", "Any"]}, "*")"""
    )
    page.wait_for_timeout(300)
    assert list(project.labels()) == []
    sandbox = page.locator("iframe").get_attribute("sandbox")
    assert sandbox == "allow-scripts allow-same-origin" and "key" not in (
        page.locator("iframe").get_attribute("src") or ""
    )


def test_R_AMD_02_R_AMD_01_attachments_are_shown_while_labeling(desk: Desk, image_project: Any) -> None:
    row = image_project.client.get_data_row(image_project.data_row_ids[0])
    row.create_metadata("TEXT", "seen at noon")
    row.create_metadata("IMAGE", row.row_data)
    row.create_attachment("HTML", "https://example.com/notes.html", "notes")
    row.create_attachment("RAW_TEXT", "javascript:alert(1)", "not a link")
    desk.open()
    shown = desk.page.get_by_label("Attachments")
    expect(shown).to_contain_text("seen at noon")
    expect(shown.locator("img")).to_have_js_property("complete", True)
    assert shown.locator("img").evaluate("picture => picture.naturalWidth") > 0
    link = shown.get_by_role("link", name="notes")
    expect(link).to_have_attribute("href", "https://example.com/notes.html")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(shown).to_contain_text("javascript:alert(1)")
    assert shown.locator("a[href^='javascript']").count() == 0
