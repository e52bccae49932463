"""What a file is: media type, content type, size, and what its kind of media has besides."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from labelyard.media.audio import read_audio
from labelyard.media.content_type import (
    guess_content_type,
    looks_like_text,
    media_type_of,
    sniff_content_type,
)
from labelyard.media.dicom import read_dicom
from labelyard.media.image import read_image
from labelyard.media.json_document import kind_of_json
from labelyard.media.pdf import read_pdf
from labelyard.media.refusals import MediaRefused
from labelyard.media.text import count_characters
from labelyard.media.video import read_video

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
    """What is known of an asset; `found` is what its kind of media has besides (datarow.md 3)."""

    media_type: str
    content_type: str
    size: int
    sha256: str
    found: Mapping[str, Any] = field(default_factory=dict)

    def attributes(self) -> dict[str, Any]:
        """The data row's `mediaAttributes` (docs/wire/labeling.md)."""
        return {
            "assetType": self.media_type.lower(),
            "contentLength": self.size,
            "mimeType": self.content_type,
            **self.found,
        }


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
    if size == 0:
        raise MediaRefused(f"{_called(name)}The file is empty.")
    found = media_type_of(proven or "")
    if found not in (None, media_type) and media_type in _PROVABLE and {found, media_type} not in _ALIKE:
        raise MediaRefused(f"{_called(name)}The file is not a {_NOUNS[media_type]}; it looks like {proven}.")
    try:
        return _look_inside(
            path, media_type, declared, proven or said or "application/octet-stream", size, digest
        )
    except MediaRefused as refusal:
        raise MediaRefused(f"{_called(name)}{refusal}" if name else str(refusal)) from None


def _look_inside(
    path: Path, media_type: str, declared: str | None, content_type: str, size: int, digest: str
) -> MediaFacts:
    found: dict[str, Any] = {}
    match media_type:
        case "IMAGE":
            image = read_image(path)
            content_type = image.content_type
            found = {"width": image.width, "height": image.height, "exifRotation": str(image.orientation)}
        case "VIDEO":
            film = read_video(path)
            if film is None:
                if declared == "VIDEO":
                    raise MediaRefused("The film holds no pictures, only sound.")
                return _look_inside(path, "AUDIO", declared, content_type, size, digest)
            found = _camel(asdict(film))
        case "AUDIO":
            found = _camel(asdict(read_audio(path)))
        case "PDF":
            found = _camel(asdict(read_pdf(path)))
        case "DICOM":
            found = _camel(asdict(read_dicom(path)))
        case "TEXT" | "HTML":
            found = {"characterCount": count_characters(path)}
        case "JSON" | "CONVERSATIONAL" | "LLM":
            kind = kind_of_json(path)
            if declared in ("CONVERSATIONAL", "LLM") and kind == "JSON":
                raise MediaRefused(f"Found invalid contents for media type: '{declared}'")
            media_type = declared or kind
            content_type = "application/json"
    return MediaFacts(media_type, content_type, size, digest, found)


def _camel(values: dict[str, Any]) -> dict[str, Any]:
    """The wire's names: `frame_count` -> `frameCount`."""
    return {
        first + "".join(word.title() for word in rest): value
        for name, value in values.items()
        for first, *rest in [name.split("_")]
    }


def _hash(head: bytes, rest: Any) -> str:
    digest = hashlib.sha256(head)
    while chunk := rest.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _called(name: str) -> str:
    """The file's own name at the start of a sentence; a URL's last part is enough."""
    last = name.partition("?")[0].rstrip("/").rpartition("/")[2]
    return f"{last[:120]}: " if last else ""
