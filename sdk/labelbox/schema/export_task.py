"""ExportTask: the handle on a streamed export (export format, section 2; X-32).

The server keeps two streams of lines, results and errors. A stream is read file by file: each answer says
which bytes of the stream its file holds, and a file may end in the middle of a line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import ExportTaskException, LabelboxError
from labelbox.progress_bar import ProgressBar
from labelbox.schema.task import Task, task_of

if TYPE_CHECKING:
    from labelbox._calls.connection import Connection

TASK_EXPORT_METADATA_HEADER = """query TaskExportMetadataHeader($id: ID!, $streamType: TaskStreamType!) {
    task(where: {id: $id}) { exportMetadataHeader(streamType: $streamType) { totalSize totalLines } }
}"""
TASK_EXPORT_FILE_FROM_OFFSET = """query TaskExportFileFromOffset(
    $id: ID!, $streamType: TaskStreamType!, $offset: UInt64!
) {
    task(where: {id: $id}) {
        exportFileFromOffset(streamType: $streamType, offset: $offset) {
            offsets { start end } lines { start end } file
        }
    }
}"""


class StreamType(Enum):
    """The two streams of an export."""

    RESULT = "RESULT"
    ERRORS = "ERRORS"


@dataclass(frozen=True)
class BufferedJsonConverterOutput:
    """One line of a stream: `json` is the decoded object."""

    json: Any


@dataclass(frozen=True)
class StreamHeader:
    """How large a stream is, in bytes and in lines."""

    total_size: int
    total_lines: int


class BufferedStream:
    """The lines of one stream, read while iterated; nothing but one file's piece is kept in memory."""

    def __init__(self, task: Task, stream_type: StreamType, header: StreamHeader) -> None:
        self._task = task
        self._stream_type = stream_type
        self._header = header

    def __iter__(self) -> Iterator[BufferedJsonConverterOutput]:
        for line in self.lines():
            yield BufferedJsonConverterOutput(json.loads(line))

    def start(self, stream_handler: Callable[[BufferedJsonConverterOutput], None] | None = None) -> None:
        """Calls `stream_handler` for each line; without one prints each line."""
        for output in self:
            if stream_handler is None:
                print(json.dumps(output.json))
            else:
                stream_handler(output)

    def lines(self) -> Iterator[bytes]:
        """The lines as bytes, without their ends."""
        rest = b""
        with ProgressBar(f"export {self._task.uid}", self._header.total_size, "bytes") as bar:
            for piece in self._pieces():
                bar.add(len(piece))
                first, *others = piece.split(b"\n")
                rest += first
                for other in others:
                    if rest.strip():
                        yield rest
                    rest = other
        if rest.strip():
            yield rest

    def _pieces(self) -> Iterator[bytes]:
        client = self._task.client
        offset = 0
        while offset < self._header.total_size:
            params = {"id": self._task.uid, "streamType": self._stream_type.value, "offset": str(offset)}
            task = client.execute(TASK_EXPORT_FILE_FROM_OFFSET, params)["task"]
            chunk = task["exportFileFromOffset"]
            if chunk is None:
                raise LabelboxError(f"The export {self._task.uid} ends at byte {offset}, before its end")
            start, end = int(chunk["offsets"]["start"]), int(chunk["offsets"]["end"])
            seen = 0
            for piece in client.request_client.stream(chunk["file"]):
                # An answer may hold bytes that the one before held already.
                skipped = max(0, offset - (start + seen))
                seen += len(piece)
                if skipped < len(piece):
                    yield piece[skipped:]
                    offset += len(piece) - skipped
            if seen != end - start + 1:
                raise LabelboxError(
                    f"A file of the export {self._task.uid} has {seen} bytes, not {end - start + 1}"
                )


