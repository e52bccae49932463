"""Long lists of texts among the variables: a million ids are looked at as one thing, not one after the other.

graphql-core coerces each member of a list by itself, which holds up every other request for seconds. A text is
already what ID and String are coerced to, so such a list is put aside while the rest is coerced.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLID, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, GraphQLString

_LONG = 1_000
Path = tuple[str, ...]


def put_aside(value: Any, kind: Any, path: Path, aside: dict[Path, list[str]]) -> Any:
    """The value without its long lists of texts, which go into `aside` by where they were."""
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLInputObjectType) and isinstance(value, Mapping):
        return {
            name: put_aside(entry, kind.fields[name].type, (*path, name), aside)
            if name in kind.fields
            else entry
            for name, entry in value.items()
        }
    if isinstance(kind, GraphQLList) and isinstance(value, list) and len(value) > _LONG:
        member = kind.of_type
        if isinstance(member, GraphQLNonNull):
            member = member.of_type
        if member in (GraphQLID, GraphQLString) and set(map(type, value)) == {str}:
            aside[path] = value
            return value[:1]
    return value


def put_back(coerced: dict[str, Any], aside: dict[Path, list[str]]) -> None:
    """Puts the lists where they were."""
    for path, value in aside.items():
        place = coerced
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
