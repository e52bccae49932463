"""Client: upload_file, upload_data."""

from __future__ import annotations

import mimetypes
import os
from pathlib import Path

from labelbox._calls.connection import Connection
from labelbox.exceptions import LabelboxError
from labelbox.multipart_body import FilePart

UPLOAD_FILE = """mutation UploadFile($file: Upload!, $contentLength: Int!, $sign: Boolean) {
    uploadFile(file: $file, contentLength: $contentLength, sign: $sign) { url filename }
}"""

# The wire's Int has 32 bits; the server counts the bytes itself, so a larger file only needs a legal number.
_LARGEST_INT = 2**31 - 1


class UploadCalls(Connection):
    """The calls that bring bytes to the server."""

    def upload_file(self, path: str | os.PathLike[str]) -> str:
        """Uploads a local file, streamed from disk, and returns its URL (X-18).

        Raises FileNotFoundError when there is none, LabelboxError when the server refuses it.
        """
        source = Path(path)
        if not source.is_file():
            raise FileNotFoundError(f"There is no file {source}")
        kind = mimetypes.guess_type(source.name)[0] or "application/octet-stream"
        return self._upload(FilePart(source, source.name, kind), sign=False)

    def upload_data(
        self,
        content: bytes,
        filename: str | None = None,
        content_type: str | None = None,
        sign: bool = False,
    ) -> str:
        """Uploads bytes and returns their URL. Without a name the server stores them as `1`."""
        part = FilePart(content, filename or "1", content_type or "application/octet-stream")
        return self._upload(part, sign)

    def _upload(self, part: FilePart, sign: bool) -> str:
        length = min(part.size(), _LARGEST_INT)
        variables = {"file": None, "contentLength": length, "sign": sign}
        data = self.request_client.upload(UPLOAD_FILE, variables, part)
        uploaded = data and data.get("uploadFile")
        if not uploaded or not uploaded.get("url"):
            raise LabelboxError(f"The upload of {part.filename!r} gave no URL", data)
        return str(uploaded["url"])
