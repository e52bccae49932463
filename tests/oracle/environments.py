"""A virtual environment for each published client, made once and kept in `.venvs/` beside the sources.

The packages are black boxes: they are installed and run, nothing of theirs is read.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parents[1] / ".venvs"
_INSTALL_SECONDS = 600


def python_of(version: str) -> Path:
    """The Python of the environment that has labelbox `version`.

    Installs it first when it is not there, or when its pins have changed since. Raises CalledProcessError with pip's
    words on stderr when a package cannot be had.
    """
    requirements = HERE / f"requirements-{version}.txt"
    folder = ENVIRONMENTS / f"labelbox-{version}"
    python = folder / "bin" / "python"
    installed = folder / "installed.txt"
    if installed.exists() and installed.read_text() == requirements.read_text():
        return python
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True, timeout=_INSTALL_SECONDS)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "-r", requirements], check=True, timeout=_INSTALL_SECONDS)
    installed.write_text(requirements.read_text())
    return python


def main() -> None:
    """Makes all environments: a step of its own for CI, so that the tests' times say something."""
    for requirements in sorted(HERE.glob("requirements-*.txt")):
        version = requirements.stem.removeprefix("requirements-")
        print(f"labelbox {version}: {python_of(version)}")


if __name__ == "__main__":
    main()
