"""Every name, signature and default that the two mission documents print is in our SDK, found by inspection.

`docs/reference.tsv` is the table made from them: the dotted name, what kind of thing it is, and its detail: bases of
a class, arguments with their defaults (`*`: a default of our own), members of an enum (`+`: and more of newer
clients). What newer clients added to a signature comes after what is printed, and can be left out.
"""

from __future__ import annotations

import importlib
import inspect
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, NamedTuple

import pytest

from labelbox.orm.model import Field, Relationship, ToMany, ToOne
from repository import ROOT


class Printed(NamedTuple):
    """A line of the table."""

    name: str
    kind: str
    detail: str


def table() -> list[Printed]:
    lines = (ROOT / "docs" / "reference.tsv").read_text("utf-8").splitlines()
    return [Printed(*line.split("\t")) for line in lines[1:]]


def found(name: str) -> Any:
    """The object behind a dotted name. Raises AttributeError or ModuleNotFoundError."""
    steps = name.split(".")
    for length in range(len(steps), 0, -1):
        try:
            value: Any = importlib.import_module(".".join(steps[:length]))
        except ModuleNotFoundError:
            continue
        for step in steps[length:]:
            value = getattr(value, step)
        return value
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize("printed", table(), ids=lambda printed: f"{printed.name} {printed.kind}")
def test_what_the_documents_print_is_there(printed: Printed) -> None:
    CHECKS[printed.kind](found(printed.name), printed)


def test_a_name_stands_once_in_the_table() -> None:
    names = [printed.name for printed in table()]
    assert len(set(names)) == len(names)


def _class(value: Any, printed: Printed) -> None:
    assert inspect.isclass(value)
    ancestors = {ancestor.__name__ for ancestor in value.__mro__}
    assert set(printed.detail.split()) <= ancestors


def _field(value: Any, _: Printed) -> None:
    assert isinstance(value, Field)


def _to_one(value: Any, _: Printed) -> None:
    assert isinstance(value, ToOne)


def _to_many(value: Any, _: Printed) -> None:
    assert isinstance(value, ToMany)


def _enum(value: Any, printed: Printed) -> None:
    assert issubclass(value, Enum)
    members = printed.detail.split()
    names = {member.name for member in value}
    assert names >= set(members) - {"+"} if "+" in members else names == set(members)
    assert all(member.value == member.name for member in value)


def _member(value: Any, printed: Printed) -> None:
    assert isinstance(value, Enum) or value is not None, printed.name


def _method(value: Any, printed: Printed) -> None:
    _compare(value, printed.detail)


def _static(value: Any, printed: Printed) -> None:
    owner, _, name = printed.name.rpartition(".")
    assert isinstance(inspect.getattr_static(found(owner), name), staticmethod)
    _compare(value, printed.detail)


def _attributes(value: Any, _: Printed) -> None:
    """A method that takes attribute values by keyword."""
    parameters = inspect.signature(value).parameters.values()
    assert any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)


def _takes(value: Any, printed: Printed) -> None:
    """A method that takes these arguments by keyword, in any order."""
    parameters = inspect.signature(value).parameters
    open_ended = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    assert open_ended or set(printed.detail.split()) <= set(parameters)


def _callable(value: Any, printed: Printed) -> None:
    """A method, or a relationship that is called like one."""
    assert callable(value) or isinstance(value, Relationship)
    if printed.detail != "*":
        _compare(value, printed.detail)


def _property(value: Any, _: Printed) -> None:
    assert isinstance(value, property | Field)


CHECKS = {
    "attributes": _attributes,
    "callable": _callable,
    "class": _class,
    "enum": _enum,
    "field": _field,
    "function": _method,
    "member": _member,
    "method": _method,
    "property": _property,
    "static": _static,
    "takes": _takes,
    "to-many": _to_many,
    "to-one": _to_one,
}


def _compare(value: Any, detail: str) -> None:
    expected = [part.partition("=") for part in detail.split()]
    parameters = [p for p in inspect.signature(value).parameters.values() if p.name != "self"]
    assert [p.name for p in parameters[: len(expected)]] == [part[0] for part in expected]
    for parameter, (_, has_default, default) in zip(parameters, expected, strict=False):
        if not has_default:
            assert parameter.default is parameter.empty, f"{parameter.name} needs no default"
        elif default == "<factory>":
            assert parameter.default is not parameter.empty
        elif default != "*":
            assert str(parameter.default) == default
    rest = [p for p in parameters[len(expected) :] if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    assert [p.name for p in rest if p.default is p.empty] == []


def test_a_builder_begins_with_lists_of_its_own() -> None:
    builder = found("labelbox.schema.ontology.OntologyBuilder")
    assert is_dataclass(builder)
    assert {field.name for field in fields(builder) if field.default_factory is not MISSING} == {
        "tools",
        "classifications",
    }
