"""Where an export goes: written under another name, renamed when it is whole."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from types import TracebackType

from labelyard.shell.problems import CannotRun

MARK = "labelyard-export.json"
"""The file that says that a folder is an export, and may be replaced by --force."""


class Destination:
    """A file or a folder to be. `place` is where it is written; `commit` gives it its name."""

    def __init__(self, path: Path, *, is_folder: bool, force: bool) -> None:
        """Raises CannotRun when the name is taken by something that may not be replaced."""
        self.path = path.absolute()
        self._is_folder = is_folder
        if not self.path.parent.is_dir():
            raise CannotRun(f"There is no folder {self.path.parent}.")
        if self.path.exists():
            self._check_replaceable(force)
        self.place = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.part")

    def _check_replaceable(self, force: bool) -> None:
        if self._is_folder != self.path.is_dir():
            there, wanted = ("folder", "file") if self.path.is_dir() else ("file", "folder")
            raise CannotRun(f"{self.path} is a {there}; this export makes a {wanted}.")
        if self._is_folder and not any(self.path.iterdir()):
            return
        if not force:
            raise CannotRun(f"{self.path} is there already; --force replaces it.")
        if self._is_folder and not (self.path / MARK).is_file():
            raise CannotRun(
                f"{self.path} is no earlier export (it has no {MARK}), so --force does not replace it."
            )

    def __enter__(self) -> Destination:
        if self._is_folder:
            self.place.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for left in self.path.parent.glob(f"{self.place.name}*"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)

    def commit(self) -> None:
        """Gives what was written its name; an earlier export goes away only now."""
        if self._is_folder and self.path.exists():
            earlier = self.place.with_name(self.place.name + ".earlier")
            self.path.rename(earlier)
            try:
                self.place.rename(self.path)
            except OSError:
                earlier.rename(self.path)
                raise
            return
        self.place.replace(self.path)
