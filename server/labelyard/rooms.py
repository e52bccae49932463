"""Every room, lower ones first: the order of `.importlinter`'s house contract."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from importlib import resources
from types import ModuleType

from labelyard.plumbing.binding import Room

ROOMS = (
    "access",
    "tasks",
    "organizations",
    "integrations",
    "datasets",
    "data_rows",
    "metadata",
    "ontologies",
    "projects",
    "webhooks",
    "frontends",
    "user_groups",
    "batches",
    "ingestion",
    "labels",
    "quality",
    "issues",
    "predictions",
    "workflow",
    "annotation_imports",
    "performance",
    "catalog",
    "exports",
)


def module(room: str, name: str) -> ModuleType | None:
    """A room's module, or None when the room has no need of it."""
    path = f"labelyard.{room}.{name}"
    return importlib.import_module(path) if importlib.util.find_spec(path) else None


@cache
def rooms() -> tuple[Room, ...]:
    """Every room with its SDL, resolvers and records."""
    found = []
    for name in ROOMS:
        sdl = resources.files(f"labelyard.{name}").joinpath("schema.graphql")
        found.append(
            Room(
                name,
                sdl.read_text("utf-8") if sdl.is_file() else "",
                module(name, "resolvers"),
                module(name, "records"),
            )
        )
    return tuple(found)


def wire_sdl() -> str:
    """The root types and shared inputs."""
    return resources.files("labelyard.plumbing").joinpath("wire.graphql").read_text("utf-8")
