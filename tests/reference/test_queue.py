"""The label queue: overrides of priority and of the number of labels, as the API reference describes them."""

from __future__ import annotations

import time
from typing import Any

import pytest

import labelbox as lb
from factories import make_user, next_rows, release, reserve, states, submit
from labelbox.exceptions import InvalidQueryError
from reference import clients


@pytest.fixture
def rows(dataset: lb.Dataset) -> list[lb.DataRow]:
    """The dataset's rows, oldest first."""
    return sorted(dataset.data_rows(), key=lambda row: row.uid)


@pytest.fixture
def legacy(server: Any, client: lb.Client, ready: lb.Project, dataset: lb.Dataset) -> lb.Project:
    """A project that the dataset is connected to, as projects of the reference are, with an ontology."""
    project = clients.new_project(client, "legacy")
    if not hasattr(project, "connect_ontology"):
        return ready  # 2.x has no other projects
    project.connect_ontology(ready.ontology())
    server.graphql(
        """mutation($p: ID!, $d: ID!) { updateProject(where: {id: $p}, data: {datasets: {connect: {id: $d}}}) {
          id } }""",
        p=project.uid,
        d=dataset.uid,
    )
    deadline = time.monotonic() + 30
    while states(server, project.uid)["Unlabeled"] < 6 and time.monotonic() < deadline:
        time.sleep(0.05)
    return client.get_project(project.uid)


def _ids(rows: list[lb.DataRow]) -> list[str]:
    return [row.uid for row in rows]


def _waiting(server: Any, project: lb.Project) -> int:
    return states(server, project.uid)["Unlabeled"]


def _label_count(project: lb.Project) -> int:
    return len(list(project.labels()))


def test_R_LPO_01_R_PJ_18_R_PJ_43_R_PJ_55_overrides_are_listed(
    legacy: lb.Project, rows: list[lb.DataRow]
) -> None:
    assert list(legacy.labeling_parameter_overrides()) == []
    given = [(rows[0], 4, 3), (rows[1], 3, 1), (rows[4], 8, 2)]
    assert legacy.set_labeling_parameter_overrides(given) is True
    listed = list(legacy.labeling_parameter_overrides())
    assert [type(found) for found in listed] == [lb.LabelingParameterOverride] * 3


def test_R_LPO_03_R_LPO_04_R_LPO_05_R_PJ_58_fields_and_taking_away(
    legacy: lb.Project, rows: list[lb.DataRow]
) -> None:
    legacy.set_labeling_parameter_overrides([(rows[0], 4, 3), (rows[1], 3, 1), (rows[4], 8, 2)])

    def seen() -> dict[str, tuple[int, int]]:
        return {
            found.data_row().uid: (found.priority, found.number_of_labels)
            for found in legacy.labeling_parameter_overrides()
        }

    assert seen() == {rows[0].uid: (4, 3), rows[1].uid: (3, 1), rows[4].uid: (8, 2)}
    assert legacy.set_labeling_parameter_overrides([(rows[0], 7, 1)]) is True
    assert seen()[rows[0].uid] == (7, 1)
    assert legacy.unset_labeling_parameter_overrides([rows[0], rows[4]]) is True
    assert seen() == {rows[1].uid: (3, 1)}
    (left,) = legacy.labeling_parameter_overrides()
    left = clients.fresh(left, legacy.labeling_parameter_overrides())
    assert (left.priority, left.data_row().uid) == (3, rows[1].uid)
    by_priority = legacy.labeling_parameter_overrides(where=lb.LabelingParameterOverride.priority == 3)
    assert [found.uid for found in by_priority] == [left.uid]


def test_R_LPO_02_R_PJ_45_R_PJ_47_R_PJ_48_lower_priorities_come_first(
    server: Any, legacy: lb.Project, rows: list[lb.DataRow]
) -> None:
    assert next_rows(server, legacy.uid) == _ids(rows)
    given = [(rows[3], 5, 1), (rows[5], 2, 1), (rows[1], 10, 1)]
    legacy.set_labeling_parameter_overrides(given)
    assert next_rows(server, legacy.uid) == _ids([rows[5], rows[3], rows[1], rows[0], rows[2], rows[4]])


