"""`row_data` in its forms: an address, a text, or an object of tiles, a PDF or a conversation (datarow.md
2).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from labelyard.media.conversation import CONVERSATION, check_conversation
from labelyard.media.geospatial import check_tiles
from labelyard.media.refusals import MediaRefused

MAX_TEXT = 64_000
MAX_OBJECT = 10_000_000
Result = TypeVar("Result")

# an address that needs no second look
PLAIN_URL_PATTERN = r"^[hH][tT][tT][pP][sS]?://[^\s/]\S*\Z"
_URL = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_CLOUD = re.compile(r"(s3|gs|azure|az)://\S+|/api/v1/blobs/\S+", re.IGNORECASE)


class RowDataRefused(ValueError):
    """`row_data` is none of the possible forms, or not what the item declares it to be."""


@dataclass(frozen=True, slots=True)
class RowData:
    """`row_data` as it is stored, and what it shows of its media type (None: look at the asset)."""

    row_data: str
    media_type: str | None
    text_layer_url: str | None = None


def is_url(text: str) -> bool:
    """Whether a `row_data` text is an address and not the text itself."""
    return _URL.fullmatch(text) is not None or _CLOUD.fullmatch(text) is not None


def read_row_data(row_data: Any, declared: str | None) -> RowData:
    """Read `row_data`; `declared` is the item's media type, if it names one. Raises `RowDataRefused`."""
    if isinstance(row_data, str):
        return _text(row_data, declared)
    if not isinstance(row_data, dict):
        raise RowDataRefused("row_data must be a text or a JSON object.")
    found = _object(row_data)
    if declared is not None and declared != found.media_type and not _fits(declared, found.media_type):
        raise RowDataRefused(f"Found invalid contents for media type: '{declared}'")
    return found


def _text(text: str, declared: str | None) -> RowData:
    stripped = text.strip()
    if not stripped:
        raise RowDataRefused("row_data is empty.")
    if is_url(stripped):
        return RowData(stripped, declared)
    if stripped.startswith("{"):  # clients send objects as texts, too
        try:
            value = orjson.loads(stripped)
        except orjson.JSONDecodeError:
            value = None
        if isinstance(value, dict) and _kind(value) is not None and declared != "TEXT":
            found = _object(value)
            if declared is not None and not _fits(declared, found.media_type):
                raise RowDataRefused(f"Found invalid contents for media type: '{declared}'")
            return RowData(
                text if found.media_type != "PDF" else found.row_data, found.media_type, found.text_layer_url
            )
    if declared not in (None, "TEXT", "JSON", "HTML"):
        raise RowDataRefused(f"Found invalid contents for media type: '{declared}'")
    if len(text) > MAX_TEXT:
        raise RowDataRefused(f"The text has {len(text):,} characters; at most {MAX_TEXT:,} are possible.")
    return RowData(text, declared or "TEXT")


def _fits(declared: str, found: str | None) -> bool:
    return (
        declared == found
        or {declared, found} <= {"CONVERSATIONAL", "LLM"}
        or {declared, found}
        <= {
            "TMS_GEO",
            "TMS_SIMPLE",
        }
    )


def _kind(value: dict[str, Any]) -> str | None:
    if "tile_layer_url" in value or "tileLayerUrl" in value:
        return "tiles"
    if "pdf_url" in value or "pdfUrl" in value:
        return "pdf"
    kind = value.get("type")
    return "chat" if isinstance(kind, str) and kind.startswith(CONVERSATION) else None


def _object(value: dict[str, Any]) -> RowData:
    match _kind(value):
        case "tiles":
            return RowData(_dumped(value), _checked(check_tiles, value))
        case "pdf":
            url = value.get("pdf_url", value.get("pdfUrl"))
            layer = value.get("text_layer_url", value.get("textLayerUrl"))
            if not isinstance(url, str) or not is_url(url):
                raise RowDataRefused(f"pdf_url is not an address: {url!r}.")
            if layer is not None and (not isinstance(layer, str) or not is_url(layer)):
                raise RowDataRefused(f"text_layer_url is not an address: {layer!r}.")
            return RowData(url, "PDF", layer)
        case "chat":
            _checked(check_conversation, value)
            return RowData(_dumped(value), "CONVERSATIONAL")
        case _:
            raise RowDataRefused(
                "row_data is an object of an unknown form: it has no tile_layer_url, pdf_url or type."
            )


def _checked(check: Callable[[dict[str, Any]], Result], value: dict[str, Any]) -> Result:
    try:
        return check(value)
    except MediaRefused as refusal:
        raise RowDataRefused(str(refusal)) from None


def _dumped(value: dict[str, Any]) -> str:
    text = orjson.dumps(value).decode()
    if len(text) > MAX_OBJECT:
        raise RowDataRefused(f"row_data has {len(text):,} characters; at most {MAX_OBJECT:,} are possible.")
    return text
