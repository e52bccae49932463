"""A server of the guides' own, and what the pages say is there when they begin.

The server may fetch from this machine: what pages and tests name by address is served here.
"""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from demo import scenes
from demo.server_process import ServerProcess

import labelbox as lb
from conftest import RunningServer
from factories import make_user


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Served:
    """A folder and the address it is served at."""

    folder: Path
    url: str


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The pictures `street-1.jpg` to `street-6.jpg`; a test may add files."""
    folder = tmp_path_factory.mktemp("served")
    drawn = tmp_path_factory.mktemp("drawn")
    for number, scene in enumerate(scenes.render(drawn, 6), start=1):
        shutil.copy(drawn / scene.name, folder / f"street-{number}.jpg")
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield Served(folder, f"http://127.0.0.1:{web.server_address[1]}")
    web.shutdown()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that may fetch from loopback addresses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABELYARD_FETCH_ALLOW", "127.0.0.0/8")
        process = ServerProcess(tmp_path_factory.mktemp("guides-server"))
        process.start()
    try:
        known = process.credentials
        yield RunningServer(process.url, known.email, known.password, known.api_key, process)
    finally:
        process.stop()


@pytest.fixture(scope="session")
def client(server: RunningServer) -> lb.Client:
    """Our SDK as the administrator."""
    return lb.Client(server.key, endpoint=f"{server.url}/graphql")


@pytest.fixture
def emptied(client: lb.Client) -> Iterator[None]:
    """No project, dataset or webhook is there, or left behind: each page finds its names and keys free."""
    _empty(client)
    yield
    _empty(client)


def _empty(client: lb.Client) -> None:
    for hook in client.get_organization().webhooks():
        hook.delete()
    for project in list(client.get_projects()):
        project.delete()
    for dataset in list(client.get_datasets()):
        dataset.delete()


@pytest.fixture
def colleague(server: RunningServer) -> lb.Client:
    """Our SDK as a new labeler."""
    return lb.Client(make_user(server)[1], endpoint=f"{server.url}/graphql")


@pytest.fixture
def dataset(client: lb.Client, served: Served) -> lb.Dataset:
    """Six pictures by address; global keys and external ids are `street-1` to `street-6`."""
    made = client.create_dataset(name="Street pictures")
    names = [f"street-{number}" for number in range(1, 7)]
    task = made.create_data_rows(
        [{"row_data": f"{served.url}/{name}.jpg", "external_id": name, "global_key": name} for name in names]
    )
    task.wait_till_done()
    assert task.errors is None
    return made


@pytest.fixture
def project(client: lb.Client, dataset: lb.Dataset) -> lb.Project:
    """An image project with a box "Car", a radio "Weather" (sunny, rainy) and the six pictures in its queue."""
    made = client.create_project(name="Street scenes", media_type=lb.MediaType.Image)
    builder = lb.OntologyBuilder(
        tools=[lb.Tool(lb.Tool.Type.BBOX, "Car")],
        classifications=[
            lb.Classification(
                lb.Classification.Type.RADIO,
                "Weather",
                options=[lb.Option("sunny"), lb.Option("rainy")],
            )
        ],
    )
    made.connect_ontology(
        client.create_ontology("Street scenes", builder.asdict(), media_type=lb.MediaType.Image)
    )
    made.create_batch("all pictures", global_keys=[f"street-{number}" for number in range(1, 7)])
    return made


@pytest.fixture
def rows(dataset: lb.Dataset) -> list[lb.DataRow]:
    """The six rows in the order of their names."""
    return sorted(dataset.data_rows(), key=lambda row: str(row.external_id))


@pytest.fixture
def lines(project: lb.Project, rows: list[lb.DataRow]) -> list[dict[str, Any]]:
    """A box for each of the first three rows."""
    schema_id = project.ontology().normalized["tools"][0]["featureSchemaId"]
    return [
        {
            "uuid": str(uuid.uuid4()),
            "schemaId": schema_id,
            "dataRow": {"id": row.uid},
            "bbox": {"top": 10, "left": 20, "height": 30, "width": 40},
        }
        for row in rows[:3]
    ]
