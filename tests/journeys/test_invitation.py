"""From an invitation to a person at work: the link, the password, the session, the roles."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import psycopg
import pytest
import urllib3

import labelbox as lb
from conftest import RunningServer
from factories import make_project, unique
from labelyard.plumbing.embedded_postgres import running_dsn
from labelyard.plumbing.ids import new_id

PASSWORD = "correct horse"


def _address() -> str:
    return f"{unique('person')}@example.org".replace(" ", ".")


def _look(server: RunningServer, link: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", f"{server.url}/api/v1/invites/{link.rpartition('/')[2]}")


def _as(server: RunningServer, cookie: str, query: str) -> Any:
    headers = {"Cookie": cookie.split(";")[0], "X-Labelyard": "1"}
    return urllib3.request("POST", f"{server.url}/graphql", json={"query": query}, headers=headers).json()


def test_an_invited_person_comes_in_and_has_what_was_promised(server: RunningServer, sdk: lb.Client) -> None:
    project = sdk.get_project(make_project(server))
    other = make_project(server)
    roles, email = sdk.get_roles(), _address()
    group = lb.UserGroup(sdk, name=unique("group"), projects={sdk.get_project(other)}).create()
    invite = sdk.get_organization().invite_user(
        email,
        roles["NONE"],
        [lb.ProjectRole(project, roles["REVIEWER"])],
        [lb.UserGroupRole(group, roles["LABELER"])],
    )
    assert invite is not None and invite.link is not None
    assert invite.link.startswith(f"{server.url}/invite/")
    page = urllib3.request("GET", invite.link)
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert _look(server, invite.link).json() == {
        "email": email,
        "organization": sdk.get_organization().name,
        "role": "None",
        "inviter": sdk.get_user().name,
    }

    short = server.accept(invite.link, "short")
    assert (short.status, "set-cookie" in short.headers) == (400, False)
    accepted = server.accept(invite.link, PASSWORD, name="Ada")
    assert accepted.status == 201
    assert accepted.json()["user"]["name"] == "Ada" and accepted.json()["role"] == "None"
    cookie = accepted.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    seen = _as(server, cookie, "{ user { email } projects { id } }")["data"]
    assert seen["user"] == {"email": email}
    assert {entry["id"] for entry in seen["projects"]} == {project.uid, other}
    uid = accepted.json()["user"]["id"]
    sources = {m.user().uid: (m.role().name, m.access_from) for m in project.members()}
    assert sources[uid] == ("Reviewer", "PROJECT_MEMBERSHIP")
    in_group = {m.user().uid: (m.role().name, m.access_from) for m in sdk.get_project(other).members()}
    assert in_group[uid] == ("Labeler", "USER_GROUP")

    session = {"email": email, "password": PASSWORD}
    assert urllib3.request("POST", f"{server.url}/api/v1/session", json=session).status == 200
    # a person without an organization role makes a key of their own, and it does what they may
    made = _as(
        server,
        cookie,
        f'mutation {{ createApiKey(data: {{name: "mine", targetUserEmailId: "{email}"}}) {{ jwt }} }}',
    )["data"]["createApiKey"]["jwt"]
    assert lb.Client(made, endpoint=f"{server.url}/graphql").get_project(project.uid).uid == project.uid


def test_a_link_works_once_and_not_after_the_next_one(server: RunningServer, sdk: lb.Client) -> None:
    roles = sdk.get_roles()
    invite = sdk.get_organization().invite_user(_address(), roles["LABELER"])
    assert invite is not None and invite.link is not None
    first, second = invite.link, invite.create_link()
    assert _look(server, first).status == 404 and _look(server, second).status == 200
    assert server.accept(first, PASSWORD).status == 404
    assert server.accept(second, PASSWORD).status == 201
    again = server.accept(second, PASSWORD)
    assert (again.status, "set-cookie" in again.headers) == (404, False)
    assert _look(server, second).status == 404
    assert invite.uid not in {found.uid for found in sdk.get_organization().invites()}


def test_a_withdrawn_or_expired_invitation_lets_nobody_in(server: RunningServer, sdk: lb.Client) -> None:
    organization, role = sdk.get_organization(), sdk.get_roles()["LABELER"]
    withdrawn, late = (organization.invite_user(_address(), role) for _ in range(2))
    assert withdrawn is not None and withdrawn.link is not None and late is not None and late.link is not None
    withdrawn.cancel()
    dsn = running_dsn(Path(server.process.data_dir))
    assert dsn is not None
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE invites SET expires_at = now() WHERE id = %s", (late.uid,))
    before = len(list(organization.users()))
    for link in (withdrawn.link, late.link, f"{server.url}/invite/ly_guess"):
        assert _look(server, link).status == server.accept(link, PASSWORD).status == 404
    assert len(list(organization.users())) == before
    # the address is free again
    anew = organization.invite_user(late.email, role)
    assert anew is not None and anew.uid != late.uid and anew.link is not None


def test_the_token_is_not_kept(server: RunningServer, sdk: lb.Client) -> None:
    invite = sdk.get_organization().invite_user(_address(), sdk.get_roles()["LABELER"])
    assert invite is not None and invite.link is not None
    token = invite.link.rpartition("/")[2]
    dsn = running_dsn(Path(server.process.data_dir))
    assert dsn is not None
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT token_hash, invites::text FROM invites WHERE id = %s", (invite.uid,))
        kept, text = row.fetchone() or (b"", "")
    assert bytes(kept) == hashlib.sha256(token.encode()).digest() and token not in text


@pytest.mark.parametrize("role", ["ADMIN", "LABELER"])
def test_who_belongs_to_another_organization_proves_it_and_leaves_it(
    server: RunningServer, sdk: lb.Client, role: str
) -> None:
    from labelyard.organizations.passwords import hash_password

    dsn = running_dsn(Path(server.process.data_dir))
    assert dsn is not None
    organization_id, email = new_id(), _address()
    with psycopg.connect(dsn) as connection:
        connection.execute("INSERT INTO organizations (id, name) VALUES (%s, 'other')", (organization_id,))
        connection.execute(
            "INSERT INTO users (organization_id, id, email, display_name, role, password_hash)"
            " VALUES (%s, %s, %s, 'x', %s, %s)",
            (organization_id, new_id(), email, role, hash_password("their old one")),
        )
    invite = sdk.get_organization().invite_user(email, sdk.get_roles()["LABELER"])
    assert invite is not None and invite.link is not None
    wrong = server.accept(invite.link, PASSWORD)
    assert wrong.status == 401 and "account on this server" in wrong.json()["message"]
    came = server.accept(invite.link, "their old one")
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT deleted_at IS NULL FROM users WHERE organization_id = %s", (organization_id,)
        ).fetchone()
    if role == "ADMIN":  # nobody would be left to look after the other organization
        assert came.status == 400 and row == (True,)
        invite.cancel()
    else:
        assert came.status == 201 and row == (False,)
