"""MediaType: the kinds of assets a project can hold (P-CR-01 to P-CR-12)."""

from __future__ import annotations

from enum import Enum

_OTHER_NAMES = {"DOCUMENT": "PDF", "GEOSPATIAL_TILE": "TMS_GEO", "SIMPLE_TILE": "TMS_SIMPLE"}


class MediaType(Enum):
    """A kind of asset; the values are the wire's.

    A value that this SDK does not know reads as Unsupported, an absent one as Unknown.
    """

    Audio = "AUDIO"
    Conversational = "CONVERSATIONAL"
    Dicom = "DICOM"
    Document = "PDF"
    Geospatial_Tile = "TMS_GEO"
    Html = "HTML"
    Image = "IMAGE"
    Json = "JSON"
    LLM = "LLM"
    LLMPromptCreation = "LLM_PROMPT_CREATION"
    LLMPromptResponseCreation = "LLM_PROMPT_RESPONSE_CREATION"
    Point_Cloud = "POINT_CLOUD"
    Simple_Tile = "TMS_SIMPLE"
    Text = "TEXT"
    Video = "VIDEO"
    Unknown = "UNKNOWN"
    Unsupported = "UNSUPPORTED"
    # Second names of the same members.
    Pdf = "PDF"
    Tms_Geo = "TMS_GEO"
    Tms_Simple = "TMS_SIMPLE"

    @classmethod
    def _missing_(cls, value: object) -> MediaType:
        if value is None:
            return cls.Unknown
        wire = str(value).upper()
        wire = _OTHER_NAMES.get(wire, wire)
        known = {member.value: member for member in cls}
        return known.get(wire, cls.Unsupported)

    @classmethod
    def is_supported(cls, value: object) -> bool:
        """Whether `value` is a member that a project can be made with."""
        return isinstance(value, cls) and value not in (cls.Unknown, cls.Unsupported)

    @classmethod
    def get_supported_members(cls) -> list[str]:
        """The names of those members."""
        return [member.name for member in cls if cls.is_supported(member)]
