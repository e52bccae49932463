"""Imports over the wire, as the clients send them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import urllib3

Import = Callable[..., dict[str, Any]]
_FIELDS = "id name state inputFileUrl statusFileUrl errorFileUrl"
CREATE = {
    "bulkImportRequest": "createBulkImportRequest",
    "labelImport": "createLabelImport",
    "mALPredictionImport": "createModelAssistedLabelingPredictionImport",
}


def ndjson(url: str) -> list[dict[str, Any]]:
    """The lines of a file, fetched without a key."""
    response = urllib3.request("GET", url)
    assert response.status == 200, response.data
    return [json.loads(line) for line in response.data.splitlines()]


@pytest.fixture
def start_import(server: Any) -> Import:
    """`start_import(kind, project_id, name, lines)`: the new import; lines may be bytes."""

    def start(kind: str, project_id: str, name: str, lines: Any) -> dict[str, Any]:
        body = lines if isinstance(lines, bytes) else "\n".join(json.dumps(line) for line in lines).encode()
        variables = {"p": project_id, "n": name, "file": None, "l": len(str(body))}
        query = (
            "mutation M($p: ID!, $n: String!, $file: Upload!, $l: Int!) { made: CREATE(data: {projectId: $p,"
            " name: $n, filePayload: {file: $file, contentLength: $l}}) { FIELDS } }"
        )
        query = query.replace("CREATE", CREATE[kind]).replace("FIELDS", _FIELDS)
        file_name = f"{project_id}__{name}.ndjson"
        response = urllib3.request(
            "POST",
            f"{server.url}/graphql",
            fields=[
                ("operations", (None, json.dumps({"query": query, "variables": variables}))),
                ("map", (None, json.dumps({file_name: ["variables.file"]}))),
                (file_name, (file_name, body, "application/x-ndjson")),
            ],
            headers={"Authorization": f"Bearer {server.key}"},
        )
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        made: dict[str, Any] = answer["data"]["made"]
        return made

    return start


@pytest.fixture
def finish_import(server: Any) -> Import:
    """`finish_import(kind, id)`: the import when it runs no longer."""

    def finish(kind: str, import_id: str, seconds: float = 120) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            query = f"query($id: ID!) {{ found: {kind}(where: {{id: $id}}) {{ {_FIELDS} }} }}"
            found: dict[str, Any] = server.graphql(query, id=import_id)["found"]
            if found["state"] != "RUNNING":
                return found
            assert found["statusFileUrl"] is None
            time.sleep(0.05)
        raise AssertionError(f"The import did not end within {seconds} seconds.")

    return finish


@pytest.fixture
def run_import(start_import: Import, finish_import: Import) -> Import:
    """`run_import(kind, project_id, name, lines)`: the finished import."""

    def run(kind: str, project_id: str, name: str, lines: Any) -> dict[str, Any]:
        return finish_import(kind, start_import(kind, project_id, name, lines)["id"])

    return run
