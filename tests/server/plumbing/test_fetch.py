"""Server-side fetches: what may be reached, and when they end."""

import gzip
import hashlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from labelyard.plumbing.fetch import FetchFailed, FetchResult, fetch_to_file, is_public, send

LOOPBACK = (ip_network("127.0.0.1/32"),)
DATA = b"a picture " * 20_000


class Site(BaseHTTPRequestHandler):
    """A site on the loopback address."""

    received: list[tuple[str, dict[str, str], bytes]]

    def do_GET(self) -> None:
        self.server.received.append((self.path, dict(self.headers), b""))  # type: ignore[attr-defined]
        match self.path.strip("/").split("/"):
            case ["redirect", *rest]:
                self.send_response(302)
                self.send_header("Location", "/".join(rest))
                self.end_headers()
            case ["round"]:
                self.send_response(307)
                self.send_header("Location", "/round")
                self.end_headers()
            case ["status", code]:
                self.send_response(int(code))
                self.end_headers()
            case ["drip-headers"]:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
                self.drip()
            case ["drip"]:
                self.send_response(200)
                self.end_headers()
                self.drip()
            case ["short"]:
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                self.wfile.write(b"x" * 10)
            case ["endless"]:
                self.send_response(200)
                self.end_headers()
                try:
                    while True:
                        self.wfile.write(b"x" * 65536)
                except OSError:
                    return
            case ["bomb"]:
                self.send_response(200)
                self.send_header("Content-Encoding", "gzip")
                self.end_headers()
                self.wfile.write(gzip.compress(b"\0" * 50_000_000))
            case _:
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.send_header("Content-Length", str(len(DATA)))
                self.end_headers()
                self.wfile.write(DATA)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, dict(self.headers), body))  # type: ignore[attr-defined]
        self.send_response(202)
        self.end_headers()

    def drip(self) -> None:
        try:
            for _ in range(200):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def site() -> Iterator[Any]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.received = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def address(site: Any, host: str = "127.0.0.1") -> str:
    return f"http://{host}:{site.server_port}"


def fetch(url: str, path: Path, **options: Any) -> FetchResult:
    return fetch_to_file(url, path, **{"allow": LOOPBACK, "max_bytes": 10**6, "timeout": 5.0, **options})


def test_what_is_permitted_is_fetched(site: Any, tmp_path: Path) -> None:
    result = fetch(address(site) + "/a picture.png?x=1", tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == DATA
    assert (result.size, result.content_type) == (len(DATA), "image/png")
    assert result.sha256 == hashlib.sha256(DATA).hexdigest()
    path, headers, _ = site.received[0]
    assert path == "/a%20picture.png?x=1"
    assert headers["Host"] == f"127.0.0.1:{site.server_port}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1"])
def test_our_own_machine_is_not_fetched_from(site: Any, tmp_path: Path, host: str) -> None:
    with pytest.raises(FetchFailed, match="address") as caught:
        fetch(address(site, host), tmp_path / "f", allow=())
    assert caught.value.kind == "Forbidden"
    assert site.received == []
    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://h/x", "gopher://h", "/etc/passwd", "http://", "", "x:"]
)
def test_only_http_is_fetched(tmp_path: Path, url: str) -> None:
    with pytest.raises(FetchFailed):
        fetch(url, tmp_path / "f")


def test_redirects_are_followed_and_checked(site: Any, tmp_path: Path) -> None:
    result = fetch(address(site) + "/redirect//there", tmp_path / "f")
    assert result.url == address(site) + "/there"
    elsewhere = address(site, "127.0.0.2")
    with pytest.raises(FetchFailed, match=r"127\.0\.0\.2"):
        fetch(f"{address(site)}/redirect/{elsewhere}", tmp_path / "g")
    with pytest.raises(FetchFailed, match="only http"):
        fetch(f"{address(site)}/redirect/file:///etc/passwd", tmp_path / "g")
    with pytest.raises(FetchFailed, match="5 redirects"):
        fetch(address(site) + "/round", tmp_path / "g")
    assert [path for path, _, _ in site.received].count("/round") == 6


