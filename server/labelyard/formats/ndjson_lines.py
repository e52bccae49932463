"""The lines of annotation NDJSON as they come, and what became of them (reference/import-ndjson.md 2 and
7).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import orjson
from msgspec import UNSET, UnsetType

from labelyard.formats.masks import Mask, Rgb
from labelyard.formats.ndjson_answers import Classification, OptionAnswer


class DataRowRef(msgspec.Struct):
    """The data row that a line belongs to: one of the two."""

    id: str | None = None
    globalKey: str | None = None  # noqa: N815 - the wire's key


class Box(msgspec.Struct):
    """A bounding box."""

    top: float
    left: float
    height: float
    width: float


class Xy(msgspec.Struct):
    """A point."""

    x: float
    y: float


class MaskForm(msgspec.Struct):
    """A mask in one of its forms: at a URL, as a PNG, as run lengths."""

    instanceURI: str | None = None  # noqa: N815
    colorRGB: list[int] | None = None  # noqa: N815
    png: str | None = None
    imBytes: str | None = None  # noqa: N815
    size: list[int] | None = None
    counts: list[int] | None = None


class Relationship(msgspec.Struct):
    """Two other lines of the file, joined."""

    target: str
    source: str | None = None
    type: Literal["unidirectional", "bidirectional"] = "unidirectional"
    sourceOntologyName: str | None = None  # noqa: N815
    readonly: bool | None = None


class Span(msgspec.Struct):
    """A stretch of characters or frames, both ends included."""

    start: int
    end: int


class Line(msgspec.Struct):
    """One line as it came. Unknown keys are ignored."""

    uuid: str | None = None
    dataRow: DataRowRef | None = None  # noqa: N815
    schemaId: str | None = None  # noqa: N815
    name: str | None = None
    bbox: Box | None = None
    polygon: list[Xy] | None = None
    line: list[Xy] | None = None
    point: Xy | None = None
    mask: MaskForm | None = None
    answer: str | OptionAnswer | list[OptionAnswer] | UnsetType = UNSET
    answers: list[OptionAnswer] | UnsetType = UNSET
    classifications: list[Classification] | None = None
    confidence: Any = None  # checked only where it is kept
    customMetrics: Any = None  # noqa: N815
    relationship: Relationship | None = None
    messageId: str | None = None  # noqa: N815
    isBenchmarkReferenceLabel: bool | None = None  # noqa: N815
    location: Span | None = None
    frames: list[Span] | None = None
    textSelections: list[dict[str, Any]] | None = None  # noqa: N815
    segments: list[dict[str, Any]] | None = None
    masks: dict[str, Any] | None = None
    messageEvaluationTask: dict[str, Any] | None = None  # noqa: N815
    metricValue: Any = None  # noqa: N815


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What the check needs to know of a data row; `width` and `height` of the upright picture, None when
    unknown.
    """

    id: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class RowLookup:
    """The project's data rows that the lines name, in both spellings."""

    by_id: Mapping[str, ImportRow]
    by_global_key: Mapping[str, ImportRow]


@dataclass(frozen=True, slots=True)
class MaskAtUrl:
    """A mask that the caller has to fetch: the pixels of the PNG at `url` that have exactly this colour."""

    url: str
    color: Rgb


class Accepted(msgspec.Struct):
    """A line that became an annotation of the label document, of the kind that `kind` says.

    `annotation` of a mask lacks its geometry: store `mask` (or fetch it first), then add `mask` or
    `composite_mask` to the dict.
    """

    position: int
    uuid: str
    ref: DataRowRef
    data_row_id: str
    kind: Literal["object", "classification", "relationship"]
    annotation: dict[str, Any]
    mask: Mask | MaskAtUrl | None = None
    is_benchmark: bool = False


class Refused(msgspec.Struct):
    """A line that was not accepted, and why."""

    position: int
    uuid: str | None
    ref: DataRowRef | None
    name: str
    message: str


class NotNdjson(ValueError):
    """The file is not NDJSON: a line is not JSON. The whole job fails."""


_decoder = msgspec.json.Decoder(Line)


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a file that comes in chunks, without empty ones and without a byte order mark."""
    held = b""
    first = True
    for chunk in chunks:
        lines = (held + (chunk.removeprefix(b"\xef\xbb\xbf") if first else chunk)).split(b"\n")
        first = first and not chunk
        held = lines.pop()
        for line in lines:
            if line.strip():
                yield line
    if held.strip():
        yield held


def decode_line(line: bytes, position: int) -> Line | Refused:
    """Decode a line; `position` counts from 0. Raises `NotNdjson` when it is not JSON at all."""
    try:
        return _decoder.decode(line)
    except msgspec.ValidationError as error:
        name = "MissingField" if "missing required field" in str(error) else "WrongType"
        return _refuse_undecoded(line, position, name, f"The line does not have the right form: {error}.")
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotNdjson(f"Line {position + 1} is not valid JSON.") from None


def data_row_refs(lines: Iterable[Line | Refused]) -> tuple[set[str], set[str]]:
    """The data row ids and the global keys that these lines name, for one look-up."""
    ids: set[str] = set()
    keys: set[str] = set()
    for line in lines:
        if isinstance(line, Line) and line.dataRow is not None:
            if line.dataRow.id:
                ids.add(line.dataRow.id)
            if line.dataRow.globalKey:
                keys.add(line.dataRow.globalKey)
    return ids, keys


def status_line(outcome: Accepted | Refused) -> bytes:
    """The line of the status file (reference/import-ndjson.md 7)."""
    row: dict[str, Any] = {}
    if outcome.ref is not None:
        row["id"] = outcome.data_row_id if isinstance(outcome, Accepted) else outcome.ref.id
        if outcome.ref.globalKey is not None:
            row["globalKey"] = outcome.ref.globalKey
    status: dict[str, Any] = {"uuid": outcome.uuid, "dataRow": row, "status": "SUCCESS"}
    if isinstance(outcome, Refused):
        status["status"] = "FAILURE"
        status["errors"] = [{"name": outcome.name, "message": outcome.message}]
    return orjson.dumps(status, option=orjson.OPT_APPEND_NEWLINE)


def _refuse_undecoded(line: bytes, position: int, name: str, message: str) -> Refused:
    """Of a line of the wrong form, whatever identifies it."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise NotNdjson(f"Line {position + 1} is not valid JSON.") from None
    uuid, row = None, None
    if isinstance(value, dict):
        uuid = value.get("uuid") if isinstance(value.get("uuid"), str) else None
        if isinstance(value.get("dataRow"), dict):
            found = [value["dataRow"].get(key) for key in ("id", "globalKey")]
            row = DataRowRef(*(part if isinstance(part, str) else None for part in found))
    return Refused(position, uuid, row, name, message)
