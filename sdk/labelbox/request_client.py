"""RequestClient: one POST over a shared keep-alive connection pool, retries, wire code -> exception.

Wire: GraphQL over HTTP at the endpoint, the same at `/_gql` for calls that the reference calls experimental
(checklist X-01), multipart uploads (X-18), and plain GETs of addresses that the server hands out.
"""

import json
import platform
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

from labelbox._version import __version__
from labelbox.exceptions import (
    ApiLimitError,
    AuthenticationError,
    AuthorizationError,
    InternalServerError,
    InvalidQueryError,
    LabelboxError,
    NetworkError,
    ResourceNotFoundError,
    TimeoutError,
)
from labelbox.multipart_body import FilePart, MultipartBody
from labelbox.sdk_methods import SDK_METHODS
from labelbox.wire_errors import exception_of, is_not_found

if TYPE_CHECKING:
    import urllib3

T = TypeVar("T")

_OPERATION = re.compile(r"\s*(query|mutation)\s+(\w+)")
_READ_SIZE = 1 << 20
_LONGEST_PAUSE_SECONDS = 60.0

_pool: "urllib3.PoolManager | None" = None
_pool_lock = threading.Lock()


def _connections() -> "urllib3.PoolManager":
    """The one connection pool of the process; made at the first request so that importing stays fast."""
    global _pool
    with _pool_lock:
        if _pool is None:
            import urllib3

            _pool = urllib3.PoolManager(num_pools=16, maxsize=64, retries=False)
        return _pool


