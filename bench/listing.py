"""All data rows of a dataset through the SDK, and what the last page costs beside the first."""

from __future__ import annotations

import time

import labelbox as lb
from bench.figures import Figure, median
from bench.stage import Stage
from labelbox.orm.query import selection
from labelbox.pagination import PaginatedCollection

_REPEATS = 9
_PAGE = """query DatasetDataRows($id: ID!, $from: ID, $first: Int) {
  datasetDataRows(id: $id, from: $from, first: $first) {
    nodes { id externalId globalKey rowData createdAt updatedAt mediaAttributes } pageInfo { startCursor } } }"""
_OLD_PAGE = """query Rows($id: ID!, $skip: Int, $first: Int) {
  dataset(where: {id: $id}) { dataRows(skip: $skip, first: $first) { id externalId globalKey rowData } } }"""
_SDK_PAGE = (
    "query Rows($id: ID!) { dataset(where: {id: $id}) { dataRows(skip: %d, first: %d) { "
    + selection(lb.DataRow).replace("%", "%%")
    + " } } }"
)
_COLUMNS = "id, external_id, global_key, row_data, created_at, updated_at, media_attributes"


def measure(stage: Stage) -> list[Figure]:
    """Reads every row, then the first and the last page by cursor and by skip."""
    dataset = stage.dataset
    started = time.perf_counter()
    ids = [row.uid for row in dataset.data_rows()]
    seconds = time.perf_counter() - started
    if len(ids) != stage.count:
        raise RuntimeError(f"The listing has {len(ids)} rows, not {stage.count}.")
    first = _median_seconds(stage, _PAGE, {"id": dataset.uid, "from": None, "first": 500})
    last = _median_seconds(stage, _PAGE, {"id": dataset.uid, "from": ids[-501], "first": 500})
    skipped = [
        _median_seconds(stage, _OLD_PAGE, {"id": dataset.uid, "skip": skip, "first": 100})
        for skip in (0, stage.count - 100)
    ]
    cold = _jump_seconds(stage, dataset.uid)
    return [
        Figure(
            f"listing: {stage.count:,} rows through dataset.data_rows()",
            len(ids) / seconds,
            "rows/s",
            stage.count / _bare_seconds(stage, dataset.uid),
            "one SELECT of the same columns by psycopg",
            target=10_000.0,
        ),
        Figure(
            f"listing: {stage.count:,} rows in pages of 100, as older clients ask for them",
            stage.count / _pages_seconds(stage, dataset.uid),
            "rows/s",
            target=10_000.0,
        ),
        Figure(
            "listing: last page of 500 by cursor",
            last * 1000,
            "ms",
            first * 1000,
            "the first page",
            target_share=0.5,
            less_is_better=True,
        ),
        Figure(
            "listing: last page of 100 by skip, gone on to",
            skipped[1] * 1000,
            "ms",
            skipped[0] * 1000,
            "the first page",
            target_share=0.5,
            less_is_better=True,
            note=f"jumped to without the page before: {cold * 1000:.0f} ms",
        ),
    ]


def _pages_seconds(stage: Stage, dataset_id: str) -> float:
    """Reads every row by skip and first, through the SDK, each page made into objects."""
    pages: PaginatedCollection[lb.DataRow] = PaginatedCollection(
        stage.client, _SDK_PAGE, {"id": dataset_id}, ["dataset", "dataRows"], lb.DataRow
    )
    started = time.perf_counter()
    found = sum(1 for _ in pages)
    seconds = time.perf_counter() - started
    if found != stage.count:
        raise RuntimeError(f"The pages hold {found} rows, not {stage.count}.")
    return seconds


def _median_seconds(stage: Stage, query: str, variables: dict[str, object]) -> float:
    if variables.get("skip"):  # a client that pages has read the page before
        stage.graphql(query, **{**variables, "skip": int(str(variables["skip"])) - 100})
    times = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        stage.graphql(query, **variables)
        times.append(time.perf_counter() - started)
    return median(times)


def _jump_seconds(stage: Stage, dataset_id: str) -> float:
    started = time.perf_counter()
    stage.graphql(_OLD_PAGE, id=dataset_id, skip=stage.count - 150, first=100)
    return time.perf_counter() - started


def _bare_seconds(stage: Stage, dataset_id: str) -> float:
    with stage.connect() as connection:
        started = time.perf_counter()
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM data_rows WHERE organization_id = (SELECT id FROM organizations)"
            " AND dataset_id = %s AND deleted_at IS NULL ORDER BY id DESC".encode(),
            (dataset_id,),
        ).fetchall()
        seconds = time.perf_counter() - started
    if len(rows) != stage.count:
        raise RuntimeError(f"The dataset has {len(rows)} rows, not {stage.count}.")
    return seconds