def test_a_name_is_resolved_once_and_the_checked_address_is_used(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    asked: list[str] = []

    def rebinding(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host == "rebind.test":
            asked.append(host)
            return real("127.0.0.1" if len(asked) == 1 else "127.0.0.9", port, *args, **kwargs)
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    fetch(address(site, "rebind.test") + "/x", tmp_path / "f")
    assert asked == ["rebind.test"]
    assert site.received[0][1]["Host"] == f"rebind.test:{site.server_port}"
    with pytest.raises(FetchFailed):
        fetch(address(site, "rebind.test") + "/x", tmp_path / "f")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, "NotFound"),
        (403, "Forbidden"),
        (429, "TooManyRequests"),
        (500, "FetchFailed"),
        (204, "FetchFailed"),
    ],
)
def test_a_refusal_is_named(site: Any, tmp_path: Path, status: int, kind: str) -> None:
    with pytest.raises(FetchFailed, match=str(status)) as caught:
        fetch(f"{address(site)}/status/{status}", tmp_path / "f")
    assert (caught.value.kind, caught.value.status) == (kind, status)


@pytest.mark.parametrize("path", ["/x", "/endless", "/bomb"])
def test_too_many_bytes_are_refused(site: Any, tmp_path: Path, path: str) -> None:
    with pytest.raises(FetchFailed, match="100000"):
        fetch(address(site) + path, tmp_path / "f", max_bytes=100_000)
    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize("path", ["/drip", "/drip-headers"])
def test_a_slow_answer_ends_in_time(site: Any, tmp_path: Path, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(FetchFailed, match=r"within 0\.5 seconds") as caught:
        fetch(address(site) + path, tmp_path / "f", timeout=0.5)
    assert caught.value.kind == "FetchTimeout"
    assert time.monotonic() - started < 3
    assert not (tmp_path / "f").exists()


def test_a_cut_answer_is_not_taken_for_whole(site: Any, tmp_path: Path) -> None:
    with pytest.raises(FetchFailed):
        fetch(address(site) + "/short", tmp_path / "f")
    assert not (tmp_path / "f").exists()


def test_nobody_there_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchFailed, match="could not be reached") as caught:
        fetch(f"http://127.0.0.1:{port}/", tmp_path / "f")
    assert "object at" not in str(caught.value)
    with pytest.raises(FetchFailed, match="not known"):
        fetch("http://no-such-host.invalid/", tmp_path / "f")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that signs itself, for the host names.test."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("making a certificate needs openssl")
    path = tmp_path / "certificate.pem"
    subprocess.run(
        [
            openssl,
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=names.test",
            "-addext",
            "subjectAltName=DNS:names.test",
            "-keyout",
            path,
            "-out",
            tmp_path / "only.pem",
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + (tmp_path / "only.pem").read_bytes())
    return path


def test_https_checks_the_name_though_it_connects_to_an_address(
    site: Any, tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    site.socket = context.wrap_socket(site.socket, server_side=True)
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        return real("127.0.0.1" if host.endswith(".test") else host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(FetchFailed, match="certificate"):
        fetch(f"https://names.test:{site.server_port}/x", tmp_path / "f")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(f"https://names.test:{site.server_port}/x", tmp_path / "f").size == len(DATA)
    with pytest.raises(FetchFailed, match="certificate"):
        fetch(f"https://other.test:{site.server_port}/x", tmp_path / "f")


def test_send_delivers_and_returns_the_answer(site: Any) -> None:
    answer = send(address(site) + "/hook", b'{"a":1}', headers={"X-Event": "e"}, allow=LOOPBACK, timeout=5.0)
    assert answer.status == 202
    path, headers, body = site.received[0]
    assert (path, headers["X-Event"], body) == ("/hook", "e", b'{"a":1}')
    with pytest.raises(FetchFailed):
        send(address(site) + "/hook", b"", headers={}, timeout=5.0)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_is_public(text: str, public: bool) -> None:
    assert is_public(ip_address(text)) is public
