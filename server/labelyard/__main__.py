"""The command line: serve, work, migrate, restore-project; import and export on a running server."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from labelyard import errors
from labelyard.shell import commands as shell


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="labelyard", description="Self-hosted data labeling.")
    commands = parser.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data-dir", type=Path, required=True, help="folder that holds everything")
    shared.add_argument(
        "--database-url", help="any PostgreSQL from version 15; default: our own, in the data folder"
    )
    shared.add_argument("--blob-url", help="where large files are kept; default: the data folder")
    serve = commands.add_parser("serve", parents=[shared], help="run the server")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    serve.add_argument(
        "--port", type=int, default=8080, help="port to listen on (default 8080; 0: any free one)"
    )
    serve.add_argument("--no-worker", action="store_true", help="leave background work to `labelyard work`")
    commands.add_parser("work", parents=[shared], help="run a worker for background work")
    commands.add_parser("migrate", parents=[shared], help="bring the database up to date and stop")
    restore = commands.add_parser(
        "restore-project", parents=[shared], help="take back the deletion of a project, up to 30 days later"
    )
    restore.add_argument(
        "project_id", metavar="PROJECT-ID", help="the id, as it stood in the project's address"
    )
    shell.add_commands(commands)
    return parser


def main(arguments: list[str] | None = None) -> None:
    """Runs a command; what can be expected to go wrong ends in one sentence and exit code 1."""
    options = _parser().parse_args(arguments)
    if options.command in shell.NAMES:
        sys.exit(shell.run(options))
    try:
        from labelyard import supervisor  # after parsing: `--help` needs none of it

        code = supervisor.run(options)
    except KeyboardInterrupt:
        print("labelyard: stopped while starting; the next start goes on from here.", file=sys.stderr)
        code = 130
    except (errors.LabelyardError, supervisor.CannotStart) as error:
        print(f"labelyard: {error}", file=sys.stderr)
        code = 1
    sys.exit(code)


if __name__ == "__main__":
    main()
