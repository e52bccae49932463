"""Exports: rows come out as the vectors have them, with exactly the parts that were asked for."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from labelyard.formats.export_json import (
    _WIRE_PARAMS,
    DataRowPart,
    ExportParams,
    HistoryPart,
    LabelPart,
    ModelRunPart,
    ProjectPart,
    export_row,
    export_time,
    read_params,
)
from labelyard.formats.export_labels_v1 import LegacyLabelPart, ReviewPart, export_label_v1

VECTORS = Path(__file__).parent / "vectors"
ALL = read_params(dict.fromkeys(_WIRE_PARAMS, True))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def camel(attributes: dict[str, Any]) -> bytes:
    def spell(key: str) -> str:
        first, *rest = key.split("_")
        return first + "".join(part.capitalize() for part in rest)

    return orjson.dumps({spell(key): value for key, value in attributes.items()})


def parts_of(row: dict[str, Any]) -> tuple[DataRowPart, list[ProjectPart] | None, list[ModelRunPart] | None]:
    """The pieces of a vector's row, as a database would hold them."""
    details = row["data_row"].get("details", {})
    data_row = DataRowPart(
        row["data_row"]["id"],
        row["data_row"]["row_data"],
        row["data_row"].get("global_key"),
        row["data_row"].get("external_id"),
        camel(row["media_attributes"]),
        details.get("dataset_id"),
        details.get("dataset_name"),
        created_at=at(details["created_at"]) if details else None,
        updated_at=at(details["updated_at"]) if details else None,
        last_activity_at=at(details["last_activity_at"]) if details else None,
        created_by=details.get("created_by"),
        attachments=orjson.dumps(row.get("attachments", [])),
        metadata_fields=orjson.dumps(row.get("metadata_fields", [])),
        embeddings=orjson.dumps(row.get("embeddings", [])),
    )
    projects = (
        [project_of(key, value) for key, value in row["projects"].items()] if "projects" in row else None
    )
    runs = [
        ModelRunPart(
            model_id,
            model["name"],
            run_id,
            run["name"],
            run["run_data_row_id"],
            None,
            [],
            [*map(label_of, run["predictions"])],
        )
        for model_id, model in row.get("experiments", {}).items()
        for run_id, run in model["runs"].items()
    ]
    return data_row, projects, runs or None


def project_of(key: str, project: dict[str, Any]) -> ProjectPart:
    details = dict(project.get("project_details", {}))
    steps = [
        HistoryPart(**{**step, "created_at": at(step["created_at"])})
        for step in details.pop("workflow_history", [])
    ]
    return ProjectPart(
        key, project["name"], [*map(label_of, project["labels"])], workflow_history=steps, **details
    )


def label_of(label: dict[str, Any]) -> LabelPart:
    part = LabelPart(label["id"], orjson.dumps(label["annotations"]), label["label_kind"])
    for key, value in {**label.get("label_details", {}), **label.get("performance_details", {})}.items():
        if key == "reviews":
            part.reviews = [(at(review["reviewed_at"]), review["reviewed_by"]) for review in value]
        else:
            setattr(part, key, at(value) if key.endswith("_at") else value)
    return part


def without_empty_keys(row: dict[str, Any]) -> dict[str, Any]:
    """The vectors write null where we leave a key out: keys of the row, and scores that do not exist."""
    for key in ("external_id", "global_key"):
        if row["data_row"].get(key, "") is None:
            del row["data_row"][key]
    for project in row.get("projects", {}).values():
        for label in project["labels"]:
            scores = label.get("performance_details", {})
            for key in [key for key, value in scores.items() if value is None]:
                del scores[key]
    return row


@pytest.mark.parametrize(
    ("vector", "params"),
    [
        ("export_image.ndjson", ALL),
        ("export_minimal_no_params.ndjson", ExportParams()),
        (
            "export_model_run.ndjson",
            ExportParams(
                attachments=True,
                metadata_fields=True,
                embeddings=True,
                data_row_details=True,
                predictions=True,
            ),
        ),
    ],
)
def test_rows_come_out_as_the_vectors_have_them(vector: str, params: ExportParams) -> None:
    for line in (VECTORS / vector).read_text().splitlines():
        expected = without_empty_keys(json.loads(line))
        row, projects, runs = parts_of(json.loads(line))
        exported = export_row(row, params, projects=projects, model_runs=runs)
        assert exported.endswith(b"\n") and exported.count(b"\n") == 1
        assert json.loads(exported) == expected


def test_nothing_is_in_a_row_that_was_not_asked_for() -> None:
    row, projects, _ = parts_of(json.loads((VECTORS / "export_image.ndjson").read_text().splitlines()[0]))
    bare = json.loads(export_row(row, ExportParams(), projects=projects))
    assert set(bare) == {"data_row", "media_attributes", "projects"}
    assert set(bare["data_row"]) == {"id", "global_key", "row_data"}
    (project,) = bare["projects"].values()
    assert set(project) == {"name", "labels"}
    assert set(project["labels"][0]) == {"label_kind", "version", "id", "annotations"}
    assert "projects" not in json.loads(export_row(row, ExportParams()))


