"""BulkImportRequest and the local check of its lines: R-BIR, R-PJ-60 to R-PJ-64, R-EX-09, R-EX-14.

The faults below are one per line kind; what each must give is what clients of the reference's time gave.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import labelbox as lb
from labelbox.exceptions import MALValidationError, UuidError
from labelbox.schema.bulk_import_request import get_mal_schemas, parse_classification, parse_ndjson
from labelbox.schema.internal.mal_line_check import check_lines

UID = "c" + "1" * 24
ROW, TEXT_ROW = "c" + "2" * 24, "c" + "3" * 24
BOX, POLYGON, LINE, POINT, MASK, ENTITY = (
    f"c{kind:x<24}" for kind in ("box", "pol", "lin", "poi", "mas", "ent")
)
RADIO, CHECKLIST, TEXT, NESTED = (f"c{kind:x<24}" for kind in ("rad", "che", "tex", "nes"))
CALM, FOG, MOORED, UNKNOWN = (f"c{kind:x<24}" for kind in ("cal", "fog", "moo", "unk"))
UUID = "bae60998-ffe4-423b-931e-3d6e4c19993e"
BBOX = {"top": 1, "left": 1, "height": 5, "width": 5}


def _option(uid: str) -> dict[str, Any]:
    return {"featureSchemaId": uid, "label": uid, "value": uid, "options": []}


def _question(uid: str, kind: str, *options: str) -> dict[str, Any]:
    return {
        "featureSchemaId": uid,
        "type": kind,
        "instructions": kind,
        "options": [_option(o) for o in options],
    }


def _tool(uid: str, kind: str, *questions: dict[str, Any]) -> dict[str, Any]:
    return {
        "featureSchemaId": uid,
        "tool": kind,
        "name": kind,
        "color": "",
        "classifications": list(questions),
    }


NORMALIZED = {
    "tools": [
        _tool(BOX, "rectangle", _question(NESTED, "radio", MOORED), _question("d" * 25, "dropdown", FOG)),
        _tool(POLYGON, "polygon"),
        _tool(LINE, "line"),
        _tool(POINT, "point"),
        _tool(MASK, "superpixel"),
        _tool(ENTITY, "named-entity"),
    ],
    "classifications": [
        _question(RADIO, "radio", CALM),
        _question(CHECKLIST, "checklist", FOG),
        _question(TEXT, "text"),
        _question("e" * 25, "dropdown", FOG),
    ],
}


@pytest.fixture
def ontology(client: lb.Client, values: Callable[..., Any]) -> lb.Ontology:
    return lb.Ontology(client, values(lb.Ontology, normalized=NORMALIZED))


def _line(schema: str = BOX, row: Any = None, **given: Any) -> dict[str, Any]:
    return {"uuid": UUID, "schemaId": schema, "dataRow": {"id": ROW} if row is None else row, **given}


def _box(**given: Any) -> dict[str, Any]:
    return _line(bbox=BBOX, **given)


def _mask(**mask: Any) -> dict[str, Any]:
    return _line(MASK, mask=mask)


def _by_name(**given: Any) -> dict[str, Any]:
    return {"uuid": UUID, "name": "boat", "dataRow": {"globalKey": "g"}, **given}


URI = "https://files.example.org/a.png"
CHAT = {"messageEvaluationTask": {"format": "message-ranking", "data": {}}}

VALID: dict[str, dict[str, Any]] = {
    "box": _box(),
    "polygon": _line(POLYGON, polygon=[{"x": 1, "y": 1}, {"x": 2, "y": 2}, {"x": 3, "y": 1}]),
    "line": _line(LINE, line=[{"x": 1, "y": 1}, {"x": 2, "y": 2}]),
    "point": _line(POINT, point={"x": 1, "y": "2.5"}),
    "mask": _mask(instanceURI=URI, colorRGB=[0, 255, 3]),
    "entity": _line(ENTITY, location={"start": 0, "end": 4}),
    "radio": _line(RADIO, answer={"schemaId": CALM}),
    "checklist": _line(CHECKLIST, answers=[{"schemaId": FOG}]),
    "text": _line(TEXT, answer="hello"),
    "frames": _line(RADIO, answer={"schemaId": CALM}, frames=[{"start": 1, "end": 3}]),
    "nested": _box(classifications=[{"schemaId": NESTED, "answer": {"schemaId": MOORED}}]),
    # These are wrong, but only the server can say so.
    "datarow_id_and_global_key": _box(row={"id": ROW, "globalKey": "g"}),
    "schema_id_not_in_ontology": _line(UNKNOWN, bbox=BBOX),
    "tool_kind_mismatch": _line(POLYGON, bbox=BBOX),
    "bbox_negative_size": _line(bbox={"top": 10, "left": 10, "height": -5, "width": 5}),
    "bbox_outside_image": _line(bbox={"top": 9000, "left": 9000, "height": 50, "width": 50}),
    "frames_reversed": _line(RADIO, answer={"schemaId": CALM}, frames=[{"start": 9, "end": 3}]),
    "media_mismatch_entity_on_image": _line(ENTITY, location={"start": 0, "end": 4}),
}

INVALID: dict[str, Any] = {
    "json_array_line": [1, 2, 3],
    "missing_uuid": {key: value for key, value in _box().items() if key != "uuid"},
    "uuid_not_a_uuid": {**_box(), "uuid": "boat-1"},
    "missing_datarow": {key: value for key, value in _box().items() if key != "dataRow"},
    "datarow_empty": _box(row={}),
    "datarow_unknown": _box(row={"id": UNKNOWN}),
    "missing_schema_and_name": {key: value for key, value in _box().items() if key != "schemaId"},
    "schema_id_wrong_length": _line("short", bbox=BBOX),
    "name_not_in_ontology": _by_name(bbox=BBOX),
    "no_annotation_key": _line(),
    "two_geometries": _box(polygon=[{"x": 1, "y": 1}, {"x": 2, "y": 2}, {"x": 3, "y": 1}]),
    "extra_key": _box(colour="red"),
    "bbox_missing_top": _line(bbox={"left": 1, "height": 5, "width": 5}),
    "bbox_text_number": _line(bbox={**BBOX, "top": "north"}),
    "polygon_two_points": _line(POLYGON, polygon=[{"x": 1, "y": 1}, {"x": 2, "y": 2}]),
    "polygon_point_missing_y": _line(POLYGON, polygon=[{"x": 1}, {"x": 2, "y": 2}, {"x": 3, "y": 3}]),
    "line_one_point": _line(LINE, line=[{"x": 1, "y": 1}]),
    "point_as_list": _line(POINT, point=[1, 2]),
    "point_nowhere": _line(POINT, point={"x": float("nan"), "y": 1}),
    "point_infinitely_far": _line(POINT, point={"x": 1, "y": float("inf")}),
    "point_beyond_all_numbers": _line(POINT, point={"x": 10**400, "y": 1}),
    "mask_color_infinite": _mask(instanceURI=URI, colorRGB=[float("inf"), 3, 4]),
    "mask_color_out_of_range": _mask(instanceURI=URI, colorRGB=[0, 300, 0]),
    "mask_color_two_parts": _mask(instanceURI=URI, colorRGB=[0, 3]),
    "mask_without_uri": _mask(colorRGB=[0, 3, 4]),
    "mask_rle_negative_count": _mask(size=[4, 4], counts=[3, -1, 14]),
    "mask_rle_size_three": _mask(size=[4, 4, 1], counts=[16]),
    "entity_location_list": _line(ENTITY, location=[0, 4]),
    "entity_negative_start": _line(ENTITY, location={"start": -1, "end": 4}),
    "entity_end_before_start": _line(ENTITY, location={"start": 9, "end": 4}),
    "entity_of_no_length": _line(ENTITY, location={"start": 4, "end": 4}),
    "radio_answer_list": _line(RADIO, answer=[{"schemaId": CALM}]),
    "radio_unknown_option": _line(RADIO, answer={"schemaId": FOG}),
    "radio_answer_null": _line(RADIO, answer=None),
    "checklist_empty": _line(CHECKLIST, answers=[]),
    "checklist_duplicate_option": _line(CHECKLIST, answers=[{"schemaId": FOG}, {"schemaId": FOG}]),
    "checklist_unknown_option": _line(CHECKLIST, answers=[{"schemaId": CALM}]),
    "checklist_option_without_ref": _line(CHECKLIST, answers=[{}]),
    "text_answer_number": _line(TEXT, answer=7),
    "text_answer_for_radio": _line(RADIO, answer="calm"),
    "text_with_frames": _line(TEXT, answer="x", frames=[{"start": 1, "end": 3}]),
    "subclass_unknown": _box(classifications=[{"schemaId": UNKNOWN, "answer": "x"}]),
    "subclass_unknown_option": _box(classifications=[{"schemaId": NESTED, "answer": {"schemaId": CALM}}]),
    "frames_missing_end": _line(RADIO, answer={"schemaId": CALM}, frames=[{"start": 3}]),
    "segment_without_frame": _by_name(segments=[{"keyframes": [{"bbox": BBOX}]}]),
    "segments_empty": _by_name(segments=[]),
    "video_mask_frame_without_source": {"dataRow": {"globalKey": "g"}, "masks": {"frames": [{"index": 3}]}},
    "pdf_bad_unit": _by_name(bbox=BBOX, page=1, unit="MILES"),
    "pdf_box_without_page": _by_name(bbox=BBOX, unit="POINTS"),
    "pdf_selection_page_zero": _by_name(textSelections=[{"groupId": UUID, "tokenIds": [UUID], "page": 0}]),
    "message_scope_missing_message_id": _by_name(answers=[{"name": "polite"}]),
    "message_id_unknown": _by_name(answer="x", messageId="m-404"),
    "ranking_orders_not_consecutive": _by_name(**CHAT),
    "message_task_unknown_format": _by_name(messageEvaluationTask={"format": "message-vote"}),
    "relationship_target_unknown": _by_name(relationship={"source": UUID, "target": UUID, "type": "x"}),
    "relationship_bad_type": _by_name(relationship={"source": UUID, "target": UUID, "type": "sideways"}),
    "relationship_two_sources": _by_name(relationship={"source": UUID, "sourceOntologyName": "a"}),
    "confidence_above_one": _box(confidence=1.4),
    "custom_metric_without_value": _by_name(bbox=BBOX, customMetrics=[{"name": "sharpness"}]),
    "metric_reserved_name": {"uuid": UUID, "dataRow": {"id": ROW}, "metricName": "IOU", "metricValue": 0.4},
    "geo_longitude_out_of_range": _by_name(point={"x": 214.5, "y": 35.9}),
}


@pytest.mark.parametrize("name", VALID)
def test_R_EX_09_lines_that_pass(ontology: lb.Ontology, name: str) -> None:
    check_lines([VALID[name]], get_mal_schemas(ontology), {ROW, TEXT_ROW})


@pytest.mark.parametrize("name", INVALID)
def test_R_EX_09_lines_that_do_not(ontology: lb.Ontology, name: str) -> None:
    with pytest.raises(MALValidationError) as caught:
        check_lines([VALID["box"], INVALID[name]], get_mal_schemas(ontology), {ROW, TEXT_ROW})
    assert caught.value.message == "Invalid NDJson on line 1"
    assert isinstance(caught.value.__cause__, (ValueError, TypeError, KeyError))


def test_R_EX_14_a_repeated_uuid(ontology: lb.Ontology) -> None:
    with pytest.raises(UuidError, match=UUID):
        check_lines([VALID["box"], VALID["point"]], get_mal_schemas(ontology))


def test_R_BIR_15_to_17_schemas(ontology: lb.Ontology) -> None:
    schemas = get_mal_schemas(ontology)
    assert set(schemas) == {BOX, POLYGON, LINE, POINT, MASK, ENTITY, RADIO, CHECKLIST, TEXT}
    assert schemas[BOX]["tool"] == "rectangle"
    assert set(schemas[BOX]["classifications"]) == {NESTED}
    assert schemas[RADIO] == {"tool": "radio", "featureSchemaId": RADIO, "options": [CALM]}
    assert parse_classification(_question(UID, "dropdown", FOG)) is None


@pytest.fixture
def project(server: Any, client: lb.Client, values: Callable[..., Any]) -> lb.Project:
    """A project of batches with the ontology, on a server that starts every import."""
    server.on("Project", {"project": values(lb.Project, UID)})
    server.on("ProjectOntology", {"project": {"ontology": values(lb.Ontology, normalized=NORMALIZED)}})
    server.on("ProjectDatasets", {"project": {"datasets": []}})
    found = values(lb.BulkImportRequest, name="job", state="RUNNING", inputFileUrl=server.origin + "/in")
    server.on("CreateBulkImportRequest", {"createBulkImportRequest": found})
    server.on("CreateBulkImportRequestFromFile", {"createBulkImportRequest": found})
    return lb.Project(client, values(lb.Project, UID))


def _sent(server: Any) -> tuple[dict[str, Any], bytes]:
    request = next(r for r in server.requests if r.operation == "CreateBulkImportRequestFromFile")
    assert "application/x-ndjson" in request.parts["1"][0]
    assert f'filename="{UID}__job.ndjson"' in request.parts["1"][0]
    return request.variables, request.parts["1"][1]


def test_R_PJ_63_from_objects(server: Any, project: lb.Project) -> None:
    request = project.upload_annotations(
        name="job", annotations=iter([VALID["box"], {**VALID["text"], "uuid": UUID[:-1] + "f"}])
    )
    assert request.state is lb.BulkImportRequestState.RUNNING
    variables, content = _sent(server)
    assert (variables["name"], variables["projectId"], variables["file"]) == ("job", UID, None)
    assert [json.loads(line)["schemaId"] for line in content.splitlines()] == [BOX, TEXT]


def test_R_PJ_62_from_a_path(server: Any, project: lb.Project, tmp_path: Path) -> None:
    file = tmp_path / "a.ndjson"
    file.write_text(json.dumps(VALID["box"]) + "\n")
    project.upload_annotations("job", str(file))
    assert _sent(server)[1] == file.read_bytes()
    file.write_text("this is not json")
    with pytest.raises(ValueError, match="not a valid ndjson"):
        project.upload_annotations("job", file)


def test_R_PJ_61_from_a_url(server: Any, project: lb.Project) -> None:
    server.files["/in"] = json.dumps(VALID["box"]).encode()
    project.upload_annotations("job", server.origin + "/in")
    assert server.calls("CreateBulkImportRequest")[0]["fileUrl"] == server.origin + "/in"
    server.files["/in"] = json.dumps(INVALID["extra_key"]).encode()
    with pytest.raises(MALValidationError):
        project.upload_annotations("job", server.origin + "/in")


def test_R_PJ_64_without_validation_nothing_is_checked(server: Any, project: lb.Project) -> None:
    project.upload_annotations("job", [INVALID["extra_key"]], validate=False)
    assert server.operations() == ["CreateBulkImportRequestFromFile"]
    with pytest.raises(MALValidationError):
        project.upload_annotations("job", [INVALID["extra_key"]])


def test_R_PJ_60_wrong_arguments(project: lb.Project) -> None:
    with pytest.raises(FileNotFoundError):
        project.upload_annotations("job", "no/such/file.ndjson")
    with pytest.raises(ValueError, match="type"):
        project.upload_annotations("job", 7)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="empty"):
        project.upload_annotations("job", [])
    with pytest.raises(TypeError):
        project.upload_annotations("job", ["a"])  # type: ignore[list-item]


def test_data_rows_of_a_project_of_datasets_are_checked(
    server: Any, project: lb.Project, values: Callable[..., Any]
) -> None:
    server.on("ProjectDatasets", {"project": {"datasets": [values(lb.Dataset, "d" * 25)]}})
    server.on("ProjectBatches", {"project": {"batches": {"nodes": [], "pageInfo": {"endCursor": None}}}})
    rows = {"nodes": [values(lb.DataRow, ROW)], "pageInfo": {"startCursor": None, "hasNextPage": False}}
    server.on("DatasetDataRows", {"datasetDataRows": rows})
    project.upload_annotations("job", [VALID["box"]])
    with pytest.raises(MALValidationError) as caught:
        project.upload_annotations("job", [INVALID["datarow_unknown"]])
    assert "not in the project" in str(caught.value.cause)


def test_R_BIR_12_wait_and_read(
    server: Any, client: lb.Client, values: Callable[..., Any], reply: Any
) -> None:
    statuses = [{"uuid": UUID, "dataRow": {"id": ROW}, "status": "FAILURE", "errors": [{"name": "n"}]}]
    server.files["/statuses"] = "\n".join(map(json.dumps, statuses)).encode()
    common = {"name": "job", "errorFileUrl": server.origin + "/statuses"}
    running = values(lb.BulkImportRequest, UID, state="RUNNING", name="job")
    done = values(
        lb.BulkImportRequest, UID, state="FINISHED", statusFileUrl=server.origin + "/statuses", **common
    )
    server.on(
        "BulkImportRequest", {"bulkImportRequest": running}, reply({}, 429), {"bulkImportRequest": done}
    )
    request = lb.BulkImportRequest(client, running)
    request.wait_until_done(sleep_time_seconds=0.01)
    assert request.state is lb.BulkImportRequestState.FINISHED
    assert request.statuses == request.errors == statuses
    assert len(server.requests) == 5


def test_P_MI_01_to_03_list_filter_delete(
    server: Any, project: lb.Project, values: Callable[..., Any]
) -> None:
    jobs = [values(lb.BulkImportRequest, f"c{n:024}", state="FINISHED") for n in range(3)]
    server.on("BulkImportRequests", {"bulkImportRequests": jobs})
    server.on("DeleteBulkImportRequest", {"deleteBulkImportRequest": {"id": "x"}})
    (found,) = [job for job in project.bulk_import_requests() if job.uid == jobs[1]["id"]]
    found.delete()
    assert server.calls("DeleteBulkImportRequest") == [{"id": jobs[1]["id"]}]


def test_ndjson_keeps_every_character() -> None:
    assert parse_ndjson('{"a": "\u2028 é"}\n\n{"b": 1}'.encode(), "x") == [{"a": "\u2028 é"}, {"b": 1}]
