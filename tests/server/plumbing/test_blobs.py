"""Blobs in a folder and in a bucket, the links that lead to them, and how they are served."""

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelyard.plumbing.blobs import (
    BlobLinkRefused,
    BlobMissing,
    BlobSigner,
    BlobStore,
    RangeNotSatisfiable,
    open_blob_store,
    parse_range,
    served_content_type,
    serving_headers,
)

SECRET = b"a secret of enough bytes"
NOW = datetime(2026, 3, 1, 10, 20, tzinfo=UTC)


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    return open_blob_store(str(tmp_path / "blobs") if request.param == "folder" else "memory:///", SECRET)


async def collect(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def test_bytes_come_back_whole_and_in_ranges(store: BlobStore) -> None:
    data = os.urandom(3_000_000)
    await store.put_bytes("uploads/c1/a.bin", data)
    assert await store.read("uploads/c1/a.bin") == data
    assert await store.size("uploads/c1/a.bin") == len(data)
    assert await collect(store.open_range("uploads/c1/a.bin")) == data
    assert await collect(store.open_range("uploads/c1/a.bin", 5, 2_000_005)) == data[5:2_000_005]
    assert await collect(store.open_range("uploads/c1/a.bin", 2_999_999)) == data[-1:]
    assert await collect(store.open_range("uploads/c1/a.bin", 0, 1)) == data[:1]
    assert await collect(store.open_range("uploads/c1/a.bin", 7, 7)) == b""


async def test_an_empty_blob_is_a_blob(store: BlobStore) -> None:
    await store.put_bytes("empty", b"")
    assert await store.exists("empty")
    assert await store.size("empty") == 0
    assert await store.read("empty") == b""
    assert await collect(store.open_range("empty")) == b""


async def test_a_missing_blob_is_named(store: BlobStore) -> None:
    assert not await store.exists("none")
    for reading in (store.read("none"), store.size("none"), collect(store.open_range("none"))):
        with pytest.raises(BlobMissing, match="none"):
            await reading
    await store.delete(["none"])


async def test_deleted_blobs_are_gone_and_others_stay(store: BlobStore) -> None:
    await store.put_bytes("a/1", b"1")
    await store.put_bytes("a/2", b"2")
    await store.delete(["a/1", "a/none"])
    assert not await store.exists("a/1")
    assert await store.read("a/2") == b"2"


@pytest.mark.parametrize("consume", [True, False])
async def test_a_file_is_stored_and_consumed_only_when_asked(
    store: BlobStore, tmp_path: Path, consume: bool
) -> None:
    path = tmp_path / "spooled"
    path.write_bytes(b"spool" * 100_000)
    await store.put_file("x/y", path, consume=consume)
    assert await store.read("x/y") == b"spool" * 100_000
    assert path.exists() is not consume


async def test_a_writer_stores_everything_or_nothing(store: BlobStore) -> None:
    expected = hashlib.sha256()
    async with store.writer("w/whole") as writer:
        for number in range(40):
            piece = bytes([number]) * (1 if number % 2 else 1_000_000)
            expected.update(piece)
            await writer.write(piece)
        assert not await store.exists("w/whole")
    assert hashlib.sha256(await store.read("w/whole")).digest() == expected.digest()

    with pytest.raises(RuntimeError, match="half way"):
        async with store.writer("w/half") as writer:
            await writer.write(b"x" * 1000)
            raise RuntimeError("half way")
    assert not await store.exists("w/half")


async def test_many_writers_of_one_key_leave_one_whole_blob(store: BlobStore) -> None:
    await asyncio.gather(*(store.put_bytes("same", bytes([n]) * 100_000) for n in range(16)))
    data = await store.read("same")
    assert len(data) == 100_000 and len(set(data)) == 1


@pytest.mark.parametrize(
    "key", ["../secret", "/etc/passwd", "a/../b", "", "a//b", "a b", ".unfinished/x", "ä"]
)
async def test_a_key_cannot_leave_the_folder(tmp_path: Path, key: str) -> None:
    store = open_blob_store(str(tmp_path / "blobs"), SECRET)
    with pytest.raises(ValueError, match="not a blob key"):
        await store.put_bytes(key, b"x")
    with pytest.raises((ValueError, BlobMissing)):
        await store.read(key)


async def test_no_unfinished_file_stays_behind(tmp_path: Path) -> None:
    store = open_blob_store(f"file://{tmp_path}/blobs", SECRET)
    await store.put_bytes("a", b"a")
    async with store.writer("b") as writer:
        await writer.write(b"b")
    assert list((tmp_path / "blobs" / ".unfinished").iterdir()) == []
    await store.check()


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from labelyard.plumbing.blobs import open_blob_store\n"
        "async def main():\n"
        "    store = open_blob_store(sys.argv[1], b'a secret of enough bytes')\n"
        "    for n in range(100000):\n"
        "        await store.put_bytes(f'k/{n}', bytes([n % 256]) * 50000)\n"
        "        print(n, flush=True)\n"
        "asyncio.run(main())\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "blobs")], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    for line in writer.stdout:
        if int(line) >= 200:
            break
    writer.kill()
    acknowledged = 201 + len(writer.stdout.read().splitlines())
    writer.wait()
    for n in range(acknowledged):
        assert (tmp_path / "blobs" / "k" / str(n)).read_bytes() == bytes([n % 256]) * 50000
    whole = {path.stat().st_size for path in (tmp_path / "blobs" / "k").iterdir()}
    assert whole == {50000}


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="ftp://"):
        open_blob_store("ftp://somewhere/x", SECRET)


