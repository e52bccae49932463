"""The commands for the shell work over the wire: they import nothing of the server, and the server nothing of them."""

import ast
import subprocess
import sys

from repository import ROOT

SERVER = ROOT / "server" / "labelyard"
HEAVY = ("labelbox", "globox", "numpy", "yaml", "urllib3", "labelyard.supervisor")


def test_the_shell_imports_nothing_of_the_server() -> None:
    others = []
    for path in sorted((SERVER / "shell").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            others += [
                f"{path.name}: {name}"
                for name in names
                if name.startswith("labelyard") and "shell" not in name
            ]
    assert others == []


def test_help_needs_no_library() -> None:
    program = (
        "import sys\nfrom labelyard.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT / "server", capture_output=True, text=True, check=True
    )
    assert "import" in done.stdout and done.stdout.splitlines()[-1] == "[]"
