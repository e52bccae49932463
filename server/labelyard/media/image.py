"""Pictures: how large they are the right way up, and small ones for lists.

Cameras store a picture as the sensor saw it, with a note how it is to be turned (EXIF orientation). Browsers
turn it, so width, height and all coordinates are those of the upright picture.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labelyard.media.content_type import looks_like_text, sniff_content_type
from labelyard.media.refusals import MediaRefused

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MAX_PIXELS = 200_000_000
THUMBNAIL_SIDE = 512

# what browsers show
_FORMATS = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG with a second one behind it
    "PNG": "image/png",
    "BMP": "image/bmp",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
_ORIENTATION = 0x0112
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """A picture's upright size in pixels, its content type, and its EXIF orientation (1 to 8, 1: upright)."""

    width: int
    height: int
    content_type: str
    orientation: int


def read_image(source: Path | bytes) -> ImageFacts:
    """Read a picture's header. Raises `MediaRefused`; a damaged rest only shows in `make_thumbnail`."""
    with _open(source) as picture:
        orientation = _orientation(picture)
        width, height = picture.size if orientation < 5 else picture.size[::-1]
        return ImageFacts(width, height, _FORMATS[picture.format or ""], orientation)


def make_thumbnail(source: Path | bytes, side: int = THUMBNAIL_SIDE) -> bytes:
    """A JPEG of the upright picture, at most `side` pixels wide and high, never larger than the original.

    Decodes the whole picture, so it raises `MediaRefused` for one that is cut off or damaged.
    """
    from PIL import Image

    with _open(source) as picture:
        try:
            picture.draft("RGB", (side, side))  # a JPEG can be decoded at a fraction of its size
            if picture.mode.startswith("I;16"):
                small = picture.convert("I").point(lambda value: value / 256).convert("L")
            elif picture.mode in ("P", "LA", "PA", "RGBA"):
                layer = picture.convert("RGBA")
                small = Image.new("RGB", layer.size, "white")
                small.paste(layer, mask=layer.getchannel("A"))
            else:
                small = picture.convert("RGB")
            small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
            turn = _TURNS.get(_orientation(picture))
            upright = small if turn is None else small.transpose(Image.Transpose[turn])
            out = io.BytesIO()
            upright.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
            return out.getvalue()
        except (OSError, SyntaxError, ValueError, MemoryError, Image.DecompressionBombError) as error:
            raise MediaRefused(f"The picture is damaged or cut off: {str(error).rstrip('.')}.") from None


def _open(source: Path | bytes) -> "Picture":
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # Pillow only warns at half its limit; the check below refuses
    try:
        picture = Image.open(source if isinstance(source, Path) else io.BytesIO(source))
    except UnidentifiedImageError:
        raise MediaRefused(f"The file is not a picture that can be read; {_what_it_is(source)}.") from None
    except (OSError, SyntaxError, ValueError) as error:
        raise MediaRefused(f"The picture is damaged: {str(error).rstrip('.')}.") from None
    if picture.format not in _FORMATS:
        picture.close()
        raise MediaRefused(f"Pictures of the format {picture.format} cannot be shown; use JPEG, PNG or WebP.")
    if picture.width * picture.height > MAX_PIXELS:
        size = f"{picture.width} x {picture.height}"
        picture.close()
        raise MediaRefused(
            f"The picture has {size} pixels; at most {MAX_PIXELS // 1_000_000} million are possible."
        )
    return picture


def _orientation(picture: "Picture") -> int:
    try:
        value = picture.getexif().get(_ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, KeyError):  # a damaged note turns nothing
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _what_it_is(source: Path | bytes) -> str:
    if isinstance(source, bytes):
        head = source[:512]
    else:
        with source.open("rb") as file:
            head = file.read(512)
    if not head:
        return "it is empty"
    known = sniff_content_type(head)
    if known:
        return f"it looks like {known}" + (", but damaged" if known in _FORMATS.values() else "")
    return "it looks like text" if looks_like_text(head) else "its bytes are of an unknown kind"
