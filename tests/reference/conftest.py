"""Our SDK on a running server: one test for each row of the checklist, its id in the name.

The server is one of its own that may fetch from this machine: addresses of data rows and receivers of webhooks are
real HTTP servers here.
"""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo.server_process import ServerProcess

import labelbox as lb
from conftest import RunningServer
from factories import make_user, next_rows, submit
from reference import clients
from reference.labeling import car


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder with six pictures (`scenes.render`), and the address it is served at; a test may add files."""
    if told := clients.surroundings():
        yield Path(told["FOLDER"]), told["FOLDER_URL"]
        return
    from demo import scenes  # draws with a library that the published clients' environments do not have

    folder = tmp_path_factory.mktemp("served")
    scenes.render(folder, 6)
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{web.server_address[1]}"
    web.shutdown()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that may fetch from loopback addresses."""
    if told := clients.surroundings():
        yield RunningServer(told["URL"], told["EMAIL"], told["PASSWORD"], told["KEY"], None)
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABELYARD_FETCH_ALLOW", "127.0.0.0/8")
        process = ServerProcess(tmp_path_factory.mktemp("reference-server"))
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
def client_of(server: RunningServer) -> Callable[[str], lb.Client]:
    """`client_of("Labeler")`: our SDK as a new member with that role."""
    return lambda role: lb.Client(make_user(server, role)[1], endpoint=f"{server.url}/graphql")


@pytest.fixture
def dataset(client: lb.Client, served: tuple[Path, str]) -> lb.Dataset:
    """A new dataset with six pictures by address; global keys are `<dataset id> <n>`, external ids `row <n>`."""
    made = client.create_dataset(name="pictures")
    names = sorted(path.name for path in served[0].glob("street-*.jpg"))
    clients.add_rows(
        made,
        [
            {
                "row_data": f"{served[1]}/{name}",
                "external_id": f"row {n}",
                "global_key": f"{made.uid} {n}",
            }
            for n, name in enumerate(names)
        ],
    )
    return made


@pytest.fixture
def project(client: lb.Client) -> lb.Project:
    """A new image project, without rows and without an ontology."""
    return clients.new_project(client, "streets")


@pytest.fixture
def ready(client: lb.Client, project: lb.Project, dataset: lb.Dataset) -> lb.Project:
    """The project with an ontology (box "Car", radio "Weather") and the dataset's six rows in its queue."""
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
    clients.make_ready(client, project, dataset, builder.asdict())
    return project


@pytest.fixture
def labeled(server: RunningServer, ready: lb.Project) -> list[str]:
    """The project's rows in the order of its queue; the first three have a label: a box and the answer "rainy"."""
    rows = next_rows(server, ready.uid)
    answer = {"name": "Weather", "radio_answer": {"name": "rainy", "classifications": []}}
    for row in rows[:3]:
        document = {"objects": [car(20.0)], "classifications": [answer], "relationships": []}
        submit(server, ready.uid, row, document)
    return rows
