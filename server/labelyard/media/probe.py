"""What a file is: media type, content type, size, and for pictures width, height and orientation."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelyard.media.content_type import (
    guess_content_type,
    looks_like_text,
    media_type_of,
    sniff_content_type,
)
from labelyard.media.image import read_image
from labelyard.media.refusals import MediaRefused

_NOUNS = {
    "AUDIO": "sound file",
    "DICOM": "DICOM file",
    "HTML": "HTML page",
    "IMAGE": "picture",
    "JSON": "JSON document",
    "PDF": "PDF document",
    "TEXT": "text",
    "VIDEO": "video",
}
_PROVABLE = ("AUDIO", "DICOM", "PDF", "TEXT", "VIDEO")
_ALIKE = ({"AUDIO", "VIDEO"}, {"HTML", "TEXT"})  # one container for both; a page can be labeled as a text


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What is known of an asset; width and height in pixels of the upright picture, None for other media."""

    media_type: str
    content_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    orientation: int | None = None

    def attributes(self) -> dict[str, Any]:
        """The data row's `mediaAttributes` (docs/wire/labeling.md)."""
        found: dict[str, Any] = {
            "assetType": self.media_type.lower(),
            "contentLength": self.size,
            "mimeType": self.content_type,
        }
        if self.width is not None:
            found |= {"width": self.width, "height": self.height, "exifRotation": str(self.orientation)}
        return found


def probe(
    path: Path,
    *,
    declared: str | None = None,
    content_type: str = "",
    name: str = "",
    sha256: str | None = None,
) -> MediaFacts:
    """Look at a file. Blocks: it reads the whole file unless `sha256` is known.

    `declared` is the media type that the data row names, if it does; else the bytes decide, then
    `content_type` (what a server said), then the end of `name` (a file name or URL). Raises `MediaRefused`
    with a sentence.
    """
    with path.open("rb") as file:
        head = file.read(512)
        size = path.stat().st_size
        digest = sha256 or _hash(head, file)
    proven = sniff_content_type(head)
    said = content_type.partition(";")[0].strip().lower()
    if media_type_of(said) is None or said == "text/plain":  # what servers say when they do not know
        said = guess_content_type(name) or said
    media_type = declared or media_type_of(proven or "") or media_type_of(said)
    if media_type is None:
        media_type = "TEXT" if looks_like_text(head) else None
    if media_type is None:
        raise MediaRefused(
            f"The file's kind is unknown: {_called(name)}neither its bytes nor its name tell it."
        )
    if media_type == "IMAGE":
        try:
            facts = read_image(path)
        except MediaRefused as refusal:
            raise MediaRefused(f"{_called(name)}{refusal}" if name else str(refusal)) from None
        return MediaFacts(
            media_type, facts.content_type, size, digest, facts.width, facts.height, facts.orientation
        )
    if size == 0:
        raise MediaRefused(f"{_called(name)}The file is empty.")
    found = media_type_of(proven or "")
    if found not in (None, media_type) and media_type in _PROVABLE and {found, media_type} not in _ALIKE:
        raise MediaRefused(f"{_called(name)}The file is not a {_NOUNS[media_type]}; it looks like {proven}.")
    return MediaFacts(media_type, proven or said or "application/octet-stream", size, digest)


def _hash(head: bytes, rest: Any) -> str:
    digest = hashlib.sha256(head)
    while chunk := rest.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _called(name: str) -> str:
    """The file's own name at the start of a sentence; a URL's last part is enough."""
    last = name.partition("?")[0].rstrip("/").rpartition("/")[2]
    return f"{last[:120]}: " if last else ""
