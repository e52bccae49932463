"""The body of a GraphQL multipart request, streamed: files are read from disk while they are sent."""

import io
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_READ_SIZE = 1 << 20


@dataclass(frozen=True)
class FilePart:
    """One file of an upload: its bytes, or the path they are read from, and how the part is labelled."""

    content: bytes | Path
    filename: str
    content_type: str = "application/octet-stream"

    def size(self) -> int:
        """Length of the content in bytes."""
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)

    def open(self) -> BinaryIO:
        """The content as a stream, from its beginning."""
        return self.content.open("rb") if isinstance(self.content, Path) else io.BytesIO(self.content)


class MultipartBody:
    """Parts `operations`, `map` and the file, in the order that servers of the specification want.

    A file-like object: `read` gives the next bytes, so that a large file is never in memory as a whole.
    """

    def __init__(
        self, query: str, variables: Mapping[str, Any], key: str, variable: str, part: FilePart
    ) -> None:
        """`key` names the file part; `variable` is the path below `variables` where the file belongs."""
        boundary = uuid.uuid4().hex
        operations = json.dumps({"query": query, "variables": variables})
        file_map = json.dumps({key: [f"variables.{variable}"]})
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
            for name, text in (("operations", operations), ("map", file_map))
        )
        head += (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="{_quoted(key)}"; filename="{_quoted(part.filename)}"\r\n'
            f"Content-Type: {part.content_type}\r\n\r\n"
        )
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._head = head.encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._part = part
        self.length = len(self._head) + part.size() + len(self._tail)
        self._streams: list[BinaryIO] = []
        self.rewind()

    def rewind(self) -> None:
        """Starts again from the first byte, for a retry."""
        self.close()
        self._streams = [io.BytesIO(self._head), self._part.open(), io.BytesIO(self._tail)]

    def read(self, size: int = _READ_SIZE) -> bytes:
        """The next bytes, at most 1 MiB of them; empty at the end."""
        while self._streams:
            chunk = self._streams[0].read(min(size, _READ_SIZE) if size and size > 0 else _READ_SIZE)
            if chunk:
                return chunk
            self._streams.pop(0).close()
        return b""

    def close(self) -> None:
        """Closes the file when a request ended before its last byte."""
        for stream in self._streams:
            stream.close()
        self._streams = []


def _quoted(name: str) -> str:
    # The three characters that HTML forms percent-encode; the rest of a name travels as UTF-8.
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
