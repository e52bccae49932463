"""Data row descriptors: the JSON that a client uploads to create or change data rows, as one typed form.

Two protocols (reference/datarow.md 7): the older array of rows, and chunks of `{"id", "payload"}` that a
manifest lists. Each item becomes a `DataRowSpec`, or an `ItemRefused` with a sentence; one bad item stops no
other.
"""

import re
from collections.abc import Iterator
from typing import Any, Literal

import msgspec
import orjson

from labelyard.formats.descriptor_row_data import RowDataRefused, read_row_data

MAX_GLOBAL_KEY = 200
MAX_EXTERNAL_ID = 4_096
MAX_EMBEDDING = 2_048

ATTACHMENT_TYPES = (
    "IMAGE",
    "VIDEO",
    "AUDIO",
    "HTML",
    "RAW_TEXT",
    "TEXT_URL",
    "PDF_URL",
    "IMAGE_OVERLAY",
    "CAMERA_IMAGE",
)
MEDIA_TYPES = {
    "AUDIO": "AUDIO",
    "CONVERSATIONAL": "CONVERSATIONAL",
    "DICOM": "DICOM",
    "DOCUMENT": "PDF",
    "HTML": "HTML",
    "IMAGE": "IMAGE",
    "JSON": "JSON",
    "LLM": "LLM",
    "LLM_PROMPT_CREATION": "LLM_PROMPT_CREATION",
    "LLM_PROMPT_RESPONSE_CREATION": "LLM_PROMPT_RESPONSE_CREATION",
    "GEOSPATIAL_TILE": "TMS_GEO",
    "PDF": "PDF",
    "POINT_CLOUD": "POINT_CLOUD",
    "SIMPLE_TILE": "TMS_SIMPLE",
    "TEXT": "TEXT",
    "TMS_GEO": "TMS_GEO",
    "TMS_SIMPLE": "TMS_SIMPLE",
    "VIDEO": "VIDEO",
}


class DescriptorRefused(ValueError):
    """The whole file cannot be read; the text is a sentence for the task's error."""


class Attachment(msgspec.Struct):
    """Extra material beside the asset."""

    type: str
    value: str
    name: str | None = None


class MetadataValue(msgspec.Struct):
    """A metadata value as it came: the field by its id or by its name, the value still unchecked."""

    schema_id: str | None
    name: str | None
    value: Any


class Embedding(msgspec.Struct):
    """A vector of a custom embedding."""

    embedding_id: str
    vector: list[float]
    clusters: list[int] | None = None


class DataRowSpec(msgspec.Struct):
    """What to do with one data row.

    `mode` AUTO creates, ID changes the data row `key`, GKEY changes the one with the global key `key` or
    creates it. None means "not mentioned": a change leaves it as it is; for attachments and metadata an empty
    list means "none". `media_type` is the declared one, else the one that `row_data` shows by itself, else
    None until the asset is looked at.
    """

    position: int
    mode: Literal["AUTO", "ID", "GKEY"] = "AUTO"
    key: str = ""
    dataset_id: str | None = None
    row_data: str | None = None
    media_type: str | None = None
    global_key: str | None = None
    external_id: str | None = None
    text_layer_url: str | None = None
    attachments: list[Attachment] | None = None
    metadata: list[MetadataValue] | None = None
    embeddings: list[Embedding] | None = None
    media_attributes: dict[str, Any] | None = None


class ItemRefused(msgspec.Struct):
    """An item that cannot become a data row; the rest is what a failure report repeats."""

    position: int
    message: str
    external_id: str | None = None
    global_key: str | None = None
    row_data: str | None = None


class Manifest(msgspec.Struct):
    """The list of chunk files of one upload; chunks come in no particular order."""

    chunk_uris: list[str]
    item_count: int | None = None
    source: str | None = None


class _Refusal(ValueError):
    """An item's fault, as a sentence."""


class _ChunkId(msgspec.Struct):
    type: Literal["AUTO", "ID", "GKEY"]
    value: Any = ""


class _ChunkItem(msgspec.Struct):
    id: _ChunkId
    payload: dict[str, Any]


_chunk_decoder = msgspec.json.Decoder(_ChunkItem)
_array_decoder = msgspec.json.Decoder(list[msgspec.Raw])
_manifest_decoder = msgspec.json.Decoder(Manifest)


def read_manifest(data: bytes) -> Manifest:
    """The manifest of an upload. Raises `DescriptorRefused`."""
    try:
        return _manifest_decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DescriptorRefused(f"The manifest cannot be read: {error}.") from None


