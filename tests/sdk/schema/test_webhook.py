"""Webhook: R-WH-06 to R-WH-21."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import labelbox as lb

UID = "c" + "1" * 24
SECRET = 'quoted "secret" \\ and }'


@pytest.fixture
def found(values: Callable[..., Any]) -> Any:
    return values(lb.Webhook, UID, topics=["LABEL_CREATED"], status="ACTIVE", url="https://a.b")


def test_R_WH_10_11_members_are_texts() -> None:
    assert lb.Webhook.ACTIVE == lb.Webhook.Status.ACTIVE.value == "ACTIVE"
    assert {topic.value for topic in lb.Webhook.Topic} == {
        *("LABEL_CREATED", "LABEL_UPDATED", "LABEL_DELETED"),
        *("REVIEW_CREATED", "REVIEW_UPDATED", "REVIEW_DELETED"),
        "WORKFLOW_ACTION",
    }
    assert {status.value for status in lb.Webhook.Status} == {"ACTIVE", "INACTIVE", "REVOKED"}


def test_R_WH_12_16_create(server: Any, client: lb.Client, values: Callable[..., Any], found: Any) -> None:
    server.on("CreateWebhook", {"createWebhook": found})
    project = lb.Project(client, values(lb.Project, UID))
    topics: list[Any] = [lb.Webhook.LABEL_CREATED, lb.Webhook.Topic.REVIEW_DELETED]
    hook = lb.Webhook.create(client, topics, "https://a.b", SECRET, project)
    assert (hook.topics, hook.status) == (["LABEL_CREATED"], "ACTIVE")
    lb.Webhook.create(client, topics=topics, url="https://a.b", secret=SECRET, project=None)
    with_project, without = (call["data"] for call in server.calls("CreateWebhook"))
    assert with_project == {
        "topics": {"set": ["LABEL_CREATED", "REVIEW_DELETED"]},
        "url": "https://a.b",
        "secret": SECRET,
        "project": {"id": UID},
    }
    assert "project" not in without


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"topics": ["LABEL_EATEN"]}, ValueError, "LABEL_EATEN"),
    ({"topics": "LABEL_CREATED"}, TypeError, "list"),
    ({"topics": None}, TypeError, "list"),
    ({"topics": []}, ValueError, "topic"),
    ({"url": ""}, ValueError, "url"),
    ({"secret": ""}, ValueError, "secret"),
]


@pytest.mark.parametrize(("given", "expected", "text"), WRONG)
def test_R_WH_13_17_wrong_values(
    server: Any, client: lb.Client, given: dict[str, Any], expected: type[Exception], text: str
) -> None:
    right: dict[str, Any] = {"topics": ["LABEL_CREATED"], "url": "u", "secret": "s", "project": None}
    with pytest.raises(expected, match=text):
        lb.Webhook.create(client, **{**right, **given})
    assert server.requests == []


def test_R_WH_18_to_21_update_and_delete(server: Any, client: lb.Client, found: Any) -> None:
    hook = lb.Webhook(client, found)
    server.on("UpdateWebhook", {"updateWebhook": {**found, "status": "REVOKED"}})
    hook.update(topics=[lb.Webhook.LABEL_UPDATED], url="https://c.d")
    hook.update(status=lb.Webhook.REVOKED)
    assert hook.status == "REVOKED"
    hook.delete()
    assert [call["data"] for call in server.calls("UpdateWebhook")] == [
        {"topics": {"set": ["LABEL_UPDATED"]}, "url": "https://c.d"},
        {"status": "REVOKED"},
        {"status": "INACTIVE"},
    ]
    with pytest.raises(ValueError, match="ASLEEP"):
        hook.update(status="ASLEEP")
