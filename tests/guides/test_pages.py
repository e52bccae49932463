"""Every page of the guides does what it says: its examples run, and what they print is what the page shows."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from conftest import RunningServer
from guides.conftest import Served
from guides.page import Page, Substitutions, matches, run_python, run_shell
from media_files import dicom, film, pdf, sound

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
PAGES = sorted(GUIDES.glob("*.md"))


@pytest.fixture
def folder(tmp_path: Path, served: Served, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which examples run: six pictures, a COCO file about them, a file of the other kinds each."""
    pictures = tmp_path / "pictures"
    shutil.copytree(served.folder, pictures, ignore=shutil.ignore_patterns("[!s]*"))
    (tmp_path / "instances.json").write_text(json.dumps(_instances(sorted(pictures.iterdir()))))
    for name, make in {"film.mp4": film, "talk.wav": sound, "letter.pdf": pdf, "scan.dcm": dicom}.items():
        make(tmp_path / name)
    shutil.copy(tmp_path / "letter.pdf", tmp_path / "how-to-label.pdf")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _instances(pictures: list[Path]) -> dict[str, object]:
    """A box in each picture, in COCO's form."""
    return {
        "images": [
            {"id": number, "file_name": picture.name, "width": 1280, "height": 800}
            for number, picture in enumerate(pictures)
        ],
        "categories": [{"id": 1, "name": "Car"}],
        "annotations": [
            {"id": number, "image_id": number, "category_id": 1, "bbox": [10, 20, 300, 200], "iscrowd": 0}
            for number in range(len(pictures))
        ],
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
@pytest.mark.usefixtures("emptied")
def test_the_examples_of(
    path: Path,
    request: pytest.FixtureRequest,
    server: RunningServer,
    served: Served,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = Page.read(path)
    monkeypatch.setenv("LABELBOX_ENDPOINT", f"{server.url}/graphql")
    monkeypatch.setenv("LABELBOX_API_KEY", server.key)
    here = Substitutions(
        {"<key>": server.key, "http://127.0.0.1:8080": server.url, "https://example.com": served.url}
    )
    names = {name: request.getfixturevalue(name) for name in page.begins_with}
    count = run_python(page, names, here) + run_shell(page, folder, os.environ, here)
    assert count > 0, f"{path.name} has no example"


def test_every_page_is_listed() -> None:
    index = (GUIDES.parent / "index.md").read_text("utf-8")
    assert [page.name for page in PAGES if f"(guides/{page.name})" not in index] == []


def _page(text: str) -> Page:
    return Page(Path("page.md"), text)


def test_a_wrong_output_a_missing_one_and_one_too_many_are_found() -> None:
    nothing = Substitutions({})
    right = _page("```python\nprint(1)  # 1\nprint(2)\n```\n\n```text\n2\n```\n")
    assert run_python(right, {}, nothing) == 1
    for text in (
        "```python\nprint(1)  # 2\n```\n",
        "```python\nprint(1)\n```\n",
        "```python\nx = 1\n```\n\n```text\n2\n```\n",
        "```python\nif False:\n    print(1)  # 1\n```\n",
        "```python\nprint(1)\n```\n\nwords\n\nmore\n\n```text\n1\n```\n",
    ):
        with pytest.raises(AssertionError, match="says"):
            run_python(_page(text), {}, nothing)
    with pytest.raises(ValueError, match="not closed"):
        run_python(_page("```python\nx = 1\n"), {}, nothing)


def test_a_failing_command_and_a_wrong_output_of_one_are_found(tmp_path: Path) -> None:
    nothing = Substitutions({})
    assert run_shell(_page("```bash\necho 1\n```\n\n```text\n1\n```\n"), tmp_path, os.environ, nothing) == 1
    for text in ("```bash\nfalse\n```\n", "```bash\necho 1\n```\n\n```text\n2\n```\n"):
        with pytest.raises(AssertionError, match=r"page\.md"):
            run_shell(_page(text), tmp_path, os.environ, nothing)


def test_dots_stand_for_anything_within_a_line() -> None:
    assert matches("id … of 3", "id c0 of 3\n")
    assert not matches("a … b", "a\nb") and not matches("a", "ab")
