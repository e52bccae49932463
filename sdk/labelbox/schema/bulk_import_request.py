"""BulkImportRequest: the older import of pre-labels (API reference 2.4; R-BIR-01 to R-BIR-17)."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labelbox.exceptions import ApiLimitError, NetworkError, ResourceNotFoundError, TimeoutError
from labelbox.multipart_body import FilePart
from labelbox.orm import query
from labelbox.orm.db_object import DbObject
from labelbox.orm.model import Field, ToOne
from labelbox.orm.model import Relationship as Rel
from labelbox.pagination import PaginatedCollection
from labelbox.schema.enums import BulkImportRequestState
from labelbox.schema.internal.mal_line_check import check_lines

if TYPE_CHECKING:
    from datetime import datetime

    from labelbox.client import Client
    from labelbox.schema.ontology import Ontology
    from labelbox.schema.project import Project
    from labelbox.schema.user import User

logger = logging.getLogger(__name__)

CREATE_BULK_IMPORT_REQUEST = """mutation CreateBulkImportRequest(
    $projectId: ID!, $name: String!, $fileUrl: String!
) {
    createBulkImportRequest(data: {projectId: $projectId, name: $name, fileUrl: $fileUrl}) { %s }
}"""
CREATE_BULK_IMPORT_REQUEST_FROM_FILE = """mutation CreateBulkImportRequestFromFile(
    $projectId: ID!, $name: String!, $file: Upload!, $contentLength: Int!
) {
    createBulkImportRequest(data: {
        projectId: $projectId, name: $name, filePayload: {file: $file, contentLength: $contentLength}
    }) { %s }
}"""
BULK_IMPORT_REQUEST_BY_NAME = """query BulkImportRequestByName($projectId: ID!, $name: String!) {
    bulkImportRequest(where: {projectId: $projectId, name: $name}) { %s }
}"""
BULK_IMPORT_REQUESTS = """query BulkImportRequests($projectId: ID!) {
    bulkImportRequests(where: {projectId: $projectId}, skip: %%d, first: %%d) { %s }
}"""
DELETE_BULK_IMPORT_REQUEST = """mutation DeleteBulkImportRequest($id: ID!) {
    deleteBulkImportRequest(where: {id: $id}) { id }
}"""

_CLASSIFICATIONS = ("radio", "checklist", "text")
_LARGEST_INT = 2**31 - 1


class BulkImportRequest(DbObject):
    """An import job. FINISHED does not mean that every line was taken: see `errors` and `statuses`."""

    name: Field[str] = Field.String()
    state: Field[BulkImportRequestState] = Field.Enum(BulkImportRequestState)
    input_file_url: Field[str] = Field.String()
    error_file_url: Field[str | None] = Field.String()
    status_file_url: Field[str | None] = Field.String()
    created_at: Field[datetime] = Field.DateTime()

    project: ToOne[Project] = Rel.ToOne("Project")
    created_by: ToOne[User] = Rel.ToOne("User")

    client: Client

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """The lines that were sent."""
        return self._lines(self.input_file_url)

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The lines that were refused, with the reasons; waits until the job has ended."""
        self.wait_until_done()
        return self._lines(self.error_file_url)

    @property
    def statuses(self) -> list[dict[str, Any]]:
        """One entry per line, SUCCESS or FAILURE; waits until the job has ended."""
        self.wait_until_done()
        return self._lines(self.status_file_url)

    def wait_until_done(self, sleep_time_seconds: float = 30) -> None:
        """Blocks until the job has ended, reading its state every `sleep_time_seconds` (R-BIR-12)."""
        pause = min(1.0, sleep_time_seconds)
        while self.state is BulkImportRequestState.RUNNING:
            time.sleep(pause)
            pause = min(pause * 1.5, sleep_time_seconds)
            try:
                self.refresh()
            except (ApiLimitError, NetworkError, TimeoutError) as error:
                logger.warning("Could not read the state of import %r, will ask again: %s", self.name, error)

    def delete(self) -> None:
        """Deletes the job and every pre-label that came from it; this cannot be undone (P-MI-03)."""
        self.client.execute(
            DELETE_BULK_IMPORT_REQUEST, {"id": self.uid}, raise_return_resource_not_found=True
        )

    @classmethod
    def from_name(cls, client: Client, project_id: str, name: str) -> BulkImportRequest:
        """The job of that name in a project. Raises ResourceNotFoundError when there is none."""
        params = {"projectId": project_id, "name": name}
        data = client.execute(BULK_IMPORT_REQUEST_BY_NAME % query.selection(cls), params)
        if not data or not data["bulkImportRequest"]:
            raise ResourceNotFoundError(cls, params)
        return cls(client, data["bulkImportRequest"])

    @classmethod
    def of_project(cls, client: Client, project_id: str) -> PaginatedCollection[BulkImportRequest]:
        """The jobs of a project."""
        document = BULK_IMPORT_REQUESTS % query.selection(cls)
        return PaginatedCollection(client, document, {"projectId": project_id}, ["bulkImportRequests"], cls)

    @classmethod
    def create_from_url(
        cls, client: Client, project_id: str, name: str, url: str, validate: bool = True
    ) -> BulkImportRequest:
        """Starts a job with an NDJSON file that the server reads itself (R-PJ-61)."""
        if validate:
            _validate(client, project_id, parse_ndjson(client.request_client.download(url), url))
        params = {"projectId": project_id, "name": name, "fileUrl": url}
        document = CREATE_BULK_IMPORT_REQUEST % query.selection(cls)
        data = client.execute(document, params, raise_return_resource_not_found=True)
        return cls(client, data["createBulkImportRequest"])

    @classmethod
    def create_from_objects(
        cls,
        client: Client,
        project_id: str,
        name: str,
        predictions: Iterable[dict[str, Any]],
        validate: bool = True,
    ) -> BulkImportRequest:
        """Starts a job with rows as dicts (R-PJ-63). Raises TypeError for others, ValueError for none."""
        lines = list(predictions)
        if not all(isinstance(line, dict) for line in lines):
            raise TypeError("annotations must be a list of dicts")
        if not lines:
            raise ValueError("annotations cannot be empty")
        if validate:
            _validate(client, project_id, lines)
        return cls._create_from_file(client, project_id, name, to_ndjson(lines))

    @classmethod
    def create_from_local_file(
        cls, client: Client, project_id: str, name: str, file: Path, validate_file: bool = True
    ) -> BulkImportRequest:
        """Starts a job with a local NDJSON file (R-PJ-62). Raises ValueError when it is not NDJSON."""
        if validate_file:
            lines = parse_ndjson(file.read_bytes(), str(file))
            if not lines:
                raise ValueError("annotations cannot be empty")
            _validate(client, project_id, lines)
        return cls._create_from_file(client, project_id, name, file)

    @classmethod
    def _create_from_file(
        cls, client: Client, project_id: str, name: str, content: bytes | Path
    ) -> BulkImportRequest:
        document = CREATE_BULK_IMPORT_REQUEST_FROM_FILE % query.selection(cls)
        data = upload_ndjson(client, document, project_id, {"projectId": project_id, "name": name}, content)
        return cls(client, data["createBulkImportRequest"])

    def _lines(self, url: str | None) -> list[dict[str, Any]]:
        return parse_ndjson(self.client.request_client.download(url), url) if url else []


