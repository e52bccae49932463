"""Deliveries: order, retries, the log, and when a webhook is switched off by the server."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import psycopg
import pytest

from conftest import RunningServer
from factories import make_label_project, make_user, submit
from labelyard.plumbing.database import Database
from labelyard.webhooks import delivery_queries
from receiver import Receiver

CREATE = "mutation($d: CreateWebhookInput!) { createWebhook(data: $d) { id status topics url } }"
UPDATE = (
    "mutation($w: ID!, $d: UpdateWebhookInput!) { updateWebhook(where: {id: $w}, data: $d) { id status } }"
)
LOG = """query($w: ID!) { webhook(where: {id: $w}) { status revokedBecause deliveries { id topic objectId state attempts
  createdAt lastAttemptAt nextAttemptAt requestHeaders requestBody responseStatus responseHeaders responseBody error } } }"""
RESEND = "mutation($d: ID!) { resendWebhookDelivery(where: {id: $d}) { id state webhook { id } } }"
LABEL = "mutation($d: CreateLabelInput!) { createLabel(data: $d) { id } }"


def _hook(server: RunningServer, project: str | None, url: str, topics: list[str] | None = None) -> str:
    data: dict[str, Any] = {"topics": {"set": topics or ["LABEL_CREATED"]}, "url": url, "secret": "s"}
    if project:
        data["project"] = {"id": project}
    hook: str = server.graphql(CREATE, d=data)["createWebhook"]["id"]
    return hook


def _label(server: RunningServer, project: str, row: str, text: str = "x", key: str | None = None) -> str:
    data = {"project": {"connect": {"id": project}}, "dataRow": {"connect": {"id": row}}, "label": text}
    label: str = server.graphql(LABEL, key, d=data)["createLabel"]["id"]
    return label


def _hook_with_log(server: RunningServer, hook: str) -> dict[str, Any]:
    found: dict[str, Any] = server.graphql(LOG, w=hook)["webhook"]
    return found


def _until(server: RunningServer, hook: str, states: list[str], seconds: float = 15) -> list[dict[str, Any]]:
    """The log, newest first, once its states are these."""
    deadline = time.monotonic() + seconds
    while True:
        log: list[dict[str, Any]] = _hook_with_log(server, hook)["deliveries"]
        if [entry["state"] for entry in log] == states and all(entry["attempts"] for entry in log):
            return log
        assert time.monotonic() < deadline, [(entry["state"], entry["error"]) for entry in log]
        time.sleep(0.05)


def _let_pass(database: psycopg.Connection[Any], hook: str, span: str) -> None:
    """Everything about the webhook's deliveries was so much earlier."""
    database.execute(
        "UPDATE webhook_deliveries SET next_attempt_at = next_attempt_at - %(span)s::interval,"
        " first_attempt_at = first_attempt_at - %(span)s::interval WHERE webhook_id = %(hook)s",
        {"span": span, "hook": hook},
    )


def test_the_log_shows_what_was_sent_and_answered(server: RunningServer, receiver: Receiver) -> None:
    project, rows, _ = make_label_project(server, 1)
    hook = _hook(server, project, receiver.url)
    label = _label(server, project, rows[0])
    (arrived,) = receiver.wait(1)
    (entry,) = _until(server, hook, ["DELIVERED"])
    assert (entry["topic"], entry["objectId"], entry["attempts"]) == ("LABEL_CREATED", label, 1)
    assert entry["id"] == arrived.headers["X-Labelbox-Id"]
    assert entry["requestBody"].encode() == arrived.body
    assert entry["requestHeaders"]["X-Hub-Signature"] == arrived.headers["X-Hub-Signature"]
    assert (entry["responseStatus"], entry["responseBody"]) == (200, '{"heard": true}')
    assert entry["responseHeaders"]["Content-Length"] == "15"
    assert entry["lastAttemptAt"] >= entry["createdAt"]
    assert (entry["error"], entry["nextAttemptAt"]) == (None, None)


