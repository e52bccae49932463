"""A running server on the embedded PostgreSQL, for every test that needs one."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3
from demo.server_process import ServerProcess

import labelbox as lb


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright leaves its event loop running, and then no other loop can be started."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@dataclass(frozen=True)
class RunningServer:
    """What a test needs to know of the server."""

    url: str
    email: str
    password: str
    key: str
    process: ServerProcess | None  # None when somebody else has started it

    def graphql(self, query: str, key: str | None = None, **variables: Any) -> dict[str, Any]:
        """The data of one request. Raises AssertionError with the errors when there are any."""
        answer = self.answer(query, key, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def answer(self, query: str, key: str | None = None, **variables: Any) -> dict[str, Any]:
        """The whole answer to one request."""
        response = urllib3.request(
            "POST",
            f"{self.url}/graphql",
            body=json.dumps({"query": query, "variables": variables}),
            headers={"Authorization": f"Bearer {key or self.key}", "Content-Type": "application/json"},
            timeout=120,
        )
        answer: dict[str, Any] = response.json()
        return answer

    def accept(self, link: str, password: str, **more: Any) -> urllib3.BaseHTTPResponse:
        """What comes of accepting an invitation by its link."""
        token = link.rpartition("/")[2]
        return urllib3.request(
            "POST", f"{self.url}/api/v1/invites/{token}", json={"password": password, **more}, timeout=60
        )

    def code(self, query: str, key: str | None = None, **variables: Any) -> str:
        """The code of the first error. Raises AssertionError when there is none."""
        answer = self.answer(query, key, **variables)
        assert answer.get("errors"), answer
        code: str = answer["errors"][0]["extensions"]["code"]
        return code


@dataclass(frozen=True)
class ImageProject:
    """A project with pictures in its queue."""

    id: str
    data_row_ids: list[str]
    ontology: dict[str, Any]
    client: lb.Client
    project: Any
    dataset: Any


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for the whole run."""
    with ServerProcess(tmp_path_factory.mktemp("server")) as process:
        known = process.credentials
        yield RunningServer(process.url, known.email, known.password, known.api_key, process)


@pytest.fixture(scope="session")
def graphql(server: RunningServer) -> Callable[..., dict[str, Any]]:
    """`graphql(query, **variables)` as the administrator."""
    return server.graphql


@pytest.fixture(scope="session")
def sdk(server: RunningServer) -> lb.Client:
    """Our SDK, connected to the server as the administrator."""
    return lb.Client(server.key, endpoint=f"{server.url}/graphql")


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Six rendered scenes."""
    from demo import scenes  # not at the top: published clients' environments cannot draw

    folder = tmp_path_factory.mktemp("pictures")
    return [folder / scene.name for scene in scenes.render(folder, 6)]


@pytest.fixture
def image_ontology() -> dict[str, Any]:
    """One of each tool and question."""
    return {
        "tools": [
            {
                "tool": "rectangle",
                "name": "Car",
                "classifications": [_question("radio", "Colour", ["red", "blue"])],
            },
            {"tool": "polygon", "name": "Road"},
            {"tool": "line", "name": "Lane"},
            {"tool": "point", "name": "Sign"},
            {"tool": "superpixel", "name": "Sky"},
        ],
        "classifications": [
            {
                "type": "radio",
                "name": "Weather",
                "instructions": "Weather",
                "options": [
                    {"label": "sunny", "value": "sunny"},
                    {
                        "label": "rainy",
                        "value": "rainy",
                        "options": [_question("radio", "How heavy", ["light", "heavy"])],
                    },
                ],
            },
            _question("checklist", "Visible", ["people", "bicycles"]),
            {"type": "text", "name": "Notes", "instructions": "Notes"},
        ],
    }


def _question(kind: str, name: str, options: list[str]) -> dict[str, Any]:
    return {
        "type": kind,
        "name": name,
        "instructions": name,
        "options": [{"label": option, "value": option} for option in options],
    }


@pytest.fixture
def image_project(
    server: RunningServer, sdk: lb.Client, pictures: list[Path], image_ontology: dict[str, Any]
) -> ImageProject:
    """A new project with six uploaded pictures in its queue."""
    name = f"pictures {random.getrandbits(40):x}"
    project = sdk.create_project(name=name, media_type=lb.MediaType.Image)
    dataset = sdk.create_dataset(name=name)
    task = dataset.create_data_rows(
        [
            {"row_data": str(path), "external_id": path.name, "global_key": f"{name} {path.name}"}
            for path in pictures
        ]
    )
    task.wait_till_done(check_frequency=0.1)
    assert not task.errors
    ids = [row["id"] for row in task.created_data_rows]
    ontology = sdk.create_ontology(name, image_ontology, media_type=lb.MediaType.Image)
    project.connect_ontology(ontology)
    project.create_batch("all", data_rows=ids)
    return ImageProject(project.uid, ids, project.ontology().normalized, sdk, project, dataset)
