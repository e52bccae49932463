"""Serves the built web app: hashed assets for ever, the page itself never from a cache."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from labelyard.plumbing.rest import Reply

_SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "content-security-policy": (
        "default-src 'self'; img-src * data: blob:; media-src * data: blob:; style-src 'self' 'unsafe-inline';"
        " connect-src *; worker-src 'self' blob:; frame-src *; object-src 'none'; base-uri 'self'"
    ),
}
_MISSING = b"""<!doctype html><meta charset="utf-8"><title>Labelyard</title>
<body style="font:15px system-ui;margin:4rem auto;max-width:34rem">
<h1>The server is running</h1><p>The web app has not been built in this checkout. Run <code>make web</code>, then
reload this page. The API answers at <code>/graphql</code>.</p>"""


def web_folder() -> Path | None:
    """Where the built app is: inside the installed package, or `web/dist` of a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "webapp", package.parent.parent / "web" / "dist"):
        if (folder / "index.html").is_file():
            return folder
    return None


def serve_static(path: str) -> Reply:
    """A file of the app, or the app's page for every address that it routes itself."""
    folder = web_folder()
    if folder is None:
        return Reply(200, _MISSING, {"content-type": "text/html; charset=utf-8", **_SECURITY})
    target = _file_at(folder, path)
    if path.startswith("/assets/") or target is not None:
        if target is None or not target.is_relative_to(folder.resolve()):
            return Reply(404, {"message": "There is no such file."})
        kind = mimetypes.guess_type(target.name)[0] or "application/octet-stream"
        cache = "public, max-age=31536000, immutable" if path.startswith("/assets/") else "no-cache"
        return Reply(200, target.read_bytes(), {"content-type": kind, "cache-control": cache, **_SECURITY})
    page = (folder / "index.html").read_bytes()
    return Reply(
        200, page, {"content-type": "text/html; charset=utf-8", "cache-control": "no-cache", **_SECURITY}
    )


def _file_at(folder: Path, path: str) -> Path | None:
    """The file that an address leads to, inside the folder or not."""
    try:
        target = (folder / path.lstrip("/")).resolve()
        return target if target.is_file() else None
    except (OSError, ValueError):  # no file can have this name: it is too long, or has the character U+0000
        return None
