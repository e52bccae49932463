"""Makes the two packages of this checkout importable in the virtual environment, and gives it the `labelyard` command.

What an editable install would do, without a build backend: nothing is downloaded, nothing is copied.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = """#!{python}
import sys
from labelyard.__main__ import main

sys.exit(main())
"""


def main() -> None:
    """Writes a path file and the command."""
    site = Path(sysconfig.get_path("purelib"))
    folders = [ROOT / "sdk", ROOT / "server", ROOT]
    (site / "labelyard-checkout.pth").write_text("\n".join(str(folder) for folder in folders) + "\n")
    command = Path(sysconfig.get_path("scripts")) / "labelyard"
    command.write_text(COMMAND.format(python=sys.executable))
    command.chmod(0o755)


if __name__ == "__main__":
    main()
