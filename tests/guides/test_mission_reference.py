"""Client, data and imports of the API reference 2.4, completed to scripts; names begin with the line in the document."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3

from conftest import RunningServer
from guides.conftest import Served
from labelbox import Client, DataRow, Dataset, LabelingFrontend, Project
from labelbox.exceptions import (
    AuthenticationError,
    InvalidAttributeError,
    InvalidQueryError,
    LabelboxError,
    NetworkError,
    ResourceNotFoundError,
    TimeoutError,
)
from labelbox.pagination import PaginatedCollection
from labelbox.schema.asset_metadata import AssetMetadata
from labelbox.schema.bulk_import_request import get_mal_schemas, parse_classification
from labelbox.schema.enums import BulkImportRequestState

pytestmark = pytest.mark.usefixtures("emptied")


def test_R60_client(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LABELBOX_ENDPOINT", f"{server.url}/graphql")
    logging.basicConfig(level=logging.INFO)
    client = Client(server.key)
    assert client.get_user().email == server.email
    assert [record for record in caplog.records if record.name.startswith("labelbox")] == []


def test_R65_R66_api_key_from_the_environment_and_an_endpoint(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELBOX_API_KEY", server.key)
    assert Client(endpoint=f"{server.url}/graphql").get_user().email == server.email


def test_R68_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LABELBOX_API_KEY", raising=False)
    with pytest.raises(AuthenticationError):
        Client()


def test_R77_create_dataset_in_a_project(client: Client, project: Project) -> None:
    project = client.get_project(project.uid)
    dataset = client.create_dataset(name="more streets", projects=project)
    assert (dataset.name, dataset.description) == ("more streets", "")
    assert list(project.datasets()) == [dataset] and list(dataset.projects()) == [project]


def test_R84_create_dataset_with_an_unknown_attribute(client: Client) -> None:
    with pytest.raises(InvalidAttributeError):
        client.create_dataset(name="x", colour="red")
    assert list(client.get_datasets()) == []


def test_R92_create_project(client: Client) -> None:
    project = client.create_project(name="boats", description="in the harbour")
    assert client.get_project(project.uid).description == "in the harbour"
    assert list(client.get_projects()) == [project]


def test_R100_create_project_with_an_unknown_attribute(client: Client) -> None:
    with pytest.raises(InvalidAttributeError):
        client.create_project(name="x", colour="red")
    assert list(client.get_projects()) == []


def test_R102_execute(client: Client, project: Project) -> None:
    query = "query($id: ID!) { project(where: {id: $id}) { name } }"
    answer = client.execute(query, params={"id": project.uid}, timeout=30.0)
    assert answer == {"project": {"name": "Street scenes"}}


def test_R118_to_R123_what_execute_raises(client: Client, server: RunningServer) -> None:
    with pytest.raises(AuthenticationError):
        Client("wrong", f"{server.url}/graphql").execute("{ user { id } }")
    with pytest.raises(InvalidQueryError):
        client.execute("asda")
    with pytest.raises(TimeoutError):
        client.execute("{ user { id } }", timeout=0.0001)
    with pytest.raises(NetworkError):
        Client("key", "not a valid URL").execute("{ user { id } }")
    for error in (AuthenticationError, InvalidQueryError, TimeoutError, NetworkError):
        assert issubclass(error, LabelboxError)


def test_R130_get_dataset(client: Client, dataset: Dataset) -> None:
    assert client.get_dataset(dataset.uid) == dataset
    with pytest.raises(ResourceNotFoundError):
        client.get_dataset("c" + "0" * 24)


def test_R144_get_datasets_by_name_and_description(client: Client) -> None:
    sought, *_ = (client.create_dataset(name=name, description=text) for name, text in ("ab", "ac", "bb"))
    datasets = client.get_datasets(where=(Dataset.name == "a") & (Dataset.description == "b"))
    assert isinstance(datasets, PaginatedCollection)
    assert list(datasets) == [sought]
    assert len(list(client.get_datasets())) == 3


def test_R157_get_labeling_frontends(client: Client) -> None:
    frontend = client.get_labeling_frontends(where=LabelingFrontend.name == "Editor")
    assert [found.name for found in frontend] == ["Editor"]


def test_R170_get_organization(client: Client) -> None:
    organization = client.get_organization()
    assert organization == client.get_user().organization()
    assert client.get_user() in set(organization.users())


def test_R178_get_project(client: Client, project: Project) -> None:
    assert client.get_project(project.uid) == project
    with pytest.raises(ResourceNotFoundError):
        client.get_project("<project_id>")


def test_R192_get_projects_by_name_and_description(client: Client) -> None:
    sought, *_ = (client.create_project(name=name, description=text) for name, text in ("ab", "ac", "bb"))
    projects = client.get_projects(where=(Project.name == "a") & (Project.description == "b"))
    assert isinstance(projects, PaginatedCollection)
    assert list(projects) == [sought]


def test_R205_get_user(client: Client, server: RunningServer) -> None:
    user = client.get_user()
    assert user.email == server.email and user.is_viewer is False


def test_R326_wait_until_done_of_an_import(project: Project, lines: list[dict[str, Any]]) -> None:
    request = project.upload_annotations("boxes", lines)
    request.wait_until_done(sleep_time_seconds=1)
    assert request.state == BulkImportRequestState.FINISHED
    assert request.project() == project and isinstance(request.created_at, datetime)
    statuses = urllib3.request("GET", request.status_file_url).data.splitlines()
    assert [json.loads(line)["status"] for line in statuses] == ["SUCCESS"] * 3
    request.refresh()
    assert request.state == BulkImportRequestState.FINISHED


def test_R334_get_mal_schemas(project: Project) -> None:
    ontology = project.ontology()
    schemas = get_mal_schemas(ontology)
    (car,) = ontology.normalized["tools"]
    assert schemas[car["featureSchemaId"]]["tool"] == "rectangle"
    assert len(schemas) == 2


def test_R344_parse_classification(project: Project) -> None:
    (weather,) = project.ontology().normalized["classifications"]
    parsed = parse_classification(weather)
    assert parsed["tool"] == "radio" and len(parsed["options"]) == 2


def test_R401_bulk_delete_of_data_rows(dataset: Dataset, rows: list[DataRow]) -> None:
    DataRow.bulk_delete(rows[:2])
    assert set(dataset.data_rows()) == set(rows[2:])


def test_R412_create_metadata(rows: list[DataRow]) -> None:
    datarow = rows[0]
    metadata = datarow.create_metadata("TEXT", "This is a text message")
    assert isinstance(metadata, AssetMetadata)
    assert [(piece.meta_type, piece.meta_value) for piece in datarow.metadata()] == [
        ("TEXT", "This is a text message")
    ]
    with pytest.raises(ValueError, match="IMAGE_OVERLAY"):
        datarow.create_metadata("SMELL", "of the sea")
    assert len(list(datarow.metadata())) == 1


def test_R481_create_data_row(client: Client, served: Served) -> None:
    dataset = client.create_dataset(name="one")
    data_row = dataset.create_data_row(row_data=f"{served.url}/street-1.jpg")
    assert data_row.row_data == f"{served.url}/street-1.jpg"
    assert list(dataset.data_rows()) == [data_row] and data_row.dataset() == dataset


def test_R484_R489_create_data_row_without_data_or_with_an_unknown_field(dataset: Dataset) -> None:
    with pytest.raises(InvalidQueryError):
        dataset.create_data_row(external_id="x")
    with pytest.raises(InvalidAttributeError):
        dataset.create_data_row(row_data="https://example.com/a.jpg", colour="red")
    assert len(list(dataset.data_rows())) == 6


def test_R498_create_data_rows(
    client: Client, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "path" / "to").mkdir(parents=True)
    (tmp_path / "path/to/file2.jpg").write_bytes((served.folder / "street-2.jpg").read_bytes())
    dataset = client.create_dataset(name="two")
    task = dataset.create_data_rows([{DataRow.row_data: f"{served.url}/street-1.jpg"}, "path/to/file2.jpg"])
    task.wait_till_done()
    assert task.status == "COMPLETE"
    assert task in set(client.get_user().created_tasks())
    uploaded = dataset.data_row_for_external_id("path/to/file2.jpg")
    content = urllib3.request("GET", uploaded.row_data).data
    assert content == (served.folder / "street-2.jpg").read_bytes()
    assert len(list(dataset.data_rows())) == 2


def test_R512_create_data_rows_with_an_unknown_field(dataset: Dataset) -> None:
    with pytest.raises(InvalidAttributeError):
        dataset.create_data_rows([{"row_data": "https://example.com/a.jpg", "colour": "red"}])
    assert len(list(dataset.data_rows())) == 6


def test_R514_data_row_for_external_id(dataset: Dataset, rows: list[DataRow]) -> None:
    assert dataset.data_row_for_external_id("street-1") == rows[0]
    with pytest.raises(ResourceNotFoundError):
        dataset.data_row_for_external_id("street-9")


def test_R524_data_rows_for_external_id(dataset: Dataset, rows: list[DataRow]) -> None:
    rows[1].update(external_id="street-1")
    assert set(dataset.data_rows_for_external_id("street-1")) == set(rows[:2])
    assert len(dataset.data_rows_for_external_id("street-1", limit=1)) == 1