def test_R_PJ_48_without_overrides_the_order_is_as_before(
    server: Any, legacy: lb.Project, rows: list[lb.DataRow]
) -> None:
    legacy.set_labeling_parameter_overrides([(rows[3], 5, 1), (rows[5], 2, 1), (rows[1], 10, 1)])
    legacy.unset_labeling_parameter_overrides([rows[5], rows[3], rows[1]])
    assert next_rows(server, legacy.uid) == _ids(rows)


def test_P_LP_04_P_LP_05_the_whole_range_orders_the_queue(
    server: Any, legacy: lb.Project, rows: list[lb.DataRow]
) -> None:
    largest, smallest = 2**31 - 1, -(2**31)
    given = [(rows[5], largest), (rows[4], 0), (rows[3], -5), (rows[2], 5), (rows[1], smallest)]
    legacy.set_labeling_parameter_overrides([(clients.named(row), priority) for row, priority in given])
    listed = {found.data_row().uid: found.priority for found in legacy.labeling_parameter_overrides()}
    assert listed == {row.uid: priority for row, priority in given}
    assert next_rows(server, legacy.uid) == _ids([rows[1], rows[3], rows[4], rows[2], rows[5], rows[0]])


def test_P_LP_04_P_LP_05_priorities_beyond_the_range(
    server: Any, legacy: lb.Project, rows: list[lb.DataRow]
) -> None:
    largest, smallest = 2**31 - 1, -(2**31)
    document = """mutation($p: ID!, $r: ID!, $n: Int!) { project(where: {id: $p}) {
      setLabelingParameterOverrides(dataWithDataRowIdentifiers: [
        {dataRowIdentifier: {id: $r, idType: ID}, priority: $n}]) { success } } }"""
    for beyond in (largest + 1, smallest - 1):
        with pytest.raises(clients.refusal(ValueError, "InvalidQueryError"), match="32-bit"):
            legacy.set_labeling_parameter_overrides([(clients.named(rows[0]), beyond)])
        assert server.code(document, p=legacy.uid, r=rows[0].uid, n=beyond) == "GRAPHQL_VALIDATION_FAILED"
    assert list(legacy.labeling_parameter_overrides()) == []


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        (("row", 1, 1), TypeError),
        ((None, "1", 1), TypeError),
        ((None, 1.5, 1), TypeError),
        ((None, 1, None), TypeError),
        ((None, 0, 1), ValueError),
        ((None, 1, 0), ValueError),
    ],
)
def test_R_PJ_44_R_PJ_46_P_LP_03_wrong_overrides_change_nothing(
    legacy: lb.Project, rows: list[lb.DataRow], override: tuple[Any, ...], expected: type[Exception]
) -> None:
    given = (override[0] or rows[0], *override[1:])
    with pytest.raises(expected):
        legacy.set_labeling_parameter_overrides([(rows[1], 1, 1), given])
    assert list(legacy.labeling_parameter_overrides()) == []


def test_R_PJ_34_R_PJ_35_R_PJ_36_reservations_are_extended(server: Any, ready: lb.Project) -> None:
    for queue in ("LabelingQueue", "ReviewQueue"):
        extended = ready.extend_reservations(queue)
        assert extended == 0 and isinstance(extended, int)
    reserve(server, ready.uid, first=3)
    assert (ready.extend_reservations("LabelingQueue"), ready.extend_reservations("ReviewQueue")) == (3, 0)
    for task in reserve(server, ready.uid, first=2)["tasks"]:
        submit(server, ready.uid, task["dataRow"]["id"])
    assert len(reserve(server, ready.uid, "ReviewQueue", 2)["tasks"]) == 2
    assert (ready.extend_reservations("LabelingQueue"), ready.extend_reservations("ReviewQueue")) == (1, 2)
    with pytest.raises(InvalidQueryError):
        ready.extend_reservations("OtherQueue")


def test_R_PJ_49_a_priority_does_not_bring_a_labeled_row_back(
    server: Any, ready: lb.Project, dataset: lb.Dataset
) -> None:
    rows = next_rows(server, ready.uid)
    submit(server, ready.uid, rows[2])
    before = states(server, ready.uid)
    listed = {row.uid: row for row in dataset.data_rows()}
    assert ready.set_labeling_parameter_overrides([(listed[rows[n]], 1, 1) for n in (2, 4)]) is True
    assert states(server, ready.uid) == before
    assert (before["Unlabeled"], before["InReview"]) == (5, 1)
    assert next_rows(server, ready.uid) == [rows[n] for n in (4, 0, 1, 3, 5)]


