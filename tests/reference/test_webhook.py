"""Webhook, as the API reference describes it, with a real receiver."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3

import labelbox as lb
from conftest import RunningServer
from labelbox import Webhook
from receiver import Receiver, receiving
from reference import clients

TOPICS = [
    getattr(Webhook, name, name)  # from 3.x on the published clients have no names for reviews
    for name in (
        "LABEL_CREATED",
        "LABEL_UPDATED",
        "LABEL_DELETED",
        "REVIEW_CREATED",
        "REVIEW_UPDATED",
        "REVIEW_DELETED",
    )
]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who listens."""
    with receiving() as made:
        yield made


def _label(project: lb.Project, dataset: lb.Dataset, text: str = "a car") -> lb.Label:
    return clients.make_label(project, next(iter(dataset.data_rows())), text, 2.5)


def test_R_WH_01_R_WH_03_R_WH_04_R_WH_05_R_WH_06_R_WH_07_created(
    client: lb.Client, project: lb.Project, receiver: Receiver
) -> None:
    topics = [clients.word(Webhook.Topic.LABEL_CREATED), Webhook.LABEL_DELETED]
    made = Webhook.create(client, topics, receiver.url, "secret", project)
    assert isinstance(made, Webhook)
    assert isinstance(made.created_at, datetime) and isinstance(made.updated_at, datetime)
    assert (made.url, made.topics, made.status) == (
        receiver.url,
        ["LABEL_CREATED", "LABEL_DELETED"],
        "ACTIVE",
    )
    assert made.created_by().uid == client.get_user().uid
    assert made.organization().uid == client.get_organization().uid
    assert made.project().uid == project.uid