def follow(link: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(link)
    return unquote(parts.path.removeprefix("/api/v1/blobs/")), dict(
        parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)
    )


names = st.text(max_size=30)


@settings(deadline=None)
@given(content_type=names, filename=names)
def test_a_signed_link_leads_to_what_was_signed(content_type: str, filename: str) -> None:
    signer = BlobSigner(SECRET)
    link = signer.signed_path("a/b-c_d.e", expires_at=NOW, content_type=content_type, filename=filename)
    key, query = follow(link)
    found = signer.verify(key, query, now=NOW)
    assert (found.key, found.content_type, found.filename) == ("a/b-c_d.e", content_type, filename)
    assert signer.key_of_path("https://host.example" + link, now=NOW) == "a/b-c_d.e"


def test_a_link_is_the_same_within_the_hour_and_ends_after_it() -> None:
    signer = BlobSigner(SECRET)
    link = signer.signed_path("k", expires_at=NOW)
    assert link == signer.signed_path("k", expires_at=NOW + timedelta(minutes=30))
    assert link != signer.signed_path("k", expires_at=NOW + timedelta(minutes=50))
    key, query = follow(link)
    assert signer.verify(key, query, now=NOW + timedelta(minutes=39)).key == "k"
    with pytest.raises(BlobLinkRefused, match="expired"):
        signer.verify(key, query, now=NOW + timedelta(minutes=40))


@pytest.mark.parametrize(
    "change", [{"e": "99999999999"}, {"t": "text/html"}, {"n": "other"}, {"s": ""}, {"s": "é"}, {"e": "x"}]
)
def test_an_altered_link_is_refused(change: dict[str, str]) -> None:
    signer = BlobSigner(SECRET)
    key, query = follow(signer.signed_path("k", expires_at=NOW, content_type="image/png", filename="n"))
    with pytest.raises(BlobLinkRefused, match="not made by this server"):
        signer.verify(key, {**query, **change}, now=NOW)
    with pytest.raises(BlobLinkRefused):
        signer.verify("k2", query, now=NOW)
    with pytest.raises(BlobLinkRefused):
        BlobSigner(b"another secret, long too").verify(key, query, now=NOW)


def test_strangers_urls_are_not_ours() -> None:
    signer = BlobSigner(SECRET)
    for url in ("https://example.org/a.jpg", "/api/v1/blobs/k?s=1", "/api/v1/blobs/k", "", "http://[bad"):
        assert signer.key_of_path(url, now=NOW) is None


@pytest.mark.parametrize(
    ("header", "size", "expected"),
    [
        ("bytes=0-0", 10, (0, 1)),
        ("bytes=2-5", 10, (2, 6)),
        ("bytes=2-", 10, (2, 10)),
        ("bytes=2-999", 10, (2, 10)),
        ("bytes=-3", 10, (7, 10)),
        ("bytes=-30", 10, (0, 10)),
        (" bytes = 1 - 2 ", 10, (1, 3)),
        (None, 10, None),
        ("", 10, None),
        ("bytes=-", 10, None),
        ("bytes=5-2", 10, None),
        ("bytes=0-1,3-4", 10, None),
        ("lines=0-1", 10, None),
    ],
)
def test_parse_range(header: str | None, size: int, expected: tuple[int, int] | None) -> None:
    assert parse_range(header, size) == expected


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=10-", 10), ("bytes=10-12", 10), ("bytes=-0", 10), ("bytes=0-", 0)]
)
def test_a_range_behind_the_end_is_refused(header: str, size: int) -> None:
    with pytest.raises(RangeNotSatisfiable):
        parse_range(header, size)


@pytest.mark.parametrize(
    ("content_type", "served"),
    [
        ("image/png", "image/png"),
        ("IMAGE/JPEG", "image/jpeg"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/plain; charset=latin-1", "text/plain; charset=latin-1"),
        ("application/javascript", "text/plain; charset=utf-8"),
        ("text/ecmascript", "text/plain; charset=utf-8"),
        ("text/html", "text/html"),
        ("", "application/octet-stream"),
        ("not a type", "application/octet-stream"),
        ("image/png\r\nSet-Cookie: a=b", "application/octet-stream"),
    ],
)
def test_served_content_type(content_type: str, served: str) -> None:
    assert served_content_type(content_type) == served


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"])
def test_markup_is_served_in_a_sandbox(content_type: str) -> None:
    headers = serving_headers(content_type, "a.svg")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("sandbox;") and "default-src 'none'" in policy and "allow-scripts" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_what_browsers_do_not_show_is_a_download() -> None:
    assert serving_headers("application/zip", "a.zip")["Content-Disposition"].startswith("attachment;")
    assert serving_headers("image/png", "a.png")["Content-Disposition"].startswith("inline;")
    assert "Content-Security-Policy" not in serving_headers("application/pdf", "a.pdf")


@settings(deadline=None)
@given(filename=st.text())
def test_no_file_name_breaks_a_header(filename: str) -> None:
    disposition = serving_headers("image/png", filename)["Content-Disposition"]
    assert disposition.isascii() and disposition.isprintable()
    assert disposition.count('"') in (0, 2)
