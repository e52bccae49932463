"""Fetching URLs that users gave us, from the server: only from addresses that they may reach through us.

The host name is resolved once, every address is checked, and the connection goes to a checked address, so a
name that resolves differently a moment later changes nothing. Redirects are checked like the first URL.
"""

import hashlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Url, parse_url

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

REDIRECTS = 5
CONNECT_SECONDS = 10.0
CHUNK = 256 * 1024
ANSWER_BYTES = 16 * 1024
_REDIRECT_STATUSES = (301, 302, 303, 307, 308)
_NAT64 = ip_network("64:ff9b::/96")


class FetchFailed(Exception):
    """A URL could not be fetched; the text is a sentence for the user.

    `kind` is the processing issue's name: FetchFailed, FetchTimeout, Forbidden, NotFound, TooManyRequests.
    """

    def __init__(self, message: str, kind: str = "FetchFailed", status: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What was fetched. `url` is the last one after redirects; `total` is how much there is, as far as was said."""

    url: str
    content_type: str
    size: int
    sha256: str
    total: int | None = None


def fetch_to_file(
    url: str,
    path: Path,
    *,
    allow: Sequence[Network] = (),
    max_bytes: int,
    timeout: float,
    headers: Mapping[str, str] | None = None,
    beginning: bool = False,
) -> FetchResult:
    """Fetch `url` into the file `path`, at most `max_bytes` in at most `timeout` seconds altogether. Blocks.

    Only http and https, to public addresses or those in `allow`; up to five redirects. With `beginning` the first
    `max_bytes` are enough, else more are a failure. Raises `FetchFailed`; the file is then gone.
    """
    if beginning:
        headers = {**(headers or {}), "Range": f"bytes=0-{max_bytes - 1}"}
    deadline = time.monotonic() + timeout
    try:
        for _ in range(REDIRECTS + 1):
            with _request("GET", url, allow, deadline, timeout, headers=headers) as response:
                location = response.headers.get("Location")
                if response.status in _REDIRECT_STATUSES and location:
                    url = urljoin(url, location)
                    # whatever was meant for the first host goes to no other
                    headers = {"Range": f"bytes=0-{max_bytes - 1}"} if beginning else None
                    continue
                _check_status(url, response.status, partial=beginning)
                total = _total(response)
                if total is not None and total > max_bytes and not beginning:
                    raise FetchFailed(f"{url} has {total} bytes; at most {max_bytes} are accepted.")
                size, sha256 = _save(response, path, url, max_bytes, beginning)
                return FetchResult(url, response.headers.get("Content-Type", ""), size, sha256, total)
        raise FetchFailed(f"{url} was reached through more than {REDIRECTS} redirects.")
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@dataclass(frozen=True, slots=True)
class SendResult:
    """What a receiver answered; of the body at most `ANSWER_BYTES`."""

    status: int
    headers: dict[str, str]
    body: bytes


def send(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    allow: Sequence[Network] = (),
    timeout: float,
) -> SendResult:
    """POST `body` to `url` under the same address rules; redirects are not followed. Blocks.

    For webhook deliveries. Raises `FetchFailed` when there is no answer in `timeout` seconds altogether.
    """
    deadline = time.monotonic() + timeout
    with _request("POST", url, allow, deadline, timeout, headers=headers, body=body) as response:
        return SendResult(int(response.status), dict(response.headers), response.read(ANSWER_BYTES))


def check_url(url: str) -> Url:
    """The URL in parts; `FetchFailed` unless it is http or https and names a host."""
    try:
        parts = parse_url(url)
    except urllib3.exceptions.LocationParseError:
        raise FetchFailed(f"{url!r} is not a URL.") from None
    if parts.scheme not in ("http", "https") or not parts.host:
        raise FetchFailed(f"{url!r} cannot be fetched: only http:// and https:// URLs can.")
    return parts


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, also when it hides an IPv4 address inside IPv6."""
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        hidden = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if hidden is not None:
            return is_public(hidden)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def checked_addresses(host: str, port: int, allow: Sequence[Network]) -> list[str]:
    """Resolve `host` and return the addresses that may be reached; `FetchFailed` when there is none."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchFailed(f"The host {host!r} is not known.") from None
    permitted = []
    for _, _, _, _, where in found:
        address = ip_address(str(where[0]).partition("%")[0])
        plain = address.ipv4_mapped if isinstance(address, IPv6Address) and address.ipv4_mapped else address
        if is_public(address) or any(
            plain in network for network in allow if network.version == plain.version
        ):
            permitted.append(str(address))
    if not permitted:
        raise FetchFailed(
            f"The host {host!r} is at an address that this server does not fetch from. "
            "Its administrator can permit address ranges with LABELYARD_FETCH_ALLOW.",
            kind="Forbidden",
        )
    return list(dict.fromkeys(permitted))


@contextmanager
def _request(
    method: str,
    url: str,
    allow: Sequence[Network],
    deadline: float,
    timeout: float,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Iterator[urllib3.HTTPResponse]:
    """One request to a checked address. The watchdog ends it at the deadline, however slowly bytes drip."""
    parts = check_url(url)
    host, port = str(parts.host), parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connect(parts, checked_addresses(host, port, allow), port, deadline, url, timeout)
    wire = connection.sock  # http.client lets go of it when an answer ends with the connection
    late = threading.Event()

    def give_up() -> None:
        late.set()
        with suppress(OSError):  # it may end by itself at the same moment
            wire.shutdown(socket.SHUT_RDWR)

    watchdog = threading.Timer(max(0.0, deadline - time.monotonic()), give_up)
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request(
            method,
            parts.request_uri,
            body=body,
            headers={
                "Host": host if parts.port is None else f"{host}:{parts.port}",
                "User-Agent": "Labelyard",
                "Accept": "*/*",
                "Accept-Encoding": "identity",
                **(headers or {}),
            },
            preload_content=False,
            decode_content=True,
        )
        yield connection.getresponse()
        if late.is_set():  # a body that ends with the connection looks whole when we cut it
            raise FetchFailed(f"{url} did not answer within {timeout:g} seconds.", "FetchTimeout")
    except FetchFailed:
        raise
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        if late.is_set() or isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
            raise FetchFailed(f"{url} did not answer within {timeout:g} seconds.", "FetchTimeout") from None
        raise FetchFailed(f"{url} could not be read: {_reason(error)}.") from None
    finally:
        watchdog.cancel()
        connection.close()


def _connect(
    parts: Url, addresses: Sequence[str], port: int, deadline: float, url: str, timeout: float
) -> HTTPConnection:
    problem: Exception | None = None
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        connection: HTTPConnection
        if parts.scheme == "https":
            connection = HTTPSConnection(
                address, port, timeout=min(left, CONNECT_SECONDS), server_hostname=str(parts.host).strip("[]")
            )
        else:
            connection = HTTPConnection(address, port, timeout=min(left, CONNECT_SECONDS))
        try:
            connection.connect()
        except (urllib3.exceptions.HTTPError, ssl.SSLError, OSError) as error:
            connection.close()
            problem = error
            continue
        connection.sock.settimeout(timeout)
        return connection
    if problem is None or type(problem) in (urllib3.exceptions.ConnectTimeoutError, TimeoutError):
        raise FetchFailed(f"{url} did not answer within {timeout:g} seconds.", "FetchTimeout")
    raise FetchFailed(f"{url} could not be reached: {_reason(problem)}.")


def _reason(error: BaseException) -> str:
    """The error in one line, without the addresses of our objects."""
    text = str(error.args[-1]) if error.args else str(error)
    return (text.rpartition(": ")[2] if "object at 0x" in text else text).strip().rstrip(".") or type(
        error
    ).__name__


def _check_status(url: str, status: int, *, partial: bool) -> None:
    if status == 200 or (partial and status == 206):
        return
    kind = {401: "Forbidden", 403: "Forbidden", 404: "NotFound", 410: "NotFound", 429: "TooManyRequests"}
    raise FetchFailed(f"{url} answered with HTTP status {status}.", kind.get(status, "FetchFailed"), status)


def _total(response: urllib3.HTTPResponse) -> int | None:
    """How many bytes there are in all, whether these are all of them or not."""
    _, _, said = response.headers.get("Content-Range", "").rpartition("/")
    if response.status != 206:
        said = response.headers.get("Content-Length", "")
    return int(said) if said.isdigit() else None


def _save(
    response: urllib3.HTTPResponse, path: Path, url: str, max_bytes: int, beginning: bool
) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    with path.open("wb") as file:
        while True:
            chunk = response.read1(CHUNK)
            if not chunk:
                break
            if beginning:
                chunk = chunk[: max_bytes - size]
            size += len(chunk)
            if size > max_bytes:
                raise FetchFailed(f"{url} has more than the {max_bytes} bytes that are accepted.")
            digest.update(chunk)
            file.write(chunk)
            if beginning and size == max_bytes:
                return size, digest.hexdigest()
    expected = response.headers.get("Content-Length", "")
    encoded = response.headers.get("Content-Encoding")
    if expected.isdigit() and not encoded and size < int(expected):
        raise FetchFailed(f"{url} ended after {size} of {expected} bytes.")
    return size, digest.hexdigest()
