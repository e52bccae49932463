"""Pictures: upright sizes, thumbnails, and sentences for what is none."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from labelyard.media.image import make_thumbnail, read_image
from labelyard.media.probe import probe
from labelyard.media.refusals import MediaRefused

RED, BLUE = (200, 20, 20), (20, 20, 200)


def picture(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Red above, blue below."""
    drawn = Image.new("RGB", (width, height), RED)
    drawn.paste(BLUE, (0, height // 2, width, height))
    return drawn.convert(mode)


def saved(drawn: Image.Image, form: str, orientation: int = 1) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    drawn.save(out, form, **({"exif": exif} if orientation != 1 else {}))
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "content_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("BMP", "image/bmp"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
    ],
)
def test_the_size_of_each_format(form: str, content_type: str) -> None:
    facts = read_image(saved(picture(), form))
    assert (facts.width, facts.height, facts.content_type, facts.orientation) == (60, 40, content_type, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation: int) -> None:
    data = saved(picture(), "JPEG", orientation)
    facts = read_image(data)
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert (facts.width, facts.height, facts.orientation) == (*expected.size, orientation)
    thumbnail = Image.open(io.BytesIO(make_thumbnail(data, 30)))
    assert thumbnail.size == (30, 20) if facts.width == 60 else (20, 30)
    for x, y in ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)):
        ours = thumbnail.getpixel((int(x * thumbnail.width), int(y * thumbnail.height)))
        theirs = expected.getpixel((int(x * expected.width), int(y * expected.height)))
        assert isinstance(ours, tuple) and isinstance(theirs, tuple)
        assert all(abs(a - b) < 30 for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "LA", "1", "I;16", "CMYK"])
def test_thumbnails_of_every_mode(mode: str) -> None:
    if mode == "I;16":
        drawn = Image.new("I;16", (60, 40), 65_535)
    elif mode == "LA":
        drawn = picture(mode="L").convert("LA")
    else:
        drawn = picture(mode=mode)
    data = saved(drawn, "JPEG" if mode == "CMYK" else "PNG")
    small = Image.open(io.BytesIO(make_thumbnail(data, 30)))
    assert (small.format, small.mode, small.size) == ("JPEG", "RGB", (30, 20))
    if mode == "I;16":
        assert small.getpixel((5, 5)) == (255, 255, 255)


def test_a_small_picture_is_not_blown_up() -> None:
    assert Image.open(io.BytesIO(make_thumbnail(saved(picture(), "PNG")))).size == (60, 40)


def test_a_transparent_picture_stands_on_white() -> None:
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    small = Image.open(io.BytesIO(make_thumbnail(saved(clear, "PNG"))))
    assert small.getpixel((5, 5)) == (255, 255, 255)


def test_a_text_called_jpg_is_named(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    path.write_text("This is no picture.")
    with pytest.raises(MediaRefused, match=r"cam-3\.jpg: The file is not a picture .* looks like text"):
        probe(path, name="https://files.example.org/harbour/cam-3.jpg?x=1")
    path.write_bytes(b"")
    with pytest.raises(MediaRefused, match="The file is empty"):
        probe(path, declared="IMAGE")
    path.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    with pytest.raises(MediaRefused, match=r"it looks like image/svg\+xml\.$"):
        probe(path)
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(MediaRefused, match="image/png, but damaged"):
        probe(path)
    path.write_bytes(b"%PDF-1.7 ...")
    with pytest.raises(MediaRefused, match="application/pdf"):
        probe(path, declared="IMAGE")


def test_a_cut_picture_is_found_when_it_is_decoded() -> None:
    data = saved(Image.effect_noise((400, 300), 80).convert("RGB"), "JPEG")
    cut = data[: len(data) // 2]
    assert read_image(cut).width == 400
    with pytest.raises(MediaRefused, match="damaged or cut off"):
        make_thumbnail(cut)


def test_a_decompression_bomb_is_refused_without_decoding() -> None:
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n"
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")):
        data += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    with pytest.raises(MediaRefused, match="100000 x 100000 pixels"):
        read_image(data)
    with pytest.raises(MediaRefused, match="200 million"):
        make_thumbnail(data)


def test_a_format_that_browsers_do_not_show_is_named() -> None:
    with pytest.raises(MediaRefused, match="TIFF cannot be shown"):
        read_image(saved(picture(), "TIFF"))
