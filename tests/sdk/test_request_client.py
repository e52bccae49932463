"""RequestClient: error codes, retries, keep-alive, uploads, REST."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import labelbox as lb
from labelbox import exceptions
from labelbox.exceptions import InternalServerError, LabelboxError, ResourceNotFoundError

QUERY = "query Ask { user { id } }"

CODES = [
    ("AUTHENTICATION_ERROR", "jwt malformed", None, exceptions.AuthenticationError, "Invalid API key"),
    ("AUTHORIZATION_ERROR", "not you", None, exceptions.AuthorizationError, "not you"),
    ("GRAPHQL_PARSE_FAILED", "Syntax Error: x", None, exceptions.InvalidQueryError, "Syntax Error: x"),
    ("GRAPHQL_VALIDATION_FAILED", 'Cannot query field "b"', None, exceptions.InvalidQueryError, "Cannot"),
    (
        "GRAPHQL_VALIDATION_FAILED",
        "Query complexity limit exceeded",
        None,
        exceptions.ValidationFailedError,
        "Query",
    ),
    ("RESOURCE_CONFLICT", "taken", None, exceptions.ResourceConflict, "taken"),
    ("MALFORMED_REQUEST", "bad", None, exceptions.MalformedQueryException, "bad"),
    ("OPERATION_NOT_ALLOWED", "no", None, exceptions.OperationNotAllowedException, "no"),
    ("INTERNAL_SERVER_ERROR", "Syntax Error GraphQL", None, exceptions.InvalidQueryError, "Syntax Error"),
    ("INTERNAL_SERVER_ERROR", "Invite(s) cannot be sent", None, exceptions.InvalidQueryError, "Invite"),
    ("INTERNAL_SERVER_ERROR", "x", 400, exceptions.InvalidQueryError, "x"),
    ("INTERNAL_SERVER_ERROR", "x", 422, exceptions.UnprocessableEntityError, "x"),
    ("INTERNAL_SERVER_ERROR", "x", 426, exceptions.OperationNotAllowedException, "x"),
    ("INTERNAL_SERVER_ERROR", "x", 500, LabelboxError, "x"),
    ("INTERNAL_SERVER_ERROR", "x", None, LabelboxError, "x"),
    ("SOMETHING_NEW", "x", None, LabelboxError, "Unknown error"),
]


@pytest.mark.parametrize(("code", "message", "status", "expected", "text"), CODES)
def test_R_CLI_17_each_code_raises_its_class(
    server: Any,
    client: lb.Client,
    gql_error: Callable[..., Any],
    code: str,
    message: str,
    status: int | None,
    expected: type[Exception],
    text: str,
) -> None:
    server.on("Ask", gql_error(message, code, status))
    with pytest.raises(expected) as caught:
        client.execute(QUERY)
    assert type(caught.value) is expected
    assert str(caught.value).startswith(text)
    assert len(server.requests) == 1


def test_X_02_a_code_only_below_exception_counts_too(server: Any, client: lb.Client, reply: Any) -> None:
    error = {"message": "m", "extensions": {"exception": {"code": "AUTHENTICATION_ERROR"}}}
    server.on("Ask", reply({"errors": [error]}))
    with pytest.raises(exceptions.AuthenticationError):
        client.execute(QUERY)


def test_R_EX_12_not_found_is_none_unless_asked_for(
    server: Any, client: lb.Client, gql_error: Callable[..., Any]
) -> None:
    server.on("Ask", gql_error("gone", "RESOURCE_NOT_FOUND"))
    assert client.execute(QUERY) is None
    with pytest.raises(ResourceNotFoundError, match="gone"):
        client.execute(QUERY, raise_return_resource_not_found=True)


def test_R_CLI_21_too_many_requests(server: Any, client: lb.Client, reply: Any) -> None:
    server.on("Ask", reply({"message": "You have exceeded the limit"}, 429, {"Retry-After": "1"}))
    with pytest.raises(exceptions.ApiLimitError, match="You have exceeded"):
        client.execute(QUERY)


@pytest.mark.parametrize("status", [502, 503, 500])
def test_R_EX_05_faults_of_the_server_are_asked_again(
    server: Any, client: lb.Client, reply: Any, status: int
) -> None:
    server.on("Ask", reply(b"<html>Bad Gateway</html>", status), reply(b"", status), {"user": {"id": "u"}})
    assert client.execute(QUERY) == {"user": {"id": "u"}}
    assert len(server.requests) == 3


def test_R_EX_05_asking_again_ends_when_the_time_is_up(server: Any, client: lb.Client, reply: Any) -> None:
    server.on("Ask", reply(b"upstream connect error or disconnect/reset before headers", 503))
    with pytest.raises(InternalServerError):
        client.execute(QUERY)
    assert 3 <= len(server.requests) <= 8
    assert lb.Client("k").request_client.retry_seconds == 120.0


def test_X_02_a_mistake_is_asked_once(server: Any, client: lb.Client, gql_error: Callable[..., Any]) -> None:
    server.on("Ask", gql_error("m", "INTERNAL_SERVER_ERROR", 503))
    with pytest.raises(InternalServerError):
        client.execute(QUERY)
    assert len(server.requests) > 1
    server.requests.clear()
    server.on("Ask", gql_error("m", "MALFORMED_REQUEST"))
    with pytest.raises(exceptions.MalformedQueryException):
        client.execute(QUERY)
    assert len(server.requests) == 1


@pytest.mark.parametrize("body", [b"not json", b"[1]"])
def test_R_CLI_24_an_answer_that_is_no_json_object(
    server: Any, client: lb.Client, reply: Any, body: bytes
) -> None:
    server.on("Ask", reply(body))
    with pytest.raises(LabelboxError, match="parse response"):
        client.execute(QUERY)


def test_R_CLI_24_another_status_without_errors(server: Any, client: lb.Client, reply: Any) -> None:
    server.on("Ask", reply({"message": "teapot"}, 418))
    with pytest.raises(LabelboxError, match="418") as caught:
        client.execute(QUERY)
    assert caught.value.cause == "teapot"


def test_one_connection_serves_many_calls(server: Any, client: lb.Client) -> None:
    server.on("Ask", {"user": None})
    for _ in range(20):
        client.execute(QUERY)
    assert len({request.connection for request in server.requests}) == 1


def test_X_18_files_are_streamed_in_three_parts(server: Any, client: lb.Client, tmp_path: Path) -> None:
    content = bytes(range(256)) * 9000
    file = tmp_path / 'ship "1".jpg'
    file.write_bytes(content)
    server.on("UploadFile", {"uploadFile": {"url": "http://files/1", "filename": "ship.jpg"}})
    assert client.upload_file(file) == "http://files/1"
    request = server.requests[0]
    assert list(request.parts) == ["operations", "map", "1"]
    head, sent = request.parts["1"]
    assert sent == content
    assert 'filename="ship %221%22.jpg"' in head
    assert "Content-Type: image/jpeg" in head
    assert request.parts["map"][1] == b'{"1": ["variables.file"]}'
    assert request.variables == {"file": None, "contentLength": len(content), "sign": False}


def test_X_18_bytes_without_a_name(server: Any, client: lb.Client) -> None:
    server.on("UploadFile", {"uploadFile": {"url": "http://files/2", "filename": None}})
    assert client.upload_data(b"abc", sign=True) == "http://files/2"
    assert 'filename="1"' in server.requests[0].parts["1"][0]
    assert server.requests[0].variables["sign"] is True


def test_X_18_an_upload_is_asked_again_from_its_first_byte(
    server: Any, client: lb.Client, reply: Any, tmp_path: Path
) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"x" * 100_000)
    server.on("UploadFile", reply(b"", 502), {"uploadFile": {"url": "u", "filename": None}})
    client.upload_file(file)
    assert [request.parts["1"][1] for request in server.requests] == [b"x" * 100_000] * 2


def test_X_19_a_refused_upload(server: Any, client: lb.Client, reply: Any, tmp_path: Path) -> None:
    server.on("UploadFile", {"uploadFile": None})
    with pytest.raises(LabelboxError, match="gave no URL"):
        client.upload_data(b"abc")
    with pytest.raises(FileNotFoundError):
        client.upload_file(tmp_path / "none.jpg")


REST_CODES = [
    (400, exceptions.InvalidQueryError),
    (401, exceptions.AuthenticationError),
    (403, exceptions.AuthorizationError),
    (404, exceptions.ResourceNotFoundError),
    (429, exceptions.ApiLimitError),
    (409, LabelboxError),
]


@pytest.mark.parametrize(("status", "expected"), REST_CODES)
def test_rest_errors(
    server: Any, client: lb.Client, reply: Any, status: int, expected: type[LabelboxError]
) -> None:
    server.files["/api/v1/ontologies/o"] = reply({"message": "the reason"}, status)
    with pytest.raises(expected, match="the reason"):
        client.delete_unused_ontology("o")


def test_rest_calls_about_ontologies(server: Any, client: lb.Client, reply: Any) -> None:
    nodes = {
        "tools": [{"featureSchemaId": "f", "archived": True}],
        "classifications": [],
        "relationships": [],
    }
    server.files["/api/v1/ontologies/o"] = reply({"featureSchemaNodes": nodes})
    server.files["/api/v1/ontologies/unused"] = reply(b'["a", "b"]')
    server.files["/api/v1/ontologies/o/feature-schemas/f"] = reply({"archived": True, "deleted": False})
    server.files["/api/v1/ontologies/o/feature-schemas/f/unarchive"] = reply({"unarchived": True})
    assert client.is_feature_schema_archived("o", "f") is True
    assert client.get_unused_ontologies("x") == ["a", "b"]
    removed = client.delete_feature_schema_from_ontology("o", "f")
    assert (removed.archived, removed.deleted) == (True, False)
    client.unarchive_feature_schema_node("o", "f")
    assert [request.method for request in server.requests] == ["GET", "GET", "DELETE", "PATCH"]
    assert server.requests[1].body == b'{"after": "x"}'
    with pytest.raises(LabelboxError, match="not in the ontology"):
        client.is_feature_schema_archived("o", "other")
