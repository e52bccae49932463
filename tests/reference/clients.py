"""What differs between our SDK and the published clients that the same tests are run with (`tests/oracle`).

With our SDK nothing here does anything else than what the tests would say themselves.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
import sys
import time
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

import labelbox as lb

# where an older or newer client keeps what the tests call `labelbox.<name>`
_ELSEWHERE = {
    "Benchmark": "labelbox.schema.benchmark",
    "Classification": "labelbox.schema.ontology",
    "LabelingParameterOverride": "labelbox.schema.project",
    "OntologyBuilder": "labelbox.schema.ontology",
    "Option": "labelbox.schema.ontology",
    "QualityMode": "labelbox.schema.quality_mode",
    "Tool": "labelbox.schema.ontology",
    "UserGroup": "labelbox.schema.user_group",
    "UserGroupColor": "labelbox.schema.user_group",
    "UserGroupMember": "labelbox.schema.user_group",
}


def surroundings() -> Mapping[str, str] | None:
    """What the oracle tells a published client's environment: URL, KEY, EMAIL, PASSWORD, FOLDER, FOLDER_URL.

    None in our own environment, where the tests start a server of their own.
    """
    prefix = "LABELYARD_ORACLE_"
    told = {name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix)}
    return told if "URL" in told else None


def settle_names() -> None:
    """Lets a published client be asked for the tests' names: its own objects, from where that version keeps them.

    A name that the version has nowhere stays missing.
    """
    for name, place in _ELSEWHERE.items():
        if not hasattr(lb, name):
            with contextlib.suppress(ImportError, AttributeError):
                setattr(lb, name, getattr(importlib.import_module(place), name))
    if not hasattr(lb, "exceptions"):  # from 6.x on they are in a package of their own
        lb.exceptions = sys.modules["labelbox.exceptions"] = importlib.import_module("lbox.exceptions")


def new_project(client: lb.Client, name: str) -> lb.Project:
    """An image project; 2.x does not know what an image project is."""
    if hasattr(lb, "MediaType"):
        return client.create_project(name=name, media_type=lb.MediaType.Image)
    return client.create_project(name=name)


def project_of_any_kind(client: lb.Client, name: str, **given: Any) -> lb.Project:
    """A project without a media type; from 6.x on clients want one."""
    wanted = inspect.signature(client.create_project).parameters.get("media_type")
    if wanted is not None and wanted.default is inspect.Parameter.empty:
        given["media_type"] = lb.MediaType.Image
    return client.create_project(name=name, **given)


def add_rows(dataset: lb.Dataset, items: list[dict[str, Any]]) -> None:
    """Makes data rows and waits for them; 2.x has no global keys. Raises AssertionError when one fails."""
    if not hasattr(lb.DataRow, "global_key"):
        items = [{name: value for name, value in item.items() if name != "global_key"} for item in items]
    task = dataset.create_data_rows(items)
    if surroundings() is None:
        task.wait_till_done(check_frequency=0.1)
    else:
        task.wait_till_done()
    assert task.status == "COMPLETE" and getattr(task, "errors", None) is None


def make_ready(client: lb.Client, project: lb.Project, dataset: lb.Dataset, ontology: dict[str, Any]) -> None:
    """Gives a project its ontology and the dataset's rows in its queue; 2.x has neither ontologies of their own nor
    batches, there a connected dataset is the queue.
    """
    if hasattr(client, "create_ontology"):
        project.connect_ontology(client.create_ontology("streets", ontology, media_type=lb.MediaType.Image))
        project.create_batch("all", data_rows=[row.uid for row in dataset.data_rows()])
        return
    frontends = {frontend.name: frontend for frontend in client.get_labeling_frontends()}
    project.setup(frontends["Editor"], ontology)
    project.datasets.connect(dataset)
    wanted = sum(1 for _ in dataset.data_rows())
    deadline = time.monotonic() + 10
    while _waiting(client, project) < wanted:  # the rows come into the queue in the background
        assert time.monotonic() < deadline, "the dataset's rows did not come into the queue"
        time.sleep(0.05)


def _waiting(client: lb.Client, project: lb.Project) -> int:
    found = client.execute(
        "query($p: ID!) { project(where: {id: $p}) { workstreamStateCounts { state count } } }",
        {"p": project.uid},
    )
    counts = {entry["state"]: entry["count"] for entry in found["project"]["workstreamStateCounts"]}
    return counts.get("Unlabeled", 0)


def make_label(project: lb.Project, row: lb.DataRow, text: str, seconds: float = 0.0) -> lb.Label:
    """A label with a text of its own, where the test is about something else; from 3.x on clients cannot make one."""
    if hasattr(project, "create_label"):
        return project.create_label(data_row=row, label=text, seconds_to_label=seconds)
    document = "mutation($d: CreateLabelInput!) { createLabel(data: $d) { id } }"
    data = {
        "label": text,
        "secondsToLabel": seconds,
        "type": {"connect": {"name": "Any"}},
        "project": {"connect": {"id": project.uid}},
        "dataRow": {"connect": {"id": row.uid}},
    }
    made = project.client.execute(document, {"d": data})["createLabel"]["id"]
    return next(label for label in project.labels() if label.uid == made)


def refusal(ours: type[Exception], *theirs: type[Exception] | str) -> tuple[type[Exception], ...]:
    """What a refusal is raised as: by our SDK as `ours`; a published client may say the same by one of `theirs`.

    An exception that not every client has is given by its name.
    """
    if surroundings() is None:
        return (ours,)
    known = (getattr(lb.exceptions, given, None) if isinstance(given, str) else given for given in theirs)
    return (ours, *(given for given in known if given is not None))


def fresh(thing: Any, listed: Iterable[Any]) -> Any:
    """A thing as it is now: read again by itself, or from a list by 2.x, whose objects cannot do that."""
    if hasattr(thing, "refresh"):
        thing.refresh()
        return thing
    return next(found for found in listed if found.uid == thing.uid)


def is_gone(client: lb.Client, kind: str, uid: str) -> bool:
    """Whether there is no such object any more; `kind` is its type's name on the wire, in camel case."""
    document = f"query($id: ID!) {{ {kind}(where: {{id: $id}}) {{ id }} }}"
    try:
        found = client.execute(document, {"id": uid})
    except lb.exceptions.ResourceNotFoundError:
        return True
    return found is None or found[kind] is None


def updated(thing: Any, **values: Any) -> Any:
    """A thing after `update`, which gives the thing itself back in our SDK, and nothing in some older clients."""
    result = thing.update(**values)
    assert result is thing or (result is None and surroundings() is not None)
    return thing


def named(row: lb.DataRow) -> Any:
    """A data row as the newest clients want it named; 2.x knows data rows only."""
    return lb.UniqueId(row.uid) if hasattr(lb, "UniqueId") else row


def word(member: Enum) -> Any:
    """A member of an enum as it is; as its text for a published client, where 2.x knows texts only."""
    return member if surroundings() is None else member.value