def upload_ndjson(
    client: Client, document: str, parent_id: str, params: dict[str, Any], content: bytes | Path
) -> Any:
    """Runs an import mutation whose variable `file` is NDJSON, given as bytes or as a path."""
    part = FilePart(content, f"{parent_id}__{params['name']}.ndjson", "application/x-ndjson")
    variables = {**params, "file": None, "contentLength": min(part.size(), _LARGEST_INT)}
    return client.request_client.upload(document, variables, part)


def to_ndjson(lines: Iterable[dict[str, Any]]) -> bytes:
    """One JSON object per line, UTF-8."""
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def parse_ndjson(content: bytes, name: str) -> list[dict[str, Any]]:
    """The objects of NDJSON. Raises ValueError naming `name` when a line is not JSON."""
    try:
        return [json.loads(line) for line in content.splitlines() if line.strip()]
    except ValueError as error:
        raise ValueError(f"{name} is not a valid ndjson file: {error}") from error


def get_mal_schemas(ontology: Ontology) -> dict[str, Any]:
    """What an import may refer to, by feature schema id (R-BIR-15).

    A tool is `{"tool", "classifications"}`, the second again by feature schema id; a classification is what
    `parse_classification` returns.
    """
    schemas: dict[str, Any] = {}
    for tool in ontology.normalized["tools"]:
        nested = dict(_parsed(tool.get("classifications") or []))
        schemas[tool["featureSchemaId"]] = {"tool": tool["tool"], "classifications": nested}
    schemas.update(_parsed(ontology.normalized["classifications"]))
    return schemas


def parse_classification(tool: dict[str, Any]) -> dict[str, Any] | None:
    """A classification as `{"tool": its type, "featureSchemaId", "options": ids of its options}` (R-BIR-16).

    Only radio, checklist and text can be imported; None for any other.
    """
    if tool["type"] not in _CLASSIFICATIONS:
        return None
    options = [option["featureSchemaId"] for option in tool.get("options") or []]
    return {"tool": tool["type"], "featureSchemaId": tool["featureSchemaId"], "options": options}


def _parsed(classifications: Iterable[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for classification in classifications:
        parsed = parse_classification(classification)
        if parsed is not None:
            yield parsed["featureSchemaId"], parsed


def _validate(client: Client, project_id: str, lines: list[Any]) -> None:
    """Checks lines against the ontology and, in a project fed by datasets only, against its data rows."""
    project = client.get_project(project_id)
    ontology = project.ontology()
    schemas = get_mal_schemas(ontology) if ontology is not None else {}
    check_lines(lines, schemas, _data_row_ids(project, lines))


def _data_row_ids(project: Project, lines: list[Any]) -> Collection[str] | None:
    """Those ids in `lines` that are in the project; None when its rows come in batches, which list no ids."""
    rows = [line.get("dataRow") for line in lines if isinstance(line, dict)]
    sought = {row.get("id") for row in rows if isinstance(row, dict) and row.get("id")}
    datasets = list(project.datasets())
    if not sought or not datasets or project.batches().get_one() is not None:
        return None
    found: set[str] = set()
    for dataset in datasets:
        for row in dataset.data_rows():
            if row.uid in sought:
                found.add(row.uid)
                if found == sought:
                    return found
    return found
