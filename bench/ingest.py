"""Data rows by URL from the SDK's call to the finished task, beside COPY of the same rows."""

from __future__ import annotations

import time

from bench.figures import Figure
from bench.stage import Stage

_COLUMNS = (
    "organization_id, id, dataset_id, global_key, external_id, row_data, media_type, media_attributes, processing,"
    " created_by, created_at, updated_at"
)


def measure(stage: Stage) -> list[Figure]:
    """Imports the rows, then copies what came of it into a table like the one it is in."""
    dataset_id = stage.dataset.uid
    bare = copy_seconds(stage, dataset_id)
    return [
        Figure(
            f"import: {stage.count:,} rows, SDK call to finished task",
            stage.count / stage.import_seconds,
            "rows/s",
            stage.count / bare,
            "COPY into the same table with the same indexes",
            target_share=0.4,
        )
    ]


def copy_seconds(stage: Stage, dataset_id: str) -> float:
    """How long COPY takes for what came of an import, into a table like the one it is in."""
    with stage.connect() as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_data_rows")
        cursor.execute("CREATE TABLE bench_data_rows (LIKE data_rows INCLUDING ALL)")
        with cursor.copy(
            f"COPY (SELECT {_COLUMNS} FROM data_rows WHERE dataset_id = '{dataset_id}' ORDER BY id) TO STDOUT".encode()
        ) as rows:
            text = [bytes(block) for block in rows]
        started = time.perf_counter()
        with cursor.copy(f"COPY bench_data_rows ({_COLUMNS}) FROM STDIN".encode()) as copy:
            for block in text:
                copy.write(block)
        seconds = time.perf_counter() - started
        cursor.execute("DROP TABLE bench_data_rows")
    return seconds
