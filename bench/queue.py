"""Eight labelers on a long queue: the next row, the submitted label; beside the bare statements."""

from __future__ import annotations

import time
from typing import Any

import orjson
import psycopg

from bench import load
from bench.figures import Figure, median, percentile
from bench.stage import Stage
from labelyard.plumbing.ids import new_id

LABELERS = 8
_ROWS_A_SECOND = 10_000  # for each so many rows in the queue the labelers work for a second
_WARM_SECONDS = 1.0
# what the labeling screen asks for, and how many rows it keeps ahead
_AHEAD = 4
_HELD = 10
RESERVE = """mutation ReserveDataRows($data: ReserveDataRowsInput!) {
  reserveDataRows(data: $data) { tasks { ...TaskFields } remaining heldByOthers } }
fragment TaskFields on LabelingTask {
  dataRow { id externalId globalKey rowData processingStatus processingError } state taskQueue { id name }
  label { id skipped secondsToLabel createdBy { email nickname name } } annotations annotationsFrom secondsSpent
  comments { id content createdAt createdBy { email nickname name } } }"""
SUBMIT = "mutation SubmitLabel($data: SubmitLabelInput!) { submitLabel(data: $data) { id } }"


def measure(stage: Stage) -> list[Figure]:
    """Labelers who ask for the next row after each label; labelers who submit ten rows in a row; bare statements."""
    project_id, document = stage.project.uid, stage.document
    keys = stage.labelers(LABELERS)
    seconds = max(stage.count / _ROWS_A_SECOND, 1.0)
    load.in_own_process(label, stage.url, keys, project_id, document, _AHEAD, True, _WARM_SECONDS)
    next_times, submit_times, elapsed = load.in_own_process(
        label, stage.url, keys, project_id, document, _AHEAD, True, seconds
    )
    _, held_times, held_elapsed = load.in_own_process(
        label, stage.url, keys, project_id, document, _HELD, False, seconds
    )
    ids = _ids(stage)
    parts = load.in_processes(
        LABELERS, _claim_and_insert, stage.dsn, ids, project_id, orjson.dumps(document).decode(), seconds / 2
    )
    bare_claims = [took for part in parts for took in part[0]]
    bare_inserts = [took for part in parts for took in part[1]]
    spread = f"p50 {median(next_times) * 1000:.1f} ms"
    return [
        Figure(
            f"queue: next row, 8 labelers on {stage.count:,} rows, p99",
            percentile(next_times, 0.99) * 1000,
            "ms",
            percentile(bare_claims, 0.99) * 1000,
            "DELETE … SKIP LOCKED and INSERT of the reservation, 8 connections",
            50.0,
            less_is_better=True,
            note=spread,
        ),
        Figure(
            "queue: labels submitted, ten rows held",
            len(held_times) / held_elapsed,
            "labels/s",
            LABELERS * len(bare_inserts) / sum(bare_inserts),
            "the same three writes and a COMMIT by 8 connections",
            500.0,
            note=f"p50 {median(held_times) * 1000:.1f} ms, p99 {percentile(held_times, 0.99) * 1000:.1f} ms",
        ),
        Figure(
            "queue: next row and submit, one after the other",
            len(submit_times) / elapsed,
            "rows/s",
            LABELERS * len(bare_inserts) / (sum(bare_claims) + sum(bare_inserts)),
            "claim and insert by 8 connections",
            note=f"submit p50 {median(submit_times) * 1000:.1f} ms",
        ),
    ]


