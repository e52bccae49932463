"""The words of an ontology: types of tools and questions, and which media may use them (table 4)."""

from typing import NamedTuple

TOOL_TYPES = (
    "rectangle",
    "polygon",
    "line",
    "point",
    "superpixel",
    "raster-segmentation",
    "named-entity",
    "edge",
    "message-single-selection",
    "message-multi-selection",
    "message-ranking",
    "marker",
    "step-reasoning",
    "fact-checking",
    "prompt-issue",
)
CHOICE_TYPES = ("radio", "checklist", "dropdown", "response-radio", "response-checklist")
TEXT_TYPES = ("text", "prompt", "response-text")
PROMPT_TYPES = ("prompt", "response-text", "response-radio", "response-checklist")
CLASSIFICATION_TYPES = (*CHOICE_TYPES, *TEXT_TYPES, "group")
ALIASES = {"hot-text": "text"}
WITHOUT_CLASSIFICATIONS = ("step-reasoning", "fact-checking")
_PLAIN = ("radio", "checklist", "dropdown", "text", "group")

_PIXEL_TOOLS = ("rectangle", "polygon", "line", "point", "superpixel", "raster-segmentation", "edge")
_CHAT_TOOLS = (
    "named-entity",
    "edge",
    "message-single-selection",
    "message-multi-selection",
    "message-ranking",
    "marker",
    "step-reasoning",
    "fact-checking",
    "prompt-issue",
)
_TILE_TOOLS = ("rectangle", "polygon", "line", "point")


class Legal(NamedTuple):
    """What an ontology of one media type may hold, and whether its answers can belong to a frame or
    message.
    """

    tools: tuple[str, ...]
    classifications: tuple[str, ...]
    index_scope: bool


LEGAL = {
    "IMAGE": Legal(_PIXEL_TOOLS, _PLAIN, False),
    "TEXT": Legal(("named-entity", "edge"), _PLAIN, False),
    "PDF": Legal(("rectangle", "named-entity", "edge"), _PLAIN, False),
    "VIDEO": Legal(("rectangle", "line", "point", "raster-segmentation"), _PLAIN, True),
    "AUDIO": Legal((), _PLAIN, True),
    "CONVERSATIONAL": Legal(_CHAT_TOOLS, (*_PLAIN, *PROMPT_TYPES), True),
    "HTML": Legal((), _PLAIN, False),
    "JSON": Legal((), _PLAIN, False),
    "TMS_GEO": Legal(_TILE_TOOLS, _PLAIN, False),
    "TMS_SIMPLE": Legal(_TILE_TOOLS, _PLAIN, False),
    "DICOM": Legal(("line", "raster-segmentation"), _PLAIN, True),
    "LLM_PROMPT_CREATION": Legal((), PROMPT_TYPES, False),
    "LLM_PROMPT_RESPONSE_CREATION": Legal((), PROMPT_TYPES, False),
}
