"""GraphQL multipart requests: the files stream to disk, the operations come out with the files in their
places.

Follows the GraphQL multipart request specification, and is as tolerant as the published clients need: a file
part may have any name (with slashes, quotes, any script), no file name, no type, or the two swapped (R-CR-02,
S-01).
"""

import hashlib
import re
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

FIELD_BYTES = 32 * 1024 * 1024  # `operations` and `map` are held in memory
PART_HEADER_BYTES = 64 * 1024


class MultipartMalformed(ValueError):
    """The request is not a GraphQL multipart request."""


class UploadTooLarge(ValueError):
    """The request is larger than this server accepts."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file, spooled to `path`; whoever takes it moves it away or deletes it."""

    path: Path
    filename: str
    content_type: str
    size: int
    sha256: str


async def receive_multipart(
    headers: Mapping[str, str], body: AsyncIterator[bytes], spool_dir: Path, max_bytes: int
) -> Any:
    """Read a GraphQL multipart request and return its operations: a dict, or a list of them for a batch.

    `headers` have lower-case names. Where the map says so, null stands replaced by an `Upload`. Raises
    `MultipartMalformed` with a sentence, or `UploadTooLarge`; the spooled files are then gone.
    """
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > max_bytes:
        raise UploadTooLarge(f"The request has {length} bytes; at most {max_bytes} are accepted.")
    boundary = _boundary(headers.get("content-type", ""))
    spool_dir.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - local and short, as the writes are
    parts = _Parts(spool_dir)
    parser = MultipartParser(boundary, parts.callbacks(), max_header_size=PART_HEADER_BYTES)
    received = 0
    try:
        async for chunk in body:
            received += len(chunk)
            if received > max_bytes:
                raise UploadTooLarge(f"The request has more than the {max_bytes} bytes that are accepted.")
            parser.write(chunk)
        parser.finalize()
        if not parts.ended:
            raise MultipartMalformed("The multipart request ends in the middle of a part.")
        return _put_in_place(parts.fields, parts.uploads)
    except FormParserError as error:
        parts.discard()
        raise MultipartMalformed(f"The multipart request cannot be read: {error}") from None
    except BaseException:
        parts.discard()
        raise


class _Parts:
    """Collects parts as the parser finds them."""

    def __init__(self, spool_dir: Path) -> None:
        self.fields: dict[str, bytes] = {}
        self.uploads: list[tuple[str, Upload]] = []
        self.ended = False
        self._spool_dir = spool_dir
        self._paths: list[Path] = []
        self._file: BinaryIO | None = None
        self._start_part()

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._start_part,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def discard(self) -> None:
        if self._file is not None:
            self._file.close()
        for path in self._paths:
            path.unlink(missing_ok=True)

    def _start_part(self) -> None:
        self._field_name, self._field_value = b"", b""
        self._disposition, self._type = "", ""
        self._name, self._filename = "", ""
        self._held = bytearray()
        self._size = 0

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field_name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._field_value += data[start:end]

    def _header_end(self) -> None:
        value = self._field_value.decode("utf-8", "replace").strip()
        match self._field_name.strip().lower():
            case b"content-disposition":
                self._disposition = value
            case b"content-type":
                self._type = value
        self._field_name, self._field_value = b"", b""

    def _headers_finished(self) -> None:
        parameters = disposition_parameters(self._disposition)
        if "name" not in parameters:
            raise MultipartMalformed("A part of the multipart request has no name.")
        self._name = parameters["name"]
        self._filename = parameters.get("filename", "")
        if self._name in ("operations", "map") and self._name not in self.fields and not self._filename:
            self._file = None
            return
        path = self._spool_dir / uuid.uuid4().hex
        self._paths.append(path)
        self._file = path.open("xb")
        self._hash = hashlib.sha256()

    def _data(self, data: bytes, start: int, end: int) -> None:
        piece = memoryview(data)[start:end]
        self._size += len(piece)
        if self._file is not None:
            self._file.write(piece)
            self._hash.update(piece)
        elif self._size > FIELD_BYTES:
            raise UploadTooLarge(f"The part {self._name!r} has more than {FIELD_BYTES} bytes.")
        else:
            self._held += piece

    def _end_part(self) -> None:
        if self._file is None:
            self.fields[self._name] = bytes(self._held)
            return
        self._file.close()
        self._file = None
        filename, content_type = _unswap(self._filename, self._type)
        if "\0" in filename + content_type:
            raise MultipartMalformed(
                f"The name or the type of the file part {self._name!r} contains the character U+0000."
            )
        upload = Upload(self._paths[-1], filename, content_type, self._size, self._hash.hexdigest())
        self.uploads.append((self._name, upload))

    def _end(self) -> None:
        self.ended = True


