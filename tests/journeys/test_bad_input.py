"""What users get wrong, through the SDK: the right exception, a sentence that names the value, nothing changed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

import labelbox as lb
from factories import make_user, unique
from labelbox import exceptions


def test_R_CLI_03_R_CLI_06_without_a_key_nothing_is_sent(
    monkeypatch: pytest.MonkeyPatch, server: Any
) -> None:
    monkeypatch.delenv("LABELBOX_API_KEY", raising=False)
    with pytest.raises(exceptions.AuthenticationError, match="API key not provided"):
        lb.Client(endpoint=f"{server.url}/graphql")


def test_R_CLI_02_R_EX_02_a_wrong_and_a_revoked_key(server: Any) -> None:
    _, key = make_user(server, "Admin")
    client = lb.Client(key, endpoint=f"{server.url}/graphql")
    mine = client.get_user()
    keys = server.graphql("query($i: ID!) { user(where: {id: $i}) { apiKeys { id } } }", i=mine.uid)
    server.graphql(
        "mutation($i: ID!) { updateApiKey(where: {id: $i}, data: {revoked: true}) { id } }",
        i=keys["user"]["apiKeys"][0]["id"],
    )
    for wrong in (key, "never a key"):
        with pytest.raises(exceptions.AuthenticationError):
            lb.Client(wrong, endpoint=f"{server.url}/graphql").get_user()


def test_R_CLI_23_R_EX_11_an_address_where_nobody_is(server: Any) -> None:
    with pytest.raises(exceptions.NetworkError):
        lb.Client(server.key, endpoint="http://127.0.0.1:9/graphql").get_user()


def test_R_CLI_34_R_CLI_26_R_EX_12_objects_that_are_not_there(sdk: lb.Client) -> None:
    for get in (sdk.get_project, sdk.get_dataset, sdk.get_data_row, sdk.get_ontology):
        with pytest.raises(exceptions.ResourceNotFoundError):
            get("c" + "0" * 24)
    dataset = sdk.create_dataset(name=unique("dataset"))
    dataset.delete()
    with pytest.raises(exceptions.ResourceNotFoundError):
        sdk.get_dataset(dataset.uid)


def test_R_CLI_20_R_EX_07_R_EX_15_documents_that_cannot_be(sdk: lb.Client) -> None:
    with pytest.raises(exceptions.InvalidQueryError, match=r"^Syntax Error:"):
        sdk.execute("asda")
    with pytest.raises(exceptions.InvalidQueryError, match=r'^Cannot query field "bbb"'):
        sdk.execute("query { bbb { id } }")
    with pytest.raises(exceptions.ValidationFailedError):
        sdk.execute("{ projects { datasets { dataRows { labels { id } } } } }")
    with pytest.raises(exceptions.InvalidQueryError):
        sdk.execute("query($n: Int!) { user { id } }", {"n": "one"})


def test_R_EX_03_a_labeler_creates_no_project(server: Any) -> None:
    _, key = make_user(server)
    client = lb.Client(key, endpoint=f"{server.url}/graphql")
    name = unique("project")
    with pytest.raises(exceptions.AuthorizationError, match="create projects"):
        client.create_project(name=name)
    assert list(client.get_projects(where=lb.Project.name == name)) == []


def test_R_CLI_12_R_CLI_10_unknown_attributes(sdk: lb.Client) -> None:
    with pytest.raises(exceptions.InvalidAttributeError):
        sdk.create_project(name=unique("project"), invalid_field=1)
    with pytest.raises(exceptions.InvalidAttributeError):
        sdk.create_dataset(name=unique("dataset"), foo=1)


def test_R_DS_13_R_DS_18_R_DS_22_rows_that_cannot_be(sdk: lb.Client, tmp_path: Path) -> None:
    dataset = sdk.create_dataset(name=unique("dataset"))
    for items, error in (
        ([{"external_id": "no data"}], exceptions.InvalidQueryError),
        ([{"row_data": "https://example.com/a.jpg", "no_such_field": 1}], exceptions.InvalidAttributeError),
        ([str(tmp_path / "missing.jpg")], Exception),
    ):
        with pytest.raises(error):
            dataset.create_data_rows(items)
    assert dataset.row_count in (0, None) and list(dataset.data_rows()) == []


def test_an_empty_file_and_a_text_called_jpg_are_rows_with_an_error(sdk: lb.Client, tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "text.jpg").write_text("this is only text")
    dataset = sdk.create_dataset(name=unique("dataset"))
    task = dataset.create_data_rows([str(tmp_path / name) for name in ("empty.jpg", "text.jpg")])
    task.wait_till_done(check_frequency=0.1)
    assert task.errors is None
    made = [row["id"] for row in task.result]
    assert len(made) == 2 and sdk.get_dataset(dataset.uid).row_count == 2
    query = "query Row($id: ID!) { dataRow(where: {id: $id}) { processingStatus processingError } }"
    deadline = time.monotonic() + 60
    rows: list[Any] = []
    while not rows or any(row["processingStatus"] == "PROCESSING" for row in rows):
        assert time.monotonic() < deadline, rows
        time.sleep(0.1)
        rows = [sdk.execute(query, {"id": row})["dataRow"] for row in made]
    assert [row["processingStatus"] for row in rows] == ["FAILED", "FAILED"]
    assert all(row["processingError"] for row in rows)
    assert list(dataset.data_rows()) == []  # the listing hides failed rows


def test_a_global_key_twice_in_one_upload_and_across_uploads(sdk: lb.Client) -> None:
    dataset, key = sdk.create_dataset(name=unique("dataset")), unique("key")
    row = {"row_data": "https://example.com/a.jpg", "global_key": key}
    task = dataset.create_data_rows([row, row])
    task.wait_till_done(check_frequency=0.1)
    assert [entry["message"] for entry in task.failed_data_rows] == [f"Duplicate global key: '{key}'"]
    with pytest.raises(exceptions.ResourceCreationError, match=key):
        dataset.create_data_row(row)
    assert len(list(dataset.data_rows())) == 1


def test_a_million_and_one_rows_in_one_call(sdk: lb.Client) -> None:
    dataset = sdk.create_dataset(name=unique("dataset"))
    with pytest.raises(
        (exceptions.MalformedQueryException, exceptions.InvalidQueryError, ValueError), match=r"1,?000,?00"
    ):
        dataset.create_data_rows({"row_data": "https://example.com/a.jpg"} for _ in range(1_000_001))
    assert list(dataset.data_rows()) == []


def test_ontologies_that_cannot_be(sdk: lb.Client) -> None:
    for tools in (
        [{"tool": "rectangle", "name": "A"}, {"tool": "line", "name": "A"}],
        [{"tool": "hammer", "name": "A"}],
    ):
        name = unique("ontology")
        with pytest.raises(exceptions.MalformedQueryException, match=r"A|hammer"):
            sdk.create_ontology(name, {"tools": tools, "classifications": []}, media_type=lb.MediaType.Image)
        assert list(sdk.get_ontologies(name)) == []
