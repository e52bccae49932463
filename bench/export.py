"""Every labeled row as a stream of JSON lines, beside COPY of the joined rows."""

from __future__ import annotations

import time
from typing import Any

import orjson

from bench.figures import Figure
from bench.stage import Stage

_PARAMS = {"data_row_details": True, "project_details": True, "label_details": True}
_SECONDS = 900.0
_MUTATIONS = "{ __schema { mutationType { fields { name } } } }"
_LABEL_ALL = (
    "WITH bare AS (SELECT p.* FROM project_data_rows AS p WHERE p.project_id = %(project_id)s AND NOT EXISTS"
    "  (SELECT 1 FROM labels AS l WHERE l.organization_id = p.organization_id AND l.project_id = p.project_id"
    "   AND l.data_row_id = p.data_row_id AND l.deleted_at IS NULL)),"
    " made AS (INSERT INTO labels (organization_id, id, project_id, data_row_id, annotations, created_by)"
    "  SELECT organization_id, 'c' || substr(md5(data_row_id), 1, 24), project_id, data_row_id,"
    "  %(document)s::json, (SELECT min(id) FROM users) FROM bare),"
    " moved AS (UPDATE project_data_rows AS p SET state = 'DONE', labels_done = 1 FROM bare"
    "  WHERE p.organization_id = bare.organization_id AND p.project_id = bare.project_id"
    "  AND p.data_row_id = bare.data_row_id),"
    " gone AS (DELETE FROM reservations WHERE project_id = %(project_id)s)"
    " DELETE FROM queue_slots WHERE project_id = %(project_id)s"
)
_JOINED = (
    "COPY (SELECT d.id, d.external_id, d.global_key, d.row_data, d.media_attributes, d.created_at, d.updated_at,"
    " p.state, l.id, l.created_by, l.created_at, l.annotations FROM project_data_rows AS p"
    " JOIN data_rows AS d ON d.organization_id = p.organization_id AND d.id = p.data_row_id"
    " JOIN labels AS l ON l.organization_id = p.organization_id AND l.data_row_id = p.data_row_id"
    " AND l.project_id = p.project_id AND l.deleted_at IS NULL"
    " WHERE p.project_id = %(project_id)s ORDER BY p.data_row_id) TO STDOUT"
)


def measure(stage: Stage) -> list[Figure]:
    """Labels what is not labeled yet, exports the project through the SDK, reads the stream."""
    if not _is_there(stage):
        print("(exports are not there yet)", end=" ", flush=True)
        return []
    project = stage.project
    with stage.connect() as connection:
        values = {"project_id": project.uid, "document": orjson.dumps(stage.document).decode()}
        connection.execute(_LABEL_ALL, values)
        connection.execute("ANALYZE")
    started = time.perf_counter()
    task = project.export(params=_PARAMS)
    task.wait_till_done(_SECONDS)
    ended = time.perf_counter() - started
    lines = size = 0
    for line in task.get_buffered_stream().lines():
        lines += 1
        size += len(line)
    seconds = time.perf_counter() - started
    if lines != stage.count:
        raise RuntimeError(f"The export has {lines} rows, {stage.count} are labeled.")
    return [
        Figure(
            f"export: {stage.count:,} labeled rows, SDK call to the last line",
            lines / seconds,
            "rows/s",
            stage.count / _copy_seconds(stage, project.uid),
            "COPY of the joined rows",
            note=f"{size / seconds / 1e6:.0f} MB/s; the task alone {ended:.1f} s of {seconds:.1f} s",
        )
    ]


def _is_there(stage: Stage) -> bool:
    fields: list[dict[str, Any]] = stage.graphql(_MUTATIONS)["__schema"]["mutationType"]["fields"]
    return any(field["name"] == "exportDataRowsInProject" for field in fields)


def _copy_seconds(stage: Stage, project_id: str) -> float:
    with stage.connect() as connection, connection.cursor() as cursor:
        started = time.perf_counter()
        with cursor.copy(_JOINED, {"project_id": project_id}) as rows:
            for _ in rows:
                pass
        return time.perf_counter() - started