class ExportTask:
    """An export that goes on at the server: wait for it, then read its streams.

    >>> task = project.export(params={"label_details": True})
    >>> task.wait_till_done()
    >>> for row in task.get_buffered_stream():
    ...     print(row.json["data_row"]["id"])

    With `is_export_v2` the task behaves like the older one: `result` and `errors` are lists.
    """

    def __init__(self, task: Task, is_export_v2: bool = False) -> None:
        self._task = task
        self._is_export_v2 = is_export_v2

    @staticmethod
    def get_task(client: Connection, task_id: str) -> ExportTask:
        """The export task with that id. Raises ResourceNotFoundError."""
        return ExportTask(task_of(client, task_id))

    def __repr__(self) -> str:
        return f"<ExportTask ID: {self.uid}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExportTask) and self.uid == other.uid

    def __hash__(self) -> int:
        return hash(self.uid)

    @property
    def uid(self) -> str:
        """The id of the task."""
        return self._task.uid

    @property
    def name(self) -> str | None:
        """The name given to the export."""
        return self._task.name

    @property
    def status(self) -> str:
        """IN_PROGRESS, COMPLETE or FAILED, as last read."""
        return self._task.status

    @property
    def completion_percentage(self) -> float:
        """0 to 100, as last read."""
        return self._task.completion_percentage

    @property
    def created_at(self) -> datetime:
        """When the export was asked for."""
        return self._task.created_at

    @property
    def updated_at(self) -> datetime:
        """When the task last changed."""
        return self._task.updated_at

    @property
    def type(self) -> str | None:
        """The type of the task."""
        return self._task.task_type

    @property
    def metadata(self) -> Any:
        """What the server noted about the export."""
        return self._task.metadata

    @property
    def result_url(self) -> str:
        """Where the result can be fetched as one file of lines."""
        return self._url("export-results")

    @property
    def errors_url(self) -> str | None:
        """Where the errors can be fetched as one file of lines; None when there are none."""
        return self._url("export-errors") if self.has_errors() else None

    def wait_till_done(self, timeout_seconds: float = 7200, check_frequency: float = 2.0) -> None:
        """Blocks until the export has ended, at most `timeout_seconds`."""
        self._task.wait_till_done(timeout_seconds, check_frequency)

    def wait_until_done(self, timeout_seconds: float = 7200, check_frequency: float = 2.0) -> None:
        """The same as `wait_till_done`."""
        self.wait_till_done(timeout_seconds, check_frequency)

    def refresh(self) -> None:
        """Reads the state of the task from the server."""
        self._task.refresh()

    def has_result(self) -> bool:
        """Whether there is at least one line of result."""
        return self._header(StreamType.RESULT) is not None

    def has_errors(self) -> bool:
        """Whether there is at least one error."""
        return self._header(StreamType.ERRORS) is not None

    @property
    def result(self) -> Any:
        """The rows: a list, or of a streamed export the stream. Raises ExportTaskException too early."""
        if self._is_export_v2:
            return self._list(StreamType.RESULT)
        return self.get_buffered_stream(StreamType.RESULT)

    @property
    def errors(self) -> Any:
        """The errors: a list or the stream, None when there are none."""
        if self._header(StreamType.ERRORS) is None:
            return None
        if self._is_export_v2:
            return self._list(StreamType.ERRORS)
        return self.get_buffered_stream(StreamType.ERRORS)

    def get_total_file_size(self, stream_type: StreamType) -> int | None:
        """Length of a stream in bytes; None when it is empty."""
        header = self._header(stream_type)
        return None if header is None else header.total_size

    def get_total_lines(self, stream_type: StreamType) -> int | None:
        """Number of lines of a stream; None when it is empty."""
        header = self._header(stream_type)
        return None if header is None else header.total_lines

    def get_buffered_stream(self, stream_type: StreamType = StreamType.RESULT) -> BufferedStream:
        """The lines of a stream, read while iterated.

        Raises ExportTaskException when the export has failed or is not done yet.
        """
        if self.status == "FAILED":
            raise ExportTaskException(
                f"Task failed: {self._task.metadata or self._task.errors_url or self.uid}"
            )
        if self.status != "COMPLETE":
            raise ExportTaskException("Task is not ready yet")
        return BufferedStream(self._task, stream_type, self._header(stream_type) or StreamHeader(0, 0))

    def _list(self, stream_type: StreamType) -> list[Any]:
        return [output.json for output in self.get_buffered_stream(stream_type)]

    def _header(self, stream_type: StreamType) -> StreamHeader | None:
        if self.status not in ("COMPLETE", "FAILED"):
            return None
        params = {"id": self.uid, "streamType": stream_type.value}
        task = self._task.client.execute(TASK_EXPORT_METADATA_HEADER, params)["task"]
        header = task and task["exportMetadataHeader"]
        return None if header is None else StreamHeader(int(header["totalSize"]), int(header["totalLines"]))

    def _url(self, kind: str) -> str:
        organization = self._task.organization()
        if organization is None:
            raise LabelboxError(f"The task {self.uid} belongs to no organization")
        return f"{self._task.client.rest_endpoint}/{kind}/{self.uid}/{organization.uid}"
