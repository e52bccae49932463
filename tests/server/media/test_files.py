"""Films, sounds, PDF and DICOM files, texts and conversations: what is in them, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from labelyard.media.pdf import check_text_layer
from labelyard.media.probe import probe
from labelyard.media.refusals import MediaRefused
from media_files import CHAT, dicom, film, pdf, sound


def test_a_film(tmp_path: Path) -> None:
    facts = probe(film(tmp_path / "film"), name="film")
    assert (facts.media_type, facts.content_type) == ("VIDEO", "video/mp4")
    found = facts.attributes()
    assert (found["width"], found["height"], found["frameCount"]) == (64, 48, 20)
    assert (found["frameRate"], found["duration"], found["codec"]) == (10.0, 2.0, "mpeg4")


def test_a_film_with_sound_is_a_film_and_one_without_pictures_is_sound(tmp_path: Path) -> None:
    assert probe(film(tmp_path / "both", with_sound=True)).media_type == "VIDEO"
    only_sound = film(tmp_path / "sound", with_sound=True, pictures=False)
    facts = probe(only_sound)
    assert facts.media_type == "AUDIO" and 0.8 < facts.attributes()["duration"] < 1.1
    with pytest.raises(MediaRefused, match="no pictures, only sound"):
        probe(only_sound, declared="VIDEO")


def test_a_sound_file(tmp_path: Path) -> None:
    facts = probe(sound(tmp_path / "a.wav"))
    found = facts.attributes()
    assert (facts.media_type, facts.content_type) == ("AUDIO", "audio/wav")
    assert (found["duration"], found["sampleRate"], found["channels"]) == (2.0, 8_000, 2)


def test_a_pdf_document(tmp_path: Path) -> None:
    found = probe(pdf(tmp_path / "a.pdf")).attributes()
    assert (found["assetType"], found["pageCount"], found["width"], found["height"]) == ("pdf", 3, 595, 842)


def test_a_dicom_file(tmp_path: Path) -> None:
    found = probe(dicom(tmp_path / "a.dcm")).attributes()
    assert (found["assetType"], found["width"], found["height"]) == ("dicom", 8, 6)
    assert (found["frameCount"], found["modality"]) == (4, "CT")


def test_a_text_counts_its_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("grün\n雪", "utf-8")
    assert probe(path, name="a.txt").attributes()["characterCount"] == 6
    path.write_bytes("grün".encode("latin-1"))
    with pytest.raises(MediaRefused, match="not UTF-8: byte 0xfc"):
        probe(path, declared="TEXT")


def test_a_conversation_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "chat.json"
    path.write_text(json.dumps(CHAT))
    assert probe(path, name="chat.json").media_type == "CONVERSATIONAL"
    path.write_text(json.dumps({"a": 1}))
    assert probe(path, name="chat.json").media_type == "JSON"
    with pytest.raises(MediaRefused, match="Found invalid contents for media type: 'CONVERSATIONAL'"):
        probe(path, name="chat.json", declared="CONVERSATIONAL")
    path.write_text(json.dumps({**CHAT, "messages": [CHAT["messages"][0]] * 2}))
    with pytest.raises(MediaRefused, match="'m1' is used twice"):
        probe(path, name="chat.json")


@pytest.mark.parametrize(
    ("make", "declared", "words"),
    [
        (film, "VIDEO", "The film cannot be read"),
        (sound, "AUDIO", "The sound file cannot be read"),
        (pdf, "PDF", "The PDF document cannot be read"),
        (dicom, "DICOM", "DICOM file"),
    ],
)
def test_a_file_that_is_cut_off_says_so(
    tmp_path: Path, make: Callable[[Path], Path], declared: str, words: str
) -> None:
    path = make(tmp_path / "file")
    path.write_bytes(path.read_bytes()[: 40 if declared != "DICOM" else 140])
    with pytest.raises(MediaRefused, match=words):
        probe(path, declared=declared)


def test_text_layers() -> None:
    token = {"id": "t1", "content": "hello", "geometry": {"left": 0, "top": 0, "width": 1, "height": 1}}
    page = {"number": 1, "units": "POINTS", "groups": [{"id": "g1", "content": "hello", "tokens": [token]}]}
    check_text_layer([page])
    for wrong, words in (
        ({}, "not a list"),
        ([{**page, "number": None}], "no number"),
        ([{**page, "units": "INCHES"}], "INCHES"),
        ([{**page, "groups": None}], "no groups"),
        ([{**page, "groups": [{"id": "g1", "tokens": [{}]}]}], "'g1'"),
    ):
        with pytest.raises(MediaRefused, match=words):
            check_text_layer(wrong)
