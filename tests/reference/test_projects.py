"""Project, as the two documents describe it: its fields, its life, its settings (R-PJ, P-CR, P-GT, P-UD, P-DL, P-BS)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import labelbox as lb
from conftest import RunningServer
from factories import unique
from labelbox import exceptions
from labelbox.schema.quality_mode import QualityMode
from reference import clients

MEDIA = {
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


def test_P_CR_01_P_CR_02_audio(client: lb.Client) -> None:
    _create(client, "Audio")


def test_P_CR_03_conversational(client: lb.Client) -> None:
    _create(client, "Conversational")


def test_P_CR_04_dicom(client: lb.Client) -> None:
    _create(client, "Dicom")


def test_P_CR_05_document(client: lb.Client) -> None:
    _create(client, "Document")


def test_P_CR_06_geospatial_tile(client: lb.Client) -> None:
    _create(client, "Geospatial_Tile")


def test_P_CR_07_html(client: lb.Client) -> None:
    _create(client, "Html")


def test_P_CR_08_image(client: lb.Client) -> None:
    _create(client, "Image")


def test_P_CR_09_json(client: lb.Client) -> None:
    _create(client, "Json")


def test_P_CR_10_simple_tile(client: lb.Client) -> None:
    _create(client, "Simple_Tile")


def test_P_CR_11_text(client: lb.Client) -> None:
    _create(client, "Text")


def test_P_CR_12_video(client: lb.Client) -> None:
    _create(client, "Video")


def _create(client: lb.Client, name: str) -> None:
    media_type = getattr(lb.MediaType, name)
    made = client.create_project(name=unique(name), media_type=media_type)
    assert made.media_type is media_type
    found = client.get_project(made.uid)
    assert found.media_type is media_type
    wire = client.execute("query($i: ID!) { project(where: {id: $i}) { allowedMediaType } }", {"i": made.uid})
    assert wire["project"]["allowedMediaType"] == MEDIA[name]


def test_P_CR_13_a_description_is_optional(client: lb.Client) -> None:
    assert client.create_project(name=unique("p"), media_type=lb.MediaType.Image).description in ("", None)


def test_P_CR_13_what_a_project_is_made_of(client: lb.Client) -> None:
    with_none = client.create_project(name=unique("p"), media_type=lb.MediaType.Image, description=None)
    assert with_none.description in ("", None)
    with pytest.raises(TypeError):
        client.create_project(name=unique("p"), media_type="picture")
    with pytest.raises(ValueError, match="project name must be a valid string"):
        client.create_project(name="  ", media_type=lb.MediaType.Image)


def test_P_CR_14_P_CR_15_R_PJ_10_R_PJ_11_P_BS_06_P_BS_07_quality_modes(client: lb.Client) -> None:
    settings = {
        (QualityMode.Benchmark,): (1, 1.0, True, False),
        (QualityMode.Consensus,): (3, 0.0, False, True),
        (QualityMode.Benchmark, QualityMode.Consensus): (3, 0.0, True, True),
    }
    assert {mode.value for mode in QualityMode} == {"BENCHMARK", "CONSENSUS"}
    for modes, expected in settings.items():
        made = client.create_project(
            name=unique("p"), media_type=lb.MediaType.Image, quality_modes=set(modes)
        )
        found = client.get_project(made.uid)
        assert isinstance(found.auto_audit_number_of_labels, int)
        assert isinstance(found.auto_audit_percentage, float)
        assert (
            found.auto_audit_number_of_labels,
            found.auto_audit_percentage,
            found.is_benchmark_enabled,
            found.is_consensus_enabled,
        ) == expected


def test_P_CR_14_the_older_argument_takes_one_mode(client: lb.Client) -> None:
    old = client.create_project(
        name=unique("p"), media_type=lb.MediaType.Image, quality_mode=QualityMode.Consensus
    )
    assert client.get_project(old.uid).is_consensus_enabled is True


def test_R_PJ_10_R_PJ_11_how_many_labels_and_of_which_share(client: lb.Client, project: lb.Project) -> None:
    found = client.get_project(project.uid)
    assert isinstance(found.auto_audit_number_of_labels, int)
    assert isinstance(found.auto_audit_percentage, (int, float))
    wire = client.execute(
        "query($i: ID!) { project(where: {id: $i}) { autoAuditNumberOfLabels autoAuditPercentage } }",
        {"i": project.uid},
    )["project"]
    assert found.auto_audit_number_of_labels == wire["autoAuditNumberOfLabels"] >= 1
    assert found.auto_audit_percentage == wire["autoAuditPercentage"] <= 1


def test_P_GT_01_P_GT_02_get(client: lb.Client) -> None:
    made = clients.project_of_any_kind(client, unique("p"))
    assert client.get_project(made.uid) == made
    assert client.get_projects(where=lb.Project.name == made.name).get_one() == made
    assert client.get_projects(where=lb.Project.name == unique("nobody")).get_one() is None


def test_R_PJ_01_R_PJ_04_R_PJ_05_R_PJ_06_R_PJ_07_P_BS_01_P_BS_02_P_BS_03_P_BS_04_P_BS_05_basics(
    client: lb.Client,
) -> None:
    name = unique("p")
    project = client.get_project(clients.project_of_any_kind(client, name, description="boats").uid)
    assert (project.name, project.description) == (name, "boats")
    for moment in (project.created_at, project.updated_at, project.last_activity_time):
        assert isinstance(moment, datetime) and moment.tzinfo == UTC
    assert project.setup_complete is None


def test_R_PJ_13_R_PJ_14_P_BS_08_P_BS_09_who_and_where(client: lb.Client, project: lb.Project) -> None:
    assert project.created_by() == client.get_user()
    assert project.organization() == client.get_organization()


def test_R_PJ_02_P_UD_01_update(client: lb.Client, project: lb.Project) -> None:
    name = unique("changed")
    before = project.updated_at
    project.update(name=name, description="ships")
    assert (project.name, project.description) == (name, "ships")
    found = client.get_project(project.uid)
    assert (found.name, found.description) == (name, "ships") and found.updated_at >= before
    with pytest.raises(exceptions.InvalidAttributeError):
        project.update(flavour="sweet")


def test_P_UD_01_the_quality_modes_stay(client: lb.Client, project: lb.Project) -> None:
    with pytest.raises(exceptions.OperationNotAllowedException):
        client.execute(
            """mutation($i: ID!) { updateProject(where: {id: $i}, data: {isConsensusEnabled: false}) { id } }""",
            {"i": project.uid},
        )


def test_numbers_of_another_quality_mode_are_refused(client: lb.Client) -> None:
    made = {
        modes: client.create_project(name="modes", media_type=lb.MediaType.Image, quality_modes=modes)
        for modes in (QualityMode.Benchmark, QualityMode.Consensus)
    }
    benchmarks, consensus = made.values()
    with pytest.raises(exceptions.OperationNotAllowedException):
        benchmarks.update(auto_audit_number_of_labels=3)
    with pytest.raises(exceptions.OperationNotAllowedException):
        consensus.update(auto_audit_number_of_labels=1, auto_audit_percentage=1.0)
    assert client.get_project(benchmarks.uid).auto_audit_number_of_labels == 1
    assert consensus.update(auto_audit_number_of_labels=2, auto_audit_percentage=0.5) is consensus
    assert (consensus.auto_audit_number_of_labels, consensus.auto_audit_percentage) == (2, 0.5)
    older = client.create_project(name="2.4 names no mode")
    assert older.update(auto_audit_number_of_labels=3, auto_audit_percentage=0.1).auto_audit_percentage == 0.1


def test_R_PJ_03_P_DL_01_delete_takes_the_labels_and_leaves_the_rows(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset
) -> None:
    row = next(dataset.data_rows())
    label = clients.make_label(ready, row, "text")
    ready.delete()
    assert ready.uid not in {found.uid for found in client.get_projects()}
    with pytest.raises(exceptions.ResourceNotFoundError):
        client.get_project(ready.uid)
    assert list(row.labels()) == []
    answer = client.execute("query($i: ID!) { label(where: {id: $i}) { id } }", {"i": label.uid})
    assert answer is None or answer["label"] is None
    assert len(list(dataset.data_rows())) == 6


def test_what_is_asked_of_a_deleted_project_says_that_it_is_gone(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, tmp_path: Path
) -> None:
    batch, rows = next(ready.batches()), [row.uid for row in dataset.data_rows()]
    line = {"uuid": "a", "name": "Car", "dataRow": {"id": rows[0]}, "bbox": {}}
    file = tmp_path / "lines.ndjson"
    file.write_text(json.dumps(line))
    ready.delete()
    asked: list[Callable[[], object]] = [
        ready.task_queues,
        ready.get_resource_tags,
        ready.export_issues,
        ready.get_overview,
        ready.get_label_count,
        lambda: ready.review_metrics(None),
        lambda: ready.upload_annotations("job", file, validate=False),
        lambda: ready.datasets.connect(dataset),
        batch.remove_queued_data_rows,
        batch.delete,
    ]
    for ask in asked:
        with pytest.raises(exceptions.ResourceNotFoundError):
            ask()


def test_what_a_labeler_may_not_do_to_a_project(
    client: lb.Client, project: lb.Project, client_of: Callable[[str], lb.Client]
) -> None:
    labeler = client_of("Labeler")
    seen = labeler.get_project(project.uid)
    for refused in (
        lambda: seen.update(name="mine"),
        seen.delete,
        seen.enable_model_assisted_labeling,
    ):
        with pytest.raises(exceptions.AuthorizationError):
            refused()
    assert client.get_project(project.uid).name == "streets"


def test_R_PJ_29_R_PJ_30_model_assisted_labeling(ready: lb.Project) -> None:
    assert ready.enable_model_assisted_labeling() is True
    assert ready.enable_model_assisted_labeling(True) is True
    assert ready.enable_model_assisted_labeling(False) is False


@pytest.mark.ours
def test_P_DL_02_only_the_operator_brings_a_project_back(
    client: lb.Client, ready: lb.Project, dataset: lb.Dataset, server: RunningServer
) -> None:
    row = next(dataset.data_rows())
    label = clients.make_label(ready, row, "text")
    ready.delete()
    with pytest.raises(exceptions.LabelboxError):
        client.execute(
            "mutation($i: ID!) { updateProject(where: {id: $i}, data: {deleted: false}) { id } }",
            {"i": ready.uid},
            raise_return_resource_not_found=True,
        )
    command = [
        sys.executable,
        "-m",
        "labelyard",
        "restore-project",
        "--data-dir",
        str(server.process.data_dir),
    ]
    ran = subprocess.run([*command, ready.uid], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout == 'The project "streets" is there again, with its labels.\n'
    found = client.get_project(ready.uid)
    assert [each.uid for each in found.labels()] == [label.uid]
    assert [each.uid for each in client.get_data_row(row.uid).labels()] == [label.uid]
    again = subprocess.run([*command, ready.uid], capture_output=True, text=True, timeout=60, check=False)
    assert again.returncode == 1 and ready.uid in again.stderr


@pytest.mark.ours
def test_R_PJ_03_R_PJ_41_a_deleted_project_has_no_numbers(project: lb.Project) -> None:
    project.delete()
    for asked in (
        lambda: project.review_metrics(None),
        project.get_label_count,
        project.get_overview,
        project.get_resource_tags,
    ):
        with pytest.raises(exceptions.ResourceNotFoundError):
            asked()


@pytest.mark.ours
@pytest.mark.parametrize("name", ["", "  ", 5])
def test_R_CLI_11_a_projects_name_is_a_text(client: lb.Client, name: object) -> None:
    with pytest.raises(ValueError, match="valid string"):
        client.create_project(name=name)  # type: ignore[arg-type]
