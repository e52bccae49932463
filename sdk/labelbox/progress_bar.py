"""A one-line progress bar on stderr, shown only when stderr is a terminal."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

_REDRAW_SECONDS = 0.1
_WIDTH = 24
_silenced = 0


@contextmanager
def silenced() -> Iterator[None]:
    """Bars that are made meanwhile draw nothing: for a program that shows its own progress over several calls."""
    global _silenced
    _silenced += 1
    try:
        yield
    finally:
        _silenced -= 1


class ProgressBar:
    """Counts `unit`s up to `total` (unknown when None) and draws count, percent, rate and time left.

    Safe to update from several threads. Draws nothing when stderr is not a terminal, so that logs stay clean.
    """

    def __init__(self, description: str, total: float | None, unit: str) -> None:
        self._description = description
        self._total = total
        self._unit = unit
        self._count: float = 0
        self._started = time.monotonic()
        self._last_drawn = 0.0
        self._lock = threading.Lock()
        self._shown = sys.stderr is not None and sys.stderr.isatty() and not _silenced

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, count: float = 1) -> None:
        """Counts `count` more units."""
        with self._lock:
            self._draw(self._count + count)

    def set(self, count: float) -> None:
        """Sets the number of units done so far."""
        with self._lock:
            self._draw(count)

    def close(self) -> None:
        """Draws the last state and ends the line."""
        with self._lock:
            if self._shown and self._last_drawn:
                sys.stderr.write("\r" + self.line() + "\n")
                sys.stderr.flush()
            self._shown = False

    def line(self) -> str:
        """The bar as text, for example `files [######------] 50/100 50% 12.1 files/s 4s left`."""
        seconds = max(time.monotonic() - self._started, 1e-6)
        rate = self._count / seconds
        if not self._total:
            return f"{self._description} {self._count:g} {self._unit} {rate:.1f} {self._unit}/s"
        share = min(self._count / self._total, 1.0)
        filled = int(share * _WIDTH)
        left = f"{(self._total - self._count) / rate:.0f}s left" if rate > 0 else "?"
        return (
            f"{self._description} [{'#' * filled}{'-' * (_WIDTH - filled)}] "
            f"{self._count:g}/{self._total:g} {share:.0%} {rate:.1f} {self._unit}/s {left}"
        )

    def _draw(self, count: float) -> None:
        self._count = count
        now = time.monotonic()
        if self._shown and now - self._last_drawn >= _REDRAW_SECONDS:
            self._last_drawn = now
            sys.stderr.write("\r" + self.line() + "\x1b[K")
            sys.stderr.flush()
