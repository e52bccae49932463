"""The SDK's one name converter between Python's snake_case and the wire's camelCase (checklist row X-17)."""

import re

_WORD = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|\d|\b|_)|[A-Z]?[a-z]+|[A-Z]+|\d+")
_ACRONYMS = {"uri": "URI", "rgb": "RGB"}


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _capitalized(word: str) -> str:
    return _ACRONYMS.get(word, word.capitalize())


def camel_case(name: str) -> str:
    """`row_data` -> `rowData`, `instance_uri` -> `instanceURI`, `color_rgb` -> `colorRGB`."""
    first, *rest = _words(name)
    return first + "".join(_capitalized(word) for word in rest)


def title_case(name: str) -> str:
    """`row_data` -> `RowData`: the form of GraphQL type and operation names."""
    return "".join(_capitalized(word) for word in _words(name))


def snake_case(name: str) -> str:
    """`rowData` -> `row_data`, `instanceURI` -> `instance_uri`."""
    return "_".join(_words(name))
