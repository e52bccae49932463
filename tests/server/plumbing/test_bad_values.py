"""Every root of the SDL with bad values in every place: a sentence, never a fault of the server, and nothing changed.

The calls are made from the SDL, so that a new argument is tried without a new test. Each is a call that fits the
schema with one value put into one place of its arguments.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
    is_list_type,
)

from factories import make_label_project, submit, unique
from labelyard.app import binding

Path = tuple[str | int, ...]
_SCALARS = (GraphQLScalarType, GraphQLEnumType)
_LOOKED_UP = {  # how to come to an object whose fields take arguments
    "Project": "project",
    "Dataset": "dataset",
    "DataRow": "dataRow",
    "Organization": "organization",
    "User": "user",
}
_ENDS_THE_TEST = {"updateApiKey"}  # a call that happens to fit would take our own key
_NEEDED = {"dataRowIds", "fileUrl", "dataset", "label", "project", "predictionModel", "dataRow", "rowData"}
_NESTED: list[Any] = []
for _ in range(400):
    _NESTED = [_NESTED]
_BAD_LISTS: list[Any] = [[], [None], "x", 5, {}]
_BAD_OBJECTS: list[Any] = [{}, {"unknown": 1}, "x", [], 5]
_BAD: dict[str, list[Any]] = {
    "ID": ["", "a\0b", "x" * 10_000, "missing", -1, 2**70, True, 1.5, [], "%", "../etc"],
    "String": ["", "  ", "a\0b", "x" * 20_000, "\u2028\u202e☃", 5, True, [], {}, "%s%(x)s{}"],
    "Int": [-1, 0, 2**31 - 1, -(2**31), 2**31, 1.5, "1", True, "x", 10**30],
    "Float": [-1, 1e308, -1e308, 2**63, "1", "NaN", True, []],
    "Boolean": [1, "true", []],
    "DateTime": ["", "x", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 5, "\0"],
    "PageSize": [-1, 0, 2**63, 2**70, 1.5, "x", True],
    "UInt64": [-1, 0, 2**63, 2**70, 1.5, "x", True],
    "Json": [
        "",
        {"a": "\0"},
        {"\0": 1},
        5,
        True,
        [],
        [None],
        {},
        [{}],
        _NESTED,
        1e308,
        {"nodes": [{}], "edges": 1},
    ],
}
_BAD["JSON"] = _BAD["Json"]
_PLAIN: dict[str, Any] = {
    "Int": 1,
    "Float": 0.5,
    "Boolean": False,
    "DateTime": "2020-01-01T00:00:00Z",
    "Json": {},
    "JSON": {},
    "UInt64": 0,
    "PageSize": 5,
}


def _inner(kind: Any) -> Any:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _selection(kind: Any, depth: int = 0) -> str:
    """Every field that needs no argument, and one level below it."""
    kind = get_named_type(kind)
    if isinstance(kind, _SCALARS):
        return ""
    if isinstance(kind, GraphQLUnionType):
        return "{ __typename }"
    names = ["__typename"]
    for name, field in kind.fields.items():
        if any(isinstance(argument.type, GraphQLNonNull) for argument in field.args.values()):
            continue
        if isinstance(get_named_type(field.type), _SCALARS):
            names.append(name)
        elif depth < 1 and not is_list_type(_inner(field.type)):
            names.append(f"{name} {_selection(field.type, depth + 1)}")
    return f"{{ {' '.join(names)} }}"


class Call:
    """One root, or one field that takes arguments, with a document whose variables are its arguments."""

    def __init__(self, operation: str, name: str, steps: list[tuple[str, GraphQLField]]) -> None:
        self.name = name
        self.arguments: dict[str, GraphQLArgument] = {}
        opened, closed = "", ""
        for number, (step, field) in enumerate(steps):
            given = {f"v{number}_{key}": argument for key, argument in field.args.items()}
            if number + 1 < len(steps):  # on the way only what leads to the object
                given = {key: argument for key, argument in given.items() if key.endswith("_where")}
            self.arguments |= given
            passed = ", ".join(f"{key.partition('_')[2]}: ${key}" for key in given)
            opened += f"{step}{f'({passed})' if passed else ''} " + ("{ " if number + 1 < len(steps) else "")
            closed += " }" if number + 1 < len(steps) else ""
        declared = ", ".join(f"${key}: {argument.type}" for key, argument in self.arguments.items())
        head = f"{operation}({declared})" if declared else operation
        self.document = f"{head} {{ {opened}{_selection(steps[-1][1].type)}{closed} }}"

    def places(self) -> Iterator[tuple[Path, Any]]:
        """Every place in the arguments, with its type."""
        for name, argument in self.arguments.items():
            yield from _places(argument.type, (name,))

    def variables(self, way: Path, ids: dict[str, Any]) -> dict[str, Any]:
        """What has to be given, and what lies on the way to a place."""
        return {
            name: _plain(argument.type, (name,), way[1:] if way[:1] == (name,) else None, ids)
            for name, argument in self.arguments.items()
            if isinstance(argument.type, GraphQLNonNull) or way[:1] == (name,) or name == "v0_where"
        }


def _places(kind: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, kind
    kind = _inner(kind)
    if isinstance(kind, GraphQLList):
        yield from _places(kind.of_type, (*path, 0))
    elif isinstance(kind, GraphQLInputObjectType):
        for name, field in kind.fields.items():
            # the suffixes of filters are all made alike
            if name not in path and name != "AND" and not name.endswith(("_not", "_lt", "_lte", "_gte")):
                yield from _places(field.type, (*path, name))


def _plain(kind: Any, path: Path, way: Path | None, ids: dict[str, Any]) -> Any:
    """A value that fits: the id of an object there is, where the name tells which one is meant."""
    kind = _inner(kind)
    if isinstance(kind, GraphQLList):
        return [_plain(kind.of_type, (*path, 0), way[1:] if way else None, ids)]
    if isinstance(kind, GraphQLInputObjectType):
        return {
            name: _plain(field.type, (*path, name), way[1:] if way and way[0] == name else None, ids)
            for name, field in kind.fields.items()
            if isinstance(field.type, GraphQLNonNull)
            or (way is not None and way[:1] == (name,))
            or (
                name in _NEEDED and not (way and way[0] in ("globalKeys", "dataRowIdentifiers", "disconnect"))
            )
        }
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    names = [part for part in path if isinstance(part, str)]
    if kind.name in ("ID", "String"):
        return next((ids[name] for name in reversed(names) if name in ids), unique("text"))
    return _PLAIN.get(kind.name)


def _bad(kind: Any) -> list[Any]:
    kind = _inner(kind)
    if isinstance(kind, GraphQLList):
        return [None, *_BAD_LISTS]
    if isinstance(kind, GraphQLInputObjectType):
        return [None, *_BAD_OBJECTS]
    if isinstance(kind, GraphQLEnumType):
        return [None, "NOPE", "", 5]
    return [None, *_BAD.get(kind.name, [])]


def _calls(operation: str) -> list[Call]:
    schema = binding().schema
    root = schema.mutation_type if operation == "mutation" else schema.query_type
    assert root is not None
    found = []
    for name, field in root.fields.items():
        kind = get_named_type(field.type)
        if name in _ENDS_THE_TEST:
            continue
        if kind.name in binding().methods:
            assert isinstance(kind, GraphQLObjectType)
            inner = kind.fields.items()
            found += [Call(operation, f"{name}.{key}", [(name, field), (key, one)]) for key, one in inner]
        else:
            found.append(Call(operation, name, [(name, field)]))
    return found


def _field_calls() -> list[Call]:
    schema = binding().schema
    assert schema.query_type is not None
    found = []
    for type_name, root in _LOOKED_UP.items():
        kind = schema.type_map[type_name]
        assert isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items():
            if field.args:
                steps = [(root, schema.query_type.fields[root]), (name, field)]
                found.append(Call("query", f"{type_name}.{name}", steps))
    return found


def _objects(server: Any) -> dict[str, Any]:
    """The ids of objects, by the names that arguments have for them."""
    project, rows, _ = make_label_project(server, 3)
    label = submit(server, project, rows[2])["id"]
    found = server.graphql(
        """query($p: ID!, $r: ID!) { project(where: {id: $p}) { ontology { id } batches { nodes { id } }
          taskQueues { id } } dataRow(where: {id: $r}) { globalKey dataset { id } } roles { id name } }""",
        p=project,
        r=rows[0],
    )
    return {
        "project": project,
        "projectId": project,
        "projectIds": project,
        "dataRow": rows[0],
        "dataRowId": rows[0],
        "dataRowIds": rows[0],
        "dataRowIdentifier": rows[0],
        "dataRowIdentifiers": rows[0],
        "globalKeys": found["dataRow"]["globalKey"],
        "dataset": found["dataRow"]["dataset"]["id"],
        "datasetId": found["dataRow"]["dataset"]["id"],
        "ontologyId": found["project"]["ontology"]["id"],
        "batchId": found["project"]["batches"]["nodes"][0]["id"],
        "queueId": found["project"]["taskQueues"][0]["id"],
        "label": label,
        "labelId": label,
        "color": "4ED2F9",
        "url": "https://files.example.com/a.json",
        "fileUrl": "https://files.example.com/a.json",
        "jsonFileUrl": "https://files.example.com/a.json",
        "manifestUri": "https://files.example.com/a.json",
        "rowData": "https://files.example.com/a.jpg",
        "iframeUrlPath": "https://editor.example.com/",
        "normalized": json.dumps({"tools": [], "classifications": []}),
        "kind": "CustomMetadataString",
        "roleId": next(role["id"] for role in found["roles"] if role["name"] == "Labeler"),
    }


def _first_ids(call: Call, ids: dict[str, Any]) -> dict[str, Any]:
    """What `where: {id}` of this call means."""
    root = call.name.partition(".")[0]
    for noun in ("dataRow", "dataset", "label", "project"):
        if noun.lower() in root.lower():
            return {**ids, "id": ids[noun]}
    return ids


def _wrong(status: int, body: bytes, call: Call, place: Path, value: Any) -> str | None:
    """What is wrong with an answer."""
    shown = f"{call.name} {'.'.join(map(str, place))} = {value!r:.60}: {status} {body[:300]!r}"
    if status != 200:
        return shown
    for error in json.loads(body).get("errors") or ():
        code, message = error["extensions"]["code"], error["message"]
        if code == "INTERNAL_SERVER_ERROR" or code != error["extensions"]["exception"]["code"]:
            return shown
        if not message.strip() or "Traceback" in message:
            return shown
    return None


@pytest.mark.parametrize("kind", ["query", "field", "mutation"])
def test_no_value_in_any_place_is_a_fault_of_the_server(server: Any, kind: str) -> None:
    calls = _field_calls() if kind == "field" else _calls(kind)
    assert len(calls) > 20
    connections = urllib3.PoolManager()
    headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
    ids = _objects(server)
    wrong, made = [], 0
    for call in calls:
        if kind == "mutation" and call.name.startswith(
            ("updateProject", "updateDat", "delete", "project.delete")
        ):
            ids = _objects(server)  # the calls before may have taken some away
        given = _first_ids(call, ids)
        for place, declared in call.places():
            for value in _bad(declared):
                variables = call.variables(place, given)
                holder: Any = variables
                for step in place[:-1]:
                    holder = holder[step]
                holder[place[-1]] = value
                body = json.dumps({"query": call.document, "variables": variables})
                answer = connections.request(
                    "POST", f"{server.url}/graphql", body=body, headers=headers, timeout=20, retries=False
                )
                made += 1
                if fault := _wrong(answer.status, answer.data, call, place, value):
                    wrong.append(fault)
    assert made > 500
    assert wrong == []
