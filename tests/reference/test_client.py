"""Client, as the API reference describes it: rows R-CLI, pagination, exceptions, and the wire's common rows."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import urllib3

import labelbox as lb
from conftest import RunningServer
from factories import unique
from labelbox import exceptions
from labelbox.pagination import PaginatedCollection
from labelbox.schema.labeling_frontend import LabelingFrontend
from reference import clients

ID = re.compile(r"c[a-z0-9]{24}")


def test_R_CLI_01_R_CLI_05_a_client_asks_nothing_and_says_nothing(
    server: RunningServer, caplog: pytest.LogCaptureFixture
) -> None:
    lb.Client("k", endpoint="http://127.0.0.1:9/graphql")
    client = lb.Client(server.key, endpoint=f"{server.url}/graphql")
    client.get_user()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_R_CLI_02_R_CLI_04_R_CLI_19_R_EX_02_keys(server: RunningServer) -> None:
    url = f"{server.url}/graphql"
    assert lb.Client(server.key, endpoint=url).get_user().email == server.email
    wrong = lb.Client("nobody's key", endpoint=url)
    for call in (wrong.get_user, lambda: wrong.execute("{ user { id } }")):
        with pytest.raises(exceptions.AuthenticationError):
            call()


def test_R_CLI_03_R_CLI_06_the_key_comes_from_the_environment(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELBOX_API_KEY", server.key)
    assert lb.Client(endpoint=f"{server.url}/graphql").get_user().email == server.email
    monkeypatch.delenv("LABELBOX_API_KEY")
    with pytest.raises(exceptions.AuthenticationError, match="Labelbox API key not provided"):
        lb.Client(endpoint=f"{server.url}/graphql")


def test_R_CLI_08_create_dataset_in_a_project(client: lb.Client, project: lb.Project) -> None:
    dataset = client.create_dataset(name=unique("dataset"), projects=project)
    assert [found.uid for found in project.datasets()] == [dataset.uid]


def test_R_CLI_07_R_CLI_09_R_CLI_10_create_dataset(client: lb.Client) -> None:
    name = unique("dataset")
    dataset = client.create_dataset(name=name)
    assert isinstance(dataset, lb.Dataset)
    assert (dataset.name, dataset.description) == (name, "")
    assert ID.fullmatch(dataset.uid)
    other = unique("dataset")
    with pytest.raises(exceptions.InvalidAttributeError) as refused:
        client.create_dataset(name=other, foo=1)
    assert refused.value.field == "foo" or "foo" in str(refused.value)
    assert list(client.get_datasets(where=lb.Dataset.name == other)) == []


def test_R_CLI_11_R_CLI_12_R_CLI_33_R_CLI_34_R_CLI_35_R_CLI_36_projects(client: lb.Client) -> None:
    name = unique("project")
    made = clients.project_of_any_kind(client, name, description="boats")
    assert (made.name, made.description) == (name, "boats")
    found = client.get_project(made.uid)
    assert (found, found.name, found.description) == (made, name, "boats")
    assert [p.uid for p in client.get_projects(where=lb.Project.name == name)] == [made.uid]
    both = (lb.Project.name == name) & (lb.Project.description == "boats")
    assert [p.uid for p in client.get_projects(where=both)] == [made.uid]
    neither = (lb.Project.name == name) & (lb.Project.description == "ships")
    assert list(client.get_projects(where=neither)) == []
    assert made.uid in {p.uid for p in client.get_projects()}
    other = unique("project")
    with pytest.raises(exceptions.InvalidAttributeError) as refused:
        client.create_project(name=other, invalid_field=1)
    assert refused.value.field == "invalid_field" or "invalid_field" in str(refused.value)
    assert list(client.get_projects(where=lb.Project.name == other)) == []
    with pytest.raises(exceptions.ResourceNotFoundError):
        client.get_project("invalid project ID")


def test_R_CLI_13_R_CLI_14_R_CLI_15_R_CLI_18_execute(client: lb.Client, project: lb.Project) -> None:
    mine = client.get_user().uid
    assert client.execute("{ user { id } }") == {"user": {"id": mine}}
    assert client.execute("query MinePyApi { user { id } }") == {"user": {"id": mine}}
    query = """query AllPyApi($id: ID!, $name: String!, $labels: Int!, $share: Float!, $off: Boolean!,
      $after: DateTime!) { projects(where: {AND: [{id: $id}, {name: $name}, {autoAuditNumberOfLabels_gte: $labels},
      {autoAuditPercentage_gte: $share}, {deleted: $off}, {createdAt_gt: $after}]}) { id name } }"""
    params = {
        "id": project.uid,
        "name": "streets",
        "labels": 0,
        "share": 0.0,
        "off": False,
        "after": "2020-01-01T00:00:00Z",
    }
    assert client.execute(query, params) == {"projects": [{"id": project.uid, "name": "streets"}]}
    assert client.execute(query, {**params, "after": "2200-01-01T00:00:00Z"}) == {"projects": []}


@pytest.mark.overdue_after(5)
def test_R_CLI_16_R_CLI_22_R_EX_13_a_call_takes_no_longer_than_its_timeout(client: lb.Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        nobody = lb.Client("k", endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}/graphql")
        with pytest.raises(exceptions.TimeoutError):
            nobody.execute("{ user { id } }", timeout=0.2)
    assert client.execute("{ user { id } }", timeout=10)


def test_R_CLI_17_R_CLI_20_R_CLI_24_R_EX_07_R_EX_08_R_EX_15_errors_of_documents(client: lb.Client) -> None:
    with pytest.raises(exceptions.InvalidQueryError, match=r"^Syntax Error:"):
        client.execute("asda")
    with pytest.raises(exceptions.InvalidQueryError, match=r'^Cannot query field "bbb"'):
        client.execute("query { bbb { id } }")
    with pytest.raises(exceptions.ValidationFailedError, match="Query complexity limit exceeded"):
        client.execute("{ projects { datasets { dataRows { labels { id } } } } }")
    for kind in (
        exceptions.ApiLimitError,
        exceptions.AuthenticationError,
        exceptions.InvalidQueryError,
        exceptions.NetworkError,
        exceptions.TimeoutError,
        exceptions.ValidationFailedError,
    ):
        assert issubclass(kind, exceptions.LabelboxError)


def test_R_CLI_23_R_EX_11_there_is_nobody_at_the_address() -> None:
    for endpoint in ("not_a_valid_URL", "http://127.0.0.1:9/graphql"):
        with pytest.raises(exceptions.NetworkError):
            lb.Client("k", endpoint=endpoint).execute("{ user { id } }")


def test_R_CLI_25_R_CLI_26_R_CLI_27_R_CLI_28_get_datasets(client: lb.Client) -> None:
    name = unique("dataset")
    made = client.create_dataset(name=name, description="first")
    twin = client.create_dataset(name=name, description="second")
    found = client.get_dataset(made.uid)
    assert (found.uid, found.name) == (made.uid, name)
    both = (lb.Dataset.name == name) & (lb.Dataset.description == "second")
    assert [d.uid for d in client.get_datasets(where=both)] == [twin.uid]
    twin.delete()
    assert {d.uid for d in client.get_datasets(where=lb.Dataset.name == name)} == {made.uid}
    for missing in (twin.uid, "c" + "0" * 24, "no id at all"):
        with pytest.raises(exceptions.ResourceNotFoundError):
            client.get_dataset(missing)


def test_R_CLI_29_R_CLI_37_R_PG_01_R_PG_02_R_PG_05_X_10_pages_of_a_hundred(client: lb.Client) -> None:
    mark = unique("many")
    made = [client.create_dataset(name=f"{mark} {n}", description=mark).uid for n in range(250)]
    found = client.get_datasets(where=lb.Dataset.description == mark)
    assert isinstance(found, PaginatedCollection)
    listed = list(found)
    assert all(type(dataset) is lb.Dataset for dataset in listed)
    assert len(listed) == 250 and {dataset.uid for dataset in listed} == set(made)
    beyond = client.execute(
        "query($d: String!) { datasets(where: {description: $d}, skip: 1000, first: 100) { id } }",
        {"d": mark},
    )
    assert beyond == {"datasets": []}


def test_R_CLI_30_R_CLI_31_R_LF_02_frontends_are_listed(client: lb.Client) -> None:
    found = client.get_labeling_frontends()
    assert isinstance(next(found), LabelingFrontend)
    for name in ("Editor", "editor"):
        (editor,) = client.get_labeling_frontends(where=LabelingFrontend.name == name)
        assert editor.name == "Editor"


def test_R_CLI_32_R_CLI_38_me_and_my_organization(client: lb.Client, server: RunningServer) -> None:
    user = client.get_user()
    assert user.email == server.email
    assert client.get_organization().uid == user.organization().uid


def test_R_EX_03_R_EX_12_a_labeler_may_not(
    client_of: Callable[[str], lb.Client], project: lb.Project
) -> None:
    labeler = client_of("Labeler")
    with pytest.raises(exceptions.AuthorizationError):
        labeler.get_project(project.uid).delete()
    with pytest.raises(exceptions.ResourceNotFoundError):
        labeler.get_project("c" + "0" * 24)
    assert project.client.get_project(project.uid).uid == project.uid


def test_X_03_X_04_X_17_ids_and_dates(client: lb.Client, ready: lb.Project, dataset: lb.Dataset) -> None:
    row = next(dataset.data_rows())
    things: list[Any] = [ready, dataset, row, client.get_user(), client.get_organization(), ready.ontology()]
    for thing in things:
        assert ID.fullmatch(thing.uid), thing
        assert isinstance(thing.created_at, datetime) and thing.created_at.tzinfo == UTC, thing
        assert abs(datetime.now(UTC) - thing.created_at) < timedelta(hours=1)
    assert client.get_data_row(row.uid).uid == row.uid
    assert client.get_ontology(ready.ontology().uid).uid == ready.ontology().uid
    raw = client.execute("{ user { createdAt } }")["user"]["createdAt"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z", raw)


def test_X_05_dates_without_a_fraction_are_taken_as_utc(client: lb.Client, project: lb.Project) -> None:
    for given in (datetime(2021, 5, 1, 12, 30), datetime(2021, 5, 1, 12, 30, tzinfo=UTC)):
        project.update(setup_complete=given)
        assert project.setup_complete == datetime(2021, 5, 1, 12, 30, tzinfo=UTC)
    moved = datetime(2021, 5, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    project.update(setup_complete=moved)
    assert client.get_project(project.uid).setup_complete == datetime(2021, 5, 1, 12, 30, tzinfo=UTC)


def test_X_06_X_07_X_09_R_PG_03_R_PG_06_filters_and_order(client: lb.Client) -> None:
    mark = unique("order")
    names = [client.create_dataset(name=f"{mark} {n}", description=mark).name for n in range(3)]
    here = lb.Dataset.description == mark

    def found(clause: Any) -> list[str]:
        return sorted(dataset.name for dataset in client.get_datasets(where=here & clause))

    assert found(lb.Dataset.name == names[1]) == [names[1]]
    assert found(lb.Dataset.name != names[1]) == [names[0], names[2]]
    assert found(lb.Dataset.name < names[1]) == [names[0]]
    assert found(lb.Dataset.name <= names[1]) == names[:2]
    assert found(lb.Dataset.name > names[1]) == [names[2]]
    assert found(lb.Dataset.name >= names[1]) == names[1:]
    dataset = client.create_dataset(name=mark)
    for external_id in "bca":
        dataset.create_data_row(row_data="https://example.com/a.jpg", external_id=external_id)
    for order, expected in ((lb.DataRow.external_id.asc, "abc"), (lb.DataRow.external_id.desc, "cba")):
        assert "".join(row.external_id for row in dataset.data_rows(order_by=order)) == expected
    page = """query($d: ID!) { dataset(where: {id: $d}) {
      dataRows(orderBy: externalId_%s, skip: 1, first: 1) { externalId } } }"""
    for direction in ("ASC", "DESC"):
        answer = client.execute(page % direction, {"d": dataset.uid})["dataset"]["dataRows"]
        assert answer == [{"externalId": "b"}]
    for refused in (lambda: here | here, lambda: ~here):
        with pytest.raises(exceptions.InvalidQueryError):
            client.get_datasets(where=refused())


def test_X_08_what_is_deleted_is_not_listed(client: lb.Client) -> None:
    project, dataset = (
        clients.project_of_any_kind(client, unique("p")),
        client.create_dataset(name=unique("d")),
    )
    project.delete()
    dataset.delete()
    assert list(client.get_projects(where=lb.Project.name == project.name)) == []
    assert list(client.get_datasets(where=lb.Dataset.name == dataset.name)) == []


def test_X_13_X_14_X_15_X_16_the_shapes_of_mutations(client: lb.Client, project: lb.Project) -> None:
    dataset = client.create_dataset(name=unique("dataset"))
    document = "mutation($w: ID!) { updateProject(where: {id: $w}, data: {datasets: {%s: {id: $d}}}) { id } }"
    connect = document.replace("($w: ID!)", "($w: ID!, $d: ID!)")
    params = {"w": project.uid, "d": dataset.uid}
    client.execute(connect % "connect", params)
    assert [found.uid for found in project.datasets()] == [dataset.uid]
    client.execute(connect % "disconnect", params)
    assert list(project.datasets()) == []
    updated = client.execute(
        'mutation($w: ID!) { updateProject(where: {id: $w}, data: {name: "other"}) { id name description } }',
        {"w": project.uid},
    )
    assert updated == {"updateProject": {"id": project.uid, "name": "other", "description": ""}}
    client.execute(
        "mutation($w: ID!) { updateProject(where: {id: $w}, data: {deleted: true}) { id } }",
        {"w": project.uid},
    )
    with pytest.raises(exceptions.ResourceNotFoundError):
        client.get_project(project.uid)
    row = dataset.create_data_row(row_data="https://example.com/a.jpg")
    client.execute(f'mutation {{ deleteDataRows(where: {{dataRowIds: ["{row.uid}"]}}) {{ id }} }}')
    assert list(dataset.data_rows()) == []


def test_X_18_R_DR_05_uploads_come_back(client: lb.Client) -> None:
    url = client.upload_data(b"some bytes \x00\xff")
    assert urllib3.request("GET", url).data == b"some bytes \x00\xff"


def test_X_21_what_is_made_is_there_at_once(client: lb.Client) -> None:
    for _ in range(20):
        dataset = client.create_dataset(name=unique("dataset"))
        assert client.get_dataset(dataset.uid).name == dataset.name
        row = dataset.create_data_row(row_data="https://example.com/a.jpg", external_id="x")
        assert [found.uid for found in dataset.data_rows()] == [row.uid]


def test_X_22_two_equal_creates_make_two_objects(client: lb.Client) -> None:
    name = unique("twins")
    made = {clients.project_of_any_kind(client, name).uid for _ in range(2)}
    assert len(made) == 2
    assert {found.uid for found in client.get_projects(where=lb.Project.name == name)} == made


def test_X_25_sixteen_threads_count_exactly(server: RunningServer) -> None:
    mark = unique("threads")
    failures: list[Exception] = []

    def work(number: int) -> None:
        try:
            client = lb.Client(server.key, endpoint=f"{server.url}/graphql")
            for n in range(4):
                dataset = client.create_dataset(name=f"{mark} {number} {n}", description=mark)
                dataset.create_data_row(
                    row_data="https://example.com/a.jpg", external_id=f"{mark} {number} {n}"
                )
                dataset.update(name=f"{mark} {number} {n} changed")
                assert len(list(dataset.data_rows())) == 1
                if hasattr(lb.Dataset, "row_count"):  # 2.x does not know it
                    assert client.get_dataset(dataset.uid).row_count == 1
        except Exception as error:  # told by the test, not by the thread
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    client = lb.Client(server.key, endpoint=f"{server.url}/graphql")
    found = list(client.get_datasets(where=lb.Dataset.description == mark))
    assert len(found) == 64 and all(dataset.name.endswith("changed") for dataset in found)


def test_X_27_names_may_hold_anything(client: lb.Client) -> None:
    name = unique("⛵ \"quotes\" 'and' \\ 雪")
    long = "x" * 10_240
    project = clients.project_of_any_kind(client, name, description=long)
    found = client.get_project(project.uid)
    assert (found.name, found.description) == (name, long)
    assert [p.uid for p in client.get_projects(where=lb.Project.name == name)] == [project.uid]


def test_X_29_every_error_has_a_message_and_a_code(server: RunningServer) -> None:
    for query in (
        "asda",
        "{ bbb }",
        '{ project(where: {id: "x"}) { id name( } }',
        'mutation { updateDataset(where: {id: "x"}, data: {name: "y"}) { id } }',
        'mutation { createProject(data: {name: " "}) { id } }',
    ):
        answer = server.answer(query)
        for error in answer["errors"]:
            assert error["message"] and error["extensions"]["code"]
    body = urllib3.request("POST", f"{server.url}/graphql", body=b"not json").data
    for error in json.loads(body)["errors"]:
        assert error["message"] and error["extensions"]["code"]


@pytest.mark.ours
def test_X_35_who_did_what_is_kept(client: lb.Client, server: RunningServer, project: lb.Project) -> None:
    import psycopg

    from labelyard.plumbing.embedded_postgres import running_dsn

    project.delete()
    dsn = running_dsn(server.process.data_dir)
    assert dsn is not None
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT user_id, credential, occurred_at FROM audit_log WHERE subject = %s AND action = 'delete project'",
            [project.uid],
        ).fetchall()
    ((user_id, credential, occurred_at),) = rows
    assert user_id == client.get_user().uid and credential
    assert abs(datetime.now(UTC) - occurred_at) < timedelta(minutes=1)


def test_R_EX_10_values_that_cannot_be_name_themselves(client: lb.Client, project: lb.Project) -> None:
    with pytest.raises(exceptions.MalformedQueryException, match="No valid data rows") as refused:
        project.create_batch("batch", data_rows=["c" + "0" * 24])
    assert not isinstance(refused.value, exceptions.LabelboxError)
    assert list(project.batches()) == []


def test_R_PG_04_nested_paths_are_followed(ready: lb.Project, dataset: lb.Dataset) -> None:
    made = {clients.make_label(ready, row, "text").uid for row in dataset.data_rows()}
    labels = ready.labels()
    assert isinstance(labels, PaginatedCollection)
    assert {label.uid for label in labels} == made
