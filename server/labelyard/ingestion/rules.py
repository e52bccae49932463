"""What an item becomes: media type, state, and what a refusal repeats."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import orjson

from labelyard.formats.descriptor import DataRowSpec, ItemRefused
from labelyard.media.content_type import guess_content_type, media_type_of

MAX_ITEMS = 1_000_000
CHUNK = 50_000
# what stands in row_data itself
_INLINE_TYPES = {
    "TEXT": "text/plain",
    "HTML": "text/html",
    "CONVERSATIONAL": "application/json",
    "TMS_GEO": "application/x-tms-geo",
    "TMS_SIMPLE": "application/x-tms-simple",
}
_URL = re.compile(r"^(https?|gs|s3)://", re.IGNORECASE)
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.:-]+/[A-Za-z0-9./_~-]*\.([A-Za-z0-9]{1,8})")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def safe_name(filename: str) -> str:
    """A file name as it can stand in a blob key: its last part, without odd characters."""
    name = _UNSAFE.sub("_", filename.replace("\\", "/").rpartition("/")[2]).strip("._")
    return name[-120:] or "file"


def media_type_by_name(row_data: str) -> str:
    """What an asset seems to be before anybody has looked at it; UNKNOWN for an address that does not say."""
    guessed = guess_content_type(row_data)
    if guessed is not None:
        return media_type_of(guessed) or "UNKNOWN"
    return "UNKNOWN" if _URL.match(row_data) else "TEXT"


def attributes_by_name(row_data: str, media_type: str, text_layer: str | None) -> dict[str, Any]:
    """The media attributes that are known without looking."""
    attributes: dict[str, Any] = {}
    if media_type != "UNKNOWN":
        attributes["assetType"] = media_type.lower()
    mime = guess_content_type(row_data) if _URL.match(row_data) else None
    mime = mime or _INLINE_TYPES.get(media_type)
    if mime:
        attributes["mimeType"] = mime
    if text_layer:
        attributes["textLayerUrl"] = text_layer
    return attributes


def looks_of(name: str, media_type: str | None, text_layer: str | None) -> tuple[str, str]:
    """Media type, unless it is given, and media attributes (JSON) of an asset that nobody has looked at yet.

    Most addresses are plain: of these only the ending counts.
    """
    plain = None if text_layer else _PLAIN_URL.fullmatch(name)
    return _looks_of_ending(plain[1], media_type) if plain else _looks(name, media_type, text_layer)


@lru_cache(maxsize=500)
def _looks_of_ending(ending: str, media_type: str | None) -> tuple[str, str]:
    return _looks(f"https://host/name.{ending}", media_type, None)


def _looks(name: str, media_type: str | None, text_layer: str | None) -> tuple[str, str]:
    found = media_type or media_type_by_name(name)
    return found, orjson.dumps(attributes_by_name(name, found, text_layer)).decode()


def created_line(row_id: str, spec: DataRowSpec) -> bytes:
    """What the result says of a row that was made or changed."""
    return orjson.dumps(
        {"id": row_id, "externalId": spec.external_id, "rowData": spec.row_data, "globalKey": spec.global_key}
    )


def failed_line(item: DataRowSpec | ItemRefused, message: str) -> bytes:
    """What the result says of an item that failed, with its place in the upload (X-33)."""
    metadata: list[Any] = []
    attachments: list[Any] = []
    if isinstance(item, DataRowSpec):
        metadata = [{"schema_id": m.schema_id, "value": m.value, "name": m.name} for m in item.metadata or []]
        attachments = [{"type": a.type, "value": a.value, "name": a.name} for a in item.attachments or []]
    return orjson.dumps(
        {
            "message": message,
            "index": item.position,
            "external_id": item.external_id,
            "global_key": item.global_key,
            "row_data": item.row_data,
            "metadata": metadata,
            "attachments": attachments,
        }
    )
