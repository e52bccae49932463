"""The built web app's files, and addresses that no file can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelyard.plumbing import static


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built app of two files, beside a file that is none of it."""
    folder = tmp_path / "webapp"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("the page")
    (folder / "assets" / "app.js").write_text("the script")
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(static, "web_folder", lambda: folder)
    return folder


def test_files_and_the_page(app: Path) -> None:
    script = static.serve_static("/assets/app.js")
    assert (script.status, script.body) == (200, b"the script")
    assert static.serve_static("/projects/x").body == (app / "index.html").read_bytes()


@pytest.mark.parametrize(
    "path", ["/assets/\0", "/assets/" + "a" * 5_000, "/assets/../../secret.txt", "/assets/missing.js"]
)
def test_what_is_no_file_of_the_app_is_missing(app: Path, path: str) -> None:
    assert static.serve_static(path).status == 404


@pytest.mark.parametrize("path", ["/\0", "/" + "a" * 5_000])
def test_an_address_of_the_app_may_be_any(app: Path, path: str) -> None:
    assert static.serve_static(path).body == b"the page"
