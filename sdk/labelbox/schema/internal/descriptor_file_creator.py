"""Checks and normalises the items of create_data_rows and upsert_data_rows (data row format, section 1).

Nothing here talks to the server but the metadata types, read once when an item has metadata.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import InvalidAttributeError, InvalidQueryError
from labelbox.orm.model import Field
from labelbox.schema.asset_attachment import check_attachment
from labelbox.schema.data_row_metadata import DataRowMetadataOntology
from labelbox.schema.internal.data_row_upsert_item import DataRowUpsertItem, key_of
from labelbox.schema.media_type import MediaType

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection

_KEYS = {
    "row_data",
    "global_key",
    "external_id",
    "metadata_fields",
    "metadata",
    "attachments",
    "embeddings",
    "media_type",
    "media_attributes",
    "uid",
    "created_at",
    "updated_at",
    "dataset_id",
    "key",
}
# An item of nothing else, its row_data an address, is right as it is.
_PLAIN_KEYS = {"row_data", "global_key", "external_id"}
_MESSAGE_KEYS = {"messageId", "timestampUsec", "content", "user", "align", "canLabel"}
# Read-only on the server: accepted because they are fields of a data row, and not sent.
_NOT_SENT = {"uid", "created_at", "updated_at", "dataset_id", "key", "media_attributes"}
_LONGEST_PATH = 4096


class DescriptorFileCreator:
    """Turns a user's items into specs for one dataset."""

    def __init__(self, client: Connection, dataset_id: str) -> None:
        self._client = client
        self._dataset_id = dataset_id
        self._metadata: DataRowMetadataOntology | None = None

    def plain_spec(self, item: Any) -> dict[str, Any] | None:
        """The spec of an item that is an address with its keys and needs no more looking at; None for any other."""
        if type(item) is not dict or not item.keys() <= _PLAIN_KEYS:
            return None
        row_data = item.get("row_data")
        if type(row_data) is not str or not row_data.startswith(("https://", "http://")):
            return None
        payload = {**item, "dataset_id": self._dataset_id}
        if None in payload.values():
            payload = {name: value for name, value in payload.items() if value is not None}
        return {"id": {"type": "AUTO", "value": ""}, "payload": payload}

    def normalize(self, item: Any, is_upsert: bool) -> dict[str, Any]:
        """One item as a dict with string keys; a str is a path, `row_data` given by path becomes one too.

        Raises InvalidQueryError for a wrong item, InvalidAttributeError for an unknown key, ValueError and
        KeyError for wrong attachments, metadata or messages.
        """
        if isinstance(item, (str, os.PathLike)):
            path = os.fspath(item)
            if not is_local_file(path):
                raise InvalidQueryError(f"There is no local file {path!r}")
            return {"row_data": path, "external_id": path}
        if not isinstance(item, Mapping):
            raise InvalidQueryError(f"Data rows must be given as str or dict, got {type(item).__name__}")
        values = {key.name if isinstance(key, Field) else key: value for key, value in item.items()}
        if "attachments" in values:
            _check_attachments(values["attachments"])
        if "tileLayerUrl" in values:
            return _tile_row(values)
        if "conversationalData" in values:
            values = _conversation_row(values)
        unknown = sorted(str(key) for key in values if key not in _KEYS)
        if unknown:
            raise InvalidAttributeError("DataRow", ", ".join(unknown))
        if not is_upsert and not values.get("row_data"):
            raise InvalidQueryError("A data row needs row_data")
        self._check_row_data(values.get("row_data"))
        return self._converted(values)

    def spec(self, values: dict[str, Any]) -> DataRowUpsertItem:
        """The spec of a normalised item whose local file, if any, has been uploaded."""
        key = values.get("key")
        payload = {name: value for name, value in values.items() if name not in _NOT_SENT}
        return DataRowUpsertItem.build(self._dataset_id, None if key is None else key_of(key), payload)

    def _check_row_data(self, row_data: Any) -> None:
        if isinstance(row_data, str) and row_data.startswith("s3:/"):
            raise InvalidQueryError(
                f"row_data {row_data!r} starts with s3:/; the server reads https addresses, "
                "for example https://bucket.s3.region.amazonaws.com/key"
            )

    def _converted(self, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("metadata_fields"):
            values["metadata_fields"] = self._metadata_ontology().parse_upsert_metadata(
                values["metadata_fields"]
            )
        if isinstance(values.get("media_type"), MediaType):
            values["media_type"] = values["media_type"].value
        if values.get("embeddings"):
            values["embeddings"] = [_embedding(each) for each in values["embeddings"]]
        row_data = values.get("row_data")
        if isinstance(row_data, str) and is_local_file(row_data):
            values.setdefault("external_id", row_data)
        return values

    def _metadata_ontology(self) -> DataRowMetadataOntology:
        if self._metadata is None:
            self._metadata = DataRowMetadataOntology(self._client)
        return self._metadata


def is_local_file(row_data: Any) -> bool:
    """Whether `row_data` is the path of a file here, and not an address or a text."""
    if not isinstance(row_data, str) or len(row_data) > _LONGEST_PATH or "://" in row_data:
        return False
    return os.path.isfile(row_data)


def _check_attachments(attachments: Any) -> None:
    if attachments is None:
        return
    if not isinstance(attachments, list):
        raise ValueError(f"attachments must be a list, got {attachments!r}")
    for attachment in attachments:
        check_attachment(attachment)


def _tile_row(values: dict[str, Any]) -> dict[str, Any]:
    """A tile layer in the old form: its keys move into row_data, the data row's own stay beside it."""
    own = {"external_id", "global_key", "attachments", "metadata_fields", "media_type", "key"}
    other_names = {
        "externalId": "external_id",
        "globalKey": "global_key",
        "metadataFields": "metadata_fields",
    }
    row = {name: value for name, value in values.items() if name in own}
    row.update({other_names[name]: value for name, value in values.items() if name in other_names})
    layer = {n: v for n, v in values.items() if n not in own and n not in other_names}
    return {**row, "row_data": layer}


def _conversation_row(values: dict[str, Any]) -> dict[str, Any]:
    """A conversation in the old form. Raises KeyError for a message key that is not known."""
    messages = values.pop("conversationalData")
    for message in messages:
        unknown = sorted(set(message) - _MESSAGE_KEYS)
        if unknown:
            raise KeyError(
                f"Invalid keys found in a message: {unknown}; accepted are {sorted(_MESSAGE_KEYS)}"
            )
    row_data = {
        "type": values.pop("type", "application/vnd.labelbox.conversational"),
        "version": values.pop("version", 1),
        "messages": messages,
    }
    for old, new in (("externalId", "external_id"), ("globalKey", "global_key")):
        if old in values:
            values[new] = values.pop(old)
    return {**values, "row_data": row_data}


def _embedding(given: Any) -> dict[str, Any]:
    values = given if isinstance(given, Mapping) else vars(given)
    vector = {
        "embeddingId": values.get("embedding_id") or values.get("embeddingId"),
        "vector": values["vector"],
    }
    if values.get("clusters"):
        vector["clusters"] = values["clusters"]
    return vector
