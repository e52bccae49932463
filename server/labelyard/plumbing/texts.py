"""Texts that can be kept: PostgreSQL has no place for the character U+0000, in texts as in JSON.

A request is searched for it where it comes in, so that no action meets it in the middle of its work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import DocumentNode, visit
from graphql.language import Visitor
from graphql.language.ast import StringValueNode

from labelyard import errors

_SHOWN = 100


def check_texts(value: Any, name: str) -> None:
    """Looks through a value as JSON has it. Raises Malformed naming the first text with U+0000 and its place."""
    if isinstance(value, str):
        if "\0" in value:
            shown = value[:_SHOWN].replace("\0", "\\u0000")
            raise errors.Malformed(f'{name} is "{shown}", which contains the character U+0000.')
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            check_texts(key, f"A name in {name}")
            check_texts(entry, f"{name}.{key}")
    elif isinstance(value, list):
        for position, entry in enumerate(value):
            if not isinstance(entry, str) or "\0" in entry:
                check_texts(entry, f"{name}.{position}")


def check_body(body: bytes, decoded: Any, name: str) -> None:
    """Looks through a decoded JSON body, which is quick where the escape of U+0000 is nowhere in its bytes."""
    if b"\\u0000" in body:
        check_texts(decoded, name)


def check_literals(text: str, document: DocumentNode) -> None:
    """Looks through the texts written out in a GraphQL document. Raises Malformed as `check_texts` does."""
    if "\0" in text or "\\u" in text:
        visit(document, _Literals())


class _Literals(Visitor):
    """Comes by every text of a document."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        """Looks at one."""
        check_texts(node.value, "A text of the document")
