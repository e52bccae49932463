"""Every SDL field has one resolver, and the reverse; the server refuses to start otherwise."""

from __future__ import annotations

from types import ModuleType

import pytest

from labelyard import app, rooms
from labelyard.plumbing.binding import BindingError, Room, bind
from labelyard.plumbing.source import Column, Rows


def _room(sdl: str, **classes: type) -> Room:
    module = ModuleType("made_up.resolvers")
    for name, cls in classes.items():
        cls.__module__ = module.__name__
        setattr(module, name, cls)
    return Room("made_up", sdl, module, None)


class _Query:
    @staticmethod
    async def thing(context: object) -> None:
        """Something."""


class _Thing:
    rows = staticmethod(lambda context: Rows("things AS t", "TRUE", {}, "t.id"))
    id = Column("t.id")


SDL = "type Thing { id: ID! } extend type Query { thing: Thing }"


def test_the_rooms_are_bound() -> None:
    assert len(app.binding().types) > 15
    assert set(rooms.ROOMS) == {room.name for room in rooms.rooms()}


@pytest.mark.parametrize(
    ("sdl", "words"),
    [
        (SDL.replace("id: ID!", "id: ID! name: String"), "Thing.name is in the SDL"),
        (SDL + " extend type Query { other: Int }", "Query.other is in the SDL"),
        (SDL + " type Nobody { id: ID! } extend type Thing { nobody: Nobody }", "Nobody has neither"),
    ],
)
def test_an_orphan_in_the_sdl_refuses_to_start(sdl: str, words: str) -> None:
    with pytest.raises(BindingError, match=words):
        bind("type Query type Mutation", [_room(sdl, Query=_Query, Thing=_Thing)])


def test_an_orphan_in_the_resolvers_refuses_to_start() -> None:
    class Surplus(_Thing):
        rows = _Thing.rows
        id = Column("t.id")
        name = Column("t.name")

    with pytest.raises(BindingError, match=r"Thing.name has a resolver"):
        bind("type Query type Mutation", [_room(SDL, Query=_Query, Thing=Surplus)])
