"""AssetAttachment: extra material beside an asset, in the newer form."""

from __future__ import annotations

from enum import Enum
from typing import Any

from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field

UPDATE_DATA_ROW_ATTACHMENT = """mutation UpdateDataRowAttachment(
    $id: ID!, $name: String, $type: AttachmentType, $value: String
) {
    updateDataRowAttachment(where: {id: $id}, data: {name: $name, type: $type, value: $value}) {
        id name type value
    }
}"""
DELETE_DATA_ROW_ATTACHMENT = """mutation DeleteDataRowAttachment($id: ID!) {
    deleteDataRowAttachment(where: {id: $id}) { id }
}"""


class AssetAttachment(DbObject):
    """Material shown beside an asset: its type, a URL or text, and a name."""

    class AttachmentType(Enum):
        """What an attachment can be."""

        AUDIO = "AUDIO"
        CAMERA_IMAGE = "CAMERA_IMAGE"
        FILE = "FILE"
        HTML = "HTML"
        IMAGE = "IMAGE"
        IMAGE_OVERLAY = "IMAGE_OVERLAY"
        PDF_URL = "PDF_URL"
        RAW_TEXT = "RAW_TEXT"
        TEXT = "TEXT"
        TEXT_URL = "TEXT_URL"
        VIDEO = "VIDEO"

    attachment_type: Field[str] = Field.String("type")
    attachment_value: Field[str] = Field.String("value")
    attachment_name: Field[str | None] = Field.String("name")

    def update(self, name: str | None = None, type: str | None = None, value: str | None = None) -> None:
        """Changes what is given. Raises ValueError when nothing is, or for an unknown type."""
        if name is None and type is None and value is None:
            raise ValueError("an update needs a name, a type or a value")
        if type is not None:
            check_attachment({"type": type, "value": value or self.attachment_value})
        params = {"id": self.uid, "name": name, "type": type, "value": value}
        self._reload(UPDATE_DATA_ROW_ATTACHMENT, _given(params), "updateDataRowAttachment")

    def delete(self) -> None:
        """Removes the attachment from its data row."""
        self.client.execute(
            DELETE_DATA_ROW_ATTACHMENT, {"id": self.uid}, raise_return_resource_not_found=True
        )


def check_attachment(attachment: Any) -> None:
    """Raises ValueError unless `attachment` has a known type and a value that is a text."""
    if not isinstance(attachment, dict):
        raise ValueError(f"an attachment must be a dict with type and value, got {attachment!r}")
    for key in ("type", "value"):
        if not isinstance(attachment.get(key), str) or not attachment[key]:
            raise ValueError(f"an attachment needs a {key} that is a non-empty text: {attachment!r}")
    supported = {member.value for member in AssetAttachment.AttachmentType}
    if attachment["type"] not in supported:
        raise ValueError(f"attachment type {attachment['type']!r} is not one of {sorted(supported)}")


def _given(params: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in params.items() if value is not None}
