"""LabelImport, MALPredictionImport: labels and pre-labels into a project, in the newer form.

Lines are dicts as in the import format, or typed annotations of `labelbox.types`. Before the upload of a list
only what needs no ontology is checked here; the server checks every line and answers per line.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from labelbox.exceptions import ResourceNotFoundError
from labelbox.orm import query
from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field, ToOne
from labelbox.orm.model import Relationship as Rel
from labelbox.pagination import PaginatedCollection
from labelbox.progress_bar import ProgressBar
from labelbox.schema.bulk_import_request import parse_ndjson, to_ndjson, upload_ndjson
from labelbox.schema.enums import AnnotationImportState

if TYPE_CHECKING:
    from labelbox.client import Client
    from labelbox.schema.project import Project
    from labelbox.schema.user import User

CREATE_LABEL_IMPORT = """mutation CreateLabelImport($projectId: ID!, $name: String!, $fileUrl: String!) {
    createLabelImport(data: {projectId: $projectId, name: $name, fileUrl: $fileUrl}) { %s }
}"""
CREATE_LABEL_IMPORT_FROM_FILE = """mutation CreateLabelImportFromFile(
    $projectId: ID!, $name: String!, $file: Upload!, $contentLength: Int!
) {
    createLabelImport(data: {
        projectId: $projectId, name: $name, filePayload: {file: $file, contentLength: $contentLength}
    }) { %s }
}"""
LABEL_IMPORT = """query LabelImport($projectId: ID!, $name: String!) {
    labelImport(where: {projectId: $projectId, name: $name}) { %s }
}"""
LABEL_IMPORTS = """query LabelImports($projectId: ID!) {
    labelImports(where: {projectId: $projectId}, skip: %%d, first: %%d) { %s }
}"""
CREATE_MAL_PREDICTION_IMPORT = """mutation CreateModelAssistedLabelingPredictionImport(
    $projectId: ID!, $name: String!, $fileUrl: String!
) {
    createModelAssistedLabelingPredictionImport(data: {
        projectId: $projectId, name: $name, fileUrl: $fileUrl
    }) { %s }
}"""
CREATE_MAL_PREDICTION_IMPORT_FROM_FILE = """mutation CreateModelAssistedLabelingPredictionImportFromFile(
    $projectId: ID!, $name: String!, $file: Upload!, $contentLength: Int!
) {
    createModelAssistedLabelingPredictionImport(data: {
        projectId: $projectId, name: $name, filePayload: {file: $file, contentLength: $contentLength}
    }) { %s }
}"""
MAL_PREDICTION_IMPORT = """query ModelAssistedLabelingPredictionImport($projectId: ID!, $name: String!) {
    modelAssistedLabelingPredictionImport(where: {projectId: $projectId, name: $name}) { %s }
}"""
MAL_PREDICTION_IMPORTS = """query ModelAssistedLabelingPredictionImports($projectId: ID!) {
    modelAssistedLabelingPredictionImports(where: {projectId: $projectId}, skip: %%d, first: %%d) { %s }
}"""
DELETE_MAL_PREDICTION_IMPORT = """mutation DeleteModelAssistedLabelingPredictionImport($id: ID!) {
    deleteModelAssistedLabelingPredictionImport(where: {id: $id}) { id }
}"""

_MOST_LINES_OF_ONE_NAME = 5_000
_MOST_FAULTS_SHOWN = 100


class AnnotationImport(DbObject):
    """An import job. FINISHED does not mean that every line was taken: see `errors` and `statuses`."""

    _CREATE: ClassVar[str]
    _CREATE_FROM_FILE: ClassVar[str]
    _BY_NAME: ClassVar[str]
    _LIST: ClassVar[str]

    name: Field[str] = Field.String()
    state: Field[AnnotationImportState] = Field.Enum(AnnotationImportState)
    input_file_url: Field[str] = Field.String()
    error_file_url: Field[str | None] = Field.String()
    status_file_url: Field[str | None] = Field.String()
    progress: Field[str | None] = Field.String()

    created_by: ToOne[User] = Rel.ToOne("User")
    project: ToOne[Project] = Rel.ToOne("Project")

    client: Client

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """The lines that were sent."""
        return self._lines(self.input_file_url)

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The lines that were refused, with the reasons; waits until the job has ended.

        Raises ValueError when the job as a whole has failed.
        """
        return self._result_lines("error_file_url")

    @property
    def statuses(self) -> list[dict[str, Any]]:
        """One entry per line, SUCCESS or FAILURE; waits until the job has ended. Raises as `errors`."""
        return self._result_lines("status_file_url")

    def wait_until_done(self, sleep_time_seconds: float = 10, show_progress: bool = False) -> None:
        """Blocks until the job is FINISHED or FAILED, reading its state every `sleep_time_seconds`.

        A progress bar is drawn when stderr is a terminal; `show_progress` is accepted for older callers.
        """
        pause = min(0.5, sleep_time_seconds)
        with ProgressBar(f"import {self.name}", 100, "%") as bar:
            while self.state is AnnotationImportState.RUNNING:
                time.sleep(pause)
                pause = min(pause * 1.5, sleep_time_seconds)
                self.refresh()
                bar.set(float((self.progress or "0").rstrip("%") or 0))

    def wait_till_done(self, sleep_time_seconds: float = 10, show_progress: bool = False) -> None:
        """The same as `wait_until_done`."""
        self.wait_until_done(sleep_time_seconds, show_progress)

    @classmethod
    def from_name(cls, client: Client, project_id: str, name: str) -> Self:
        """The job of that name in a project. Raises ResourceNotFoundError when there is none."""
        params = {"projectId": project_id, "name": name}
        data = client.execute(cls._BY_NAME % query.selection(cls), params)
        values = data and next(iter(data.values()))
        if not values:
            raise ResourceNotFoundError(cls, params)
        return cls(client, values)

    @classmethod
    def of_project(cls, client: Client, project_id: str) -> PaginatedCollection[Self]:
        """The jobs of a project."""
        document = cls._LIST % query.selection(cls)
        root = "labelImports" if cls is LabelImport else "modelAssistedLabelingPredictionImports"
        return PaginatedCollection(client, document, {"projectId": project_id}, [root], cls)

    @classmethod
    def create_from_file(
        cls, client: Client, project_id: str, name: str, path: str | os.PathLike[str]
    ) -> Self:
        """Starts a job with a local NDJSON file. Raises FileNotFoundError when there is none."""
        source = Path(path)
        if not source.is_file():
            raise FileNotFoundError(f"File {path} is not accessible")
        return cls._create_from_file(client, project_id, name, source)

    @classmethod
    def create_from_url(cls, client: Client, project_id: str, name: str, url: str) -> Self:
        """Starts a job with an NDJSON file that the server reads itself."""
        params = {"projectId": project_id, "name": name, "fileUrl": url}
        data = client.execute(
            cls._CREATE % query.selection(cls), params, raise_return_resource_not_found=True
        )
        return cls(client, next(iter(data.values())))

    @classmethod
    def _create_from_file(cls, client: Client, project_id: str, name: str, content: bytes | Path) -> Self:
        params = {"projectId": project_id, "name": name}
        data = upload_ndjson(
            client, cls._CREATE_FROM_FILE % query.selection(cls), project_id, params, content
        )
        return cls(client, next(iter(data.values())))

    @classmethod
    def _create_from_lines(cls, client: Client, project_id: str, name: str, given: Iterable[Any]) -> Self:
        lines = _lines_of(given)
        check_import_lines(lines)
        return cls._create_from_file(client, project_id, name, to_ndjson(lines))

    def _result_lines(self, url_name: str) -> list[dict[str, Any]]:
        self.wait_until_done()
        if self.state is AnnotationImportState.FAILED:
            raise ValueError(f"Import failed: {self.name}. Check `inputs` and the server's message.")
        return self._lines(getattr(self, url_name))

    def _lines(self, url: str | None) -> list[dict[str, Any]]:
        return parse_ndjson(self.client.request_client.download(url), url) if url else []


