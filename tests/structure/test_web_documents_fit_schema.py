"""Every GraphQL document that the web app sends fits our SDL: fields, arguments, variables."""

from __future__ import annotations

import re
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from labelyard.app import binding
from repository import ROOT

_DOCUMENT = re.compile(r"/\* GraphQL \*/ `([^`]*)`")
_NAMED = re.compile(r"const (\w+) = /\* GraphQL \*/ `([^`]*)`")
_INSERTED = re.compile(r"\$\{(\w+)\}")


def documents() -> list[tuple[str, str]]:
    """Where each document stands, and its text with the fragments it takes from its file; fragments alone are none."""
    found = []
    for path in sorted((ROOT / "web" / "src").rglob("*.ts*")):
        text = path.read_text("utf-8")
        named = dict(_NAMED.findall(text))
        for number, raw in enumerate(_DOCUMENT.findall(text)):
            whole = _INSERTED.sub(lambda match, named=named: named[match[1]], raw)  # type: ignore[misc]
            if not whole.lstrip().startswith("fragment"):
                name = re.search(r"(?:query|mutation) (\w+)", whole)
                found.append((f"{path.name} {name[1] if name else number}", whole))
    return found


@pytest.fixture(scope="module")
def schema() -> Any:
    return build_schema(binding().sdl, assume_valid_sdl=True)


@pytest.mark.parametrize("document", documents(), ids=lambda document: document[0])
def test_a_document_of_the_web_app_fits(document: tuple[str, str], schema: Any) -> None:
    errors = validate(schema, parse(document[1]))
    assert errors == []


def test_there_are_documents() -> None:
    assert len(documents()) > 15
