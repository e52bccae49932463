"""Client: construction, execute, and the calls about projects, datasets and people."""

from __future__ import annotations

import inspect
import logging
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import labelbox as lb
from labelbox.exceptions import (
    AuthenticationError,
    InvalidAttributeError,
    NetworkError,
    ResourceNotFoundError,
    TimeoutError,
)

UID = "c" + "1" * 24


def test_R_CLI_01_constructing_a_client_makes_no_request(server: Any) -> None:
    lb.Client("k", endpoint=server.endpoint)
    assert server.requests == []


def test_R_CLI_02_the_key_is_sent_as_bearer(server: Any, client: lb.Client) -> None:
    server.on("Who", {"user": {"id": UID}})
    client.execute("query Who { user { id } }")
    headers = server.requests[0].headers
    assert headers["authorization"] == "Bearer key"
    assert headers["x-user-agent"] == f"python-sdk {lb.__version__}"
    assert headers["x-python-version"].startswith("3.")
    assert headers["accept"] == headers["content-type"] == "application/json"


def test_R_CLI_03_the_key_and_the_endpoint_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELBOX_API_KEY", "from env")
    monkeypatch.setenv("LABELBOX_ENDPOINT", "http://127.0.0.1:9/graphql")
    client = lb.Client()
    assert client.request_client.headers["Authorization"] == "Bearer from env"
    assert client.endpoint == "http://127.0.0.1:9/graphql"


def test_R_CLI_02_R_CLI_03_white_space_is_no_part_of_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELBOX_API_KEY", "from a file\n")
    assert lb.Client().request_client.headers["Authorization"] == "Bearer from a file"
    assert lb.Client(" k ").request_client.headers["Authorization"] == "Bearer k"
    monkeypatch.setenv("LABELBOX_API_KEY", " \n")
    with pytest.raises(AuthenticationError, match="not provided"):
        lb.Client()


@pytest.mark.parametrize("key", ["secret\nX-Other: header", "secret…", "secret\0"])
def test_R_CLI_02_a_key_that_no_header_can_hold(key: str) -> None:
    with pytest.raises(AuthenticationError) as refused:
        lb.Client(key)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("seconds", [0, -1])
def test_R_CLI_16_no_time_is_over_at_once(server: Any, client: lb.Client, seconds: float) -> None:
    with pytest.raises(TimeoutError):
        client.execute("query Who { user { id } }", timeout=seconds)
    assert server.requests == []


def test_R_CLI_06_without_a_key_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LABELBOX_API_KEY", raising=False)
    with pytest.raises(AuthenticationError) as caught:
        lb.Client()
    assert caught.value.message == "Labelbox API key not provided"


def test_R_CLI_04_the_default_endpoint_is_the_local_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LABELBOX_ENDPOINT", raising=False)
    client = lb.Client("k")
    assert client.endpoint == "http://127.0.0.1:8080/graphql"
    assert client.rest_endpoint == "http://127.0.0.1:8080/api/v1"
    newer = lb.Client(
        "k", "http://a/graphql", enable_experimental=True, app_url="http://b", rest_endpoint="http://c"
    )
    assert (newer.app_url, newer.rest_endpoint) == ("http://b", "http://c")


def test_R_CLI_05_nothing_is_logged_at_the_default_level() -> None:
    assert logging.getLogger("labelbox").level == logging.NOTSET
    assert logging.getLogger("labelbox").getEffectiveLevel() == logging.WARNING


def test_R_CLI_13_execute_returns_the_data(server: Any, client: lb.Client) -> None:
    server.on("Who", {"user": {"id": UID}})
    assert client.execute("query Who($a: ID!) { user { id } }", {"a": UID}) == {"user": {"id": UID}}
    assert server.calls("Who") == [{"a": UID}]


def test_R_CLI_13_signature_is_that_of_the_reference() -> None:
    parameters = list(inspect.signature(lb.Client.execute).parameters.values())
    assert [p.name for p in parameters[:4]] == ["self", "query", "params", "timeout"]
    assert parameters[2].default is None
    assert parameters[3].default == 30.0


def test_R_CLI_16_a_slow_answer_is_a_timeout(server: Any, client: lb.Client) -> None:
    import time

    def slowly(_: Any) -> dict[str, Any]:
        time.sleep(0.3)
        return {}

    server.on("Slow", slowly)
    with pytest.raises(TimeoutError):
        client.execute("query Slow { user { id } }", timeout=0.05)


@pytest.mark.parametrize("endpoint", ["not_a_valid_URL", "http://127.0.0.1:1/graphql"])
def test_R_CLI_23_an_unreachable_server_is_a_network_error(endpoint: str) -> None:
    with pytest.raises(NetworkError) as caught:
        lb.Client("k", endpoint=endpoint).execute("query Who { user { id } }")
    assert str(caught.value)