def test_events_keep_their_order_while_a_failed_one_is_retried(
    server: RunningServer, receiver: Receiver, database: psycopg.Connection[Any]
) -> None:
    project, rows, _ = make_label_project(server, 1)
    receiver.answers = [500, 200]
    hook = _hook(server, project, receiver.url)
    labels = [_label(server, project, rows[0], str(n)) for n in range(3)]
    receiver.wait(1)
    receiver.stays_at(1)
    log = _until_first_failed(server, hook)
    assert (log[2]["objectId"], log[2]["attempts"], log[2]["responseStatus"]) == (labels[0], 1, 500)
    assert [entry["attempts"] for entry in log[:2]] == [0, 0]
    assert "500" in log[2]["error"]
    _let_pass(database, hook, "12 seconds")
    arrived = receiver.wait(4)
    assert [entry.payload["id"] for entry in arrived] == [labels[0], *labels]
    assert arrived[0].headers["X-Labelbox-Id"] == arrived[1].headers["X-Labelbox-Id"]
    assert [entry.headers["X-Hub-Delivery-Attempt"] for entry in arrived] == ["1", "2", "1", "1"]
    _until(server, hook, ["DELIVERED"] * 3)


def _until_first_failed(server: RunningServer, hook: str) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 10
    while True:
        log: list[dict[str, Any]] = _hook_with_log(server, hook)["deliveries"]
        if log and log[-1]["attempts"]:
            return log
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_retry_comes_by_itself_after_ten_seconds(server: RunningServer, receiver: Receiver) -> None:
    project, rows, _ = make_label_project(server, 1)
    receiver.answers = [503, 204]
    hook = _hook(server, project, receiver.url)
    _label(server, project, rows[0])
    first, second = receiver.wait(2)
    assert 8.5 <= second.moment - first.moment <= 13.5
    (entry,) = _until(server, hook, ["DELIVERED"])
    assert (entry["attempts"], entry["responseStatus"]) == (2, 204)


def test_after_a_minute_a_failing_event_is_parked(
    server: RunningServer, receiver: Receiver, database: psycopg.Connection[Any]
) -> None:
    project, rows, _ = make_label_project(server, 1)
    receiver.answers = [500, 500, 200]
    hook = _hook(server, project, receiver.url)
    parked, free = (_label(server, project, rows[0], str(n)) for n in range(2))
    receiver.wait(1)
    _until_first_failed(server, hook)
    _let_pass(database, hook, "11 seconds")
    receiver.wait(2)
    receiver.stays_at(2)
    database.execute(
        "UPDATE webhook_deliveries SET first_attempt_at = first_attempt_at - interval '1 minute'"
        " WHERE webhook_id = %s",
        (hook,),
    )
    arrived = receiver.wait(3)
    assert [entry.payload["id"] for entry in arrived] == [parked, parked, free]
    states = {entry["objectId"]: entry["state"] for entry in _hook_with_log(server, hook)["deliveries"]}
    assert states[parked] == "WAITING"
    _let_pass(database, hook, "2 minutes")
    assert receiver.wait(4)[3].payload["id"] == parked
    _until(server, hook, ["DELIVERED"] * 2)


def test_after_the_sixth_retry_it_has_failed_and_can_be_sent_again(
    server: RunningServer, receiver: Receiver, database: psycopg.Connection[Any]
) -> None:
    project, rows, _ = make_label_project(server, 1)
    receiver.answers = [404]
    hook = _hook(server, project, receiver.url)
    _label(server, project, rows[0])
    for attempt, pause in enumerate(("11 s", "66 s", "330 s", "33 min", "132 min", "13.2 hours"), start=1):
        receiver.wait(attempt)
        deadline = time.monotonic() + 5
        while _hook_with_log(server, hook)["deliveries"][0]["attempts"] < attempt:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        _let_pass(database, hook, pause)
    (entry,) = _until(server, hook, ["FAILED"])
    assert entry["attempts"] == len(receiver.arrived) == 7
    receiver.answers = [200]
    again = server.graphql(RESEND, d=entry["id"])["resendWebhookDelivery"]
    assert again == {"id": entry["id"], "state": "WAITING", "webhook": {"id": hook}}
    assert receiver.wait(8)[7].headers["X-Labelbox-Id"] == entry["id"]
    _until(server, hook, ["DELIVERED"])
    server.graphql(UPDATE, w=hook, d={"status": "INACTIVE"})
    assert server.code(RESEND, d=entry["id"]) == "OPERATION_NOT_ALLOWED"


