"""GraphQL multipart requests as the published clients, and others, send them."""

import hashlib
import json
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelyard.plumbing.multipart import (
    MultipartMalformed,
    Upload,
    UploadTooLarge,
    disposition_parameters,
    receive_multipart,
)

OPERATIONS = {
    "query": "mutation U($file: Upload!) { uploadFile(file: $file) { url } }",
    "variables": {"file": None},
}


OPERATIONS_JSON = json.dumps(OPERATIONS)


async def stream(data: bytes, step: int) -> AsyncIterator[bytes]:
    for at in range(0, len(data), step):
        yield data[at : at + step]


async def receive(
    spool: Path, fields: list[tuple[str, Any]], *, step: int = 1000, max_bytes: int = 10**9
) -> Any:
    body, content_type = urllib3.encode_multipart_formdata(fields)
    return await receive_multipart({"content-type": content_type}, stream(body, step), spool, max_bytes)


def left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def request(name: str, file: Any) -> list[tuple[str, Any]]:
    return [
        ("operations", json.dumps(OPERATIONS)),
        ("map", json.dumps({name: ["variables.file"]})),
        (name, file),
    ]


async def test_a_file_takes_its_place_in_the_variables(tmp_path: Path) -> None:
    data = bytes(range(256)) * 3000
    operations = await receive(tmp_path, request("1", ("cam-3.jpg", data, "image/jpeg")))
    upload = operations["variables"]["file"]
    assert isinstance(upload, Upload)
    assert (upload.filename, upload.content_type, upload.size) == ("cam-3.jpg", "image/jpeg", len(data))
    assert upload.path.read_bytes() == data
    assert upload.sha256 == hashlib.sha256(data).hexdigest()
    assert operations["query"] == OPERATIONS["query"]


async def test_swapped_name_and_type_are_put_right(tmp_path: Path) -> None:
    operations = await receive(tmp_path, request("1", ("application/json", b"[]", "json_import.json")))
    upload = operations["variables"]["file"]
    assert (upload.filename, upload.content_type) == ("json_import.json", "application/json")


async def test_a_file_needs_neither_name_nor_type(tmp_path: Path) -> None:
    boundary = "b"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{OPERATIONS_JSON}\r\n'
        f'--{boundary}\r\ncontent-disposition: form-data; name=map\r\n\r\n{{"1": ["variables.file"]}}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="1"\r\n\r\nraw\r\n--{boundary}--\r\n'
    ).encode()
    for step in (1, 7, len(body)):
        headers = {"content-type": "multipart/form-data; boundary=b"}
        operations = await receive_multipart(headers, stream(body, step), tmp_path, 10**6)
        upload = operations["variables"]["file"]
        assert upload.path.read_bytes() == b"raw"
        assert (upload.filename, upload.content_type) == ("", "application/octet-stream")


@given(name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
async def test_a_part_may_have_any_name(tmp_path: Path, name: str) -> None:
    operations = await receive(tmp_path, request(name, (name, b"{}\n", "application/x-ndjson")))
    assert operations["variables"]["file"].path.read_bytes() == b"{}\n"


async def test_files_before_the_map_and_several_places(tmp_path: Path) -> None:
    operations = await receive(
        tmp_path,
        [
            ("b", ("b.bin", b"B", "a/b")),
            ("a", ("a.bin", b"A", "a/b")),
            ("map", json.dumps({"a": ["0.variables.x", "1.variables.files.1"], "b": "0.variables.y"})),
            ("operations", json.dumps([{"variables": {}}, {"variables": {"files": [None, None]}}])),
        ],
    )
    assert operations[0]["variables"]["x"].filename == "a.bin"
    assert operations[0]["variables"]["y"].filename == "b.bin"
    assert operations[1]["variables"]["files"][1].filename == "a.bin"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ([("map", "{}")], "no part 'operations'"),
        ([("operations", "{}")], "no part 'map'"),
        ([("operations", "{"), ("map", "{}")], "'operations' is not JSON"),
        ([("operations", "{}"), ("map", "[]")], "`map` is not"),
        ([("operations", "{}"), ("map", '{"1":["variables.file"]}')], "no file part '1'"),
        (
            [("operations", "{}"), ("map", '{"1":["variables.file"]}'), ("1", ("f", b"x", "a/b"))],
            "variables.file",
        ),
        (
            [("operations", '{"a": 1}'), ("map", '{"1": 5}'), ("1", ("f", b"x", "a/b"))],
            "no list of places for '1', but 5",
        ),
        (request("1", ("a" + chr(0), b"x", "a/b")), r"'1' contains the character U\+0000"),
        (request("1", ("f", b"x", "a/b; c=" + chr(0))), r"'1' contains the character U\+0000"),
    ],
)
async def test_what_is_missing_is_named_and_nothing_stays(
    tmp_path: Path, fields: list[tuple[str, Any]], reason: str
) -> None:
    with pytest.raises(MultipartMalformed, match=reason):
        await receive(tmp_path, fields)
    assert left(tmp_path) == []


async def test_a_cut_request_is_refused_and_nothing_stays(tmp_path: Path) -> None:
    body, content_type = urllib3.encode_multipart_formdata(request("1", ("f", b"x" * 5000, "a/b")))
    for cut in (0, 10, len(body) // 2, len(body) - 30):
        with pytest.raises(MultipartMalformed):
            await receive_multipart({"content-type": content_type}, stream(body[:cut], 100), tmp_path, 10**6)
        assert left(tmp_path) == []
    with pytest.raises(MultipartMalformed, match="boundary"):
        await receive_multipart({"content-type": "multipart/form-data"}, stream(body, 100), tmp_path, 10**6)


async def test_too_large_is_refused_early(tmp_path: Path) -> None:
    with pytest.raises(UploadTooLarge):
        await receive(tmp_path, request("1", ("f", b"x" * 5000, "a/b")), max_bytes=4000)
    with pytest.raises(UploadTooLarge, match="99999"):
        headers = {"content-type": "multipart/form-data; boundary=b", "content-length": "99999"}
        await receive_multipart(headers, stream(b"", 1), tmp_path, 4000)
    assert left(tmp_path) == []


async def test_a_large_file_never_is_in_memory(tmp_path: Path) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield (
            b'--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"variables":{"file":null}}\r\n'
            b'--b\r\nContent-Disposition: form-data; name="map"\r\n\r\n{"1":["variables.file"]}\r\n'
            b'--b\r\nContent-Disposition: form-data; name="1"; filename="f"\r\n\r\n'
        )
        for _ in range(1000):
            yield b"\r\n-" * 16384
        yield b"\r\n--b--\r\n"

    tracemalloc.start()
    operations = await receive_multipart(
        {"content-type": "multipart/form-data; boundary=b"}, body(), tmp_path, 10**9
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert operations["variables"]["file"].size == 1000 * 3 * 16384
    assert peak < 4_000_000


def test_disposition_spellings() -> None:
    assert disposition_parameters('form-data; name="a\\"b"; filename="C:\\dir\\x.png"') == {
        "name": 'a"b',
        "filename": "C:\\dir\\x.png",
    }
    assert disposition_parameters("form-data; name*=utf-8''%C3%A4; filename=\"fallback\"")["name"] == "ä"