class RequestClient:
    """Sends documents and files to one server with one API key. Safe to share between threads."""

    def __init__(self, endpoint: str, api_key: str, rest_endpoint: str) -> None:
        self.endpoint = endpoint
        self.rest_endpoint = rest_endpoint.rstrip("/")
        self.retry_seconds = 120.0
        self.first_pause_seconds = 1.0
        self.headers = {
            "Authorization": f"Bearer {api_key}",
            "Accept": "application/json",
            "X-User-Agent": f"python-sdk {__version__}",
            "X-Python-Version": platform.python_version(),
        }

    def execute(
        self,
        query: str,
        params: Mapping[str, Any] | None = None,
        timeout: float = 30.0,
        experimental: bool = False,
        raise_return_resource_not_found: bool = False,
    ) -> Any:
        """Runs a document and returns its `data`; None when the server answers RESOURCE_NOT_FOUND.

        `timeout` is in seconds. With `raise_return_resource_not_found` that answer raises
        ResourceNotFoundError instead. Raises the exceptions of `labelbox.exceptions` (R-CLI-17).
        """
        body = json.dumps({"query": query, "variables": params}, default=str).encode()
        operation = _OPERATION.match(query)
        headers = {**self.headers, "Content-Type": "application/json", **_sdk_method(operation)}
        is_read = operation is not None and operation[1] == "query"

        def send() -> Any:
            try:
                return self._post(body, headers, timeout, experimental)
            except NetworkError:
                # An idle connection that the server closed: asking again is safe for a query only.
                if not is_read:
                    raise
                return self._post(body, headers, timeout, experimental)

        return self._data(self._retrying(send), raise_return_resource_not_found)

    def upload(
        self,
        query: str,
        variables: Mapping[str, Any],
        part: FilePart,
        key: str = "1",
        variable: str = "file",
        timeout: float = 600.0,
    ) -> Any:
        """Runs a mutation whose variable at the path `variable` is a file, streaming the file.

        Raises ResourceNotFoundError when the object that the file is for is not there.
        """
        headers = {**self.headers, **_sdk_method(_OPERATION.match(query))}
        # A name typed by the user is the key of a form part; the header must stay one line.
        body = MultipartBody(query, variables, key, variable, part)

        def send() -> Any:
            body.rewind()
            sized = {**headers, "Content-Type": body.content_type, "Content-Length": str(body.length)}
            return self._post(body, sized, timeout, False)

        try:
            return self._data(self._retrying(send), True)
        finally:
            body.close()

    def rest(self, method: str, path: str, body: Any = None, timeout: float = 60.0) -> Any:
        """Calls a REST address below `rest_endpoint` and returns the decoded JSON or None."""
        url = f"{self.rest_endpoint}/{path.lstrip('/')}"
        headers = {**self.headers, "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body).encode()

        def send() -> Any:
            response = self._request(method, url, content, headers, timeout)
            if response.status >= 500:
                raise InternalServerError(_reason(response), response.status)
            return response

        response = self._retrying(send)
        decoded = _decoded(response.data)
        if response.status < 400:
            return decoded
        message = decoded.get("message") if isinstance(decoded, dict) else None
        message = "; ".join(message) if isinstance(message, list) else message or _reason(response)
        by_status: dict[int, type[LabelboxError]] = {
            400: InvalidQueryError,
            401: AuthenticationError,
            403: AuthorizationError,
            429: ApiLimitError,
        }
        if response.status == 404:
            raise ResourceNotFoundError(message=message)
        raise by_status.get(response.status, LabelboxError)(message)

    def stream(self, url: str, timeout: float = 60.0) -> Iterator[bytes]:
        """The bytes of an address that the server handed out, in pieces of at most 1 MiB.

        No key is sent: such addresses are signed. Raises LabelboxError when the answer is not 200.
        """
        response = self._request("GET", urljoin(self.endpoint, url), None, {}, timeout, preload=False)
        try:
            if response.status != 200:
                kind = InternalServerError if response.status >= 500 else LabelboxError
                raise kind(f"Could not read {url}: {_reason(response)}")
            while chunk := response.read(_READ_SIZE):
                yield chunk
        finally:
            response.release_conn()

    def download(self, url: str, timeout: float = 60.0) -> bytes:
        """The whole content of an address that the server handed out."""
        return self._retrying(lambda: b"".join(self.stream(url, timeout)))

    def _post(self, body: Any, headers: Mapping[str, str], timeout: float, experimental: bool) -> Any:
        url = self.endpoint.replace("/graphql", "/_gql") if experimental else self.endpoint
        response = self._request("POST", url, body, headers, timeout)
        text = response.data
        if response.status >= 500 or (response.status != 200 and b"upstream connect error" in text):
            raise InternalServerError(_reason(response), text[:500].decode(errors="replace"))
        reply = _decoded(text)
        if not isinstance(reply, dict):
            raise LabelboxError("Failed to parse response as JSON.", _reason(response))
        errors = reply.get("errors") or []
        message = reply.get("message")
        if response.status == 429 or (isinstance(message, str) and message.startswith("You have exceeded")):
            raise ApiLimitError(str(message or _reason(response)))
        if errors:
            error = exception_of(errors)
            if error is not None:
                raise error
        elif response.status == 401:
            raise AuthenticationError("Invalid API key")
        elif response.status != 200:
            raise LabelboxError(_reason(response), message)
        return reply

    def _data(self, reply: dict[str, Any], raise_not_found: bool) -> Any:
        missing = is_not_found(reply.get("errors") or [])
        if missing is None:
            return reply.get("data")
        if raise_not_found:
            raise ResourceNotFoundError(message=missing)
        return None

    def _request(
        self,
        method: str,
        url: str,
        body: Any,
        headers: Mapping[str, str],
        timeout: float,
        preload: bool = True,
    ) -> Any:
        import urllib3

        if timeout is not None and timeout <= 0:
            raise TimeoutError(f"Timed out during query: {timeout} s are no time to answer in")
        try:
            if urlsplit(url).scheme not in ("http", "https"):
                raise urllib3.exceptions.LocationValueError(f"Invalid URL {url!r}: no http or https address")
            return _connections().request(
                method,
                url,
                body=body,
                headers=headers,
                timeout=urllib3.Timeout(total=timeout),
                preload_content=preload,
            )
        except urllib3.exceptions.NewConnectionError as error:
            # Refused or not found at all; urllib3 calls it a kind of timeout, too.
            raise NetworkError(error) from error
        except urllib3.exceptions.TimeoutError as error:
            raise TimeoutError("Timed out during query: " + str(error), error) from error
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise NetworkError(error) from error

    def _retrying(self, send: Callable[[], T]) -> T:
        """Repeats on InternalServerError only, with doubling pauses, for `retry_seconds` in total."""
        deadline = time.monotonic() + self.retry_seconds
        pause = self.first_pause_seconds
        while True:
            try:
                return send()
            except InternalServerError:
                wait = pause * random.uniform(0.8, 1.2)
                if time.monotonic() + wait > deadline:
                    raise
                time.sleep(wait)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _sdk_method(operation: re.Match[str] | None) -> dict[str, str]:
    method = SDK_METHODS.get(operation[2]) if operation else None
    return {"X-SDK-Method": method} if method else {}


def _decoded(text: bytes) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def _reason(response: Any) -> str:
    return f"{response.status} {response.reason or ''}".strip()