def read_chunk(data: bytes, *, first_position: int = 0) -> Iterator[DataRowSpec | ItemRefused]:
    """The items of a chunk file, in order. Raises `DescriptorRefused` when it is not a JSON array."""
    for position, raw in enumerate(_elements(data), first_position):
        try:
            item = _chunk_decoder.decode(raw)
        except msgspec.DecodeError as error:
            yield ItemRefused(position, f"The item does not have the right form: {error}.")
            continue
        payload = item.payload
        try:
            if item.id.type != "AUTO" and (not isinstance(item.id.value, str) or not item.id.value):
                raise _Refusal(f"The item's id of type {item.id.type} has no value.")
            spec = _read(position, payload)
            spec.mode = item.id.type
            spec.key = str(item.id.value) if item.id.type != "AUTO" else ""
            if item.id.type == "AUTO" and spec.row_data is None:
                raise _Refusal("The data row has no row_data.")
            yield spec
        except (_Refusal, RowDataRefused) as refusal:
            yield _refused(position, payload, str(refusal))


def read_rows(data: bytes, *, dataset_id: str | None = None) -> Iterator[DataRowSpec | ItemRefused]:
    """The rows of an older descriptor file, in order; each creates a data row (in `dataset_id`).

    Raises `DescriptorRefused` when it is not a JSON array.
    """
    for position, raw in enumerate(_elements(data)):
        try:
            row = orjson.loads(memoryview(raw))
        except orjson.JSONDecodeError as error:
            yield ItemRefused(position, f"The row is not valid JSON: {error}.")
            continue
        if not isinstance(row, dict):
            yield ItemRefused(position, "The row is not a JSON object.")
            continue
        yield read_row(row, position=position, dataset_id=dataset_id)


def read_row(
    row: dict[str, Any], *, position: int = 0, dataset_id: str | None = None
) -> DataRowSpec | ItemRefused:
    """One row to create, in any spelling of its keys that a client has used."""
    payload = _respelled(row)
    try:
        spec = _read(position, payload)
        if spec.row_data is None:
            raise _Refusal("The data row has no row_data.")
    except (_Refusal, RowDataRefused) as refusal:
        return _refused(position, payload, str(refusal))
    spec.dataset_id = spec.dataset_id or dataset_id
    return spec


# older and camelCase spellings of a payload's keys
_SPELLINGS = {
    "data": "row_data",
    "rowData": "row_data",
    "imageUrl": "row_data",
    "videoUrl": "row_data",
    "conversationalUrl": "row_data",
    "externalId": "external_id",
    "globalKey": "global_key",
    "metadataFields": "metadata_fields",
    "customMetadata": "metadata_fields",
    "mediaType": "media_type",
    "mediaAttributes": "media_attributes",
    "datasetId": "dataset_id",
}
_TILE_KEYS = (
    "tileLayerUrl",
    "bounds",
    "minZoom",
    "maxZoom",
    "epsg",
    "version",
    "alternativeLayers",
    "name",
    "tileSize",
    "maxNativeZoom",
)


def _respelled(row: dict[str, Any]) -> dict[str, Any]:
    payload = {_SPELLINGS.get(key, key): value for key, value in row.items()}
    if "tileLayerUrl" in row:
        payload["row_data"] = {key: row[key] for key in _TILE_KEYS if key in row}
    elif "conversationalData" in row:
        payload["row_data"] = {
            "type": row.get("type") or "application/vnd.labelbox.conversational",
            "version": row.get("version") or 1,
            "messages": row["conversationalData"],
        }
    return payload


def _elements(data: bytes) -> list[msgspec.Raw]:
    try:
        return _array_decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise DescriptorRefused("The descriptor is not a JSON array.") from None


