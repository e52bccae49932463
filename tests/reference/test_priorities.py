"""Priorities of data rows, as the project guide describes them."""

from __future__ import annotations

from typing import Any

import pytest

import labelbox as lb
from factories import next_rows, unique
from labelbox.exceptions import LabelboxError, ResourceNotFoundError
from reference import clients


def _priorities(project: lb.Project) -> dict[str, int]:
    return {found.data_row().uid: found.priority for found in project.labeling_parameter_overrides()}


def test_P_BA_05_P_GP_01_P_GP_02_P_LP_01_every_row_of_a_batch_is_listed(
    ready: lb.Project, dataset: lb.Dataset
) -> None:
    overrides = list(ready.labeling_parameter_overrides())
    assert {found.data_row().uid for found in overrides} == {row.uid for row in dataset.data_rows()}
    assert {(found.priority, found.number_of_labels) for found in overrides} == {(5, 1)}
    assert len({found.uid for found in overrides}) == 6


def test_P_LP_02_P_LP_07_P_SP_05_P_SP_06_keys_and_ids(
    server: Any, ready: lb.Project, dataset: lb.Dataset
) -> None:
    rows = list(dataset.data_rows())
    given = [(lb.GlobalKey(rows[0].global_key), 7), (lb.UniqueId(rows[1].uid), -3)]
    assert ready.set_labeling_parameter_overrides(given) is True
    expected = {row.uid: 5 for row in rows} | {rows[0].uid: 7, rows[1].uid: -3}
    assert _priorities(ready) == expected
    assert next_rows(server, ready.uid) == [rows[n].uid for n in (1, 2, 3, 4, 5, 0)]


def test_P_LP_02_P_LP_07_P_SP_05_P_SP_06_P_SP_07_P_SP_08_names_of_every_kind(
    server: Any, ready: lb.Project, dataset: lb.Dataset
) -> None:
    rows = list(dataset.data_rows())
    given = [
        (lb.GlobalKey(rows[0].global_key), 7),
        (lb.UniqueId(rows[1].uid), -3),
        (rows[2], 2),
        (rows[3], 1, 2),
    ]
    assert ready.set_labeling_parameter_overrides(given) is True
    expected = {
        rows[0].uid: 7,
        rows[1].uid: -3,
        rows[2].uid: 2,
        rows[3].uid: 1,
        rows[4].uid: 5,
        rows[5].uid: 5,
    }
    assert _priorities(ready) == expected
    assert next_rows(server, ready.uid) == [rows[n].uid for n in (1, 3, 2, 4, 5, 0)]


def test_unknown_rows_are_passed_over_and_rows_elsewhere_wait(
    client: lb.Client, server: Any, ready: lb.Project, dataset: lb.Dataset
) -> None:
    before = _priorities(ready)
    unknown = [(lb.GlobalKey(unique("key")), 1), (lb.UniqueId("c" + "0" * 24), 1)]
    assert ready.set_labeling_parameter_overrides(unknown) is True
    assert _priorities(ready) == before
    project = clients.new_project(client, "later")
    rows = list(dataset.data_rows())
    assert project.set_labeling_parameter_overrides([(rows[4], 1)]) is True
    assert list(project.labeling_parameter_overrides()) == []
    project.create_batch("all", data_rows=rows)
    assert _priorities(project)[rows[4].uid] == 1
    project.connect_ontology(ready.ontology())
    assert next_rows(server, project.uid)[0] == rows[4].uid
    project.unset_labeling_parameter_overrides([rows[4]])
    assert set(_priorities(project).values()) == {5}


def test_P_LP_06_at_most_1000_in_one_call(server: Any, ready: lb.Project, dataset: lb.Dataset) -> None:
    (row, *_) = dataset.data_rows()
    with pytest.raises(clients.refusal(ValueError, lb.exceptions.MalformedQueryException), match=r"1,?001"):
        ready.set_labeling_parameter_overrides([(lb.UniqueId(row.uid), 1)] * 1001)
    document = """mutation($p: ID!, $d: [LabelingParameterOverrideByIdentifierInput!]) {
      project(where: {id: $p}) { setLabelingParameterOverrides(dataWithDataRowIdentifiers: $d) { success } } }"""
    entry = {"dataRowIdentifier": {"id": row.uid, "idType": "ID"}, "priority": 1}
    answer = server.answer(document, p=ready.uid, d=[entry] * 1001)
    assert answer["errors"][0]["extensions"]["code"] == "MALFORMED_REQUEST"
    assert "1001" in answer["errors"][0]["message"]
    assert set(_priorities(ready).values()) == {5}
    assert ready.set_labeling_parameter_overrides([(lb.UniqueId(row.uid), 1)] * 1000) is True
    assert _priorities(ready)[row.uid] == 1


