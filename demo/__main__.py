"""`python -m demo`: see `make demo`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import labelbox as lb
from demo import scenes
from demo.main_job import MainJob, Step, pictures_in
from demo.people import People, check_export
from demo.server_process import ServerProcess

_PICTURES = 24


def main() -> None:
    """Runs the demo."""
    parser = argparse.ArgumentParser(
        prog="demo", description="The main job, from a folder of pictures to labels."
    )
    parser.add_argument(
        "--pictures", type=Path, help="your own pictures; default: scenes that are rendered here"
    )
    parser.add_argument(
        "--once", action="store_true", help="label and review through the API, check, and stop"
    )
    parser.add_argument(
        "--data-dir", default="", help="where to keep everything; default: a folder that is removed"
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 0))
    options = parser.parse_args()
    started = time.monotonic()
    try:
        if options.data_dir:
            _run(Path(options.data_dir).absolute(), options, started)
        else:
            with tempfile.TemporaryDirectory(prefix="labelyard-demo-") as folder:
                _run(Path(folder), options, started)
    except RuntimeError as error:
        sys.exit(f"demo: {error}")


def _run(data_dir: Path, options: argparse.Namespace, started: float) -> None:
    known = None
    if options.pictures:
        pictures = pictures_in(options.pictures.absolute())
    else:
        print("rendering pictures …", flush=True)
        known = scenes.render(data_dir / "pictures", _PICTURES)
        pictures = [data_dir / "pictures" / scene.name for scene in known]
    print("starting the server …", flush=True)
    with ServerProcess(data_dir, options.port) as server:
        client = lb.Client(server.credentials.api_key, endpoint=f"{server.url}/graphql")
        job = MainJob(client)
        project = job.run(pictures, known)
        people = People(client, project)
        if options.once:
            job.timed("labels, submitted", len(pictures), "rows", people.label_everything)
            job.timed("labels, reviewed", len(pictures), "rows", people.review_everything)
        rows = job.export(project)
        _print_table(job.steps, time.monotonic() - started)
        if options.once:
            check_export(rows, project.uid, people)
            print(f"checked: the export holds what was labeled, {len(rows)} rows")
            return
        print("\nOpen one of these; each link signs you in once:\n")
        print(f"  the project      {server.sign_in_link(f'/projects/{project.uid}')}")
        print(f"  start labeling   {server.sign_in_link(f'/projects/{project.uid}/label')}")
        print(
            f"\nLater: {server.url}, e-mail {server.credentials.email}, password {server.credentials.password}"
        )
        print("Ctrl-C ends the server; everything stays in", data_dir, flush=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            print("\nending …")


def _print_table(steps: list[Step], total: float) -> None:
    print()
    for step in steps:
        count = f"{step.count:,} {step.unit}" if step.unit else ""
        print(f"  {step.what:<22}{count:>18}{step.seconds:>9.2f} s{step.rate:>12}")
    print(f"  {'all together':<22}{'':>18}{total:>9.2f} s", flush=True)


if __name__ == "__main__":
    main()
