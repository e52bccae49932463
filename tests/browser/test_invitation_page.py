"""Where an invitation's link leads: a password, then the projects; a link that does not count says so."""

from __future__ import annotations

import random
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

import labelbox as lb

pytestmark = pytest.mark.browser


def test_an_invited_person_chooses_a_password_and_is_at_work(
    context: BrowserContext, sdk: lb.Client, image_project: Any
) -> None:
    roles, email = sdk.get_roles(), f"{random.getrandbits(40):x}@example.org"
    grants = [lb.ProjectRole(image_project.project, roles["LABELER"])]
    invite = sdk.get_organization().invite_user(email, roles["NONE"], grants)
    assert invite is not None and invite.link is not None
    page = context.new_page()
    page.goto(invite.link)
    expect(page.get_by_role("heading", name="Join My organization")).to_be_visible()
    expect(page.get_by_text(email)).to_be_visible()
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Password").fill("short")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Join")).to_be_enabled()  # the browser says what is missing
    page.get_by_label("Password").fill("correct horse")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{context.request.get('/healthz').url.removesuffix('/healthz')}/projects")
    expect(page.get_by_role("link", name=image_project.project.name)).to_be_visible()

    page.goto(invite.link)
    expect(page.get_by_role("heading", name="This invitation does not count any more")).to_be_visible()
