"""PDF documents: their pages, and the text layer that can come beside one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelyard.media.refusals import MediaRefused

_UNITS = ("POINTS", "PERCENT")


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """Number of pages, and width and height of the first one in points."""

    page_count: int
    width: float
    height: float


def read_pdf(path: Path) -> PdfFacts:
    """Read a document's page table. Raises `MediaRefused`, also for a document that needs a password."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        reason = "it needs a password" if "password" in str(error).lower() else "it is damaged"
        raise MediaRefused(f"The PDF document cannot be read: {reason}.") from None
    try:
        count = len(document)
        if not count:
            raise MediaRefused("The PDF document has no pages.")
        width, height = document.get_page_size(0)
        return PdfFacts(count, round(width, 3), round(height, 3))
    except pypdfium2.PdfiumError:
        raise MediaRefused("The PDF document cannot be read: it is damaged.") from None
    finally:
        document.close()


def check_text_layer(layer: Any) -> None:
    """Check a text layer (datarow.md 2): pages with units and groups of tokens. Raises `MediaRefused`."""
    if not isinstance(layer, list):
        raise MediaRefused("The text layer is not a list of pages.")
    for place, page in enumerate(layer, 1):
        if not isinstance(page, dict) or not isinstance(page.get("number"), int):
            raise MediaRefused(f"Page {place} of the text layer has no number.")
        if page.get("units") not in _UNITS:
            raise MediaRefused(
                f"Page {page['number']} of the text layer has the units {page.get('units')!r};"
                f" there are {' and '.join(_UNITS)}."
            )
        if not isinstance(page.get("groups"), list):
            raise MediaRefused(f"Page {page['number']} of the text layer has no groups.")
        for group in page["groups"]:
            if not isinstance(group, dict) or not isinstance(group.get("id"), str):
                raise MediaRefused(f"A group of page {page['number']} of the text layer has no id.")
            tokens = group.get("tokens")
            if not isinstance(tokens, list) or not all(
                isinstance(token, dict) and isinstance(token.get("id"), str) for token in tokens
            ):
                raise MediaRefused(f"The group {group['id']!r} of the text layer has tokens without ids.")
