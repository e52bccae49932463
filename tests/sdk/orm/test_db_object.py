"""Objects, their relationships and what is refused without a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import labelbox as lb
from labelbox.exceptions import InvalidAttributeError, InvalidQueryError, ResourceNotFoundError

UID = "c" + "1" * 24
OTHER = "c" + "2" * 24


@pytest.fixture
def project(client: lb.Client, values: Callable[..., Any]) -> lb.Project:
    return lb.Project(client, values(lb.Project, UID, name="p"))


def test_objects_are_equal_by_class_and_id(client: lb.Client, values: Callable[..., Any]) -> None:
    one, same = (lb.Dataset(client, values(lb.Dataset, UID, name=n)) for n in "ab")
    assert one == same
    assert len({one, same}) == 1
    assert one != lb.Dataset(client, values(lb.Dataset, OTHER))
    assert one != lb.Project(client, values(lb.Project, UID))
    assert UID in repr(one)


def test_a_task_is_the_same_whichever_call_gave_it(client: lb.Client) -> None:
    listed, started = lb.Task(client, {"id": UID}), lb.DataUpsertTask(client, {"id": UID})
    assert listed == started and started in {listed}
    assert started != lb.DataUpsertTask(client, {"id": OTHER})
    assert started != lb.Dataset(client, {"id": UID})


def test_a_field_is_itself_on_the_class_and_a_value_on_an_object(project: lb.Project) -> None:
    assert isinstance(lb.Project.name, lb.Field)
    assert lb.Project.media_type.graphql_name == "allowedMediaType"
    assert project.name == "p"
    with pytest.raises(AttributeError):
        _ = object.__new__(lb.Project).name


def test_R_PJ_16_to_one_relationships(server: Any, project: lb.Project, values: Callable[..., Any]) -> None:
    editor = values(lb.LabelingFrontend, OTHER, name="Editor")
    server.on(
        "ProjectLabelingFrontend",
        {"project": {"labelingFrontend": None}},
        {"project": {"labelingFrontend": editor}},
    )
    assert project.labeling_frontend() is None
    found = project.labeling_frontend()
    assert found is not None
    assert found.name == "Editor"
    server.on("UpdateProjectLabelingFrontend", {"updateProject": {"id": UID}})
    project.labeling_frontend.connect(found)
    project.labeling_frontend.disconnect()
    sent = [call["data"]["labelingFrontend"] for call in server.calls("UpdateProjectLabelingFrontend")]
    assert sent == [{"connect": {"id": OTHER}}, {"disconnect": True}]


def test_R_PJ_12_to_many_relationships(server: Any, project: lb.Project, values: Callable[..., Any]) -> None:
    dataset = lb.Dataset(project.client, values(lb.Dataset, OTHER))
    server.on("UpdateProjectDatasets", {"updateProject": {"id": UID}})
    project.datasets.connect(dataset)
    project.datasets.disconnect(dataset)
    sent = [call["data"]["datasets"] for call in server.calls("UpdateProjectDatasets")]
    assert sent == [{"connect": {"id": OTHER}}, {"disconnect": {"id": OTHER}}]
    server.on("ProjectDatasets", {"project": {"datasets": []}})
    assert list(project.datasets(where=lb.Dataset.name == "d")) == []
    clause = {"AND": [{"name": "d"}, {"deleted": False}]}
    assert server.calls("ProjectDatasets") == [{"id": UID, "where": clause}]


def test_R_DS_06_datasets_are_connected_from_the_project_side(
    server: Any, project: lb.Project, values: Callable[..., Any]
) -> None:
    dataset = lb.Dataset(project.client, values(lb.Dataset, OTHER))
    with pytest.raises(InvalidQueryError, match="only be changed from Project"):
        dataset.projects.connect(project)
    assert server.requests == []


def test_R_PJ_15_reviews_are_filtered_by_the_server(server: Any, project: lb.Project) -> None:
    server.on("ProjectReviews", {"project": {"reviews": []}})
    assert list(project.reviews(where=lb.Review.score > 0)) == []
    assert server.calls("ProjectReviews") == [{"id": UID, "where": {"score_gt": 0}}]


def test_R_DR_12_R_LB_10_lists_without_filters(client: lb.Client, values: Callable[..., Any]) -> None:
    row, label = lb.DataRow(client, values(lb.DataRow)), lb.Label(client, values(lb.Label))
    with pytest.raises(InvalidQueryError):
        row.metadata(where=lb.AssetMetadata.meta_type == "TEXT")
    with pytest.raises(InvalidQueryError):
        row.metadata(order_by=lb.AssetMetadata.meta_type.asc)
    with pytest.raises(InvalidQueryError):
        label.reviews(where=lb.Review.score > 0)


def test_wrong_order_by(project: lb.Project) -> None:
    with pytest.raises(InvalidQueryError, match="order_by"):
        project.labels(order_by=lb.Label.created_at)  # type: ignore[arg-type]
    with pytest.raises(InvalidAttributeError):
        project.labels(order_by=lb.Dataset.name.asc)


def test_R_PJ_39_labels_of_datasets(server: Any, project: lb.Project, values: Callable[..., Any]) -> None:
    server.on("ProjectLabels", {"project": {"labels": []}})
    dataset = lb.Dataset(project.client, values(lb.Dataset, OTHER))
    for datasets in (None, [], [dataset]):
        assert list(project.labels(datasets=datasets)) == []
    wheres = [call["where"] for call in server.calls("ProjectLabels")]
    assert wheres == [
        None,
        {"dataRow": {"dataset": {"id_in": []}}},
        {"dataRow": {"dataset": {"id_in": [OTHER]}}},
    ]


def test_R_DR_14_bulk_delete(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    rows = [lb.DataRow(client, values(lb.DataRow, f"c{n:024}")) for n in range(501)]
    server.on("DeleteDataRows", {"deleteDataRows": []})
    lb.DataRow.bulk_delete(rows)
    assert [len(call["ids"]) for call in server.calls("DeleteDataRows")] == [500, 1]
    server.requests.clear()
    label = lb.Label(client, values(lb.Label))
    for mixed in ([rows[0], label], [label]):
        with pytest.raises(InvalidQueryError):
            lb.DataRow.bulk_delete(mixed)  # type: ignore[arg-type]
    lb.DataRow.bulk_delete([])
    assert server.requests == []


def test_a_relationship_of_something_gone(server: Any, project: lb.Project) -> None:
    server.on("ProjectOntology", {"project": None})
    with pytest.raises(ResourceNotFoundError):
        project.ontology()


def test_P_MB_01_user_and_role_come_with_a_member(
    server: Any, project: lb.Project, values: Callable[..., Any]
) -> None:
    member = values(lb.ProjectMember, OTHER, accessFrom="ORGANIZATION")
    member["user"]["email"], member["role"]["name"] = "a@b.c", "Admin"
    server.on("ProjectMembers", {"project": {"members": [member]}})
    found = next(project.members())
    user, role = found.user(), found.role()
    assert user is not None
    assert role is not None
    assert (user.email, role.name, found.access_from) == ("a@b.c", "Admin", "ORGANIZATION")
    assert len(server.requests) == 1


def test_data_row_update_rules(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    row = lb.DataRow(client, values(lb.DataRow, UID))
    server.on("UpdateDataRow", {"updateDataRow": values(lb.DataRow, UID)})
    row.update(row_data={"a": 1})
    assert server.calls("UpdateDataRow") == [{"id": UID, "data": {"rowData": '{"a": 1}'}}]
    with pytest.raises(ValueError, match="at least one"):
        row.update()
    with pytest.raises(ValueError, match="empty"):
        row.update(external_id="")
    with pytest.raises(InvalidAttributeError):
        row.update(created_at="now")


def test_R_DR_19_a_wrong_metadata_type(server: Any, client: lb.Client, values: Callable[..., Any]) -> None:
    row = lb.DataRow(client, values(lb.DataRow, UID))
    with pytest.raises(ValueError, match="VIDEO"):
        row.create_metadata("SMELL", "x")
    found = values(lb.AssetMetadata, metaType="TEXT", metaValue="hi")
    server.on("CreateAssetMetadata", {"createAssetMetadata": found})
    made = row.create_metadata(lb.AssetMetadata.MetaType.TEXT, "hi")
    assert (made.meta_type, made.meta_value) == ("TEXT", "hi")
    assert lb.AssetMetadata.IMAGE_OVERLAY == "IMAGE_OVERLAY"
