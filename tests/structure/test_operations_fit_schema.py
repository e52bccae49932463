"""Every operation that a published client sends has its root fields, arguments and selections in our SDL.

`docs/wire/operations.tsv` lists them: area, kind, name, the clients that send it, what it selects (as in GraphQL) and
its arguments (`field(argument.member)`). What our SDK and web send is compared in tests/sdk/test_documents_fit_schema
and in test_web_documents_fit_schema.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    build_schema,
    get_named_type,
)

from labelyard.app import binding
from repository import ROOT

# roots that come with models and their runs; they are absent, not faked
LATER = re.compile(r"ModelRun|FromMea|SavedModelQuery|meaToMal|MEA|mEA|[mM]odelErrorAnalysis")
# what a client could send by its generic filters, and nobody means: a JSON document that equals another, a text that
# is made when it is asked for; and vectors, which come with embeddings
NOT_SERVED = {
    "createDataRow(data.embeddings)",
    "dataRow.labels(where.AND.label)",
    "dataset.dataRows(where.customMetadata)",
    "dataset.dataRows(where.mediaAttributes)",
    "dataset.dataRows(where.metadataFields)",
    "organization.tasks(where.metadata)",
    "user.createdTasks(where.metadata)",
}
_TOKEN = re.compile(r"\w+|[{}]")


class Operation(NamedTuple):
    """A line of the table."""

    area: str
    kind: str
    name: str
    clients: str
    selections: str
    arguments: str

    @property
    def id(self) -> str:
        return f"{self.name} {self.selections.partition('{')[0].partition(' ')[0]}"


def table() -> list[Operation]:
    lines = (ROOT / "docs" / "wire" / "operations.tsv").read_text("utf-8").splitlines()
    found = [Operation(*line.split("\t")) for line in lines[1:]]
    return [operation for operation in found if not LATER.search(operation.selections)]


@pytest.fixture(scope="module")
def schema() -> Any:
    return build_schema(binding().sdl, assume_valid_sdl=True)


def tree(text: str) -> dict[str, Any]:
    """`a{b c{d}} e` as dictionaries."""
    stack: list[dict[str, Any]] = [{}]
    last = ""
    for token in _TOKEN.findall(text):
        if token == "{":
            stack.append(stack[-1][last])
        elif token == "}":
            stack.pop()
        else:
            stack[-1][token] = {}
            last = token
    return stack[0]


def missing_selections(kind: Any, wanted: dict[str, Any], path: str) -> list[str]:
    """The paths that the type does not have."""
    missing = []
    for name, below in wanted.items():
        holders = list(_holders(kind, name))
        if not holders:
            missing.append(f"{path}{name}")
            continue
        inner = get_named_type(holders[0].fields[name].type)
        if below and not isinstance(inner, GraphQLScalarType):
            missing += missing_selections(inner, below, f"{path}{name}.")
    return missing


def _holders(kind: Any, name: str) -> Any:
    kinds = kind.types if isinstance(kind, GraphQLUnionType) else (kind,)
    for one in kinds:
        if isinstance(one, GraphQLObjectType | GraphQLInterfaceType) and name in one.fields:
            yield one


def missing_argument(root: Any, text: str) -> str | None:
    """The argument when the field does not take it; a scalar takes whatever is inside."""
    field_path, _, argument = text.rstrip(")").partition("(")
    kind: Any = root
    field: Any = None
    for name in field_path.split("."):
        holder = next(iter(_holders(kind, name)), None)
        if holder is None:
            return text
        field = holder.fields[name]
        kind = get_named_type(field.type)
    members = argument.split(".")
    if members[0] not in field.args:
        return text
    given: Any = get_named_type(field.args[members[0]].type)
    for member in members[1:]:
        if not isinstance(given, GraphQLInputObjectType):
            return None
        if member not in given.fields:
            return text
        given = get_named_type(given.fields[member].type)
    return None


@pytest.mark.parametrize("operation", table(), ids=lambda operation: operation.id)
def test_an_operation_of_the_published_clients_fits(operation: Operation, schema: Any) -> None:
    root = schema.mutation_type if operation.kind == "mutation" else schema.query_type
    missing = missing_selections(root, tree(operation.selections), "")
    arguments = [text for text in operation.arguments.split() if text not in NOT_SERVED]
    missing += [text for text in arguments if missing_argument(root, text)]
    assert not missing, f"{operation.area}: {operation.name} ({operation.clients}): {missing}"
