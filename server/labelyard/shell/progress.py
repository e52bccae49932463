"""Progress: a bar on a terminal, a line every few seconds in a log."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType

from labelbox.progress_bar import ProgressBar

_LINE_SECONDS = 5.0


class Progress:
    """Counts up to `total`, None when it is not known. Written to stderr. Safe to update from several threads."""

    def __init__(self, description: str, total: int | None, unit: str) -> None:
        self._description = description
        self._total = total
        self._unit = unit
        self._count = 0
        self._bar = ProgressBar(description, total, unit)
        self._is_terminal = sys.stderr.isatty()
        self._told = time.monotonic()
        self._lock = threading.Lock()

    def __enter__(self) -> Progress:
        self._bar.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.__exit__(kind, error, trace)
        if not self._is_terminal and self._count:
            self._tell()

    def add(self, count: int = 1) -> None:
        """Counts `count` more."""
        self._bar.add(count)
        with self._lock:
            self._count += count
            if not self._is_terminal and time.monotonic() - self._told >= _LINE_SECONDS:
                self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        of = "" if self._total is None else f" of {self._total:,}"
        print(f"{self._description}: {self._count:,}{of} {self._unit}", file=sys.stderr, flush=True)
