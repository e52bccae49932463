"""Ten times as many rows in one call: the import, the memory it takes, and batches of all of them."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from bench.figures import Figure, percentile
from bench.ingest import copy_seconds
from bench.stage import Stage, row_items
from bench.start import family

_TIMES = 10
_SECONDS = 1_800.0
_PAUSE = 0.2
RESERVE = """mutation ReserveDataRows($d: ReserveDataRowsInput!) { reserveDataRows(data: $d) {
  remaining tasks { dataRow { id } } } }"""


def measure(stage: Stage) -> list[Figure]:
    """Imports the rows from a generator, then sends them to a project whose labelers go on meanwhile."""
    count = stage.count * _TIMES
    dataset = stage.client.create_dataset(name="a million")
    started = time.perf_counter()
    task = dataset.create_data_rows(
        {**row, "global_key": f"m-{row['global_key']}"} for row in row_items(count)
    )
    sent = time.perf_counter() - started
    task.wait_till_done(timeout_seconds=_SECONDS, check_frequency=0.2)
    imported = time.perf_counter() - started
    if task.status != "COMPLETE":
        raise RuntimeError(f"The import is {task.status}: {task.errors}")
    memory = _peaks(stage)
    keys = (f"m-{row['global_key']}" for row in row_items(count))
    project = stage.project
    waits: list[float] = []
    stop = threading.Event()
    labeler = threading.Thread(target=_go_on, args=(stage, project.uid, stop, waits))
    labeler.start()
    started = time.perf_counter()
    batches = project.create_batches("million", global_keys=list(keys))
    batches.wait_till_done(timeout_seconds=_SECONDS)
    filled = time.perf_counter() - started
    stop.set()
    labeler.join()
    if batches.errors():
        raise RuntimeError(f"The batches were not filled: {batches.errors()}")
    size = sum(batch.size for batch in batches.result())
    if size != count:
        raise RuntimeError(f"The batches hold {size} rows, not {count}.")
    after = _peaks(stage)
    return [
        Figure(
            f"million: {count:,} rows, SDK call to finished task",
            count / imported,
            "rows/s",
            count / copy_seconds(stage, dataset.uid),
            "COPY into the same table with the same indexes",
            target_share=0.4,
            note=f"{sent:.1f} s of {imported:.1f} s are the SDK's sending",
        ),
        *(
            Figure(
                f"million: peak memory of {name}",
                max(memory[name], after[name]),
                "MB",
                target=600.0,
                less_is_better=True,
                note=f"after the import {memory[name]:.0f} MB",
            )
            for name in sorted(memory)
        ),
        Figure(
            f"million: create_batches of {count:,} rows",
            filled,
            "s",
            imported,
            "the import of the same rows",
            target_share=1.0,
            less_is_better=True,
        ),
        Figure(
            "million: next row of a labeler while the batches fill, p99",
            percentile(waits, 0.99) * 1000,
            "ms",
            note=f"{len(waits)} asked, slowest {max(waits) * 1000:.0f} ms",
        ),
    ]


def _go_on(stage: Stage, project_id: str, stop: threading.Event, waits: list[float]) -> None:
    while not stop.is_set():
        started = time.perf_counter()
        stage.graphql(RESERVE, d={"projectId": project_id, "queueType": "LabelingQueue", "first": 1})
        waits.append(time.perf_counter() - started)
        time.sleep(_PAUSE)


def _peaks(stage: Stage) -> dict[str, float]:
    """The most megabytes that each of our processes has held so far; PostgreSQL's are not ours."""
    found: dict[str, float] = {}
    for pid in family(stage.server.pid):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            continue  # it has just ended
        if b"postgres" in words[0]:
            continue
        peak = next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM:")), 0.0)
        name = _name(words)
        found[name] = max(found.get(name, 0.0), peak)
    return found


def _name(words: list[bytes]) -> str:
    text = b" ".join(words).decode(errors="replace")
    return "the worker" if "work" in text.split() else "the server"