def test_three_days_of_only_failures_revoke_it(
    server: RunningServer, receiver: Receiver, database: psycopg.Connection[Any]
) -> None:
    project, rows, _ = make_label_project(server, 1)
    receiver.answers = [500]
    hook = _hook(server, project, receiver.url)
    _label(server, project, rows[0])
    receiver.wait(1)
    _until_first_failed(server, hook)
    assert _hook_with_log(server, hook)["status"] == "ACTIVE"
    database.execute(
        "UPDATE webhooks SET failing_since = failing_since - interval '3 days' WHERE id = %s", (hook,)
    )
    _let_pass(database, hook, "11 seconds")
    _until(server, hook, ["CANCELED"])
    found = _hook_with_log(server, hook)
    assert (found["status"], found["revokedBecause"]) == (
        "REVOKED",
        "Its receiver has answered nothing but failures for 3 days.",
    )
    _, lead = make_user(server, "Project Lead")
    assert server.code(UPDATE, lead, w=hook, d={"status": "ACTIVE"}) == "AUTHORIZATION_ERROR"
    server.graphql(UPDATE, w=hook, d={"status": "ACTIVE"})
    assert _hook_with_log(server, hook)["revokedBecause"] is None
    receiver.stays_at(2)


def test_one_success_starts_the_three_days_anew(
    server: RunningServer, receiver: Receiver, database: psycopg.Connection[Any]
) -> None:
    project, rows, _ = make_label_project(server, 1)
    receiver.answers = [500, 200, 500]
    hook = _hook(server, project, receiver.url)
    _label(server, project, rows[0])
    receiver.wait(1)
    _until_first_failed(server, hook)
    _let_pass(database, hook, "11 seconds")
    _until(server, hook, ["DELIVERED"])
    found = database.execute("SELECT failing_since FROM webhooks WHERE id = %s", (hook,)).fetchone()
    assert found == (None,)


def test_what_waits_when_it_is_switched_off_is_never_sent(
    server: RunningServer, receiver: Receiver, database: psycopg.Connection[Any]
) -> None:
    project, rows, _ = make_label_project(server, 1)
    receiver.answers = [500, 200]
    hook = _hook(server, project, receiver.url)
    for text in ("tried", "waiting"):
        _label(server, project, rows[0], text)
    receiver.wait(1)
    _until_first_failed(server, hook)
    server.graphql(UPDATE, w=hook, d={"status": "INACTIVE"})
    server.graphql(UPDATE, w=hook, d={"status": "ACTIVE"})
    _let_pass(database, hook, "1 hour")
    receiver.stays_at(1)
    assert [entry["state"] for entry in _hook_with_log(server, hook)["deliveries"]] == ["CANCELED"] * 2


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [(302, {"Location": "/elsewhere"}, "302"), (401, {}, "401")],
    ids=["redirect", "refusal"],
)
def test_only_2xx_is_taken(
    server: RunningServer, receiver: Receiver, status: int, headers: dict[str, str], words: str
) -> None:
    project, rows, _ = make_label_project(server, 1)
    receiver.answers, receiver.headers = [status], headers
    hook = _hook(server, project, receiver.url)
    _label(server, project, rows[0])
    receiver.wait(1)
    (entry,) = _until_first_failed(server, hook)
    assert (entry["state"], entry["responseStatus"]) == ("WAITING", status)
    assert words in entry["error"]
    assert [arrived.path for arrived in receiver.arrived] == ["/"]


