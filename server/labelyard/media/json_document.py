"""JSON assets: a conversation, or a document of the user's own."""

from pathlib import Path

import orjson

from labelyard.media.conversation import CONVERSATION, check_conversation
from labelyard.media.refusals import MediaRefused

MAX_JSON_BYTES = 64_000_000


def kind_of_json(path: Path) -> str:
    """CONVERSATIONAL for a conversation that is right, else JSON. Raises `MediaRefused`."""
    size = path.stat().st_size
    if size > MAX_JSON_BYTES:
        raise MediaRefused(f"The JSON document has {size:,} bytes; at most {MAX_JSON_BYTES:,} are possible.")
    try:
        document = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise MediaRefused(f"The JSON document cannot be read: {error}.") from None
    kind = document.get("type") if isinstance(document, dict) else None
    if not isinstance(kind, str) or not kind.startswith(CONVERSATION):
        return "JSON"
    check_conversation(document)
    return "CONVERSATIONAL"
