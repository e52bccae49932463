"""Texts: whether they can be read, and how many characters they have."""

import codecs
from pathlib import Path

from labelyard.media.refusals import MediaRefused

MAX_TEXT_BYTES = 16_000_000


def count_characters(path: Path) -> int:
    """How many characters a UTF-8 text has. Raises `MediaRefused` for another encoding or more than 16 MB."""
    size = path.stat().st_size
    if size > MAX_TEXT_BYTES:
        raise MediaRefused(f"The text has {size:,} bytes; at most {MAX_TEXT_BYTES:,} are possible.")
    decoder = codecs.getincrementaldecoder("utf-8")()
    count = 0
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                count += len(decoder.decode(block))
        count += len(decoder.decode(b"", final=True))
    except UnicodeDecodeError as error:
        raise MediaRefused(f"The text is not UTF-8: byte {error.object[error.start]:#04x}.") from None
    return count
