"""What our SDK raises for values and objects that are none, against the server: the right class, naming the value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import labelbox as lb
from labelbox.exceptions import ResourceNotFoundError

LINE = {
    "uuid": "00000000-0000-4000-8000-000000000001",
    "name": "Car",
    "bbox": {"top": 1, "left": 1, "height": 1, "width": 1},
}


@pytest.fixture
def gone(sdk: lb.Client) -> lb.Project:
    """A project that somebody else has deleted meanwhile."""
    made = sdk.create_project(name="gone", media_type=lb.MediaType.Image)
    sdk.get_project(made.uid).delete()
    return made


@pytest.mark.parametrize(
    "call",
    [
        lambda project: project.task_queues(),
        lambda project: project.get_label_count(),
        lambda project: project.get_overview(),
        lambda project: project.get_resource_tags(),
        lambda project: project.export_issues(),
        lambda project: project.update(name="x"),
    ],
)
def test_a_deleted_project_is_not_found(gone: lb.Project, call: Callable[[lb.Project], Any]) -> None:
    with pytest.raises(ResourceNotFoundError, match=gone.uid):
        call(gone)


def test_a_file_for_a_missing_project_is_not_taken(sdk: lb.Client, gone: lb.Project) -> None:
    line = {**LINE, "dataRow": {"id": "c" + "1" * 24}}
    for kind in (lb.MALPredictionImport, lb.LabelImport):
        with pytest.raises(ResourceNotFoundError, match=gone.uid):
            kind.create_from_objects(sdk, gone.uid, "import", [line])


@pytest.mark.parametrize("name", ["  ", 5, ["a"]])
def test_a_project_name_that_is_none(sdk: lb.Client, name: Any) -> None:
    before = len(list(sdk.get_projects()))
    with pytest.raises(ValueError, match="project name must be a valid string") as refused:
        sdk.create_project(name=name, media_type=lb.MediaType.Image)
    assert repr(name) in str(refused.value)
    assert len(list(sdk.get_projects())) == before


def test_overrides_out_of_range_name_the_number(gone: lb.Project) -> None:
    row = lb.UniqueId("c" + "1" * 24)
    with pytest.raises(ValueError, match="got 2147483648"):
        gone.set_labeling_parameter_overrides([(row, 2**31)])
    with pytest.raises(TypeError, match="got 'c1111"):
        gone.unset_labeling_parameter_overrides(["c1111"])


def test_consensus_settings_name_what_was_given(gone: lb.Project) -> None:
    settings = {"number_of_labels": 2, "coverage_percentage": 7}
    with pytest.raises(ValueError, match="7"):
        gone.create_batch("b", ["c" + "1" * 24], consensus_settings=settings)
