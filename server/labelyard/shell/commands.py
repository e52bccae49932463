"""The commands and their options. Only argparse is imported here; the rest when a command runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

FORMATS = ("ndjson", "coco", "yolo", "voc", "csv")
STATUSES = {"to-label": "ToLabel", "in-review": "InReview", "in-rework": "InRework", "done": "Done"}
NAMES = ("import", "export")
_CONNECTION = "The server is LABELBOX_ENDPOINT or --endpoint, the key LABELBOX_API_KEY or --api-key-file."


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `import` and `export`."""
    server = argparse.ArgumentParser(add_help=False)
    server.add_argument(
        "--endpoint",
        metavar="URL",
        help="the server (default: LABELBOX_ENDPOINT, else http://127.0.0.1:8080)",
    )
    server.add_argument(
        "--api-key-file", type=Path, metavar="FILE", help="file with the API key (default: LABELBOX_API_KEY)"
    )
    server.add_argument(
        "--errors", type=Path, metavar="FILE", help="write everything not done to this CSV file"
    )
    _add_import(commands, server)
    _add_export(commands, server)


def _add_import(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], server: argparse.ArgumentParser
) -> None:
    add = commands.add_parser(
        "import",
        parents=[server],
        help="files and annotations into a running server",
        description="Files become data rows; with --project they enter it, and --annotations become labels. A second"
        f" run sends only what is new. {_CONNECTION}",
    ).add_argument
    add(
        "source",
        type=Path,
        metavar="SOURCE",
        help="a folder (with all folders in it), one file, or a table of data rows: .csv or .ndjson with row_data,"
        " global_key, external_id and metadata.<name>",
    )
    add("--dataset", required=True, metavar="NAME-OR-ID", help="where the rows go; made when there is none")
    add("--project", metavar="NAME-OR-ID", help="project that the rows enter; made when there is none")
    add(
        "--media-type",
        default="image",
        choices=("image", "video", "audio", "text", "document", "html", "dicom"),
        help="which files are taken, and the kind of a new project (default image)",
    )
    add(
        "--ontology",
        type=Path,
        metavar="FILE.json",
        help="ontology of the project; default: made of the annotations' classes",
    )
    add(
        "--annotations",
        type=Path,
        metavar="FILE-OR-FOLDER",
        help="annotations of the files: a file, or for yolo and voc a folder",
    )
    add("--format", choices=FORMATS, help="what --annotations is (default: by its ending)")
    add(
        "--as",
        dest="take_as",
        default="labels",
        choices=("labels", "pre-labels"),
        help="finished labels, or a start that labelers correct (default labels)",
    )
    add(
        "--global-keys",
        default="path",
        choices=("path", "none"),
        help="path: rows get <dataset>/<path> as their key, so that a second run knows them; none: no keys",
    )


def _add_export(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], server: argparse.ArgumentParser
) -> None:
    add = commands.add_parser(
        "export",
        parents=[server],
        help="labels out of a running server, in the format of a training program",
        description=f"Writes the labels of a project. {_CONNECTION}",
    ).add_argument
    add("project", metavar="PROJECT", help="name or id of the project")
    add("--format", default="ndjson", choices=FORMATS, help="what is written (default ndjson: everything)")
    add(
        "--to",
        type=Path,
        required=True,
        metavar="FILE-OR-FOLDER",
        help="what is made: a folder for yolo and voc and with --images, else a file",
    )
    add("--status", choices=STATUSES, help="only data rows in this state (default: all)")
    add("--images", action="store_true", help="download the pictures too")
    add("--force", action="store_true", help="replace an earlier export, or a file, of that name")


def run(options: argparse.Namespace) -> int:
    """Runs `import` or `export`; the exit code: 0 all done, 1 something was not, 130 stopped."""
    try:
        return _run(options)
    except KeyboardInterrupt:
        print(f"\nlabelyard: stopped. {_HOW_TO_GO_ON[options.command]}", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        print(f"labelyard: {error.name} is not installed: pip install 'labelyard[shell]'", file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    from labelbox.exceptions import LabelboxError, MalformedQueryException
    from labelyard.shell.problems import CannotRun

    try:
        if options.command == "import":
            from labelyard.shell import importing

            return importing.run(options)
        from labelyard.shell import exporting

        return exporting.run(options)
    except CannotRun as error:
        print(f"labelyard: {error.message}", file=sys.stderr)
    except OSError as error:
        print(f"labelyard: {error.filename or options.command}: {error.strerror or error}", file=sys.stderr)
    except (LabelboxError, MalformedQueryException) as error:
        print(f"labelyard: {error} {_HOW_TO_GO_ON[options.command]}", file=sys.stderr)
    return 1


_HOW_TO_GO_ON = {
    "import": "The same command goes on with what is missing.",
    "export": "Nothing was written; the same command begins anew.",
}