def test_a_held_row_takes_its_new_place_when_it_is_given_back(server: Any, ready: lb.Project) -> None:
    rows = next_rows(server, ready.uid)
    _, labeler = make_user(server)
    reserve(server, ready.uid, first=1, key=labeler)
    ready.set_labeling_parameter_overrides([(lb.UniqueId(rows[0]), 9), (lb.UniqueId(rows[5]), -1)])
    assert next_rows(server, ready.uid) == [rows[5], *rows[1:5]]
    release(server, ready.uid, key=labeler)
    assert next_rows(server, ready.uid) == [rows[5], *rows[1:5], rows[0]]


def test_R_PJ_50_R_PJ_52_as_many_labelers_as_labels(
    server: Any, legacy: lb.Project, rows: list[lb.DataRow]
) -> None:
    legacy.set_labeling_parameter_overrides([(rows[3], 1, 3)])
    labelers = [make_user(server)[1] for _ in range(4)]
    for number, key in enumerate(labelers):
        offered = next_rows(server, legacy.uid, key=key)
        assert (rows[3].uid in offered) is (number < 3)
        if number < 3:
            assert offered.count(rows[3].uid) == 1
            submit(server, legacy.uid, rows[3].uid, key=key)
            assert rows[3].uid not in next_rows(server, legacy.uid, key=key)
    assert len({label.created_by().uid for label in legacy.labels()}) == 3
    assert _waiting(server, legacy) == 5


def test_R_PJ_51_only_new_duplicates_are_queued(
    server: Any, legacy: lb.Project, rows: list[lb.DataRow]
) -> None:
    legacy.set_labeling_parameter_overrides([(rows[0], 1, 2)])
    labelers = [make_user(server)[1] for _ in range(5)]
    for key in labelers[:2]:
        submit(server, legacy.uid, rows[0].uid, key=key)
    assert _waiting(server, legacy) == 5
    legacy.set_labeling_parameter_overrides([(rows[0], 1, 4)])
    assert _waiting(server, legacy) == 6
    for key in labelers[:2]:
        assert rows[0].uid not in next_rows(server, legacy.uid, key=key)
    for key in labelers[2:4]:
        assert next_rows(server, legacy.uid, key=key)[0] == rows[0].uid
        submit(server, legacy.uid, rows[0].uid, key=key)
    assert rows[0].uid not in next_rows(server, legacy.uid, key=labelers[4])
    assert (_label_count(legacy), _waiting(server, legacy)) == (4, 5)


def test_R_PJ_53_R_PJ_59_surplus_stays_until_the_override_goes(
    server: Any, legacy: lb.Project, rows: list[lb.DataRow]
) -> None:
    legacy.set_labeling_parameter_overrides([(rows[0], 1, 3)])
    _, labeler = make_user(server)
    while offered := reserve(server, legacy.uid, key=labeler)["tasks"]:
        submit(server, legacy.uid, offered[0]["dataRow"]["id"], key=labeler)
    assert states(server, legacy.uid)["Unlabeled"] == 1
    _, other = make_user(server)
    assert next_rows(server, legacy.uid, key=other) == [rows[0].uid]
    legacy.unset_labeling_parameter_overrides([rows[0]])
    found = states(server, legacy.uid)
    assert (found["Unlabeled"], found["InReview"], _label_count(legacy)) == (0, 6, 6)
    assert next_rows(server, legacy.uid, key=other) == []


def test_R_PJ_59_unlabeled_duplicates_are_dropped(
    server: Any, legacy: lb.Project, rows: list[lb.DataRow]
) -> None:
    held = reserve(server, legacy.uid, first=1)
    assert ([task["dataRow"]["id"] for task in held["tasks"]], held["remaining"]) == ([rows[0].uid], 6)
    for row in (rows[0], rows[5]):
        legacy.set_labeling_parameter_overrides([(row, 1, 4)])
        assert reserve(server, legacy.uid, first=1)["remaining"] == 9
        legacy.unset_labeling_parameter_overrides([row])
        assert reserve(server, legacy.uid, first=1)["remaining"] == 6