def _boundary(content_type: str) -> str:
    found = re.search(r"boundary\s*=\s*(?:\"([^\"]+)\"|([^;,\s]+))", content_type, re.IGNORECASE)
    if found is None:
        raise MultipartMalformed("The request's content type names no boundary.")
    return found[1] or found[2]


_PARAMETER = re.compile(r';\s*([A-Za-z*]+)\s*=\s*(?:"((?:\\"|\\\\|[^"])*)"|([^;]*))')


def disposition_parameters(disposition: str) -> dict[str, str]:
    """`name` and `filename` of a part, in whichever spelling the client wrote them (quoted or RFC 2231)."""
    parameters: dict[str, str] = {}
    for key, quoted, bare in _PARAMETER.findall(disposition):
        value = re.sub(r'\\(["\\])', r"\1", quoted) if quoted else bare.strip()
        if key.endswith("*"):
            charset, _, rest = value.partition("'")
            value = _percent_decoded(rest.partition("'")[2], charset or "utf-8")
            parameters[key[:-1].lower()] = value
        else:
            parameters.setdefault(key.lower(), value)
    return parameters


def _percent_decoded(text: str, charset: str = "utf-8") -> str:
    raw = re.sub(rb"%([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), text.encode())
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return raw.decode("utf-8", "replace")


_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


def _unswap(filename: str, content_type: str) -> tuple[str, str]:
    """Published clients send some files with the name and the type in each other's place."""
    named = content_type.partition(";")[0].strip()
    if named and not _TYPE.fullmatch(named) and _TYPE.fullmatch(filename):
        return content_type, filename
    if not _TYPE.fullmatch(named):
        return filename, "application/octet-stream"
    return filename, content_type


def _put_in_place(fields: Mapping[str, bytes], uploads: list[tuple[str, Upload]]) -> Any:
    operations = _json_field(fields, "operations")
    places = _json_field(fields, "map")
    if not isinstance(operations, dict | list):
        raise MultipartMalformed("`operations` is not a JSON object.")
    if not isinstance(places, dict):
        raise MultipartMalformed("`map` is not a JSON object.")
    for key, upload in _match(list(places), uploads):
        paths = places[key]
        if not isinstance(paths, str | list):
            raise MultipartMalformed(f"`map` has no list of places for {key!r}, but {paths!r:.100}.")
        for path in [paths] if isinstance(paths, str) else paths:
            _set_at(operations, str(path), upload)
    return operations


def _json_field(fields: Mapping[str, bytes], name: str) -> Any:
    if name not in fields:
        raise MultipartMalformed(f"The multipart request has no part {name!r}.")
    try:
        return orjson.loads(fields[name])
    except orjson.JSONDecodeError:
        raise MultipartMalformed(f"The part {name!r} is not JSON.") from None


def _match(keys: list[str], uploads: list[tuple[str, Upload]]) -> list[tuple[str, Upload]]:
    """Pair the map's keys with the file parts: by name, by the name unescaped, and the rest in their
    order.
    """
    pairs: list[tuple[str, Upload]] = []
    left = list(uploads)
    unmatched = []
    for key in keys:
        found = next((part for part in left if key in (part[0], _percent_decoded(part[0]))), None)
        if found is None:
            unmatched.append(key)
        else:
            left.remove(found)
            pairs.append((key, found[1]))
    if unmatched and len(unmatched) != len(left):
        raise MultipartMalformed(f"The multipart request has no file part {unmatched[0]!r}.")
    if not unmatched and left:
        for _, upload in left:
            upload.path.unlink(missing_ok=True)
        return pairs
    return pairs + [(key, part[1]) for key, part in zip(unmatched, left, strict=True)]


def _set_at(operations: Any, path: str, upload: Upload) -> None:
    place = operations
    steps = path.split(".")
    try:
        for step in steps[:-1]:
            place = place[int(step)] if isinstance(place, list) else place[step]
        if isinstance(place, list):
            place[int(steps[-1])] = upload
        elif isinstance(place, dict):
            place[steps[-1]] = upload
        else:
            raise KeyError(path)
    except (KeyError, IndexError, ValueError, TypeError):
        raise MultipartMalformed(
            f"`map` names the place {path!r}, which `operations` does not have."
        ) from None
