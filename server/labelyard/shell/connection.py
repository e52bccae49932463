"""The server that a command works on, and the objects that its options name."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import labelbox as lb
from labelbox import exceptions
from labelyard.shell.problems import CannotRun

T = TypeVar("T", lb.Dataset, lb.Project)

DEFAULT_ENDPOINT = "http://127.0.0.1:8080/graphql"
_ID = re.compile(r"c[a-z0-9]{24}")


def connect(options: argparse.Namespace) -> lb.Client:
    """A client whose server answers and knows the key. Raises CannotRun."""
    endpoint = options.endpoint or os.environ.get("LABELBOX_ENDPOINT") or DEFAULT_ENDPOINT
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise CannotRun(f"The endpoint {endpoint!r} is no http or https address.")
    if parts.path in ("", "/"):
        endpoint = f"{parts.scheme}://{parts.netloc}/graphql"
    client = lb.Client(_api_key(options.api_key_file), endpoint=endpoint)
    try:
        client.get_user()
    except exceptions.AuthenticationError:
        raise CannotRun(f"The server at {endpoint} does not take this API key.") from None
    except exceptions.LabelboxError as error:
        raise CannotRun(f"No Labelyard server answers at {endpoint}: {error.message}") from None
    return client


def _api_key(file: Path | None) -> str:
    if file is None:
        key = os.environ.get("LABELBOX_API_KEY", "")
    else:
        try:
            key = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            raise CannotRun(f"The API key file {file} cannot be read: {reason}.") from None
    key = key.strip()
    if not key or not key.isascii() or len(key.split()) > 1:
        where = "LABELBOX_API_KEY" if file is None else str(file)
        raise CannotRun(f"There is no API key in {where}; set LABELBOX_API_KEY or give --api-key-file FILE.")
    return key


def find_dataset(client: lb.Client, name: str) -> lb.Dataset | None:
    """The dataset with that name or id; None when there is none of that name.

    Raises CannotRun when several have the name, and for an id that is not there.
    """
    return _find("datasets", name, client.get_datasets(where=lb.Dataset.name == name), client.get_dataset)


def find_project(client: lb.Client, name: str) -> lb.Project | None:
    """The project with that name or id; None when there is none of that name.

    Raises CannotRun when several have the name, and for an id that is not there.
    """
    return _find("projects", name, client.get_projects(where=lb.Project.name == name), client.get_project)


def _find(noun: str, name: str, named: Iterable[T], get: Callable[[str], T]) -> T | None:
    found: list[Any] = list(named)
    if len(found) > 1:
        ids = ", ".join(each.uid for each in found)
        raise CannotRun(f"There are {len(found)} {noun} called {name!r}; give the id instead: {ids}.")
    if found or not _ID.fullmatch(name):
        return found[0] if found else None
    try:
        return get(name)
    except exceptions.ResourceNotFoundError:
        raise CannotRun(f"There are no {noun} with the id or the name {name!r}.") from None


def ontology_of(project: lb.Project) -> dict[str, Any] | None:
    """The project's ontology in its normalized form; None when it has none, or an empty one."""
    try:
        ontology = project.ontology()
    except exceptions.ResourceNotFoundError:
        return None
    normalized = None if ontology is None else ontology.normalized
    return normalized if normalized and (normalized["tools"] or normalized["classifications"]) else None
