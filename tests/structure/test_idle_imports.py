"""The idle server stays small: what only some requests need is imported when it is needed."""

import subprocess
import sys

from repository import ROOT

HEAVY = ("numpy", "shapely", "lap", "pycocotools", "PIL")


def test_formats_and_media_import_no_heavy_library() -> None:
    server = ROOT / "server"
    modules = [
        ".".join(path.relative_to(server).with_suffix("").parts)
        for folder in ("formats", "media")
        for path in sorted((server / "labelyard" / folder).glob("*.py"))
        if path.name != "__init__.py"
    ]
    assert modules
    program = f"import sys, {', '.join(modules)}\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=server, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
