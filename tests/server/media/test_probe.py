"""What a file is, by its bytes, by what a server said, and by its name."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from labelyard.media.content_type import (
    guess_content_type,
    looks_like_text,
    media_type_of,
    sniff_content_type,
)
from labelyard.media.probe import probe
from labelyard.media.refusals import MediaRefused


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (12, 34)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool"


def test_a_picture_and_its_media_attributes(path: Path) -> None:
    path.write_bytes(png())
    facts = probe(path, content_type="binary/octet-stream", name="no-ending")
    assert facts.attributes() == {
        "assetType": "image",
        "contentLength": len(png()),
        "mimeType": "image/png",
        "width": 12,
        "height": 34,
        "exifRotation": "1",
    }
    assert facts.sha256 == hashlib.sha256(png()).hexdigest()
    assert probe(path, sha256="known").sha256 == "known"


def test_bytes_win_over_names_when_nothing_is_declared(path: Path) -> None:
    path.write_bytes(png())
    facts = probe(path, content_type="text/plain", name="really.txt")
    assert (facts.media_type, facts.content_type) == ("IMAGE", "image/png")


@pytest.mark.parametrize(
    ("data", "options", "media_type", "content_type"),
    [
        (b"hello", {}, "TEXT", "application/octet-stream"),
        (b"hello", {"name": "a.txt"}, "TEXT", "text/plain"),
        (b"hello", {"content_type": "text/plain; charset=utf-8"}, "TEXT", "text/plain"),
        (b"<html>", {}, "HTML", "text/html"),
        (b"<html>", {"declared": "TEXT"}, "TEXT", "text/html"),
        (b'{"a":1}', {"name": "https://h/a.json?x=.png"}, "JSON", "application/json"),
    ],
)
def test_other_media(
    path: Path, data: bytes, options: dict[str, str], media_type: str, content_type: str
) -> None:
    path.write_bytes(data)
    facts = probe(path, **options)
    assert (facts.media_type, facts.content_type, facts.size) == (media_type, content_type, len(data))
    assert "width" not in facts.attributes()


def test_what_does_not_fit_is_named(path: Path) -> None:
    path.write_bytes(png())
    with pytest.raises(MediaRefused, match="not a PDF document; it looks like image/png"):
        probe(path, declared="PDF")
    path.write_bytes(b"\0\1\2\3")
    with pytest.raises(MediaRefused, match="unknown"):
        probe(path, name="thing")
    path.write_bytes(b"")
    with pytest.raises(MediaRefused, match="empty"):
        probe(path, declared="TEXT")


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.JPG", "image/jpeg"),
        ("https://h/p/a%2Ejpeg?X=1.png#f", "image/jpeg"),
        ("https://h.png/plain", None),
        ("archive.tar", None),
        ("", None),
        ("http://[bad", None),
        ("folder.png/x", None),
    ],
)
def test_guess_content_type(name: str, content_type: str | None) -> None:
    assert guess_content_type(name) == content_type


def test_first_bytes() -> None:
    assert media_type_of("image/png; x=y") == "IMAGE" and media_type_of("application/zip") is None
    assert sniff_content_type(b"") is None
    assert looks_like_text("grün".encode()[:3]) and not looks_like_text(b"\xff\xfe\0a")
