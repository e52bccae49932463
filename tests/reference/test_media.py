"""Data rows of every media type: by address, by upload and inline; what is looked into, and what is refused."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import labelbox as lb
from factories import unique
from labelbox.schema.media_type import MediaType
from media_files import CHAT, dicom, film, pdf, sound

TILES: dict[str, Any] = {
    "tile_layer_url": "https://tiles.example.com/{z}/{x}/{y}.png",
    "bounds": [[19.405, -99.21], [19.41, -99.205]],
    "min_zoom": 12,
    "max_zoom": 20,
    "epsg": "EPSG3857",
    "alternative_layers": [{"tile_layer_url": "https://api.example.com/{z}/{x}/{y}", "name": "Satellite"}],
}


def looked_at(client: lb.Client, row: lb.DataRow, ready: Callable[[lb.DataRow], bool]) -> lb.DataRow:
    """The row once somebody has looked at it. Raises AssertionError when nobody ever does."""
    deadline = time.monotonic() + 30
    while True:
        found = client.get_data_row(row.uid)
        if ready(found):
            return found
        assert time.monotonic() < deadline, (found.processing_status, found.media_attributes)
        time.sleep(0.1)


def made(client: lb.Client, item: dict[str, Any]) -> lb.DataRow:
    """The one row that comes of an item."""
    dataset = client.create_dataset(name=unique("dataset"))
    task = dataset.create_data_rows([item])
    task.wait_till_done()
    assert task.errors is None, task.errors
    return next(dataset.data_rows())


FILES: dict[str, tuple[str, Callable[[Path], Path], dict[str, Any]]] = {
    "VIDEO": ("film.mp4", film, {"mimeType": "video/mp4", "width": 64, "height": 48, "frameCount": 20}),
    "AUDIO": ("sound.wav", sound, {"mimeType": "audio/wav", "duration": 2.0, "channels": 2}),
    "PDF": ("paper.pdf", pdf, {"mimeType": "application/pdf", "pageCount": 3}),
    "DICOM": ("scan.dcm", dicom, {"mimeType": "application/dicom", "width": 8, "frameCount": 4}),
}


@pytest.mark.parametrize("media_type", FILES)
def test_films_sounds_documents_and_scans_by_upload_and_by_address(
    client: lb.Client, served: tuple[Path, str], tmp_path: Path, media_type: str
) -> None:
    name, make, expected = FILES[media_type]
    uploaded = made(client, {"row_data": str(make(tmp_path / name))})
    make(served[0] / name)
    by_address = made(client, {"row_data": f"{served[1]}/{name}", "media_type": media_type})
    for row in (uploaded, by_address):
        found = looked_at(
            client, row, lambda each: bool(expected.items() <= (each.media_attributes or {}).items())
        )
        assert found.media_attributes["assetType"] == media_type.lower()
        assert (found.processing_status, found.processing_error) == ("SUCCESS", None)
    assert by_address.row_data == f"{served[1]}/{name}"


def test_a_picture_by_address_gets_its_size_without_its_name_telling(
    client: lb.Client, served: tuple[Path, str]
) -> None:
    picture = sorted(served[0].glob("*.jpg"))[0]
    (served[0] / "no-ending").write_bytes(picture.read_bytes())
    row = made(client, {"row_data": f"{served[1]}/no-ending"})
    found = looked_at(client, row, lambda each: "width" in (each.media_attributes or {}))
    assert found.media_attributes["assetType"] == "image"
    assert found.media_attributes["contentLength"] == picture.stat().st_size


def test_what_is_not_there_or_not_what_it_says_fails_with_its_reason(
    client: lb.Client, served: tuple[Path, str], project: lb.Project
) -> None:
    (served[0] / "really-a.jpg").write_bytes(b"%PDF-1.7 is no picture")
    missing = made(client, {"row_data": f"{served[1]}/missing.jpg"})
    wrong = made(client, {"row_data": f"{served[1]}/really-a.jpg"})
    found = looked_at(client, missing, lambda each: each.processing_status == "FAILED")
    assert found.processing_error.startswith("NotFound:") and "missing.jpg" in found.processing_error
    found = looked_at(client, wrong, lambda each: each.processing_status == "FAILED")
    assert "really-a.jpg" in found.processing_error
    assert list(missing.dataset().data_rows()) == []  # failed rows are not listed
    with pytest.raises(lb.exceptions.MalformedQueryException, match="could not be processed"):
        project.create_batch(unique("batch"), data_rows=[missing.uid])


def test_a_row_that_is_in_a_project_already_is_not_taken_away(
    client: lb.Client, served: tuple[Path, str], ready: lb.Project, dataset: lb.Dataset
) -> None:
    row = next(dataset.data_rows())
    task = dataset.upsert_data_rows([{"key": lb.UniqueId(row.uid), "row_data": f"{served[1]}/moved.jpg"}])
    task.wait_till_done()
    assert task.errors is None
    found = looked_at(client, row, lambda each: bool(each.processing_error))
    assert found.processing_status == "SUCCESS" and found.processing_error.startswith("NotFound:")
    assert sum(queue.data_row_count for queue in ready.task_queues()) == 6


def test_a_host_that_cannot_be_reached_takes_nothing_away(client: lb.Client) -> None:
    row = made(client, {"row_data": "http://127.0.0.1:9/a.jpg"})
    time.sleep(3)
    found = client.get_data_row(row.uid)
    assert found.processing_status == "SUCCESS"
    assert found.media_attributes == {"assetType": "image", "mimeType": "image/jpeg"}


def test_a_conversation_inline_and_in_the_older_form(client: lb.Client) -> None:
    inline = made(client, {"row_data": CHAT, "media_type": "CONVERSATIONAL"})
    assert json.loads(inline.row_data) == CHAT
    assert inline.media_attributes["assetType"] == "conversational"
    older = made(client, {"conversationalData": CHAT["messages"], "externalId": "chat"})
    assert json.loads(older.row_data)["messages"] == CHAT["messages"] and older.external_id == "chat"
    dataset = client.create_dataset(name=unique("dataset"))
    twice = {**CHAT, "messages": [CHAT["messages"][0]] * 2}
    for wrong, words in (
        ({"row_data": twice}, "'m1' is used twice"),
        ({"row_data": CHAT, "media_type": "IMAGE"}, "Found invalid contents for media type: 'IMAGE'"),
        ({"row_data": CHAT, "media_type": "SCULPTURE"}, "Found invalid media type: 'SCULPTURE'"),
    ):
        task = dataset.create_data_rows([wrong])
        task.wait_till_done()
        (error,) = task.errors
        assert words in error["message"]
    assert list(dataset.data_rows()) == []


def test_tiles_in_both_spellings(client: lb.Client) -> None:
    row = made(client, {"row_data": TILES})
    assert json.loads(row.row_data) == TILES
    assert row.media_attributes["assetType"] == "tms_geo"
    assert row.media_attributes["mimeType"] == "application/x-tms-geo"
    older = {
        "tileLayerUrl": TILES["tile_layer_url"],
        "bounds": [[0, 0], [100, 200]],
        "minZoom": 0,
        "maxZoom": 5,
        "epsg": "Simple",
        "externalId": "floor plan",
    }
    simple = made(client, older)
    assert simple.external_id == "floor plan"
    assert json.loads(simple.row_data)["tileLayerUrl"] == TILES["tile_layer_url"]
    assert simple.media_attributes["assetType"] == "tms_simple"
    dataset = client.create_dataset(name=unique("dataset"))
    for change, words in (
        ({"bounds": [[1, 1], [1, 2]]}, "no area"),
        ({"tile_layer_url": "https://tiles.example.com/0.png"}, "{z}"),
        ({"epsg": "EPSG1"}, "EPSG1"),
        ({"min_zoom": 9, "max_zoom": 3}, "9 to 3"),
    ):
        task = dataset.create_data_rows([{"row_data": {**TILES, **change}}])
        task.wait_till_done()
        assert words in task.errors[0]["message"]


def test_a_pdf_document_with_its_text_layer(client: lb.Client, served: tuple[Path, str]) -> None:
    pdf(served[0] / "layered.pdf")
    token = {"id": "t", "content": "a", "geometry": {"left": 0, "top": 0, "width": 1, "height": 1}}
    page = {"number": 1, "units": "POINTS", "groups": [{"id": "g", "content": "a", "tokens": [token]}]}
    (served[0] / "layer.json").write_text(json.dumps([page]))
    (served[0] / "bad-layer.json").write_text(json.dumps([{**page, "units": "INCHES"}]))
    url = f"{served[1]}/layered.pdf"
    row = made(client, {"row_data": {"pdf_url": url, "text_layer_url": f"{served[1]}/layer.json"}})
    assert row.row_data == url
    found = looked_at(client, row, lambda each: "pageCount" in (each.media_attributes or {}))
    assert found.media_attributes["textLayerUrl"] == f"{served[1]}/layer.json"
    assert found.media_attributes["pageCount"] == 3
    bad = made(client, {"row_data": {"pdf_url": url, "text_layer_url": f"{served[1]}/bad-layer.json"}})
    found = looked_at(client, bad, lambda each: each.processing_status == "FAILED")
    assert "INCHES" in found.processing_error


def test_texts_and_pages_inline_and_by_address(client: lb.Client, served: tuple[Path, str]) -> None:
    text = made(client, {"row_data": "just a text, with 雪"})
    assert text.row_data == "just a text, with 雪"
    assert (text.media_attributes["assetType"], text.media_attributes["mimeType"]) == ("text", "text/plain")
    page = made(client, {"row_data": "<html><body>hello</body></html>", "media_type": "HTML"})
    assert page.media_attributes["assetType"] == "html"
    (served[0] / "letter.txt").write_text("grün", "utf-8")
    row = made(client, {"row_data": f"{served[1]}/letter.txt"})
    found = looked_at(client, row, lambda each: "characterCount" in (each.media_attributes or {}))
    assert found.media_attributes["characterCount"] == 4
    dataset = client.create_dataset(name=unique("dataset"))
    task = dataset.create_data_rows([{"row_data": "x" * 64_001}])
    task.wait_till_done()
    assert "64,001" in task.errors[0]["message"]


def test_a_batch_takes_only_rows_of_the_projects_media_type(client: lb.Client, project: lb.Project) -> None:
    text = made(client, {"row_data": "a text"})
    picture = made(client, {"row_data": "https://example.com/a.jpg"})
    batch = project.create_batch(unique("batch"), data_rows=[text.uid, picture.uid])
    assert batch.size == 1 and batch.failed_data_row_ids == [text.uid]
    assert MediaType.Text is not project.media_type


def test_another_asset_behind_a_row_is_looked_at_like_a_new_one(
    client: lb.Client, served: tuple[Path, str]
) -> None:
    row = made(client, {"row_data": "https://example.com/a.jpg"})
    row.update(row_data={**TILES, "bounds": [[0, 0], [1, 1]]})
    found = client.get_data_row(row.uid)
    assert found.media_attributes["assetType"] == "tms_geo"
    pdf(served[0] / "second.pdf")
    row.update(row_data=f"{served[1]}/second.pdf")
    found = looked_at(client, row, lambda each: "pageCount" in (each.media_attributes or {}))
    assert found.media_attributes["assetType"] == "pdf"
    with pytest.raises(lb.exceptions.MalformedQueryException, match="no area"):
        row.update(row_data={**TILES, "bounds": [[1, 1], [1, 1]]})
    assert client.get_data_row(row.uid).row_data == f"{served[1]}/second.pdf"