class LabelImport(AnnotationImport):
    """An import of labels: they count as submitted."""

    _CREATE: ClassVar[str] = CREATE_LABEL_IMPORT
    _CREATE_FROM_FILE: ClassVar[str] = CREATE_LABEL_IMPORT_FROM_FILE
    _BY_NAME: ClassVar[str] = LABEL_IMPORT
    _LIST: ClassVar[str] = LABEL_IMPORTS

    @classmethod
    def create_from_objects(
        cls, client: Client, project_id: str, name: str, labels: Iterable[Any]
    ) -> LabelImport:
        """Starts a job with dicts or typed labels. Raises TypeError or ValueError for wrong lines."""
        return cls._create_from_lines(client, project_id, name, labels)

    @classmethod
    def create(
        cls,
        client: Client,
        project_id: str,
        name: str,
        path: str | os.PathLike[str] | None = None,
        url: str | None = None,
        labels: Iterable[Any] | None = None,
    ) -> LabelImport:
        """Starts a job from exactly one of `path`, `url` and `labels`; else raises ValueError."""
        _exactly_one(path=path, url=url, labels=labels)
        if path is not None:
            return cls.create_from_file(client, project_id, name, path)
        if url is not None:
            return cls.create_from_url(client, project_id, name, url)
        return cls.create_from_objects(client, project_id, name, labels or [])