@pytest.mark.parametrize("form", ["global keys", "ids"])
def test_P_UP_01_P_UP_02_P_UP_03_one_priority_for_many(
    server: Any, ready: lb.Project, dataset: lb.Dataset, form: str
) -> None:
    rows = list(dataset.data_rows())[3:]
    given: dict[str, Any] = {
        "global keys": lb.GlobalKeys([row.global_key for row in rows]),
        "ids": lb.UniqueIds([row.uid for row in rows]),
    }
    assert ready.update_data_row_labeling_priority(given[form], 1) is True
    priorities = _priorities(ready)
    assert [priorities[row.uid] for row in rows] == [1, 1, 1]
    assert sorted(priorities.values()) == [1, 1, 1, 5, 5, 5]
    assert set(next_rows(server, ready.uid)[:3]) == {row.uid for row in rows}


def test_P_UP_01_lists_of_rows_and_of_names(ready: lb.Project, dataset: lb.Dataset) -> None:
    rows = list(dataset.data_rows())
    assert ready.update_data_row_labeling_priority(rows[3:], 1) is True
    assert ready.update_data_row_labeling_priority([lb.GlobalKey(rows[0].global_key)], 2) is True
    priorities = _priorities(ready)
    assert [priorities[row.uid] for row in rows] == [2, 5, 5, 1, 1, 1]


def test_a_priority_for_many_keeps_the_number_of_labels(ready: lb.Project, dataset: lb.Dataset) -> None:
    (row, *_) = dataset.data_rows()
    ready.set_labeling_parameter_overrides([(row, 3, 2)])
    ready.update_data_row_labeling_priority([row], 1)
    found = {lpo.data_row().uid: lpo for lpo in ready.labeling_parameter_overrides()}[row.uid]
    assert (found.priority, found.number_of_labels) == (1, 2)


def test_one_priority_for_no_known_row_fails(ready: lb.Project) -> None:
    with pytest.raises(LabelboxError, match="none of the data rows"):
        ready.update_data_row_labeling_priority(lb.GlobalKeys([unique("key")]), 1)
    assert set(_priorities(ready).values()) == {5}


def test_a_labeler_may_not_and_a_missing_project_is_not_found(
    client_of: Any, ready: lb.Project, dataset: lb.Dataset
) -> None:
    (row, *_) = dataset.data_rows()
    labeler = client_of("Labeler").get_project(ready.uid)
    for call in (
        lambda: labeler.set_labeling_parameter_overrides([(row, 1)]),
        lambda: labeler.update_data_row_labeling_priority([row], 1),
        lambda: labeler.unset_labeling_parameter_overrides([row]),
    ):
        with pytest.raises(lb.exceptions.AuthorizationError):
            call()
    assert set(_priorities(ready).values()) == {5}
    ready.delete()
    with pytest.raises(ResourceNotFoundError):
        ready.set_labeling_parameter_overrides([(row, 1)])


def test_P_SP_01_P_SP_02_P_SP_03_P_SP_04_keys_come_from_an_export(
    ready: lb.Project, dataset: lb.Dataset
) -> None:
    task = ready.export_v2(params={"data_row_details": True})
    task.wait_till_done()
    assert task.errors is None
    keys = [entry["data_row"]["global_key"] for entry in task.result]
    assert sorted(keys) == sorted(row.global_key for row in dataset.data_rows())
    assert all(isinstance(entry["data_row"]["details"], dict) for entry in task.result)
    overrides = [(lb.GlobalKey(key), priority) for priority, key in enumerate(keys, start=1)]
    assert ready.set_labeling_parameter_overrides(overrides) is True
    assert sorted(_priorities(ready).values()) == [1, 2, 3, 4, 5, 6]


@pytest.mark.ours
def test_R_PJ_58_only_data_rows_have_overrides(ready: lb.Project, dataset: lb.Dataset) -> None:
    (row, *_) = dataset.data_rows()
    ready.set_labeling_parameter_overrides([(row, 1)])
    for wrong in (row.uid, dataset, None):
        with pytest.raises(TypeError, match="must hold DataRow objects"):
            ready.unset_labeling_parameter_overrides([row, wrong])
    assert _priorities(ready)[row.uid] == 1
