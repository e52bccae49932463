"""A page of 100 data rows with eight fields over HTTP, beside the same SELECT without us."""

from __future__ import annotations

import time

import psycopg

from bench import load
from bench.figures import Figure, median, percentile
from bench.stage import Stage

CLIENTS = 8
_SECONDS = 6.0
_WARM_SECONDS = 1.0
PAGE = """query Page($id: ID!, $first: Int) {
  dataset(where: {id: $id}) { dataRows(skip: 0, first: $first) {
    id externalId globalKey rowData mediaAttributes createdAt updatedAt processingStatus } } }"""
_MOMENT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
_SELECT = (
    "SELECT d.id, d.external_id, d.global_key, d.row_data, d.media_attributes,"
    f" {_MOMENT.format('d.created_at')}, {_MOMENT.format('d.updated_at')}, d.processing FROM data_rows AS d"
    " WHERE d.organization_id = %(organization_id)s AND d.deleted_at IS NULL AND d.dataset_id = %(dataset_id)s"
    " ORDER BY d.id LIMIT 100"
)


def measure(stage: Stage) -> list[Figure]:
    """Eight clients on one server process; then eight connections to the database."""
    dataset_id = stage.dataset.uid
    request = load.post(stage.url, stage.key, PAGE, {"id": dataset_id, "first": 100})
    point = load.post(stage.url, stage.key, PAGE, {"id": dataset_id, "first": 1})
    load.in_own_process(ask, stage.url, request, _WARM_SECONDS)
    rate, times = load.in_own_process(ask, stage.url, request, _SECONDS)
    point_rate, _ = load.in_own_process(ask, stage.url, point, _SECONDS / 2)
    ping = f"GET /healthz HTTP/1.1\r\nHost: {stage.url.partition('//')[2]}\r\n\r\n".encode()
    ping_rate, _ = load.in_own_process(ask, stage.url, ping, _SECONDS / 2)
    with stage.connect() as connection:
        organization = connection.execute("SELECT id FROM organizations").fetchone()
    assert organization is not None
    counts = load.in_processes(CLIENTS, _select, stage.dsn, organization[0], dataset_id, _SECONDS)
    note = f"p50 {median(times) * 1000:.1f} ms, p99 {percentile(times, 0.99) * 1000:.1f} ms"
    return [
        Figure(
            "page of 100 rows x 8 fields, 8 clients",
            rate,
            "requests/s",
            sum(counts) / _SECONDS,
            "the same SELECT by 8 psycopg processes",
            1000.0,
            note=note,
        ),
        Figure(
            "page of 1 row, 8 clients",
            point_rate,
            "requests/s",
            ping_rate,
            "/healthz of the same server: no database",
        ),
    ]


def ask(url: str, request: bytes, seconds: float) -> tuple[float, list[float]]:
    """The same request again and again by all clients; requests a second and how long each took."""
    times: list[float] = []

    def client() -> load.Client:
        while True:
            body, took = yield request
            times.append(took)
            if body.startswith(b'{"errors"'):
                raise RuntimeError(body.decode())

    elapsed = load.drive(url, [client() for _ in range(CLIENTS)], seconds)
    return len(times) / elapsed, times


def _select(number: int, dsn: str, organization_id: str, dataset_id: str, seconds: float) -> int:
    """How often one connection reads the page."""
    params = {"organization_id": organization_id, "dataset_id": dataset_id}
    with psycopg.connect(dsn, autocommit=True, application_name=f"bench {number}") as connection:
        cursor = connection.cursor()
        count = 0
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            if len(cursor.execute(_SELECT, params, prepare=True).fetchall()) != 100:
                raise RuntimeError("The page is not full.")
            count += 1
    return count
