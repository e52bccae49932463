"""What went wrong with single files, lines and annotations: counted, some of them shown, all of them kept."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import IO, Any

_SHOWN = 10


class CannotRun(Exception):
    """A command cannot do, or go on with, what it is asked to. The text is a sentence for the user."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Problems:
    """Collects what could not be done. With a path every problem is a line of a CSV file: file, place, reason."""

    def __init__(self, path: Path | None = None) -> None:
        """Raises CannotRun when the file cannot be written."""
        self.count = 0
        self._shown: list[str] = []
        self._path = path
        self._file: IO[str] | None = None
        self._notes: Counter[str] = Counter()
        if path is not None:
            try:
                self._file = path.open("w", encoding="utf-8", newline="")
            except OSError as error:
                raise CannotRun(f"The errors cannot be written to {path}: {error.strerror}.") from None
            self._writer: Any = csv.writer(self._file)
            self._writer.writerow(["file", "place", "reason"])

    def __enter__(self) -> Problems:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, file: str, reason: str, place: str = "") -> None:
        """Something was not done, because of `reason`."""
        self.count += 1
        if self._file is not None:
            self._writer.writerow([file, place, reason])
        if len(self._shown) < _SHOWN:
            self._shown.append(f"  {file}{', ' if place else ''}{place}: {reason}")

    def note(self, what: str, count: int = 1) -> None:
        """Something was done, but not as it was given; the same notes are counted together."""
        self._notes[what] += count

    def report(self) -> None:
        """Tells the notes on stdout and the problems on stderr."""
        for what, count in self._notes.items():
            print(f"{count:,} {what}")
        if not self.count:
            return
        sys.stdout.flush()
        print(f"{self.count:,} not done:", file=sys.stderr)
        for line in self._shown:
            print(line, file=sys.stderr)
        more = self.count - len(self._shown)
        if self._path is not None:
            print(f"  all of them are in {self._path}", file=sys.stderr)
        elif more:
            print(f"  and {more:,} more; --errors FILE lists all of them", file=sys.stderr)
