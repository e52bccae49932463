"""Blobs: large bytes under a key, in a folder or in a bucket, and the signed links under which they are
served.

Keys are ours (`uploads/<id>/picture.jpg`): letters, digits and `._=-`, separated by slashes. What a put has
acknowledged is on disk. Ranges are half-open everywhere: `start` is the first byte, `end` the one after the
last.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urlencode, urlsplit

import orjson

LINK_PREFIX = "/api/v1/blobs/"
LINK_HOUR = 3600  # links made within one hour are equal, so that browsers can cache what they lead to

_KEY = re.compile(r"[A-Za-z0-9._=-]+(/[A-Za-z0-9._=-]+)*")


class BlobMissing(LookupError):
    """There is no blob under this key."""


class BlobLinkRefused(ValueError):
    """A blob link has expired or was not signed by this server."""


class RangeNotSatisfiable(ValueError):
    """The bytes asked for lie behind the end of the blob (HTTP 416)."""


@dataclass(frozen=True, slots=True)
class BlobLink:
    """What a verified link leads to."""

    key: str
    content_type: str
    filename: str


class BlobWriter(Protocol):
    """Takes the bytes of one blob in order."""

    async def write(self, data: bytes) -> None:
        """Append `data`."""


class BlobStore(Protocol):
    """Where blobs are. A missing blob raises `BlobMissing`, a key of another form ValueError."""

    async def put_bytes(self, key: str, data: bytes) -> None:
        """Store `data`; when this returns it is durable, and nobody ever sees a part of it."""

    async def put_file(self, key: str, path: Path, *, consume: bool = False) -> None:
        """Store the file's bytes; with `consume` the file is gone afterwards (by a rename when possible)."""

    def writer(self, key: str) -> AbstractAsyncContextManager[BlobWriter]:
        """`async with store.writer(key) as writer`: the blob appears whole at the end, or not at all."""

    async def read(self, key: str) -> bytes:
        """All bytes."""

    def open_range(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end` (None: to the last), in chunks."""

    async def size(self, key: str) -> int:
        """The number of bytes."""

    async def exists(self, key: str) -> bool:
        """Whether there is such a blob."""

    async def delete(self, keys: Sequence[str]) -> None:
        """Delete the blobs; those that do not exist are passed over."""

    async def check(self) -> None:
        """Raise OSError with a sentence when nothing can be written (for /readyz)."""

    def signed_path(
        self, key: str, *, expires_at: datetime, content_type: str = "", filename: str = ""
    ) -> str:
        """A link that needs no other credential: see `BlobSigner.signed_path`."""

    def verify(self, key: str, query: Mapping[str, str], *, now: datetime) -> BlobLink:
        """Check a link that came in: see `BlobSigner.verify`."""

    def key_of_path(self, path: str, *, now: datetime) -> str | None:
        """The key behind one of our own signed paths or URLs: see `BlobSigner.key_of_path`."""


class BlobSigner:
    """Signs and checks blob links with HMAC-SHA256; every server process with the same secret accepts
    them.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 16:
            raise ValueError("The blob secret must have at least 16 bytes.")
        self._secret = secret

    def signed_path(
        self, key: str, *, expires_at: datetime, content_type: str = "", filename: str = ""
    ) -> str:
        """`/api/v1/blobs/{key}?e=EXPIRY&t=CONTENT_TYPE&n=FILENAME&s=SIGNATURE`, a path on this server.

        The expiry (seconds since 1970) is rounded up to the hour, so equal requests give equal links.
        """
        moment = -(-int(expires_at.timestamp()) // LINK_HOUR) * LINK_HOUR
        signature = self._sign(check_key(key), str(moment), content_type, filename)
        query = urlencode({"e": moment, "t": content_type, "n": filename, "s": signature}, quote_via=quote)
        return f"{LINK_PREFIX}{key}?{query}"

    def verify(self, key: str, query: Mapping[str, str], *, now: datetime) -> BlobLink:
        """Return what the link leads to; raise `BlobLinkRefused` when it was altered or has expired."""
        expiry, content_type, filename = (query.get(name, "") for name in "etn")
        expected = self._sign(key, expiry, content_type, filename)
        if not hmac.compare_digest(expected.encode(), query.get("s", "").encode(errors="replace")):
            raise BlobLinkRefused("This link was not made by this server, or it was altered.")
        if now.timestamp() >= int(expiry):
            raise BlobLinkRefused("This link has expired.")
        return BlobLink(check_key(key), content_type, filename)

    def key_of_path(self, path: str, *, now: datetime) -> str | None:
        """The key behind one of our signed links (a path or a whole URL), or None when it is not one.

        Clients hand back links that they were given, and the server then reads the blob without a request to
        itself. The caller compares the host when that matters; the signature alone already proves the link
        ours.
        """
        try:
            parts = urlsplit(path)
        except ValueError:
            return None
        if not parts.path.startswith(LINK_PREFIX):
            return None
        query = dict(pair.partition("=")[::2] for pair in parts.query.split("&"))
        key = unquote(parts.path.removeprefix(LINK_PREFIX))
        try:
            return self.verify(key, {name: unquote(value) for name, value in query.items()}, now=now).key
        except BlobLinkRefused:
            return None

    def _sign(self, *parts: str) -> str:
        message = orjson.dumps([_surrogates_out(part) for part in parts])
        digest = hmac.digest(self._secret, message, hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def check_key(key: str) -> str:
    """Return `key`; ValueError when it is not of our form (an absolute path, `..`, odd characters)."""
    if len(key) > 900 or not _KEY.fullmatch(key) or any(part in (".", "..") for part in key.split("/")):
        raise ValueError(f"This is not a blob key: {key[:200]!r}")
    return key


def open_blob_store(url: str, secret: bytes) -> BlobStore:
    """The store behind `--blob-url`: a folder (a path or `file://`), or `s3://`, `gs://`, `az://` buckets.

    `secret` signs the links; all processes of one installation share it. Raises ValueError on another scheme.
    """
    signer = BlobSigner(secret)
    scheme, separator, _ = url.partition("://")
    if not separator or scheme == "file":
        from labelyard.plumbing.blobs_filesystem import FilesystemBlobs  # they import us

        return FilesystemBlobs(Path(unquote(url.removeprefix("file://"))), signer)
    if scheme in ("s3", "gs", "az", "azure", "memory"):
        from labelyard.plumbing.blobs_s3 import open_bucket  # they import us

        return open_bucket(url, signer)
    raise ValueError(f"Blobs cannot be kept at {url!r}: give a folder, or a URL with s3://, gs:// or az://.")


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The half-open range that a `Range` header asks for; None: send everything.

    A header that cannot be read, or with several ranges, is ignored as HTTP allows. Raises
    `RangeNotSatisfiable` when it asks for bytes behind the end.
    """
    found = re.fullmatch(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", header or "")
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        wanted = int(found[2])
        if wanted == 0 or size == 0:
            raise RangeNotSatisfiable(f"bytes */{size}")
        return max(0, size - wanted), size
    start = int(found[1])
    end = int(found[2]) + 1 if found[2] else size
    if found[2] and end <= start:
        return None
    if start >= size:
        raise RangeNotSatisfiable(f"bytes */{size}")
    return start, min(end, size)


# Types that no browser runs as script in our origin, and that it may show in place.
_SHOWN = re.compile(
    r"(image|video|audio|font)/[a-z0-9.+-]+|text/(plain|csv)|application/(pdf|json|x-ndjson|dicom)"
)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"


def served_content_type(content_type: str) -> str:
    """The content type under which bytes that somebody uploaded are served: none that runs in our origin.

    Script types become plain text, types without a readable name bytes. HTML, SVG and other XML keep theirs:
    `serving_headers` puts them in a sandbox.
    """
    name, _, parameters = content_type.partition(";")
    name = name.strip().lower()
    if not _TYPE.fullmatch(name):
        return "application/octet-stream"
    if "script" in name or name in ("text/css", "text/vbscript", "application/wasm"):
        return "text/plain; charset=utf-8"
    charset = re.search(r"charset\s*=\s*\"?([A-Za-z0-9._-]+)", parameters)
    if charset:
        return f"{name}; charset={charset[1]}"
    return f"{name}; charset=utf-8" if name in ("text/plain", "text/csv") else name


def serving_headers(content_type: str, filename: str) -> dict[str, str]:
    """The HTTP headers for bytes that somebody uploaded, so that they cannot act as our own pages.

    Markup (HTML, SVG, XML) goes out in a sandbox without scripts and with an origin of its own; what a
    browser does not show is offered as a download; guessing of types is off.
    """
    served = served_content_type(content_type)
    name = served.partition(";")[0]
    markup = any(word in name for word in ("html", "svg", "xml"))
    kind = "inline" if markup or _SHOWN.fullmatch(name) else "attachment"
    headers = {
        "Content-Type": served,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": _disposition(kind, filename),
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600",
        "Referrer-Policy": "no-referrer",
    }
    if name != "application/pdf":  # a sandbox keeps browsers from showing a PDF, which runs nothing of ours
        headers["Content-Security-Policy"] = _SANDBOX
    return headers


def _disposition(kind: str, filename: str) -> str:
    """Content-Disposition with the name in both spellings (RFC 6266)."""
    name = re.sub(r"[\x00-\x1f\x7f/\\]", "_", _surrogates_out(filename)).strip(" .")[-200:]
    if not name:
        return kind
    plain = re.sub(r"[^A-Za-z0-9 ._()+-]", "_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _surrogates_out(text: str) -> str:
    return text.encode(errors="replace").decode()