def test_R_PJ_54_one_label_is_the_default(server: Any, legacy: lb.Project, rows: list[lb.DataRow]) -> None:
    legacy.set_labeling_parameter_overrides([(rows[0], 1, 1)])
    submit(server, legacy.uid, rows[0].uid)
    _, other = make_user(server)
    assert rows[0].uid not in next_rows(server, legacy.uid, key=other)
    assert _label_count(legacy) == 1


def test_a_number_of_labels_does_not_count_where_there_are_only_benchmarks(
    server: Any, client: lb.Client, ready: lb.Project, rows: list[lb.DataRow]
) -> None:
    project = client.create_project(
        name="benchmarks", media_type=lb.MediaType.Image, quality_modes=[lb.QualityMode.Benchmark]
    )
    project.connect_ontology(ready.ontology())
    project.create_batch("all", data_rows=rows)
    project.set_labeling_parameter_overrides([(rows[0], 1, 3)])
    submit(server, project.uid, rows[0].uid)
    assert states(server, project.uid)["Unlabeled"] == 5
    assert {found.number_of_labels for found in project.labeling_parameter_overrides()} == {1, 3}


def test_consensus_settings_do_not_count_where_there_are_only_benchmarks(
    server: Any, client: lb.Client, ready: lb.Project, rows: list[lb.DataRow]
) -> None:
    project = client.create_project(
        name="benchmarks", media_type=lb.MediaType.Image, quality_modes=[lb.QualityMode.Benchmark]
    )
    project.connect_ontology(ready.ontology())
    settings = {"number_of_labels": 3, "coverage_percentage": 1.0}
    batch = project.create_batch("all", data_rows=rows, consensus_settings=settings)
    assert batch.consensus_settings == settings
    submit(server, project.uid, rows[0].uid)
    assert states(server, project.uid)["Unlabeled"] == 5


@pytest.mark.ours
def test_R_PJ_69_R_PJ_70_a_share_of_the_labels_is_reviewed(
    server: Any, client: lb.Client, ready: lb.Project
) -> None:
    for wrong in (1.001, -0.001):
        with pytest.raises(ValueError):
            ready.upsert_review_queue(wrong)
    dataset = client.create_dataset(name="texts")
    task = dataset.create_data_rows([{"row_data": f"text {n}"} for n in range(1000)])
    task.wait_till_done()
    project = client.create_project(name="texts", media_type=lb.MediaType.Text)
    project.connect_ontology(
        client.create_ontology("texts", lb.OntologyBuilder().asdict(), media_type=lb.MediaType.Text)
    )
    project.create_batch("all", data_rows=list(dataset.data_rows()))
    project.upsert_review_queue(0.6)
    while tasks := reserve(server, project.uid, first=10)["tasks"]:
        for row in tasks:
            submit(server, project.uid, row["dataRow"]["id"])

    def counts() -> tuple[int, int]:
        found = states(server, project.uid)
        return found["InReview"], found["Done"]

    drawn = counts()
    assert sum(drawn) == 1000 and abs(drawn[0] - 600) < 60
    project.upsert_review_queue(1)
    assert counts() == (1000, 0)
    approve = "mutation($d: ReviewDataRowInput!) { approveDataRow(data: $d) { state } }"
    for row in next_rows(server, project.uid, "ReviewQueue"):
        server.graphql(approve, d={"projectId": project.uid, "dataRowId": row})
    project.upsert_review_queue(0)
    assert counts() == (0, 1000)
    project.upsert_review_queue(1)
    assert counts() == (990, 10)
    project.upsert_review_queue(0.6)
    assert drawn[0] - 10 <= counts()[0] <= drawn[0]


def test_R_PJ_71_the_bounds_belong_to_the_range(server: Any, ready: lb.Project) -> None:
    document = """mutation($p: ID!, $q: Float!) {
      upsertReviewQueue(where: {project: {id: $p}}, data: {quotaFactor: $q}) { id } }"""
    for share in (0, 1):
        made = server.graphql(document, p=ready.uid, q=share)["upsertReviewQueue"]
        queues = server.graphql(
            "query($p: ID!) { project(where: {id: $p}) { taskQueues { id } } }", p=ready.uid
        )["project"]["taskQueues"]
        assert made == {"id": queues[1]["id"]}
    for share in (2, -0.1, 1.0001):
        answer = server.answer(document, p=ready.uid, q=share)
        assert answer["errors"][0]["extensions"]["code"] == "MALFORMED_REQUEST"
        assert str(share) in answer["errors"][0]["message"]