def test_R_CLI_07_to_09_create_dataset(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    project = lb.Project(client, values(lb.Project, UID))
    server.on("CreateDataset", {"createDataset": values(lb.Dataset, name="boats", description="")})
    dataset = client.create_dataset(name="boats", projects=project)
    assert server.calls("CreateDataset") == [
        {"data": {"name": "boats", "projects": {"connect": {"id": UID}}}}
    ]
    assert isinstance(dataset, lb.Dataset)
    assert (dataset.name, dataset.description, dataset.uid) == ("boats", "", "c" + "0" * 24)


def test_R_CLI_10_an_unknown_dataset_attribute(server: Any, client: lb.Client) -> None:
    with pytest.raises(InvalidAttributeError) as caught:
        client.create_dataset(foo=1)
    assert caught.value.field == "foo"
    assert caught.value.db_object_type is lb.Dataset
    assert server.requests == []


def test_R_CLI_11_create_project_by_name_only_sends_only_that(
    server: Any, client: lb.Client, values: Callable[..., Any]
) -> None:
    server.on("CreateProject", {"createProject": values(lb.Project, name="p")})
    client.create_project(name="p", description="d")
    assert server.calls("CreateProject") == [{"data": {"name": "p", "description": "d"}}]


def test_R_CLI_12_an_unknown_project_attribute(client: lb.Client) -> None:
    with pytest.raises(InvalidAttributeError) as caught:
        client.create_project(name="p", invalid_field=1)
    assert caught.value.field == "invalid_field"


QUALITY = [
    ({}, (3, 0, True, True)),
    ({"quality_modes": {lb.QualityMode.Benchmark}}, (1, 1, True, False)),
    ({"quality_modes": lb.QualityMode.Consensus}, (3, 0, False, True)),
    ({"quality_modes": list(lb.QualityMode)}, (3, 0, True, True)),
    ({"is_benchmark_enabled": True, "is_consensus_enabled": False}, (1, 1, True, False)),
]


@pytest.mark.parametrize(("given", "expected"), QUALITY)
def test_P_CR_15_quality_modes(
    server: Any,
    client: lb.Client,
    values: Callable[..., Any],
    given: dict[str, Any],
    expected: tuple[Any, ...],
) -> None:
    server.on("CreateProject", {"createProject": values(lb.Project, allowedMediaType="IMAGE")})
    client.create_project(name="p", media_type=lb.MediaType.Image, **given)
    data = server.calls("CreateProject")[0]["data"]
    names = ("autoAuditNumberOfLabels", "autoAuditPercentage", "isBenchmarkEnabled", "isConsensusEnabled")
    assert tuple(data[name] for name in names) == expected
    assert data["allowedMediaType"] == "IMAGE"


def test_P_CR_15_an_earlier_guide_gives_the_numbers_itself(
    server: Any, client: lb.Client, values: Callable[..., Any]
) -> None:
    server.on("CreateProject", {"createProject": values(lb.Project)})
    client.create_project(
        name="p", media_type=lb.MediaType.Image, auto_audit_percentage=0.1, auto_audit_number_of_labels=3
    )
    data = server.calls("CreateProject")[0]["data"]
    assert (data["autoAuditPercentage"], data["autoAuditNumberOfLabels"]) == (0.1, 3)


GUIDE_MEDIA_TYPES = {
    "Audio": "AUDIO",
    "Conversational": "CONVERSATIONAL",
    "Dicom": "DICOM",
    "Document": "PDF",
    "Geospatial_Tile": "TMS_GEO",
    "Html": "HTML",
    "Image": "IMAGE",
    "Json": "JSON",
    "Simple_Tile": "TMS_SIMPLE",
    "Text": "TEXT",
    "Video": "VIDEO",
}


@pytest.mark.parametrize(("name", "wire"), GUIDE_MEDIA_TYPES.items())
def test_P_CR_02_to_12_media_types(
    server: Any, client: lb.Client, values: Callable[..., Any], name: str, wire: str
) -> None:
    server.on("CreateProject", {"createProject": values(lb.Project, allowedMediaType=wire)})
    project = client.create_project(name="p", media_type=lb.MediaType[name])
    assert server.calls("CreateProject")[0]["data"]["allowedMediaType"] == wire
    assert project.media_type is lb.MediaType[name]


@pytest.mark.parametrize(
    ("wire", "member"),
    [(None, "Unknown"), ("HOLOGRAM", "Unsupported"), ("DOCUMENT", "Document"), ("image", "Image")],
)
def test_P_CR_01_media_types_that_are_not_known(wire: str | None, member: str) -> None:
    assert lb.MediaType(wire) is lb.MediaType[member]


def test_P_CR_01_wrong_arguments(client: lb.Client) -> None:
    with pytest.raises(TypeError):
        client.create_project(name="p", media_type="IMAGE")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        client.create_project(name="p", quality_modes={"BENCHMARK"})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="valid string"):
        client.create_project(name="  ")