def test_R_WH_02_both_scopes_fire(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    own = Webhook.create(client, [Webhook.LABEL_CREATED], f"{receiver.url}/project", "s", ready)
    everywhere = Webhook.create(client, [Webhook.LABEL_CREATED], f"{receiver.url}/organization", "s", None)
    label = _label(ready, dataset)
    arrived = receiver.wait(2)
    assert {entry.path: entry.payload["id"] for entry in arrived} == {
        "/project": label.uid,
        "/organization": label.uid,
    }
    assert arrived[0].headers["X-Labelbox-Id"] != arrived[1].headers["X-Labelbox-Id"]
    everywhere.delete()
    own.delete()


def test_R_WH_08_R_WH_11_each_topic_is_accepted_and_fired_once_per_event(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    hook = Webhook.create(client, TOPICS, receiver.url, "s", ready)
    assert hook.topics == TOPICS
    label = _label(ready, dataset)
    label.update(label="two cars")
    review = label.create_review(score=1.0)
    review.update(score=-1.0)
    review.delete()
    label.delete()
    arrived = receiver.wait(6)
    assert [entry.topic for entry in arrived] == [
        "LABEL_CREATED",
        "LABEL_UPDATED",
        "REVIEW_CREATED",
        "REVIEW_UPDATED",
        "REVIEW_DELETED",
        "LABEL_DELETED",
    ]
    receiver.stays_at(6)
    ids = [label.uid, label.uid, review.uid, review.uid, review.uid, label.uid]
    assert [entry.payload["id"] for entry in arrived] == ids
    assert len({entry.headers["X-Labelbox-Id"] for entry in arrived}) == 6


def test_R_WH_08_bulk_deletion_is_one_event_per_label(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    labels = [clients.make_label(ready, row, "x") for row in dataset.data_rows()]
    Webhook.create(client, [Webhook.LABEL_DELETED], receiver.url, "s", ready)
    lb.Label.bulk_delete(labels)
    arrived = receiver.wait(len(labels))
    assert sorted(entry.payload["id"] for entry in arrived) == sorted(label.uid for label in labels)
    assert all(entry.payload["deleted"] for entry in arrived)


def test_R_WH_09_R_WH_10_R_WH_21_only_an_active_hook_delivers(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    assert (Webhook.ACTIVE, Webhook.INACTIVE, Webhook.REVOKED) == ("ACTIVE", "INACTIVE", "REVOKED")
    hook = Webhook.create(client, [Webhook.LABEL_CREATED], receiver.url, "s", ready)
    for status in (Webhook.INACTIVE, clients.word(Webhook.Status.REVOKED)):
        hook.update(status=status)
        (found,) = ready.webhooks()
        assert found.status == hook.status == getattr(status, "value", status)
        _label(ready, dataset, "nobody hears")
    receiver.stays_at(0)
    hook.update(status=Webhook.ACTIVE)
    assert hook.status == "ACTIVE"
    label = _label(ready, dataset, "somebody hears")
    assert [entry.payload["id"] for entry in receiver.wait(1)] == [label.uid]


def test_R_WH_12_R_WH_14_R_WH_15_a_signed_post_arrives_at_the_url(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    Webhook.create(client, [Webhook.LABEL_CREATED], f"{receiver.url}/hook?team=1", "täglich", ready)
    label = _label(ready, dataset)
    (arrived,) = receiver.wait(1)
    assert arrived.path == "/hook?team=1"
    sent = arrived.headers
    key = "täglich".encode()
    assert sent["X-Hub-Signature"] == "sha1=" + hmac.new(key, arrived.body, hashlib.sha1).hexdigest()
    assert sent["X-Hub-Signature-256"] == "sha256=" + hmac.new(key, arrived.body, hashlib.sha256).hexdigest()
    assert (sent["Content-Type"], sent["X-Labelbox-Event"]) == ("application/json", "LABEL_CREATED")
    assert re.fullmatch(r"[a-z0-9]{25}", sent["X-Labelbox-Id"])
    assert sent["X-Hub-Delivery-Attempt"] == "1"
    payload = arrived.payload
    row = next(iter(dataset.data_rows()))
    assert set(payload) == {
        "id",
        "createdAt",
        "updatedAt",
        "secondsToLabel",
        "label",
        "agreement",
        "benchmarkAgreement",
        "deleted",
        "project",
        "dataRow",
        "dataset",
        "user",
    }
    assert (payload["id"], payload["label"], payload["secondsToLabel"]) == (label.uid, "a car", 2.5)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", payload["createdAt"])
    assert (payload["agreement"], payload["benchmarkAgreement"], payload["deleted"]) == (None, None, False)
    assert (payload["project"]["id"], payload["project"]["name"]) == (ready.uid, "streets")
    assert (payload["dataRow"]["id"], payload["dataRow"]["externalId"]) == (row.uid, row.external_id)
    assert payload["dataRow"]["rowData"] == row.row_data
    assert payload["dataset"]["id"] == dataset.uid
    assert payload["user"] == {"id": client.get_user().uid, "email": client.get_user().email}


def test_R_WH_12_the_label_is_a_string_of_the_legacy_document(
    client: lb.Client, server: RunningServer, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    Webhook.create(client, [Webhook.LABEL_CREATED], receiver.url, "s", ready)
    row = next(iter(dataset.data_rows()))
    box = {"top": 10, "left": 20, "height": 30, "width": 40}
    document = {"objects": [{"name": "Car", "bounding_box": box}], "classifications": [], "relationships": []}
    submit = "mutation($d: SubmitLabelInput!) { submitLabel(data: $d) { id label } }"
    data = {"projectId": ready.uid, "dataRowId": row.uid, "annotations": document, "secondsToLabel": 1.0}
    made = server.graphql(submit, d=data)["submitLabel"]
    (arrived,) = receiver.wait(1)
    (car,) = json.loads(arrived.payload["label"])["objects"]
    assert (car["title"], car["bbox"]) == ("Car", box)
    assert car["instanceURI"].startswith(f"{server.url}/")
    assert json.loads(made["label"])["objects"][0]["featureId"] == car["featureId"]


def test_R_WH_14_an_uploaded_asset_is_a_signed_address(
    client: lb.Client,
    server: RunningServer,
    project: lb.Project,
    served: tuple[Path, str],
    receiver: Receiver,
) -> None:
    picture = next(iter(sorted(served[0].glob("*.jpg"))))
    dataset = client.create_dataset(name="uploaded")
    row = dataset.create_data_row(row_data=str(picture))
    Webhook.create(client, [Webhook.LABEL_CREATED], receiver.url, "s", project)
    clients.make_label(project, row, "x")
    address = receiver.wait(1)[0].payload["dataRow"]["rowData"]
    assert address.startswith(f"{server.url}/")
    assert urllib3.request("GET", address).data == picture.read_bytes()


def test_R_WH_08_an_import_is_one_event_per_label(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    Webhook.create(client, [Webhook.LABEL_CREATED, Webhook.WORKFLOW_ACTION], receiver.url, "s", ready)
    rows = list(dataset.data_rows())
    lines = [
        {
            "uuid": str(uuid.uuid4()),
            "dataRow": {"id": row.uid},
            "name": "Weather",
            "answer": {"name": "sunny"},
        }
        for row in rows
    ]
    job = lb.LabelImport.create_from_objects(client, ready.uid, "labels", lines)
    job.wait_until_done(sleep_time_seconds=1)
    arrived = receiver.wait(2 * len(rows))
    made = [entry.payload for entry in arrived if entry.topic == "LABEL_CREATED"]
    moves = [entry.payload for entry in arrived if entry.topic == "WORKFLOW_ACTION"]
    assert {payload["id"] for payload in made} == {label.uid for label in ready.labels()}
    assert {payload["dataRow"]["id"] for payload in moves} == {row.uid for row in rows}
    (weather,) = json.loads(made[0]["label"])["classifications"]
    assert (weather["title"], weather["answer"]["title"]) == ("Weather", "sunny")
    receiver.stays_at(2 * len(rows))


def test_R_WH_13_R_WH_17_bad_topics(client: lb.Client, server: RunningServer, project: lb.Project) -> None:
    for topics in ("LABEL_CREATED", None, 5):
        with pytest.raises(clients.refusal(TypeError, ValueError)):
            Webhook.create(client, topics, "https://example.com", "s", project)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"LABEL_EATEN.*LABEL_CREATED"):
        Webhook.create(client, ["LABEL_EATEN"], "https://example.com", "s", project)
    with pytest.raises(clients.refusal(ValueError, lb.exceptions.LabelboxError)):
        Webhook.create(client, [], "https://example.com", "s", project)
    document = 'mutation { createWebhook(data: {topics: {set: [LABEL_EATEN]} url: "https://example.com" secret: "s"}) { id } }'
    assert server.code(document) == "GRAPHQL_VALIDATION_FAILED"
    assert list(project.webhooks()) == []


def test_R_WH_16_without_a_project_every_project_is_heard(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    other = clients.new_project(client, "another")
    hook = Webhook.create(client, [Webhook.LABEL_CREATED], receiver.url, "s", None)
    assert hook.project() is None
    expected = {ready.uid: _label(ready, dataset).uid, other.uid: _label(other, dataset).uid}
    arrived = receiver.wait(2)
    assert {entry.payload["project"]["id"]: entry.payload["id"] for entry in arrived} == expected
    hook.delete()


def test_R_WH_18_delete_switches_it_off(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    hook = Webhook.create(client, [Webhook.LABEL_CREATED], receiver.url, "s", ready)
    _label(ready, dataset)
    receiver.wait(1)
    hook.delete()
    assert hook.status == "INACTIVE"
    assert [(found.uid, found.status) for found in ready.webhooks()] == [(hook.uid, "INACTIVE")]
    _label(ready, dataset, "unheard")
    receiver.stays_at(1)


def test_R_WH_19_R_WH_20_only_what_is_given_changes(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    hook = Webhook.create(client, [Webhook.LABEL_CREATED], f"{receiver.url}/old", "s", ready)
    hook.update(url=f"{receiver.url}/new")
    assert (hook.url, hook.topics, hook.status) == (f"{receiver.url}/new", ["LABEL_CREATED"], "ACTIVE")
    hook.update(topics=[Webhook.LABEL_DELETED])
    assert (hook.url, hook.topics, hook.status) == (f"{receiver.url}/new", ["LABEL_DELETED"], "ACTIVE")
    hook.update(topics=None, url=None, status=None)
    (found,) = ready.webhooks()
    assert (found.url, found.topics, found.status) == (hook.url, ["LABEL_DELETED"], "ACTIVE")
    _label(ready, dataset).delete()
    (arrived,) = receiver.wait(1)
    assert (arrived.path, arrived.topic) == ("/new", "LABEL_DELETED")
    with pytest.raises(ValueError, match="ASLEEP"):
        hook.update(status="ASLEEP")


def test_R_PJ_19_R_ORG_08_P_GW_01_hooks_are_listed(
    client: lb.Client, project: lb.Project, receiver: Receiver
) -> None:
    topics = [Webhook.LABEL_CREATED]
    own = Webhook.create(client, topics, receiver.url, "s", project)
    everywhere = Webhook.create(client, topics, receiver.url, "s", None)
    listed = project.webhooks()
    assert [hook.uid for hook in listed] == [own.uid]
    assert [hook.uid for hook in list(project.webhooks())] == [own.uid]
    of_organization = {hook.uid: hook for hook in client.get_organization().webhooks()}
    assert {own.uid, everywhere.uid} <= set(of_organization)
    assert of_organization[own.uid].topics == topics
    chosen = project.webhooks(where=Webhook.url == receiver.url, order_by=Webhook.created_at.desc)
    assert [hook.uid for hook in chosen] == [own.uid]
    assert list(project.webhooks(where=Webhook.status == "INACTIVE")) == []
    everywhere.delete()


def test_R_LB_12_an_updated_label_is_told(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    label = _label(ready, dataset)
    Webhook.create(client, [Webhook.LABEL_UPDATED], receiver.url, "s", ready)
    label.update(label="another text")
    (found,) = ready.labels()
    assert found.label == "another text"
    (arrived,) = receiver.wait(1)
    assert (arrived.topic, arrived.payload["label"]) == ("LABEL_UPDATED", "another text")


def test_workflow_actions_are_told(
    client: lb.Client, server: RunningServer, ready: lb.Project, dataset: lb.Dataset, receiver: Receiver
) -> None:
    Webhook.create(client, [Webhook.WORKFLOW_ACTION], receiver.url, "s", ready)
    row = next(iter(dataset.data_rows()))
    data: dict[str, Any] = {"projectId": ready.uid, "dataRowId": row.uid}
    empty = {"objects": [], "classifications": [], "relationships": []}
    server.graphql(
        "mutation($d: SubmitLabelInput!) { submitLabel(data: $d) { id } }",
        d={**data, "annotations": empty, "secondsToLabel": 1.0},
    )
    server.graphql("mutation($d: ReviewDataRowInput!) { rejectDataRow(data: $d) { state } }", d=data)
    moved, rejected = (entry.payload for entry in receiver.wait(2))
    assert (moved["action"], rejected["action"]) == ("MOVE", "REJECT")
    assert moved["previousTask"]["name"] == "Initial labeling task"
    assert moved["nextTask"] == rejected["previousTask"] != moved["previousTask"]
    assert rejected["nextTask"]["name"] == "Rework"
    assert rejected["dataRow"] == {
        "id": row.uid,
        "globalKey": row.global_key,
        "externalId": row.external_id,
    }
    assert rejected["project"] == {"id": ready.uid, "name": "streets"}
    assert rejected["actor"]["id"] == client.get_user().uid