class MALPredictionImport(AnnotationImport):
    """An import of pre-labels: labelers correct them."""

    _CREATE: ClassVar[str] = CREATE_MAL_PREDICTION_IMPORT
    _CREATE_FROM_FILE: ClassVar[str] = CREATE_MAL_PREDICTION_IMPORT_FROM_FILE
    _BY_NAME: ClassVar[str] = MAL_PREDICTION_IMPORT
    _LIST: ClassVar[str] = MAL_PREDICTION_IMPORTS

    @classmethod
    def create_from_objects(
        cls, client: Client, project_id: str, name: str, predictions: Iterable[Any]
    ) -> MALPredictionImport:
        """Starts a job with dicts or typed labels. Raises TypeError or ValueError for wrong lines."""
        return cls._create_from_lines(client, project_id, name, predictions)

    @classmethod
    def create(
        cls,
        client: Client,
        project_id: str,
        name: str,
        path: str | os.PathLike[str] | None = None,
        url: str | None = None,
        predictions: Iterable[Any] | None = None,
    ) -> MALPredictionImport:
        """Starts a job from exactly one of `path`, `url` and `predictions`; else raises ValueError."""
        _exactly_one(path=path, url=url, predictions=predictions)
        if path is not None:
            return cls.create_from_file(client, project_id, name, path)
        if url is not None:
            return cls.create_from_url(client, project_id, name, url)
        return cls.create_from_objects(client, project_id, name, predictions or [])

    def delete(self) -> None:
        """Deletes the job and every pre-label that came from it; this cannot be undone."""
        self.client.execute(
            DELETE_MAL_PREDICTION_IMPORT, {"id": self.uid}, raise_return_resource_not_found=True
        )


def check_import_lines(lines: list[dict[str, Any]]) -> None:
    """Raises ValueError with every fault found: no or ambiguous data row, too many lines of one name.

    Import format, section 6.4.
    """
    if not lines:
        raise ValueError("annotations cannot be empty")
    faults: list[str] = []
    counts: Counter[tuple[str, str]] = Counter()
    for index, line in enumerate(lines):
        data_row = line.get("dataRow")
        if not isinstance(data_row, dict):
            faults.append(f"line {index}: dataRow is missing")
            continue
        names = [str(data_row[key]) for key in ("id", "globalKey") if data_row.get(key)]
        if len(names) != 1:
            faults.append(f"line {index}: dataRow must have exactly one of id and globalKey")
            continue
        counts[names[0], str(line.get("name") or line.get("schemaId") or "")] += 1
    faults += [
        f"data row {row}: {count} annotations of {name!r}, at most {_MOST_LINES_OF_ONE_NAME} are allowed"
        for (row, name), count in counts.items()
        if count > _MOST_LINES_OF_ONE_NAME
    ]
    if faults:
        raise ValueError("; ".join(faults[:_MOST_FAULTS_SHOWN]))


def _lines_of(given: Iterable[Any]) -> list[dict[str, Any]]:
    """Dicts as they are; typed labels as their lines. Raises TypeError for anything else."""
    if isinstance(given, (str, bytes, dict)) or not isinstance(given, Iterable):
        raise TypeError(f"annotations must be a list, got {type(given).__name__}")
    lines: list[dict[str, Any]] = []
    for each in given:
        if isinstance(each, dict):
            lines.append(each)
        elif hasattr(each, "annotations"):
            from labelbox.data.serialization.ndjson import label_lines

            lines.extend(label_lines(each))
        else:
            raise TypeError(f"an annotation must be a dict or a Label, got {json.dumps(each, default=repr)}")
    return lines


def _exactly_one(**sources: Any) -> None:
    if sum(source is not None for source in sources.values()) != 1:
        raise ValueError(f"exactly one of {', '.join(sources)} must be given")
