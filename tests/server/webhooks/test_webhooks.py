"""Who may see and change webhooks, and what becomes of them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from conftest import RunningServer
from factories import make_label_project, make_project, make_user, submit
from labelyard import worker
from labelyard.webhooks import payloads, rules
from labelyard.webhooks.records import Topic
from receiver import Receiver

CREATE = "mutation($d: CreateWebhookInput!) { createWebhook(data: $d) { id status topics url } }"
UPDATE = "mutation($w: ID!, $d: UpdateWebhookInput!) { updateWebhook(where: {id: $w}, data: $d) { id status url topics } }"
OF_PROJECT = "query($p: ID!) { project(where: {id: $p}) { webhooks { id deliveries { id } } } }"
OF_ORGANIZATION = "{ organization { webhooks(first: 1000) { id status } } }"


def _data(project: str | None = None, **more: Any) -> dict[str, Any]:
    given = {"topics": {"set": ["LABEL_CREATED"]}, "url": "https://example.com/hook", "secret": "s", **more}
    return {**given, "project": {"id": project}} if project else given


def _hook(server: RunningServer, project: str | None = None, key: str | None = None, **more: Any) -> str:
    hook: str = server.graphql(CREATE, key, d=_data(project, **more))["createWebhook"]["id"]
    return hook


def _status(server: RunningServer, hook: str) -> str:
    hooks = server.graphql(OF_ORGANIZATION)["organization"]["webhooks"]
    status: str = next(entry["status"] for entry in hooks if entry["id"] == hook)
    return status


def _give_role(server: RunningServer, project: str, user: str, role: str) -> None:
    roles = {entry["name"]: entry["id"] for entry in server.graphql("{ roles { id name } }")["roles"]}
    server.graphql(
        "mutation($d: SetProjectMembershipInput!) { setProjectMembership(data: $d) { id } }",
        d={"userId": user, "projectId": project, "roleId": roles[role]},
    )


@pytest.mark.parametrize("role", ["Labeler", "Reviewer", "Team Manager", "Data Admin", "Read-only Admin"])
def test_others_neither_make_nor_see_them(server: RunningServer, role: str) -> None:
    project = make_project(server)
    hook = _hook(server, project)
    _, key = make_user(server, role)
    for data in (_data(), _data(project)):
        assert server.code(CREATE, key, d=data) == "AUTHORIZATION_ERROR"
    assert server.code(UPDATE, key, w=hook, d={"url": "https://example.org"}) == "AUTHORIZATION_ERROR"
    assert server.graphql(OF_PROJECT, key, p=project)["project"]["webhooks"] == []
    assert server.graphql(OF_ORGANIZATION, key)["organization"]["webhooks"] == []
    one = server.graphql("query($w: ID!) { webhook(where: {id: $w}) { url } }", key, w=hook)
    assert one["webhook"] is None


def test_a_project_lead_manages_those_of_projects(server: RunningServer) -> None:
    project = make_project(server)
    everywhere = _hook(server)
    _, key = make_user(server, "Project Lead")
    assert server.code(CREATE, key, d=_data()) == "AUTHORIZATION_ERROR"
    own = _hook(server, project, key)
    assert server.graphql(OF_PROJECT, key, p=project)["project"]["webhooks"] == [
        {"id": own, "deliveries": []}
    ]
    seen = [hook["id"] for hook in server.graphql(OF_ORGANIZATION, key)["organization"]["webhooks"]]
    assert own in seen and everywhere not in seen
    assert server.code(UPDATE, key, w=everywhere, d={"status": "INACTIVE"}) == "AUTHORIZATION_ERROR"
    assert _status(server, everywhere) == "ACTIVE"


def test_a_member_leads_only_the_own_project(server: RunningServer) -> None:
    mine, other = make_project(server), make_project(server)
    user, key = make_user(server, "None")
    _give_role(server, mine, user, "Project Lead")
    own, foreign = _hook(server, mine, key), _hook(server, other)
    assert server.code(CREATE, key, d=_data(other)) == "RESOURCE_NOT_FOUND"
    assert server.code(UPDATE, key, w=foreign, d={"status": "INACTIVE"}) == "RESOURCE_NOT_FOUND"
    assert [hook["id"] for hook in server.graphql(OF_PROJECT, key, p=mine)["project"]["webhooks"]] == [own]
    _give_role(server, mine, user, "Labeler")
    assert server.graphql(OF_PROJECT, key, p=mine)["project"]["webhooks"] == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"topics": {"set": []}}, "topic"),
        ({"url": "  "}, "url"),
        ({"url": "ftp://example.com"}, "ftp://example.com"),
        ({"url": "https://"}, "https://"),
        ({"url": "https://example.com/" + "x" * 5000}, "4000"),
        ({"secret": ""}, "secret"),
    ],
)
def test_bad_values_are_refused(server: RunningServer, more: dict[str, Any], words: str) -> None:
    project = make_project(server)
    (error,) = server.answer(CREATE, d=_data(project, **more))["errors"]
    assert error["extensions"]["code"] == "MALFORMED_REQUEST"
    assert words in error["message"]
    assert server.graphql(OF_PROJECT, p=project)["project"]["webhooks"] == []
    if "secret" not in more:
        hook = _hook(server, project)
        assert server.code(UPDATE, w=hook, d=more) == "MALFORMED_REQUEST"


def test_an_unknown_project_or_webhook_is_not_found(server: RunningServer) -> None:
    assert server.code(CREATE, d=_data("c" + "0" * 24)) == "RESOURCE_NOT_FOUND"
    assert server.code(UPDATE, w="c" + "0" * 24, d={"status": "INACTIVE"}) == "RESOURCE_NOT_FOUND"
    resend = "mutation($d: ID!) { resendWebhookDelivery(where: {id: $d}) { id } }"
    assert server.code(resend, d="c" + "0" * 24) == "RESOURCE_NOT_FOUND"


def test_its_project_cannot_be_changed(server: RunningServer) -> None:
    first, second = make_project(server), make_project(server)
    hook = _hook(server, first)
    assert server.code(UPDATE, w=hook, d={"project": {"connect": {"id": second}}}) == "OPERATION_NOT_ALLOWED"


def test_topics_without_commas_in_the_text(server: RunningServer) -> None:
    made = server.graphql(
        "mutation { createWebhook(data: {topics: {set: [LABEL_CREATED REVIEW_UPDATED LABEL_CREATED]},"
        ' url: "https://example.com", secret: "s"}) { id topics } }'
    )["createWebhook"]
    assert made["topics"] == ["LABEL_CREATED", "REVIEW_UPDATED"]
    changed = server.graphql(
        f'mutation {{ updateWebhook(where: {{id: "{made["id"]}"}} data: {{topics: {{set: [WORKFLOW_ACTION]}},'
        " status: INACTIVE}) { topics status } }"
    )["updateWebhook"]
    assert changed == {"topics": ["WORKFLOW_ACTION"], "status": "INACTIVE"}


def test_listings_filter_and_order(server: RunningServer) -> None:
    project = make_project(server)
    made = [
        _hook(server, project, topics={"set": topics}, url=f"https://example.com/{name}")
        for name, topics in (("b", ["LABEL_CREATED"]), ("a", ["LABEL_DELETED", "LABEL_CREATED"]))
    ]
    listing = """query($p: ID!, $t: String!, $u: String!) { project(where: {id: $p}) {
      about: webhooks(where: {topics: $t}) { id } named: webhooks(where: {url: $u}) { id }
      ordered: webhooks(orderBy: url_ASC) { id } on: webhooks(where: {status: ACTIVE}) { id }
      second: webhooks(skip: 1, first: 1) { id } } }"""
    found = server.graphql(listing, p=project, t="LABEL_DELETED", u="https://example.com/b")["project"]
    ids = {name: [hook["id"] for hook in hooks] for name, hooks in found.items()}
    assert ids == {
        "about": made[1:],
        "named": made[:1],
        "ordered": made[::-1],
        "on": made,
        "second": made[1:],
    }


def test_a_deleted_project_has_its_webhooks_revoked(server: RunningServer, receiver: Receiver) -> None:
    project, rows, _ = make_label_project(server, 1)
    receiver.answers = [500]
    hook = _hook(server, project, url=receiver.url)
    submit(server, project, rows[0])
    receiver.wait(1)
    server.graphql(
        "mutation($p: ID!) { updateProject(where: {id: $p}, data: {deleted: true}) { id } }", p=project
    )
    assert _status(server, hook) == "REVOKED"
    found = server.graphql(
        "query($w: ID!) { webhook(where: {id: $w}) { revokedBecause project { id } deliveries { state } } }",
        w=hook,
    )["webhook"]
    assert (found["revokedBecause"], found["project"]) == ("The project was deleted.", None)


def test_a_removed_member_s_webhooks_are_revoked(server: RunningServer, receiver: Receiver) -> None:
    project, rows, _ = make_label_project(server, 1)
    user, key = make_user(server, "Admin")
    hook = _hook(server, project, key, url=receiver.url)
    server.graphql("mutation($u: ID!) { updateUser(where: {id: $u}, data: {deleted: true}) { id } }", u=user)
    submit(server, project, rows[0])
    deadline = time.monotonic() + 10
    while _status(server, hook) != "REVOKED":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert receiver.arrived == []


def test_the_secret_is_nowhere_in_the_schema_or_the_log(
    server: RunningServer, receiver: Receiver, database: psycopg.Connection[Any]
) -> None:
    project, rows, _ = make_label_project(server, 1)
    hook = _hook(server, project, url=receiver.url, secret="never to be seen")
    submit(server, project, rows[0])
    receiver.wait(1)
    fields = server.graphql('{ __type(name: "Webhook") { fields { name } } }')["__type"]["fields"]
    assert "secret" not in [entry["name"] for entry in fields]
    kept = database.execute(
        "SELECT count(*) FROM webhook_deliveries AS d WHERE d.webhook_id = %s AND d::text LIKE %s",
        (hook, "%never to be seen%"),
    ).fetchone()
    assert kept == (0,)
    log = (Path(server.process.data_dir) / "server.log").read_text()
    assert "never to be seen" not in log


def test_another_organization_s_webhook_looks_like_a_missing_one(
    server: RunningServer, database: psycopg.Connection[Any]
) -> None:
    foreign = "c" + "f" * 24
    database.execute(
        "INSERT INTO webhooks (organization_id, id, url, topics, secret, created_by)"
        " VALUES ('another', %s, 'https://example.com', '{LABEL_CREATED}', 's', 'nobody')",
        (foreign,),
    )
    assert server.code(UPDATE, w=foreign, d={"status": "INACTIVE"}) == "RESOURCE_NOT_FOUND"
    assert server.graphql("query($w: ID!) { webhook(where: {id: $w}) { id } }", w=foreign)["webhook"] is None
    assert foreign not in [hook["id"] for hook in server.graphql(OF_ORGANIZATION)["organization"]["webhooks"]]


def test_every_topic_has_somebody_who_describes_it() -> None:
    assert worker.handlers()
    assert set(payloads._describers) == set(Topic)


def test_pauses_grow_with_jitter_and_end() -> None:
    assert [rules.pause_after(n, 0.5) for n in range(1, 8)] == [10, 60, 300, 1800, 7200, 43200, None]
    assert (rules.pause_after(1, 0.0), rules.pause_after(1, 1.0)) == (9.0, 11.0)
    assert [rules.is_success(status) for status in (199, 200, 299, 300, 500)] == [
        False,
        True,
        True,
        False,
        False,
    ]
