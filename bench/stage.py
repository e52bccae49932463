"""The server that is measured, on a folder of its own, and the data that several figures share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
import psycopg
import urllib3
from demo.server_process import ServerProcess

import labelbox as lb
from labelyard.plumbing.embedded_postgres import running_dsn

ONTOLOGY = {"tools": [{"tool": "rectangle", "name": "Car"}], "classifications": []}
ADD_MEMBER = "mutation($d: AddMembersInput!) { addMembersToOrganization(data: $d) { newUserId } }"
CREATE_KEY = "mutation($d: CreateApiKeyInput!) { createApiKey(data: $d) { jwt } }"
_TASK_SECONDS = 600.0


class Stage:
    """One running server. What is asked of it first is made first; everything is made once."""

    def __init__(self, folder: Path, count: int) -> None:
        """`count` is how many data rows the figures work on."""
        self.count = count
        self.import_seconds = 0.0
        self._server = ServerProcess(folder)
        self._server.start()

    def close(self) -> None:
        """Ends the server."""
        self._server.stop()

    @property
    def url(self) -> str:
        """Where the server is."""
        return self._server.url

    @property
    def key(self) -> str:
        """The administrator's API key."""
        return self._server.credentials.api_key

    @property
    def server(self) -> ServerProcess:
        """The process itself."""
        return self._server

    @cached_property
    def dsn(self) -> str:
        """The database behind the server. Raises RuntimeError when it does not run."""
        dsn = running_dsn(self._server.data_dir)
        if dsn is None:
            raise RuntimeError("The server's database is not running.")
        return dsn

    def connect(self) -> psycopg.Connection[Any]:
        """A plain connection to the server's database."""
        return psycopg.connect(self.dsn, autocommit=True)

    @cached_property
    def client(self) -> lb.Client:
        """The SDK's client, as the administrator."""
        return lb.Client(self.key, endpoint=f"{self.url}/graphql")

    def graphql(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of one request. Raises RuntimeError with the errors when there are any."""
        answer = urllib3.request(
            "POST",
            f"{self.url}/graphql",
            body=orjson.dumps({"query": query, "variables": variables}),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        ).json()
        if "errors" in answer:
            raise RuntimeError(str(answer["errors"]))
        data: dict[str, Any] = answer["data"]
        return data

    @cached_property
    def dataset(self) -> Any:
        """A dataset with `count` rows by URL, imported by the SDK; `import_seconds` says how long that took."""
        dataset = self.client.create_dataset(name="bench rows")
        rows = list(row_items(self.count))
        started = time.perf_counter()
        task = dataset.create_data_rows(rows)
        task.wait_till_done(timeout_seconds=_TASK_SECONDS, check_frequency=0.1)
        self.import_seconds = time.perf_counter() - started
        if task.status != "COMPLETE":
            raise RuntimeError(f"The import is {task.status}: {task.errors}")
        return dataset

    @cached_property
    def project(self) -> Any:
        """A project with an ontology of one tool and all rows of `dataset` in its queue."""
        dataset = self.dataset
        project = self.client.create_project(name="bench queue", media_type=lb.MediaType.Image)
        ontology = self.client.create_ontology("bench", ONTOLOGY, media_type=lb.MediaType.Image)
        project.connect_ontology(ontology)
        task = project.create_batches_from_dataset("bench", dataset.uid)
        task.wait_till_done(timeout_seconds=_TASK_SECONDS)
        if task.errors():
            raise RuntimeError(f"The batches were not filled: {task.errors()}")
        return project

    @cached_property
    def document(self) -> dict[str, Any]:
        """A label document of eight boxes that fits the project's ontology."""
        tool = first_tool(self.project)
        return {
            "objects": [box(tool, number) for number in range(8)],
            "classifications": [],
            "relationships": [],
        }

    def labelers(self, count: int) -> list[str]:
        """New users with the role Labeler; an API key of each."""
        roles = {role["name"]: role["id"] for role in self.graphql("{ roles { id name } }")["roles"]}
        keys = []
        for number in range(count):
            email = f"labeler-{number}-{time.monotonic_ns():x}@example.com"
            self.graphql(ADD_MEMBER, d={"emails": [email], "orgRoleId": roles["Labeler"]})
            made = self.graphql(CREATE_KEY, d={"name": "bench", "targetUserEmailId": email})
            keys.append(made["createApiKey"]["jwt"])
        return keys


def first_tool(project: Any) -> str:
    """The feature schema id of the first tool of a project's ontology."""
    feature_schema_id: str = project.ontology().normalized["tools"][0]["featureSchemaId"]
    return feature_schema_id


def row_items(count: int) -> Iterator[dict[str, str]]:
    """Data rows by URL, each with a global key and an external id."""
    for number in range(count):
        yield {
            "row_data": f"https://pictures.example.com/streets/{number // 1000:04d}/{number:07d}.jpg",
            "global_key": f"streets-{number * 2654435761 % 2**32:08x}-{number:07d}",
            "external_id": f"{number:07d}.jpg",
        }


def box(feature_schema_id: str, number: int) -> dict[str, Any]:
    """One rectangle; different numbers stand in different places."""
    return {
        "feature_id": f"c{number:024d}",
        "feature_schema_id": feature_schema_id,
        "name": "Car",
        "value": "car",
        "annotation_kind": "ImageBoundingBox",
        "classifications": [],
        "bounding_box": {
            "top": 4.0 + number // 125 * 9.0,
            "left": 4.0 + number % 125 * 10.0,
            "height": 6.0,
            "width": 7.0,
        },
    }