def test_R_CLI_26_34_missing_objects(server: Any, client: lb.Client, gql_error: Callable[..., Any]) -> None:
    server.on("Dataset", {"dataset": None})
    server.on("Project", gql_error("no such project", "RESOURCE_NOT_FOUND"))
    with pytest.raises(ResourceNotFoundError) as caught:
        client.get_dataset("nope")
    assert caught.value.db_object_type is lb.Dataset
    assert caught.value.params == {"id": "nope"}
    with pytest.raises(ResourceNotFoundError):
        client.get_project("invalid project ID")


def test_R_CLI_27_28_get_datasets_filters(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    server.on("Datasets", {"datasets": [values(lb.Dataset, name="a")]})
    where = (lb.Dataset.name == "a") & (lb.Dataset.description == "b")
    assert [d.name for d in client.get_datasets(where=where)] == ["a"]
    clause = {"AND": [{"AND": [{"name": "a"}, {"description": "b"}]}, {"deleted": False}]}
    assert server.calls("Datasets") == [{"where": clause}]


def test_X_08_a_users_own_deleted_clause_stays(server: Any, client: lb.Client) -> None:
    server.on("Projects", {"projects": []})
    assert client.get_projects(where=lb.Project.deleted == True).get_one() is None  # noqa: E712
    client.get_projects().get_one()
    assert server.calls("Projects") == [{"where": {"deleted": True}}, {"where": {"deleted": False}}]


def test_P_GT_02_get_one(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    server.on("Projects", {"projects": [values(lb.Project, name="p")]})
    project = client.get_projects(where=lb.Project.name == "p").get_one()
    assert project is not None
    assert project.name == "p"


def test_R_US_05_06_user_names_are_crossed_on_the_wire(
    server: Any, client: lb.Client, values: Callable[..., Any]
) -> None:
    found = values(lb.User, name="nick", nickname="Full Name", isExternalUser=True, email="a@b.c")
    server.on("User", {"user": found})
    user = client.get_user()
    assert (user.name, user.nickname, user.is_external_viewer) == ("Full Name", "nick", True)
    assert server.requests[0].variables == {}


def test_X_04_dates_are_aware_utc(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    found = values(
        lb.Project, createdAt="2024-05-06T07:08:09.123Z", setupComplete=None, updatedAt="yesterday"
    )
    server.on("Project", {"project": found})
    project = client.get_project(UID)
    assert project.created_at == datetime(2024, 5, 6, 7, 8, 9, 123000, UTC)
    assert project.setup_complete is None
    assert project.updated_at == "yesterday"


def test_update_refreshes_and_checks_names(
    server: Any, client: lb.Client, values: Callable[..., Any]
) -> None:
    project = lb.Project(client, values(lb.Project, UID, name="old"))
    server.on("UpdateProject", {"updateProject": values(lb.Project, UID, name="new")})
    naive = datetime(2024, 1, 2, 3, 4, 5)
    assert project.update(name="new", setup_complete=naive) is project
    assert project.name == "new"
    data = {"name": "new", "setupComplete": "2024-01-02T03:04:05Z"}
    assert server.calls("UpdateProject") == [{"id": UID, "data": data}]
    with pytest.raises(InvalidAttributeError):
        project.update(no_such_field=1)


def test_R_PJ_03_delete_marks_as_deleted(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    server.on("DeleteProject", {"updateProject": {"id": UID}})
    lb.Project(client, values(lb.Project, UID)).delete()
    assert server.calls("DeleteProject") == [{"id": UID, "data": {"deleted": True}}]


def test_X_01_experimental_calls_go_to_the_other_address(
    server: Any, client: lb.Client, values: Callable[..., Any]
) -> None:
    server.on("ProjectTaskQueues", {"project": {"taskQueues": [values(lb.TaskQueue, name="Rework")]}})
    queues = lb.Project(client, values(lb.Project, UID)).task_queues()
    assert [queue.name for queue in queues] == ["Rework"]
    assert server.requests[0].path == "/_gql"
    assert server.requests[0].headers["x-sdk-method"] == "Project:task_queues"


def test_importing_is_fast_and_needs_no_connection_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys, time; begin = time.perf_counter(); import labelbox; "
        "took = time.perf_counter() - begin; "
        "sys.exit(0 if took < 1.0 and 'urllib3' not in sys.modules else 1)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_public_name_exists() -> None:
    assert lb.__all__ == sorted(lb.__all__)
    assert [name for name in lb.__all__ if not hasattr(lb, name)] == []


def test_the_version_is_that_of_the_package() -> None:
    package = Path(lb.__file__).parents[1] / "pyproject.toml"
    assert tomllib.loads(package.read_text())["project"]["version"] == lb.__version__