def test_stored_json_passes_through_unchanged() -> None:
    stored = b'{"objects":[{"z":1.50,"a":1e2}],"classifications":[],"relationships":[]}'
    row = DataRowPart("c1", "x")
    exported = export_row(row, ExportParams(), projects=[ProjectPart("p", "P", [LabelPart("l", stored)])])
    assert stored in exported


def test_scores_that_exist_are_written_even_when_zero() -> None:
    label = LabelPart("l", b"{}", benchmark_score=0.0, consensus_score=0.5, consensus_label_count=2)
    row = json.loads(
        export_row(
            DataRowPart("c1", "x"),
            ExportParams(performance_details=True),
            projects=[ProjectPart("p", "P", [label])],
        )
    )
    details = row["projects"]["p"]["labels"][0]["performance_details"]
    assert (details["benchmark_score"], details["consensus_score"]) == (0.0, 0.5)
    assert "benchmark_reference_label" not in details


def test_params_of_a_request() -> None:
    params = read_params(
        {
            "includeAttachments": True,
            "includeLabelDetails": None,
            "projectIds": ["p"],
            "newer": 1,
            "allProjects": True,
        }
    )
    assert params == ExportParams(attachments=True, project_ids=("p",), all_projects=True)
    assert read_params(None) == ExportParams()


def test_times_are_readable_by_the_client() -> None:
    text = export_time(datetime(2024, 4, 8, 16, 21, 26, 999_600, tzinfo=UTC))
    assert text == "2024-04-08T16:21:26.999+00:00"
    assert datetime.fromisoformat(text) == datetime(2024, 4, 8, 16, 21, 26, 999_000, tzinfo=UTC)


def test_labels_in_the_spelling_of_2_4() -> None:
    expected = json.loads((VECTORS / "export_labels_v1.json").read_text())[0]
    source = json.loads((VECTORS / "export_image.ndjson").read_text().splitlines()[0])
    (project,) = source["projects"].values()
    label = LegacyLabelPart(
        id="cmzjloxka22uwj2bbe6n7mifb",
        data_row_id="cmzsy0wnratyut3aiskqsqkrh",
        row_data="https://files.example.org/harbour/cam-3.jpg",
        annotations=orjson.dumps(project["labels"][0]["annotations"]),
        created_by="ines@example.org",
        project_id="cmzcjgei0lwjlevrvz8jdib0m",
        project_name="Harbour watch",
        created_at=datetime(2021, 6, 14, 8, 5, tzinfo=UTC),
        updated_at=datetime(2021, 6, 14, 8, 9, 0, 250_000, tzinfo=UTC),
        dataset_name="harbour 2021",
        seconds_to_label=41.2,
        external_id="cam-3.jpg",
        reviews=[
            ReviewPart(
                "cmzeq88a11qduf1c2xdkwc1er", 1, datetime(2021, 6, 14, 9, tzinfo=UTC), "omar@example.org"
            )
        ],
        media_type="IMAGE",
    )
    exported = export_label_v1(
        label,
        app_url="https://editor.example",
        colors={},
        mask_url=lambda feature: f"https://host.example/masks/feature/{feature}?token=t",
    )
    row = json.loads(exported)
    assert list(row) == list(expected)
    assert {key: row[key] for key in row if key != "Label"} == {
        key: expected[key] for key in row if key != "Label"
    }
    box, polygon, line, point, mask, _ = row["Label"]["objects"]
    for ours, theirs in zip((box, polygon, line, point, mask), expected["Label"]["objects"], strict=True):
        assert set(ours) == set(theirs)
        assert ours["instanceURI"] == theirs["instanceURI"] and ours["schemaId"] == theirs["schemaId"]
    assert box["bbox"] == {"top": 120.5, "left": 64.25, "height": 80, "width": 210}
    assert box["classifications"][0]["answer"]["classifications"][0]["answer"] == "B-12"
    assert polygon["polygon"] == expected["Label"]["objects"][1]["polygon"]
    radio, checklist, text = row["Label"]["classifications"]
    assert radio["answer"]["title"] == "calm" and [a["title"] for a in checklist["answers"]] == [
        "fog",
        "debris",
    ]
    assert text["answer"] == "Low sun from the left"
    assert row["Label"]["relationships"] == expected["Label"]["relationships"]


def test_a_skipped_label_is_empty_in_2_4() -> None:
    moment = datetime(2021, 6, 14, tzinfo=UTC)
    label = LegacyLabelPart(
        "l", "d", "x", b"{}", None, "p", "P", moment, moment, "D", skipped=True, agreement=50
    )
    row = json.loads(export_label_v1(label, app_url="https://a/", colors={}, mask_url=str))
    assert row["Label"] == {} and row["Skipped"] is True and row["Agreement"] == 50
    assert row["View Label"] == "https://a/?project=p&label=l"
