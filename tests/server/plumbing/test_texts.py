"""The character U+0000, which PostgreSQL has no place for, is refused where a request comes in."""

from __future__ import annotations

from typing import Any

import pytest
import urllib3
from graphql import parse

from factories import make_project, unique
from labelyard import errors
from labelyard.plumbing import texts

CREATE = "mutation($d: CreateProjectInput!) { createProject(data: $d) { id } }"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a\0b", 'variables is "a\\u0000b", which contains the character U+0000.'),
        ({"d": {"ids": ["a", "\0"]}}, 'variables.d.ids.1 is "\\u0000"'),
        ({"a\0": 1}, 'A name in variables is "a\\u0000"'),
        ({"n": [[{"m": "\0"}]]}, "variables.n.0.0.m is"),
        ("\0" + "x" * 1_000, "x" * 99 + '", which'),
    ],
)
def test_the_sentence_names_the_text_and_its_place(value: Any, words: str) -> None:
    with pytest.raises(errors.Malformed) as refused:
        texts.check_texts(value, "variables")
    assert words in refused.value.message
    assert "\0" not in refused.value.message


def test_other_values_pass() -> None:
    texts.check_texts({"a": ["u0000", "\\u0000", 0, None, True, 1.5, []], "é": "\x01"}, "variables")
    texts.check_literals('{ a(b: "\\u0001") }', parse('{ a(b: "\\u0001") }'))


@pytest.mark.parametrize("text", ['"a\\u0000"', '"\\u{0}"', '"""a\0"""', '[{c: "\\u0000"}]'])
def test_a_text_of_the_document_is_looked_at_too(text: str) -> None:
    document = f"{{ a(b: {text}) }}"
    with pytest.raises(errors.Malformed, match=r"U\+0000"):
        texts.check_literals(document, parse(document))


def test_graphql_refuses_it_and_makes_nothing(server: Any) -> None:
    name = unique("nul")
    answer = server.answer(CREATE, d={"name": f"{name}\0"})["errors"][0]
    assert answer["extensions"]["code"] == "MALFORMED_REQUEST"
    assert f'variables.d.name is "{name}\\u0000"' in answer["message"]
    literal = f'mutation {{ createProject(data: {{name: "{name}\\u0000"}}) {{ id }} }}'
    assert server.code(literal) == "MALFORMED_REQUEST"
    assert server.code("query($i: ID!) { project(where: {id: $i}) { id } }", i="\0") == "MALFORMED_REQUEST"
    found = server.graphql("query($n: String!) { projects(search: $n) { id } }", n=name)
    assert found["projects"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/v1/ontologies/a%00b", None),
        ("GET", "/api/v1/data-rows/a%00b/thumbnail", None),
        ("GET", "/api/v1/ontologies/unused?after=%00", None),
        ("POST", "/api/v1/session", b'{"email": "a\\u0000@example.com", "password": "x"}'),
        ("POST", "/api/v1/invites/a%00b", b'{"password": "long enough"}'),
    ],
)
def test_rest_refuses_it(server: Any, method: str, path: str, body: bytes | None) -> None:
    answer = urllib3.request(
        method,
        f"{server.url}{path}",
        body=body,
        headers={"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"},
    )
    assert answer.status == 400
    assert answer.json()["code"] == "MALFORMED_REQUEST"
    assert "U+0000" in answer.json()["message"]


def test_our_sdk_raises_with_the_sentence(server: Any, sdk: Any) -> None:
    import labelbox as lb

    project = sdk.get_project(make_project(server))
    with pytest.raises(lb.exceptions.MalformedQueryException, match=r"U\+0000"):
        project.update(description="a\0b")
    assert sdk.get_project(project.uid).description in (None, "")