def label(
    url: str,
    keys: list[str],
    project_id: str,
    document: dict[str, Any],
    first: int,
    top_up: bool,
    seconds: float,
) -> tuple[list[float], list[float], float]:
    """Seconds of each reservation, seconds of each submit, and how long it all took.

    With `top_up` a labeler asks for rows after every label, else only when all held rows are submitted.
    """
    reserving: list[float] = []
    submitting: list[float] = []

    def labeler(key: str) -> load.Client:
        ask = load.post(
            url,
            key,
            RESERVE,
            {"data": {"projectId": project_id, "queueType": "LabelingQueue", "first": first}},
        )
        while True:
            body, took = yield ask
            reserving.append(took)
            tasks = _data(body)["reserveDataRows"]["tasks"]
            if not tasks:
                raise RuntimeError("The queue is empty.")
            for task in tasks[: 1 if top_up else None]:
                data = {
                    "projectId": project_id,
                    "dataRowId": task["dataRow"]["id"],
                    "annotations": document,
                    "secondsToLabel": 3.5,
                    "idempotencyKey": task["dataRow"]["id"] + key[-8:],
                }
                body, took = yield load.post(url, key, SUBMIT, {"data": data})
                submitting.append(took)
                _data(body)

    elapsed = load.drive(url, [labeler(key) for key in keys], seconds)
    return reserving, submitting, elapsed


def _data(body: bytes) -> dict[str, Any]:
    answer = orjson.loads(body)
    if "errors" in answer:
        raise RuntimeError(str(answer["errors"]))
    data: dict[str, Any] = answer["data"]
    return data


def _ids(stage: Stage) -> tuple[str, list[str]]:
    """The organization, and users in whose names the bare statements write."""
    with stage.connect() as connection:
        rows = connection.execute(
            "SELECT organization_id, id FROM users ORDER BY id DESC LIMIT %s", (LABELERS,)
        ).fetchall()
    return rows[0][0], [row[1] for row in rows]


def _claim_and_insert(
    number: int, dsn: str, ids: tuple[str, list[str]], project_id: str, document: str, seconds: float
) -> tuple[list[float], list[float]]:
    """One connection that claims a row and labels it with as few statements as the tables allow."""
    organization_id, users = ids
    fixed = {"organization_id": organization_id, "project_id": project_id, "user_id": users[number]}
    claims: list[float] = []
    inserts: list[float] = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.cursor()
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            started = time.perf_counter()
            row = cursor.execute(_CLAIM, fixed, prepare=True).fetchone()
            claims.append(time.perf_counter() - started)
            if row is None:
                raise RuntimeError("The queue is empty.")
            values = {**fixed, "row": row[0], "label_id": new_id(), "document": document}
            started = time.perf_counter()
            cursor.execute(_LABEL, values, prepare=True)
            inserts.append(time.perf_counter() - started)
    return claims, inserts


_CLAIM = (
    "WITH taken AS (DELETE FROM queue_slots WHERE ctid = ANY(ARRAY(SELECT ctid FROM queue_slots"
    "  WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s AND queue = 'LABEL'"
    "  ORDER BY priority, enqueued_at, data_row_id, slot LIMIT 1 FOR UPDATE SKIP LOCKED))"
    "  RETURNING data_row_id, slot, priority, enqueued_at)"
    " INSERT INTO reservations (organization_id, project_id, queue, data_row_id, slot, user_id, priority,"
    "  enqueued_at, reserved_until) SELECT %(organization_id)s, %(project_id)s, 'LABEL', data_row_id, slot,"
    "  %(user_id)s, priority, enqueued_at, now() + interval '90 minutes' FROM taken RETURNING data_row_id"
)
_LABEL = (
    "WITH held AS (DELETE FROM reservations WHERE organization_id = %(organization_id)s"
    "  AND project_id = %(project_id)s AND queue = 'LABEL' AND data_row_id = %(row)s),"
    " moved AS (UPDATE project_data_rows SET state = 'DONE', labels_done = 1, last_activity_at = now()"
    "  WHERE organization_id = %(organization_id)s AND project_id = %(project_id)s AND data_row_id = %(row)s)"
    " INSERT INTO labels (organization_id, id, project_id, data_row_id, annotations, seconds_to_label, created_by)"
    " VALUES (%(organization_id)s, %(label_id)s, %(project_id)s, %(row)s, %(document)s::json, 3.5, %(user_id)s)"
)