def _read(position: int, payload: dict[str, Any]) -> DataRowSpec:
    spec = DataRowSpec(position)
    spec.dataset_id = _text(payload, "dataset_id", MAX_EXTERNAL_ID)
    global_key = payload.get("global_key")
    if global_key is None:
        global_key = payload.get("globalKey")
    if global_key is not None:
        if not isinstance(global_key, str) or not global_key.strip():
            raise _Refusal("The global key must be a text that is not blank.")
        if len(global_key) > MAX_GLOBAL_KEY:
            raise _Refusal(
                f"The global key has {len(global_key)} characters; at most {MAX_GLOBAL_KEY} are possible."
            )
        spec.global_key = _storable(global_key, "global key")
    spec.external_id = _text(payload, "external_id", MAX_EXTERNAL_ID)
    declared = payload.get("media_type")
    if declared is not None:
        spec.media_type = MEDIA_TYPES.get(str(declared).upper().replace("-", "_"))
        if spec.media_type is None:
            raise _Refusal(f"Found invalid media type: '{declared}'")
    if payload.get("row_data") is not None:
        found = read_row_data(payload["row_data"], spec.media_type)
        spec.row_data = _storable(found.row_data, "row_data")
        spec.media_type, spec.text_layer_url = found.media_type, found.text_layer_url
    if payload.get("attachments") is not None:
        spec.attachments = [_attachment(given) for given in _list(payload, "attachments")]
    metadata = "metadata_fields" if payload.get("metadata_fields") is not None else "metadata"
    if payload.get(metadata) is not None:
        spec.metadata = [_metadata(given) for given in _list(payload, metadata)]
    if payload.get("embeddings") is not None:
        spec.embeddings = [_embedding(given) for given in _list(payload, "embeddings")]
    attributes = payload.get("media_attributes")
    if isinstance(attributes, dict):
        spec.media_attributes = attributes
    return spec


def _attachment(given: Any) -> Attachment:
    if not isinstance(given, dict):
        raise _Refusal("An attachment is not a JSON object.")
    kind, value, name = given.get("type"), given.get("value"), given.get("name")
    if not isinstance(value, str) or not value:
        raise _Refusal("An attachment needs a value, which is a text.")
    kind = str(kind or "").upper()
    if kind == "TEXT":  # 2.4 had one type for both
        kind = "TEXT_URL" if re.match(r"https?://\S+$", value) else "RAW_TEXT"
    if kind not in ATTACHMENT_TYPES:
        raise _Refusal(
            f"{given.get('type')!r} is not an attachment type; there are {', '.join(ATTACHMENT_TYPES)}."
        )
    if name is not None and not isinstance(name, str):
        raise _Refusal("The name of an attachment is not a text.")
    return Attachment(kind, _storable(value, "attachment"), None if name is None else _storable(name, "name"))


def _metadata(given: Any) -> MetadataValue:
    if not isinstance(given, dict):
        raise _Refusal("A metadata field is not a JSON object.")
    schema_id = given.get("schemaId", given.get("schema_id"))
    name = given.get("name")
    if not schema_id and not name:
        raise _Refusal("A metadata field has neither schemaId nor name.")
    if given.get("value") is None:
        raise _Refusal(f"The metadata field {name or schema_id!r} has no value.")
    return MetadataValue(str(schema_id) if schema_id else None, str(name) if name else None, given["value"])


def _embedding(given: Any) -> Embedding:
    try:
        embedding = msgspec.convert(
            {"embedding_id": given.get("embeddingId", given.get("embedding_id")), **given}, Embedding
        )
    except (msgspec.ValidationError, AttributeError, TypeError) as error:
        raise _Refusal(f"An embedding does not have the right form: {error}.") from None
    if not 0 < len(embedding.vector) <= MAX_EMBEDDING:
        raise _Refusal(
            f"The embedding has {len(embedding.vector)} numbers; 1 to {MAX_EMBEDDING:,} are possible."
        )
    return embedding


def _list(payload: dict[str, Any], key: str) -> list[Any]:
    value = payload[key]
    if not isinstance(value, list):
        raise _Refusal(f"`{key}` is not a list.")
    return value


def _text(payload: dict[str, Any], key: str, limit: int) -> str | None:
    value = payload.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        value = str(value)  # older clients sent numbers
    if len(value) > limit:
        raise _Refusal(f"`{key}` has {len(value)} characters; at most {limit:,} are possible.")
    return _storable(value, key)


def _storable(text: str, noun: str) -> str:
    """PostgreSQL cannot store the character U+0000 in a text."""
    if "\0" in text:
        raise _Refusal(f"The {noun} contains the character U+0000.")
    return text


def _refused(position: int, payload: dict[str, Any], message: str) -> ItemRefused:
    row_data = payload.get("row_data")
    if row_data is not None and not isinstance(row_data, str):
        row_data = orjson.dumps(row_data).decode()
    external_id, global_key = payload.get("external_id"), payload.get("global_key")
    return ItemRefused(
        position,
        message,
        None if external_id is None else str(external_id),
        None if global_key is None else str(global_key),
        row_data,
    )