def test_a_silent_receiver_is_given_up_after_ten_seconds(server: RunningServer, receiver: Receiver) -> None:
    project, rows, _ = make_label_project(server, 1)
    receiver.hold = lambda: time.sleep(12)
    hook = _hook(server, project, receiver.url)
    _label(server, project, rows[0])
    deadline = time.monotonic() + 16
    while not (entry := _hook_with_log(server, hook)["deliveries"][0])["attempts"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert (entry["responseStatus"], entry["state"]) == (None, "WAITING")
    assert "did not answer within 10 seconds" in entry["error"]


def test_private_addresses_are_refused_when_made_and_when_sent(
    server: RunningServer, receiver: Receiver, database: psycopg.Connection[Any]
) -> None:
    project, rows, _ = make_label_project(server, 1)
    port = receiver.url.rpartition(":")[2]
    for url in (f"http://127.128.0.1:{port}", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/"):
        data = {"project": {"id": project}, "topics": {"set": ["LABEL_CREATED"]}, "url": url, "secret": "s"}
        assert server.code(CREATE, d=data) == "MALFORMED_REQUEST", url
    hook = _hook(server, project, "http://example.com/")
    database.execute("UPDATE webhooks SET url = %s WHERE id = %s", (f"http://127.128.0.1:{port}", hook))
    _label(server, project, rows[0])
    (entry,) = _until_first_failed(server, hook)
    assert "LABELYARD_FETCH_ALLOW" in entry["error"]
    assert (entry["responseStatus"], receiver.arrived) == (None, [])


def test_a_slow_receiver_does_not_hold_up_others(server: RunningServer, receiver: Receiver) -> None:
    project, rows, _ = make_label_project(server, 1)
    other, other_rows, _ = make_label_project(server, 1)
    _hook(server, project, f"{receiver.url}/slow")
    _hook(server, other, f"{receiver.url}/quick")
    receiver.hold = lambda: time.sleep(0.5)
    for number in range(40):
        _label(server, project, rows[0], str(number))
    receiver.wait(1)
    begun = time.monotonic()
    _label(server, other, other_rows[0])
    while "/quick" not in [entry.path for entry in receiver.arrived]:
        assert time.monotonic() - begun < 9
        time.sleep(0.05)
    assert len(receiver.arrived) < 40


def test_skips_and_submissions_are_labels_made(server: RunningServer, receiver: Receiver) -> None:
    project, rows, _ = make_label_project(server, 2)
    _hook(server, project, receiver.url)
    submitted = submit(server, project, rows[0])["id"]
    data = {"projectId": project, "dataRowId": rows[1], "secondsToLabel": 1.0}
    skipped = server.graphql("mutation($d: SkipDataRowInput!) { skipDataRow(data: $d) { id } }", d=data)[
        "skipDataRow"
    ]["id"]
    arrived = receiver.wait(2)
    assert [(entry.payload["id"], entry.topic) for entry in arrived] == [
        (submitted, "LABEL_CREATED"),
        (skipped, "LABEL_CREATED"),
    ]
    assert arrived[1].payload["label"] == "Skip"


def test_a_mutation_that_fails_tells_nobody(server: RunningServer, receiver: Receiver) -> None:
    project, rows, _ = make_label_project(server, 1)
    _hook(server, project, receiver.url)
    both = """mutation($d: CreateLabelInput!, $bad: CreateLabelInput!) { createLabel(data: $d) { id }
      second: createLabel(data: $bad) { id } }"""
    good = {"project": {"connect": {"id": project}}, "dataRow": {"connect": {"id": rows[0]}}, "label": "x"}
    assert server.code(both, d=good, bad={**good, "dataRow": {"connect": {"id": "nowhere"}}}) == (
        "RESOURCE_NOT_FOUND"
    )
    receiver.stays_at(0)


def test_the_log_is_kept_for_a_month(
    server: RunningServer, receiver: Receiver, database: psycopg.Connection[Any]
) -> None:
    project, rows, _ = make_label_project(server, 1)
    hook = _hook(server, project, receiver.url)
    for number in range(3):
        _label(server, project, rows[0], str(number))
    old, waiting, young = (entry["id"] for entry in reversed(_until(server, hook, ["DELIVERED"] * 3)))
    database.execute(
        "UPDATE webhook_deliveries SET created_at = now() - interval '31 days' WHERE id = ANY(%s)",
        ([old, waiting],),
    )
    database.execute(
        "UPDATE webhook_deliveries SET state = 'WAITING', next_attempt_at = now() + interval '1 day' WHERE id = %s",
        (waiting,),
    )
    asyncio.run(_clean(str(database.info.dsn)))
    left = {entry["id"] for entry in _hook_with_log(server, hook)["deliveries"]}
    assert left == {waiting, young}


async def _clean(dsn: str) -> None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        assert await delivery_queries.delete_old(Database(connection), "30 days", 1) == 1
        assert await delivery_queries.delete_old(Database(connection), "30 days", 1) == 0
