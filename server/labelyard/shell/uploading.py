"""Rows into a dataset and a project: only what is not there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import labelbox as lb
from labelbox import exceptions
from labelbox.progress_bar import silenced
from labelyard.shell.problems import CannotRun, Problems
from labelyard.shell.progress import Progress
from labelyard.shell.rows import Row, Rows

_KEYS_AT_ONCE = 5_000
_ROWS_AT_ONCE = 1_000  # what is lost when somebody stops the command
_UPLOADS = 12
_BATCH = 100_000
_TASK_SECONDS = 3_600
_NAMED = 50  # rows for which the server is asked why they do not enter a project


def find_present(client: lb.Client, rows: Rows) -> set[str]:
    """The global keys of those rows that the server has; their `uid` is filled in."""
    present = set()
    keyed = [row for row in rows if row.global_key is not None]
    for page in _pages(keyed):
        keys = [row.global_key or "" for row in page]
        ids = client.get_data_row_ids_for_global_keys(keys, timeout_seconds=600)["results"]
        for row, uid in zip(page, ids, strict=True):
            if uid:
                row.uid = uid
                present.add(row.global_key or "")
    return present


def upload_rows(client: lb.Client, dataset: lb.Dataset, rows: list[Row], problems: Problems) -> int:
    """Uploads files and makes data rows, a thousand at a time; how many were made."""
    made = 0
    metadata = (
        client.get_data_row_metadata_ontology() if any(r.more.get("metadata_fields") for r in rows) else None
    )
    with Progress("uploading", len(rows), "files") as progress:
        for page in _pages(rows, _ROWS_AT_ONCE):
            good = [row for row in page if metadata is None or _metadata_fits(metadata, row, problems)]
            progress.add(len(page) - len(good))
            sent = _upload_files(client, good, problems, progress.add)
            if sent:
                made += _make(dataset, sent, problems)
    return made


def _metadata_fits(metadata: Any, row: Row, problems: Problems) -> bool:
    try:
        metadata.parse_upsert_metadata(row.more.get("metadata_fields") or [])
    except (ValueError, KeyError) as error:
        problems.add(row.path, f"{error.args[0]}.")
        return False
    return True


def _upload_files(
    client: lb.Client, rows: list[Row], problems: Problems, done: Callable[[], None]
) -> list[tuple[Row, Any]]:
    """The rows with what their row_data is at the server; those that could not be uploaded are told and left out."""

    def upload(row: Row) -> tuple[Row, Any]:
        if row.file is None:
            done()
            return row, row.row_data
        try:
            address = client.upload_file(row.file)
        except (OSError, exceptions.LabelboxError) as error:
            if isinstance(error, exceptions.NetworkError | exceptions.AuthenticationError):
                raise
            return row, error
        done()
        return row, address

    with ThreadPoolExecutor(_UPLOADS, "upload") as pool:
        try:
            results = list(pool.map(upload, rows))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    sent = []
    for row, result in results:
        if isinstance(result, Exception):
            problems.add(row.path, f"It could not be uploaded: {result}.")
        else:
            sent.append((row, result))
    return sent


def _make(dataset: lb.Dataset, sent: list[tuple[Row, Any]], problems: Problems) -> int:
    items = []
    for row, row_data in sent:
        item = {**row.more, "row_data": row_data, "external_id": row.path}
        items.append(item if row.global_key is None else {**item, "global_key": row.global_key})
    with silenced():
        try:
            task = dataset.create_data_rows(items)
        except (
            exceptions.InvalidAttributeError,
            exceptions.InvalidQueryError,
            ValueError,
            KeyError,
        ) as error:
            raise CannotRun(f"A line of the table cannot become a data row: {error}") from None
        task.wait_till_done(_TASK_SECONDS, check_frequency=0.5)
        if task.status == "IN_PROGRESS":
            raise CannotRun(f"The server still makes the data rows of the task {task.uid}; try again later.")
        failures = task.errors or []
        created = task.created_data_rows or []
    for failure in failures:
        for failed in failure["failedDataRows"] or [{}]:
            problems.add(failed.get("externalId") or "data rows", str(failure["message"]))
    by_path: dict[str, list[str]] = {}
    for each in created:
        by_path.setdefault(each["external_id"], []).append(each["id"])
    for row, _ in sent:
        if by_path.get(row.path):
            row.uid = by_path[row.path].pop(0)
    return len(created)


class Standing:
    """Which data rows are in a project, and which of them have a label, by id."""

    def __init__(self, project: lb.Project, *, is_new: bool) -> None:
        """Reads the project's export, which a new project does not need."""
        self.inside: set[str] = set()
        self.labeled: set[str] = set()
        self.keys: dict[str, str] = {}
        if is_new:
            return
        with silenced():
            task = project.export(task_name="labelyard import")
            task.wait_till_done(_TASK_SECONDS, check_frequency=0.5)
            for output in task.get_buffered_stream():
                uid = output.json["data_row"]["id"]
                self.inside.add(uid)
                self.keys[output.json["data_row"].get("global_key") or ""] = uid
                if output.json["projects"][project.uid]["labels"]:
                    self.labeled.add(uid)


def send_to_project(project: lb.Project, rows: list[Row], standing: Standing, problems: Problems) -> int:
    """Sends those rows to the project that are not in it; how many entered."""
    outside = [row for row in rows if row.uid and row.uid not in standing.inside]
    entered = 0
    for number, page in enumerate(_pages(outside, _BATCH)):
        name = f"import {datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
        with silenced():
            try:
                batch = project.create_batch(name, data_rows=[row.uid for row in page if row.uid])
            except (exceptions.MalformedQueryException, exceptions.LabelboxError) as error:
                if "No valid data rows" not in str(error):
                    raise
                batch = None
        if batch is not None and batch.size == len(page):
            entered += batch.size
            continue
        after = Standing(project, is_new=False)
        missing = [row for row in page if row.uid not in after.inside]
        entered += len(page) - len(missing)
        for position, row in enumerate(missing):
            reason = _why_not(project, row) if position < _NAMED and number == 0 else ""
            problems.add(row.path, f"It did not enter the project{reason}.")
    return entered


def _why_not(project: lb.Project, row: Row) -> str:
    found = project.client.get_data_row(row.uid or "")
    if found.processing_error:
        return f": {found.processing_error.rstrip('.')}"
    return f": the project takes {project.media_type.name} data"


def _pages(rows: list[Row], size: int = _KEYS_AT_ONCE) -> Iterator[list[Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
