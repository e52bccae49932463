"""`python -m bench`: measures, prints a table, keeps it as JSON in bench/results/."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import drag, export, ingest, listing, million, page, queue, start
from bench.figures import Figure, table
from bench.stage import Stage

_COUNT = 100_000
_RESULTS = Path(__file__).parent / "results"
_ON_STAGE: dict[str, Callable[[Stage], list[Figure]]] = {
    "import": ingest.measure,
    "page": page.measure,
    "listing": listing.measure,
    "queue": queue.measure,
    "export": export.measure,
    "drag": drag.measure,
    "million": million.measure,
}
_NAMES = ["start", *_ON_STAGE]


def main() -> None:
    """Measures what was asked for."""
    parser = argparse.ArgumentParser(
        prog="bench", description="Measurements, each beside its bare limit in the same run."
    )
    parser.add_argument(
        "--only", default=",".join(_NAMES), help=f"some of {','.join(_NAMES)}; default: all of them"
    )
    parser.add_argument("--small", action="store_true", help="a tenth of the data, for a quick look")
    options = parser.parse_args()
    chosen = [name.strip() for name in options.only.split(",") if name.strip()]
    unknown = [name for name in chosen if name not in _NAMES]
    if unknown:
        sys.exit(f"bench: there is no figure {unknown[0]}; there are {', '.join(_NAMES)}")
    figures = _measure(chosen, _COUNT // 10 if options.small else _COUNT)
    print()
    print(table(figures))
    print(f"\nkept in {_keep(figures, options.small)}")


def _measure(chosen: list[str], count: int) -> list[Figure]:
    figures: list[Figure] = []
    if "start" in chosen:
        figures += _timed("start", start.measure)
    if not any(name in chosen for name in _ON_STAGE):
        return figures
    with tempfile.TemporaryDirectory(prefix="labelyard-bench-") as folder:
        stage = Stage(Path(folder), count)
        try:
            for name, measure in _ON_STAGE.items():
                if name in chosen:
                    figures += _timed(name, lambda measure=measure: measure(stage))  # type: ignore[misc]
        finally:
            stage.close()
    return figures


def _timed(name: str, measure: Callable[[], list[Figure]]) -> list[Figure]:
    print(f"{name} …", end=" ", flush=True)
    started = time.monotonic()
    figures = measure()
    print(f"{time.monotonic() - started:.0f} s", flush=True)
    return figures


def _keep(figures: list[Figure], is_small: bool) -> Path:
    _RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    path = _RESULTS / f"{now:%Y%m%d-%H%M%S}.json"
    document = {
        "at": now.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "small": is_small,
        "figures": [figure.as_json() for figure in figures],
    }
    path.write_text(json.dumps(document, indent=2) + "\n")
    return path


if __name__ == "__main__":
    main()
